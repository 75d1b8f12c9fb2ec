import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expositionMemory, parseExposition } from "../../../src/core/telemetry/exposition.ts";

const one = (line: string) => parseExposition(line).samples[0];

describe("a line", () => {
  test("is a name, labels and a value", () => {
    expect(parseExposition('# TYPE a gauge\n\na_b:c{x="1",y="two"} 3.5\n')).toEqual({
      samples: [{ name: "a_b:c", labels: { x: "1", y: "two" }, value: 3.5, timestampMs: undefined }],
      broken: { lines: 0, first: undefined },
    });
  });

  test("may have blanks between labels and a comma behind the last, as DCGM and TorchServe write", () => {
    expect(one('a{gpu="0", UUID="GPU-1" , } 1')?.labels).toEqual({ gpu: "0", UUID: "GPU-1" });
  });

  test("may begin with a colon, as TensorFlow Serving writes", () => {
    expect(one(':tensorflow:serving:request_count{status="OK"} 3')?.name).toBe(":tensorflow:serving:request_count");
  });

  test("may end with CRLF and have no labels, or an empty set", () => {
    expect(parseExposition("a 1\r\nb{} 2\r\n").samples.map(({ name, value }) => [name, value])).toEqual([
      ["a", 1],
      ["b", 2],
    ]);
  });

  test.each([
    ["NaN", Number.NaN],
    ["nan", Number.NaN],
    ["+Inf", Number.POSITIVE_INFINITY],
    ["-Inf", Number.NEGATIVE_INFINITY],
    ["8.128902e+06", 8_128_902],
    ["-.5", -0.5],
    ["9223372036854775794", 2 ** 63],
  ])("reads the value %s", (text, value) => {
    expect(one(`a ${text}`)?.value).toBe(value);
  });

  test("keeps escaped quotes, line ends and backslashes of a label, and braces and commas inside it", () => {
    expect(one(String.raw`a{p="C:\\d\"q\"\n",q="}, {",r="\d"} 1`)?.labels).toEqual({ p: 'C:\\d"q"\n', q: "}, {", r: "\\d" });
  });

  test("may have a time in milliseconds, or in seconds where the text is OpenMetrics", () => {
    expect(one("a 1 1700000000123")?.timestampMs).toBe(1_700_000_000_123);
    expect(one("a 1 1700000000.5\n# EOF\n")?.timestampMs).toBe(1_700_000_000_500);
  });

  test("may carry an exemplar", () => {
    expect(one('a_bucket{le="1"} 7 # {trace_id="x"} 0.5 1700000000')).toMatchObject({ value: 7, timestampMs: undefined });
    expect(one('a_bucket{le="1"} 7 1700000000 # {trace_id="x"} 0.5')).toMatchObject({ value: 7, timestampMs: 1_700_000_000 });
  });

  test("may quote its name inside the braces, as Prometheus 3 does", () => {
    expect(one('{"my.metric", "a label"="b"} 2')).toMatchObject({ name: "my.metric", labels: { "a label": "b" }, value: 2 });
  });

  test("may name a label like a property of every object", () => {
    expect(Object.entries(one('a{__proto__="x",constructor="y"} 1')!.labels)).toEqual([
      ["__proto__", "x"],
      ["constructor", "y"],
    ]);
  });
});

test("a whole exposition may be one JSON string, as llama.cpp has sent it", () => {
  expect(parseExposition(JSON.stringify("a 1\nb 2\n")).samples).toHaveLength(2);
});

test.each([
  'a{x="1" 2',
  'a{x="1',
  "a{x=1} 2",
  'a{..., x="1"} 2',
  'a{x="1"}',
  "a",
  "a 1 2 3",
  "a 0x10",
  "a 1,5",
  "<html>",
  '"key": 1',
  '{x="1"} 2',
])("the line %s is counted as broken, and the rest is read", (line) => {
  const { samples, broken } = parseExposition(`ok 1\n${line}\nok 2`);
  expect(samples.map(({ value }) => value)).toEqual([1, 2]);
  expect(broken).toEqual({ lines: 1, first: { line: 2, text: line } });
});

test("only kept names are read, also quoted ones", () => {
  const text = 'a{x="1"} 1\nb{x="1" broken\n{"c"} 3\n{"a"} 4\n';
  expect(parseExposition(text, (name) => name === "a").samples.map(({ value }) => value)).toEqual([1, 4]);
});

test("a series that was read before is read from its new line alone", () => {
  const memory = expositionMemory();
  const values = (text: string) => parseExposition(text, () => true, memory).samples.map(({ value, timestampMs }) => [value, timestampMs]);
  expect(values('a{x="1"} 1\n')).toEqual([[1, undefined]]);
  expect(values('a{x="1"} 2\na{x="1"}55\na{x="1"} 6 7\r\na{x="1"} NaN\na{x="1"} +Inf # {t="}"} 1\na{x="1"} \t8 \n')).toEqual([
    [2, undefined],
    [55, undefined],
    [6, 7],
    [Number.NaN, undefined],
    [Number.POSITIVE_INFINITY, undefined],
    [8, undefined],
  ]);
  expect(parseExposition('a{x="1"} 1 2 3\na{x="1"} one\n', () => true, memory)).toMatchObject({ samples: [], broken: { lines: 2 } });
});

test("buckets are skipped all at once, and what stands between them is not", () => {
  const bucket = 'h_bucket{le="1"} 1\n';
  const text = `${bucket.repeat(3)}h_sum 2\n${bucket}h_bucketed{le="1"} 3\nh_bucket 4\n\nh_bucket{broken\n# a comment\n${bucket}h_sum{x="1"} 5`;
  for (const memory of [expositionMemory(), expositionMemory()])
    for (let i = 0; i < 2; i++)
      expect(parseExposition(text, (name) => name !== "h_bucket", memory).samples.map(({ value }) => value)).toEqual([2, 3, 5]);
});

describe("laws", () => {
  test("what is remembered of other expositions changes nothing", () => {
    const part = fc.constantFrom(
      "a",
      "b_bucket",
      "b_sum",
      "{",
      "}",
      '{x="1"}',
      '{x="}"}',
      " ",
      " 1",
      "\n",
      "\n",
      "# a",
      "\r",
      '"a"',
      " 2 3",
      "\t",
    );
    const text = fc.array(part, { maxLength: 30 }).map((parts) => parts.join(""));
    const kept = fc.constantFrom<string[]>(["a"], ["b_sum"], ["a", "b_sum", "b_bucket"]);
    fc.assert(
      fc.property(fc.array(text, { minLength: 2, maxLength: 5 }), kept, (texts, names) => {
        const memory = expositionMemory();
        const keep = (name: string) => names.includes(name);
        for (const each of texts) expect(parseExposition(each, keep, memory)).toEqual(parseExposition(each, keep));
      }),
      { numRuns: 500 },
    );
  });

  test("an endpoint that makes up new series is not remembered for ever", () => {
    const memory = expositionMemory();
    for (let i = 0; i < 30; i++)
      parseExposition(
        Array.from({ length: 1000 }, (_, j) => `n${i}_${j}{i="${i}.${j}"} 1\nskipped${i}_${j} 1\nlong{x="${"x".repeat(5000)}"} 1\n`).join(
          "",
        ),
        (name) => !name.startsWith("skipped"),
        memory,
      );
    for (const remembered of Object.values(memory)) {
      expect(remembered.size).toBeLessThanOrEqual(10_000);
      expect(Math.max(...[...remembered.keys()].map((key) => key.length))).toBeLessThan(100);
    }
  });

  test("what is written as an exposition is read back", () => {
    const label = fc.stringMatching(/^[a-zA-Z_]\w{0,8}$/);
    const sample = fc.record({
      name: fc.stringMatching(/^[a-zA-Z_:][\w:]{0,12}$/),
      labels: fc.dictionary(label, fc.string({ unit: "grapheme", maxLength: 12 })),
      value: fc.oneof(fc.double(), fc.integer()),
      timestampMs: fc.option(fc.integer(), { nil: undefined }),
    });
    const escape = (text: string) => text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
    const written = ({
      name,
      labels,
      value,
      timestampMs,
    }: {
      name: string;
      labels: Record<string, string>;
      value: number;
      timestampMs: number | undefined;
    }) =>
      `${name}{${Object.entries(labels)
        .map(([key, text]) => `${key}="${escape(text)}"`)
        .join(",")}} ${String(value).replace("Infinity", "Inf")}${timestampMs === undefined ? "" : ` ${timestampMs}`}`;
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 8 }), (samples) => {
        const { samples: read, broken } = parseExposition(samples.map(written).join("\n"));
        expect(broken.lines).toBe(0);
        const plain = (list: readonly { value: number; labels: object }[]) =>
          list.map((entry) => ({ ...entry, labels: { ...entry.labels }, value: entry.value + 0 }));
        expect(plain(read)).toEqual(plain(samples));
      }),
    );
  });

  test("no text makes it throw, and every line is a sample, skipped or counted", () => {
    const noise = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom("a", "{", "}", '"', "=", ",", "\\", " ", "\n", "#", "1", ".") }),
    );
    fc.assert(
      fc.property(noise, (text) => {
        const { samples, broken } = parseExposition(text);
        expect(samples.length + broken.lines).toBeLessThanOrEqual(text.split("\n").length);
      }),
      { numRuns: 200 },
    );
  });

  test("a name without end is skipped like any other", () => {
    const text = `${"n".repeat(2_000_000)} 1\n`.repeat(3);
    expect(parseExposition(`${text}a 2\n`, (name) => name === "a").samples).toMatchObject([{ value: 2 }]);
  });

  test("a hostile text costs time in proportion to its length", () => {
    const length = 2_000_000;
    const hostile = [
      `a{${" ".repeat(length)}`,
      `a{x="${"\\".repeat(length)}`,
      `a ${"1".repeat(length)}x`,
      `a${" ".repeat(length)}b`,
      "a{".repeat(length / 2),
    ];
    for (const text of hostile) {
      const start = performance.now();
      expect(parseExposition(text).broken.lines).toBe(1);
      // Quadratic work on two million characters would take hours.
      expect(performance.now() - start).toBeLessThan(5_000);
    }
  });
});
