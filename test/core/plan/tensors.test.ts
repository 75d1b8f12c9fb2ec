import fc from "fast-check";
import { expect, test } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import { stream } from "../../../src/core/plan/random.ts";
import { drawTensors, mostElements } from "../../../src/core/plan/tensors.ts";
import type { Tensor } from "../../../src/core/suite/input-content.ts";

const tensor = (change: Partial<Tensor>): Tensor => ({
  name: "x",
  shape: [4],
  datatype: "FP32",
  range: undefined,
  data: undefined,
  ...change,
});
function errorOf(run: () => unknown): InputError {
  try {
    run();
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

const draw = (...tensors: Tensor[]) => drawTensors(tensors, stream(5));

test("data fills the shape, whatever its dimensions", () => {
  const dimension = fc.oneof(
    fc.integer({ min: 0, max: 4 }),
    fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 })).map(([low, more]) => [low, low + more] as const),
  );
  fc.assert(
    fc.property(fc.array(dimension, { maxLength: 4 }), fc.integer(), (shape, seed) => {
      const [made] = drawTensors([tensor({ shape })], stream(seed));
      expect(made!.shape).toHaveLength(shape.length);
      expect(made!.data).toHaveLength(made!.shape.reduce((product, length) => product * length, 1));
      for (const [i, length] of made!.shape.entries()) {
        const asked = shape[i]!;
        const [low, high] = typeof asked === "number" ? [asked, asked] : asked;
        expect(length >= low && length <= high).toBe(true);
      }
      expect(made!.data.length).toBeLessThanOrEqual(mostElements([tensor({ shape })]));
    }),
  );
});

test("numbers lie in [low, high) of their range, and integers are whole", () => {
  const datatypes = fc.constantFrom("INT8", "INT16", "INT32", "INT64", "UINT8", "UINT16", "UINT32", "UINT64", "FP16", "FP32", "FP64");
  fc.assert(
    fc.property(
      datatypes,
      fc.integer({ min: 0, max: 100 }),
      fc.integer({ min: 1, max: 27 }),
      fc.integer(),
      (datatype, low, width, seed) => {
        const [made] = drawTensors([tensor({ datatype, range: [low, low + width], shape: [50] })], stream(seed));
        for (const value of made!.data as number[]) {
          expect(value >= low && value < low + width).toBe(true);
          expect(datatype.startsWith("FP") || Number.isInteger(value)).toBe(true);
        }
      },
    ),
  );
});

test("floats stay inside ranges that six decimals cannot write", () => {
  const range = fc.tuple(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), fc.double({ noNaN: true, min: 1e-9, max: 1e3 }));
  fc.assert(
    fc.property(range, fc.integer(), ([low, width], seed) => {
      fc.pre(low + width > low);
      const [made] = drawTensors([tensor({ range: [low, low + width], shape: [20] })], stream(seed));
      expect((made!.data as number[]).every((value) => value >= low && value < low + width)).toBe(true);
    }),
  );
});

test("without a range floats lie in [0, 1) with six decimals, integers in [0, 100)", () => {
  const [floats, integers] = draw(tensor({ shape: [500] }), tensor({ datatype: "INT64", shape: [500] }));
  for (const value of floats!.data as number[]) {
    expect(value >= 0 && value < 1).toBe(true);
    expect(String(value).length).toBeLessThanOrEqual(8);
  }
  const drawn = new Set(integers!.data as number[]);
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...drawn)).toBeLessThan(100);
  expect(drawn.size).toBeGreaterThan(80);
});

test("BOOL draws both, BYTES draws words, with a range as many as it says", () => {
  const [flags, words, texts] = draw(
    tensor({ datatype: "BOOL", shape: [100] }),
    tensor({ datatype: "BYTES", shape: [100] }),
    tensor({ datatype: "BYTES", shape: [100], range: [3, 5] }),
  );
  expect(new Set(flags!.data)).toEqual(new Set([true, false]));
  expect(words!.data.every((word) => /^\w+$/.test(String(word)))).toBe(true);
  expect(new Set(texts!.data.map((text) => String(text).split(" ").length))).toEqual(new Set([3, 4]));
});

test("equal ranges at the same position get the same length within a request", () => {
  const lengths = Array.from({ length: 30 }, (_, seed) => {
    const [ids, mask] = drawTensors(
      [
        tensor({ name: "input_ids", datatype: "INT64", shape: [1, [16, 128]] }),
        tensor({ name: "attention_mask", datatype: "INT64", shape: [1, [16, 128]], data: [1] }),
      ],
      stream(seed),
    );
    expect(mask!.shape).toEqual(ids!.shape);
    expect(mask!.data).toEqual(Array.from({ length: ids!.shape[1]! }, () => 1));
    return ids!.shape[1];
  });
  expect(new Set(lengths).size).toBeGreaterThan(10);
});

test("ranges at different positions are drawn apart: an image is not always square", () => {
  const shapes = Array.from(
    { length: 20 },
    (_, seed) =>
      drawTensors(
        [
          tensor({
            shape: [
              [1, 50],
              [1, 50],
            ],
          }),
        ],
        stream(seed),
      )[0]!.shape,
  );
  expect(shapes.some(([height, width]) => height !== width)).toBe(true);
});

test("fixed data is sent as it is, and must fit the shape", () => {
  expect(draw(tensor({ shape: [2, 2], data: [1, 2, 3, 4] }))[0]!.data).toEqual([1, 2, 3, 4]);
  expect(() => draw(tensor({ shape: [2, 2], data: [1, 2, 3] }))).toThrow('tensor "x" has 3 values for a shape of 4');
});

test("an unknown datatype names the nearest", () => {
  const { sentence } = errorOf(() => draw(tensor({ datatype: "int_32" })));
  expect(sentence).toBe('tensor "x" has an unknown datatype "int_32"; did you mean "INT32"?');
});

test("a range the datatype cannot hold is refused", () => {
  for (const [datatype, range] of [
    ["UINT8", [0, 257]],
    ["UINT8", [-1, 5]],
    ["INT32", [0.5, 3]],
    ["INT32", [3, 3]],
    ["FP32", [1, 1]],
    ["BYTES", [0, 3]],
  ] as const) {
    expect(() => draw(tensor({ datatype, range }))).toThrow(`${datatype} cannot be drawn from`);
  }
  expect(draw(tensor({ datatype: "UINT8", range: [0, 256], shape: [1] }))).toHaveLength(1);
});

test("a range as narrow as two doubles still excludes its end", () => {
  const [made] = drawTensors([tensor({ range: [1e16, 1e16 + 2], shape: [50] })], stream(1));
  expect(new Set(made!.data)).toEqual(new Set([1e16]));
});
