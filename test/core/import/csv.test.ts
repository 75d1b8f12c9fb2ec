import fc from "fast-check";
import { expect, test } from "vitest";
import { readCsv } from "../../../src/core/import/csv.ts";

const fields = (text: string) => [...readCsv("s.csv", text)].map((row) => row.fields);

test("LF, CRLF and CR end a line, and a byte order mark is no part of the first name", () => {
  for (const end of ["\n", "\r\n", "\r"])
    expect(fields(`\uFEFFa,b${end}1,2${end}`)).toEqual([
      ["a", "b"],
      ["1", "2"],
    ]);
});

test("a quoted field may hold commas, doubled quotes and line breaks", () => {
  expect(fields('a,"b,""c""\nd"\n1,2')).toEqual([
    ["a", 'b,"c"\nd'],
    ["1", "2"],
  ]);
});

test("empty lines are no rows, and empty fields are fields", () => {
  expect(fields("a,b\n\n  \n,\n")).toEqual([
    ["a", "b"],
    ["", ""],
  ]);
});

test("positions count lines and columns from 1, also after a quoted field over two lines", () => {
  const rows = [...readCsv("s.csv", 'a, b\n"x\ny",z\n1,2')];
  expect(rows.map(({ position }) => position(1))).toEqual([
    { file: "s.csv", line: 1, column: 4 },
    { file: "s.csv", line: 3, column: 4 },
    { file: "s.csv", line: 4, column: 3 },
  ]);
});

test("a quote that never closes is named where it opens", () => {
  expect(() => fields('a,b\n1,"2\n3,4')).toThrow(
    expect.objectContaining({ sentence: 's.csv:2:3: this quote is never closed; write a quote inside a field as ""' }),
  );
});

test("text after a closing quote is an error, not a guess", () => {
  expect(() => fields('"a"b,c')).toThrow(
    expect.objectContaining({ sentence: 's.csv:1:4: there is text after a closing quote; write a quote inside a field as ""' }),
  );
});

test("whatever is written with quotes is read back", () => {
  const table = fc.array(
    fc.array(fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r", " ", "é") }), { minLength: 2, maxLength: 2 }),
    { minLength: 1 },
  );
  fc.assert(
    fc.property(table, fc.constantFrom("\n", "\r\n"), (rows, end) => {
      const text = rows.map((row) => row.map((field) => `"${field.replaceAll('"', '""')}"`).join(",")).join(end);
      expect(fields(text)).toEqual(rows);
    }),
  );
});

test("a file that ends its lines in CR alone is read in linear time", () => {
  const started = performance.now();
  expect(fields("1,2\r".repeat(200_000)).length).toBe(200_000);
  expect(performance.now() - started).toBeLessThan(10_000);
});
