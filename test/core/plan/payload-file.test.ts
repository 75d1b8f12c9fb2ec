import fc from "fast-check";
import { expect, test } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import { MOST_LINES } from "../../../src/core/plan/dataset.ts";
import { type FileUse, readPayloadFile as readWith } from "../../../src/core/plan/payload-file.ts";
import { stream } from "../../../src/core/plan/random.ts";

const readPayloadFile = (path: string, content: Uint8Array, use: FileUse = {}) => readWith(path, content, use, stream(1, path));
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function sentenceOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof InputError) return error.sentence;
    throw error;
  }
  return "nothing was thrown";
}

test("a .jsonl file gives one JSON value per line, with the text it was read from", () => {
  const read = readPayloadFile("data/t.jsonl", bytes('{"id": 12345678901234567890}\r\n\n"two"\n'));
  expect(read).toEqual([
    { kind: "json", value: { id: 12345678901234567000 }, source: '{"id": 12345678901234567890}' },
    { kind: "json", value: "two", source: '"two"' },
  ]);
});

test("whatever JSON values a .jsonl file holds come back in order", () => {
  fc.assert(
    fc.property(fc.array(fc.json(), { minLength: 1, maxLength: 20 }), fc.constantFrom("\n", "\r\n"), (lines, end) => {
      const read = readPayloadFile("x.ndjson", bytes(lines.join(end)));
      expect(read.map((payload) => payload.kind === "json" && payload.source)).toEqual(lines);
    }),
  );
});

test("a broken line is told as file:line:column", () => {
  const text = `${JSON.stringify({ text: "fine" })}\n\n{"text": "a long enough line that is cut off here", }\n`;
  expect(sentenceOf(() => readPayloadFile("data/t.jsonl", bytes(text)))).toMatch(/^data\/t\.jsonl:3:53: not JSON: .*; mend the line/);
});

test("a value that stops too early is told at its end, in a .json file by its own line", () => {
  expect(sentenceOf(() => readPayloadFile("a.jsonl", bytes("[1,\n")))).toMatch(/^a\.jsonl:1:4: /);
  expect(sentenceOf(() => readPayloadFile("a.json", bytes('{"a": 1,\n "b": [1,\n')))).toMatch(/^a\.json:2:10: /);
});

test("a .txt file gives one text per line that is not blank", () => {
  expect(readPayloadFile("a.txt", bytes("first\n \r\nzweité\n"))).toEqual([
    { kind: "text", text: "first" },
    { kind: "text", text: "zweité" },
  ]);
});

test("a .json file is one value over all its lines", () => {
  expect(readPayloadFile("a.json", bytes('{\n"a": 1\n}'))).toEqual([{ kind: "json", value: { a: 1 }, source: '{\n"a": 1\n}' }]);
});

test("any other file is one body, its type told by its extension in any case", () => {
  const image = Uint8Array.of(0xff, 0xd8, 0xff);
  expect(readPayloadFile("cat.JPG", image)).toEqual([{ kind: "body", bytes: image, contentType: "image/jpeg" }]);
  expect(readPayloadFile("model.d/noextension", image)).toEqual([{ kind: "body", bytes: image, contentType: "application/octet-stream" }]);
});

test("of a longer file the lines are taken evenly, from the first to near the last", () => {
  const read = readPayloadFile("a.txt", bytes(Array.from({ length: 25_000 }, (_, i) => `line ${i}`).join("\n")));
  expect(read).toHaveLength(MOST_LINES);
  expect(read[0]).toEqual({ kind: "text", text: "line 0" });
  expect(read[4000]).toEqual({ kind: "text", text: "line 10000" });
  expect(read.at(-1)).toEqual({ kind: "text", text: "line 24997" });
});

test("a file without content is refused", () => {
  for (const path of ["a.txt", "a.jsonl", "a.png"]) {
    expect(sentenceOf(() => readPayloadFile(path, bytes("")))).toContain(`payload file ${path} is empty`);
  }
  expect(sentenceOf(() => readPayloadFile("a.txt", bytes("\n  \n")))).toContain("is empty");
});

test("text that is not UTF-8 is refused, not sent with replacement characters", () => {
  expect(sentenceOf(() => readPayloadFile("a.txt", Uint8Array.of(0x68, 0xe4, 0x0a)))).toContain("is not UTF-8");
});

test("a label is taken out of what is sent, and a line without one is told by its place", () => {
  const text = '{"text": "good", "label": "positive"}\n{"label": 0, "text": "bad"}\n';
  expect(readPayloadFile("t.jsonl", bytes(text), { label: "label" })).toEqual([
    { kind: "json", value: { text: "good" }, label: "positive" },
    { kind: "json", value: { text: "bad" }, label: 0 },
  ]);
  for (const line of ['{"text": "x"}', '"x"', "[1]", "null"])
    expect(sentenceOf(() => readPayloadFile("t.jsonl", bytes(`{"label": 1}\n${line}\n`), { label: "label" }))).toMatch(
      /^t\.jsonl:2:1: this line has no field "label" with the right answer/,
    );
});
