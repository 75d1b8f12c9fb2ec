import { describe, expect, test } from "vitest";
import { makePlan } from "../../../src/core/plan/make-plan.ts";
import { asksModel, inputsText, type ModelInput, misfitOf, withModelTensors, withStandIns } from "../../../src/core/plan/model-tensors.ts";
import type { ModelTensors, Tensor } from "../../../src/core/suite/input-content.ts";
import { payloadClass, suite, target } from "./fixtures.ts";

const INPUTS: readonly ModelInput[] = [
  { name: "ids", datatype: "INT64", shape: [-1, -1] },
  { name: "mask", datatype: "INT64", shape: [-1, -1] },
  { name: "pixels", datatype: "FP32", shape: [-1, 3, 4, 4] },
];
const asking = (of: Partial<ModelTensors> = {}) =>
  suite({
    target: target({ protocol: "kserve-v2", model: "m" }),
    payloads: [payloadClass("x", { kind: "model-tensors", dimensions: {}, values: {}, ...of })],
  });
function tensorsOf(of: Partial<ModelTensors>, inputs: readonly ModelInput[] = INPUTS): readonly Tensor[] | string {
  const resolved = withModelTensors(asking(of), inputs);
  if ("message" in resolved) return resolved.message;
  const { content } = resolved.payloads[0]!;
  return content.kind === "tensors" ? content.tensors : content.kind;
}

describe("tensors from the model", () => {
  test("have its names and datatypes, one row, and the lengths that the suite gives to what it leaves open", () => {
    expect(tensorsOf({ dimensions: { "-1": [4, 8] }, values: { ids: { range: [0, 99] }, mask: { data: [1] } } })).toEqual([
      { name: "ids", datatype: "INT64", shape: [1, [4, 8]], range: [0, 99], data: undefined },
      { name: "mask", datatype: "INT64", shape: [1, [4, 8]], range: undefined, data: [1] },
      { name: "pixels", datatype: "FP32", shape: [1, 3, 4, 4], range: undefined, data: undefined },
    ]);
  });

  test("take the whole shape of an input by its name", () => {
    const shapes = (tensorsOf({ dimensions: { ids: [2, 5], mask: [2, 5] } }) as readonly Tensor[]).map(({ shape }) => shape);
    expect(shapes).toEqual([
      [2, 5],
      [2, 5],
      [1, 3, 4, 4],
    ]);
    expect(tensorsOf({ dimensions: { "-1": 7 } }, [{ name: "samples", datatype: "FP32", shape: [-1] }])).toMatchObject([{ shape: [7] }]);
  });

  test("become requests that a plan can send, alike in the dimensions that vary together", () => {
    const resolved = withModelTensors(asking({ dimensions: { "-1": [4, 8] } }), INPUTS);
    if ("message" in resolved) throw new Error(resolved.message);
    const { requests } = makePlan({ suite: resolved, digest: "d", files: new Map(), design: "single" }).scenarios[0]!;
    const { inputs } = JSON.parse(new TextDecoder().decode(requests[0]!.body)) as {
      inputs: { name: string; shape: number[]; data: number[] }[];
    };
    expect(inputs.map(({ name }) => name)).toEqual(["ids", "mask", "pixels"]);
    expect(inputs[0]!.shape).toEqual(inputs[1]!.shape);
    expect(inputs[2]!.data).toHaveLength(48);
  });

  test("that cannot be made are told by the name of their input", () => {
    expect(tensorsOf({})).toBe('payload "x": the model leaves the length of "ids" open: [-1, -1]');
    expect(tensorsOf({ dimensions: { ids: [1, 5], mask: [1, 5], pixels: [1, 3, 5, 5] } })).toContain(
      'the shape of "pixels" does not fit the model\'s [-1, 3, 4, 4]',
    );
    expect(tensorsOf({ dimensions: { idz: [1, 5] } })).toContain('the model has no input "idz"');
    expect(tensorsOf({ values: { idz: { data: [1] } } })).toContain('the model has no input "idz"');
    expect(tensorsOf({}, [{ name: "b", datatype: "BF16", shape: [1] }])).toContain(
      'input "b" has the datatype BF16, which cannot be drawn',
    );
    expect(tensorsOf({}, [])).toBe("the model's metadata names no input");
  });

  test("are not sent as long as nobody asked: such a plan cannot be made, and one with stand-ins can", () => {
    expect(asksModel(asking())).toBe(true);
    expect(() => makePlan({ suite: asking(), digest: "d", files: new Map(), design: "single" })).toThrow("the model was not asked");
    const planned = withStandIns(asking());
    expect(asksModel(planned)).toBe(false);
    expect(makePlan({ suite: planned, digest: "d", files: new Map(), design: "single" }).scenarios).toHaveLength(1);
  });
});

describe("declared tensors", () => {
  const tensor = (change: Partial<Tensor> = {}): Tensor => ({
    name: "ids",
    datatype: "INT64",
    shape: [1, [4, 8]],
    range: undefined,
    data: undefined,
    ...change,
  });

  test("that fit are no misfit, nor is an input that is left out", () => {
    expect(misfitOf([tensor()], INPUTS)).toBeUndefined();
    expect(misfitOf([tensor({ name: "pixels", datatype: "FP32", shape: [2, 3, 4, 4] })], INPUTS)).toBeUndefined();
  });

  test("that contradict the metadata are told with what it says", () => {
    expect(misfitOf([tensor({ name: "idz" })], INPUTS)).toEqual({
      message: 'the model has no input "idz"',
      hint: expect.stringContaining('"ids"'),
    });
    expect(misfitOf([tensor({ datatype: "INT32" })], INPUTS)?.message).toBe('tensor "ids" is INT32, and the model says ids INT64 [-1, -1]');
    expect(misfitOf([tensor({ shape: [5] })], INPUTS)?.message).toBe(
      'tensor "ids" has the shape [5], and the model says ids INT64 [-1, -1]',
    );
    expect(misfitOf([tensor({ name: "pixels", datatype: "FP32", shape: [1, 3, [4, 5], 4] })], INPUTS)?.message).toContain(
      "[1, 3, [4, 5], 4]",
    );
  });
});

test("inputs are one line that follows their names and not their order, however many there are", () => {
  expect(inputsText(INPUTS)).toBe("ids INT64 [-1, -1], mask INT64 [-1, -1], pixels FP32 [-1, 3, 4, 4]");
  expect(inputsText(INPUTS.toReversed())).toBe(inputsText(INPUTS));
  const many = Array.from({ length: 200 }, (_, i) => ({ name: `input_${i}`, datatype: "FP32", shape: [1] }));
  expect(inputsText(many).length).toBeLessThanOrEqual(500);
  expect(inputsText(many)).not.toBe(inputsText([...many.slice(0, -1), { name: "input_199", datatype: "FP64", shape: [1] }]));
});
