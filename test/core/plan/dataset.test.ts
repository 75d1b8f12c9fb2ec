import fc from "fast-check";
import { expect, test } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import { type FileUse, readPayloadFile } from "../../../src/core/plan/payload-file.ts";
import { stream } from "../../../src/core/plan/random.ts";

const read = (path: string, text: string, use: FileUse, seed = 1) =>
  readPayloadFile(path, new TextEncoder().encode(text), use, stream(seed, "x"));

function sentenceOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof InputError) return error.sentence;
    throw error;
  }
  return "nothing was thrown";
}

const CSV = `id,question,answer
1,"What, then?",yes
2,"He said ""no"".",no
007,Why,0.5
`;

test("a row of a .csv file fills the template, with the types that its cells have in JSON", () => {
  const template = { id: "{{id}}", messages: [{ role: "user", content: "Q{{id}}: {{question}}" }] };
  expect(read("q.csv", CSV, { template, label: "answer" })).toEqual([
    { kind: "json", value: { id: 1, messages: [{ role: "user", content: "Q1: What, then?" }] }, label: "yes" },
    { kind: "json", value: { id: 2, messages: [{ role: "user", content: 'Q2: He said "no".' }] }, label: "no" },
    { kind: "json", value: { id: "007", messages: [{ role: "user", content: "Q007: Why" }] }, label: 0.5 },
  ]);
});

test("without a template a row is an object, and the label is no part of it", () => {
  expect(read("q.csv", CSV, { label: "answer" })[1]).toEqual({ kind: "json", value: { id: 2, question: 'He said "no".' }, label: "no" });
});

test("a .csv file that nobody uses as a data set is one body", () => {
  expect(read("q.csv", CSV, {})).toEqual([{ kind: "body", bytes: new TextEncoder().encode(CSV), contentType: "text/csv" }]);
});

test("a template that is a text makes texts, of .jsonl and .txt as well", () => {
  expect(read("q.jsonl", '{"a": "x", "n": 1}\n{"n": 2, "a": "y"}', { template: "{{a}}={{n}}" })).toEqual([
    { kind: "text", text: "x=1" },
    { kind: "text", text: "y=2" },
  ]);
  expect(read("q.txt", "one\ntwo", { template: { prompt: "Say {{text}}.", max_tokens: 5 } })[1]).toEqual({
    kind: "json",
    value: { prompt: "Say two.", max_tokens: 5 },
  });
});

test("generators draw anew for each row, and {{index}} counts the rows", () => {
  const ids = read("q.txt", "a\nb\nc", { template: { id: "{{uuid}}", i: "{{index}}" } }).map((one) => one.kind === "json" && one.value);
  expect(ids).toMatchObject([{ i: 0 }, { i: 1 }, { i: 2 }]);
  expect(new Set(ids.map((one) => JSON.stringify(one))).size).toBe(3);
});

test("a broken line is told by its place", () => {
  const template = "{{a}}";
  expect(sentenceOf(() => read("q.csv", "a,b\n1,2\n1,2,3\n", { template }))).toBe(
    'q.csv:3:5: this row has 3 fields, and the header has 2; put a field that holds a comma in quotes: "a, b"',
  );
  expect(sentenceOf(() => read("q.csv", "a,b\n1\n", { template }))).toMatch(/^q\.csv:2:\d+: this row has 1 fields, and the header has 2/);
  expect(sentenceOf(() => read("q.csv", 'a,b\n1,"x\n', { template }))).toMatch(/^q\.csv:2:3: this quote is never closed/);
  expect(sentenceOf(() => read("q.csv", "a,,b\n1,2,3\n", { template }))).toMatch(/^q\.csv:1:3: column 2 has no name/);
  expect(sentenceOf(() => read("q.csv", "a,b,a\n1,2,3\n", { template }))).toMatch(/^q\.csv:1:5: the column "a" is there twice/);
  expect(sentenceOf(() => read("q.csv", "", { template }))).toContain("is empty");
  expect(sentenceOf(() => read("q.csv", "a,b\n", { template }))).toContain("is empty");
  expect(sentenceOf(() => read("q.jsonl", '{"a": 1}\n{"a": \n', { template }))).toMatch(/^q\.jsonl:2:/);
  expect(sentenceOf(() => read("q.jsonl", '{"a": 1}\n[1]\n', { template }))).toBe(
    'q.jsonl:2:1: this line is no object, and the template asks for its fields; write for example {"text": "…"}',
  );
  expect(sentenceOf(() => read("q.jsonl", '{"a": 1}\n{"b": 1}\n', { template }))).toMatch(/^q\.jsonl:2:1: this line has no field "a"/);
  expect(sentenceOf(() => read("q.csv", "a\n[1\n", { template: { x: "{{json a}}" } }))).toMatch(/^q\.csv:2:1: "a" is not JSON here/);
});

test("a template that asks for what is not there names the file and what is nearest", () => {
  expect(sentenceOf(() => read("q.csv", CSV, { template: { m: ["{{qestion}}"] } }))).toMatch(
    /^q\.csv:2:1: template\.m\.0: nothing is called "qestion", neither a column of this file nor a generator; did you mean "question"\?/,
  );
});

test("a missing answer is told by its line", () => {
  expect(sentenceOf(() => read("q.csv", CSV, { label: "anser" }))).toMatch(
    /^q\.csv:2:1: this line has no field "anser".*did you mean "answer"\?/,
  );
  expect(sentenceOf(() => read("q.csv", "a,b\nx,1\ny,\n", { label: "b" }))).toMatch(
    /^q\.csv:3:1: this line has no field "b" with the right answer/,
  );
});

test("a sample has as many lines as asked, each once, in their order, by the seed", () => {
  const text = Array.from({ length: 200 }, (_, i) => `line ${i}`).join("\n");
  const sample = (use: FileUse["sample"], seed: number) =>
    read("a.txt", text, use === undefined ? {} : { sample: use }, seed).map((one) =>
      one.kind === "text" ? Number(one.text.slice(5)) : -1,
    );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.integer(), (rows, seed) => {
      const drawn = sample({ rows }, seed);
      expect(drawn).toHaveLength(rows);
      expect(drawn).toEqual([...new Set(drawn)].toSorted((a, b) => a - b));
    }),
    { numRuns: 50 },
  );
  expect(sample({ share: 0.1 }, 1)).toHaveLength(20);
  expect(sample({ share: 0.001 }, 1)).toHaveLength(1);
  expect(sample({ rows: 50 }, 1)).toEqual(sample({ rows: 50 }, 1));
  expect(sample({ rows: 50 }, 1)).not.toEqual(sample({ rows: 50 }, 2));
  expect(sentenceOf(() => sample({ rows: 201 }, 1))).toBe(
    "a.txt:1:1: a sample of 201 lines needs more than the 200 that are there; write a smaller sample, or a share such as 50%",
  );
});

test("every line is as likely in a sample as any other", () => {
  const seen = Array.from({ length: 10 }, () => 0);
  for (let seed = 0; seed < 4000; seed++) {
    for (const one of read("a.txt", "0\n1\n2\n3\n4\n5\n6\n7\n8\n9", { sample: { rows: 3 } }, seed))
      if (one.kind === "text") seen[Number(one.text)]!++;
  }
  for (const count of seen) expect(Math.abs(count / 4000 - 0.3)).toBeLessThan(0.03);
});
