import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { InputError } from "../../../src/core/errors.ts";
import { MAX_RECORD_LENGTH, readRunRecord, writeRunRecord } from "../../../src/core/record/read.ts";
import { recordSchemaText } from "../../../src/core/record/record-schema.ts";
import { anyRecord, someRecord } from "./some-record.ts";

const refusal = (text: string): string => {
  try {
    readRunRecord(text, "run.json");
  } catch (error) {
    if (error instanceof InputError) return error.sentence;
    throw error;
  }
  return "accepted";
};
const BLOCK = "scenarios/0/arms/head/blocks/0";

/** A record's JSON with other values at some paths; undefined takes one away. */
const changed = (changes: Readonly<Record<string, unknown>>): string => {
  const record = JSON.parse(writeRunRecord(someRecord())) as Record<string, unknown>;
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split("/");
    const parent = keys.slice(0, -1).reduce((node, key) => node[key] as Record<string, unknown>, record);
    parent[keys.at(-1)!] = value;
  }
  return JSON.stringify(record);
};

describe("a stored record", () => {
  test("comes back as it was written, whatever it holds", () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        expect(readRunRecord(writeRunRecord(record), "run.json")).toEqual(record);
      }),
      { numRuns: 60 },
    );
  });

  test("has the same bytes for equal records, whatever the order of their keys", () => {
    const reversed = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(reversed)
        : typeof value === "object" && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([key, inner]) => [key, reversed(inner)]),
            )
          : value;
    fc.assert(
      fc.property(anyRecord, (record) => {
        const text = writeRunRecord(record);
        expect(writeRunRecord(reversed(record) as typeof record)).toBe(text);
        expect(writeRunRecord(readRunRecord(text, "run.json"))).toBe(text);
      }),
      { numRuns: 30 },
    );
  });

  test("begins with its schema number and ends with a newline", () => {
    expect(writeRunRecord(someRecord())).toMatch(/^\{\n {2}"schema": 1,\n[^]*\}\n$/);
  });

  test("is never written with a number that JSON would turn into null", () => {
    const [scenario] = someRecord().scenarios;
    const record = someRecord({
      scenarios: [{ ...scenario!, load: { kind: "open", ratePerS: Number.NaN, arrivals: "poisson", durationS: 1 } }],
    });
    expect(() => writeRunRecord(record)).toThrow(RangeError);
  });

  test("may hold what a newer tailgate of the same schema adds, which is dropped", () => {
    const text = changed({
      future: { a: 1 },
      [`${BLOCK}/gauges/gpu.future`]: { n: 1, mean: 1, min: 1, max: 1 },
      [`${BLOCK}/histograms/future`]: "not ours to decode",
    });
    expect(readRunRecord(text, "run.json")).toEqual(someRecord());
  });
});

describe("a record that cannot be used is refused, with a sentence", () => {
  test("written by a newer tailgate", () => {
    expect(refusal('{"schema":3,"anything":true}')).toBe(
      "run.json was written by a newer tailgate: it has schema 3, this one reads 1; use the same version of tailgate on both sides",
    );
  });

  test("written by an older tailgate", () => {
    expect(refusal('{"schema":0}')).toBe(
      "run.json was written by an older tailgate: it has schema 0, this one reads 1; record the run again",
    );
  });

  test.each(["{}", "[]", "null", "7", '{"schema":"1"}', '{"__proto__":{"schema":1}}'])("without a schema number: %s", (text) => {
    expect(refusal(text)).toBe("run.json is not a run record: it has no schema number; give a run.json that tailgate wrote");
  });

  test("cut short", () => {
    expect(refusal(writeRunRecord(someRecord()).slice(0, 400))).toMatch(
      /^run\.json(:\d+:\d+: this is not JSON| is not JSON: it ends too early); it was damaged or edited: record the run again$/,
    );
    expect(refusal("")).toBe("run.json is not JSON: it ends too early; it was damaged or edited: record the run again");
  });

  test("damaged in the middle, with the position and without the text around it", () => {
    const sentence = refusal('{\n  "schema": 1,\n  "tool": oops<script>\n}');
    expect(sentence).toMatch(/^run\.json/);
    expect(sentence).not.toContain("script");
    expect(refusal('{\n  "schema": 1\n  "tool": 2\n}')).toBe(
      "run.json:3:3: this is not JSON; it was damaged or edited: record the run again",
    );
  });

  test("of a wrong shape, naming the first three fields", () => {
    const text = changed({ "suite/seed": "x", status: "done", [`${BLOCK}/ok`]: -1, startedAt: "yesterday" });
    expect(refusal(text)).toMatchInlineSnapshot(
      `"run.json is not a run record: suite.seed: expected number, received string; startedAt: Invalid ISO datetime; status: Invalid option: expected one of "complete"|"cancelled"|"aborted"; and 1 more; it was damaged or edited: record the run again"`,
    );
  });

  test.each(["1e400", "-1e400", "null", '"NaN"'])("with %s for a number", (literal) => {
    const text = changed({ "scenarios/0/load/ratePerS": 123_456 }).replace("123456", literal);
    expect(refusal(text)).toContain("scenarios[0].load.ratePerS: ");
  });

  const change = { metric: "latency.p99", largest: 0.3, by: "alice", reason: "why", pull: 7 };
  test.each<[string, unknown]>([
    ["of which there are none", []],
    ["of which there are too many", Array.from({ length: 1_001 }, () => change)],
    ["whose reason is a book", [{ ...change, reason: "x".repeat(1_001) }]],
    ["of no pull request", [{ ...change, pull: 0 }]],
    ["until no day", [{ ...change, until: "2026-02-30" }]],
    ["of no size", [{ ...change, largest: "30%" }]],
    ["of something else", [{ ...change, of: "everything" }]],
  ])("with accepted changes %s", (_, accepted) => {
    expect(refusal(changed({ "provenance/accepted": [change] }))).toBe("accepted");
    expect(refusal(changed({ "provenance/accepted": accepted }))).toContain("provenance.accepted");
  });

  test("with a failure of an unknown kind, because it may not be dropped from a denominator", () => {
    const text = changed({ [`${BLOCK}/failures/gremlin`]: 3 });
    expect(refusal(text)).toContain("scenarios[0].arms.head.blocks[0].failures");
  });

  test("with a histogram that cannot be decoded", () => {
    const text = changed({ [`${BLOCK}/histograms/latency`]: "HISTFAAAA" });
    expect(refusal(text)).toBe(
      "run.json is not a run record: the latency histogram of block 0, head, scenario steady, cannot be decoded; it was damaged or edited: record the run again",
    );
  });

  test("longer than 64 MiB", () => {
    expect(refusal(" ".repeat(MAX_RECORD_LENGTH + 1))).toBe("run.json is not a run record: it is longer than 64 MiB");
  });

  test("with lists or texts longer than any run has", () => {
    const problems = Array.from({ length: 10_001 }, () => ({ severity: "warning", code: "a", message: "b" }));
    expect(refusal(changed({ problems }))).toContain("problems: ");
    expect(refusal(changed({ tool: "x".repeat(1_001) }))).toContain("tool: ");
    expect(refusal(changed({ environment: Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [i, ""])) }))).toContain(
      "environment: ",
    );
  });

  test("whatever the text is: it is a record or an InputError, and no prototype changes", () => {
    const valid = writeRunRecord(someRecord());
    fc.assert(
      fc.property(fc.nat(valid.length), fc.nat(20), fc.string({ maxLength: 20 }), (at, cut, inserted) => {
        refusal(valid.slice(0, at) + inserted + valid.slice(at + cut));
      }),
    );
    fc.assert(fc.property(fc.json(), (text) => void refusal(text)));
    for (const place of ["environment", "provenance", "suite"]) {
      const text = valid.replace(
        `"${place}": {`,
        `"${place}": {"__proto__": {"polluted": "yes"}, "constructor": {"prototype": {"polluted": "yes"}},`,
      );
      expect(text).not.toBe(valid);
      refusal(text);
    }
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  test("without passing on control characters of the record", () => {
    const sentence = refusal(changed({ [`${BLOCK}/failures/\u001b[31m\n`]: 1 }));
    expect(sentence).toMatch(/^[^\p{Cc}]+$/u);
  });
});

describe("schema/run-record.schema.json", () => {
  test("is what the code generates", () => {
    expect(readFileSync("schema/run-record.schema.json", "utf8")).toBe(recordSchemaText());
  });

  test("accepts every record that tailgate writes, and not one without blocks' numbers", () => {
    const ajv = new Ajv2020({ allErrors: true });
    addFormats.default(ajv);
    const validate = ajv.compile(JSON.parse(recordSchemaText()) as object);
    fc.assert(
      fc.property(anyRecord, (record) => {
        expect(validate(JSON.parse(writeRunRecord(record))), ajv.errorsText(validate.errors)).toBe(true);
      }),
      { numRuns: 30 },
    );
    expect(validate(JSON.parse(changed({ [`${BLOCK}/offered`]: undefined })))).toBe(false);
  });
});

test("a verdict in place of a record is named, with the file that was meant", () => {
  expect(() => readRunRecord('{"schema":1,"verdict":"pass","evidence":"live"}', "out/verdict.json")).toThrow(
    expect.objectContaining({ sentence: "out/verdict.json is a verdict, not a run record; give the run.json that lies beside it" }),
  );
});
