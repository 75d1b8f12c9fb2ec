import { expect, test } from "vitest";
import { gitBlobShas } from "../../../src/io/baselines/git-blob.ts";

// The names are those of `git hash-object` for the same bytes.
test.each([
  ["", ["e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"]],
  ["hello", ["b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0"]],
  ["hello\n", ["ce013625030ba8dba906f756967f9e9ca394464a"]],
])("the name of %j is git's", (text, shas) => {
  expect(gitBlobShas(Buffer.from(text))).toEqual(shas);
});

test("a file that was checked out on Windows is known by what git keeps of it, byte for byte", () => {
  expect(gitBlobShas(Buffer.from("hello\r\n"))[1]).toBe("ce013625030ba8dba906f756967f9e9ca394464a");
  const [, kept] = gitBlobShas(Buffer.from([0xff, 0x0d, 0x0a, 0xfe, 0x0d]));
  expect([kept]).toEqual(gitBlobShas(Buffer.from([0xff, 0x0a, 0xfe, 0x0d])));
});

test("a view into a larger buffer is only itself", () => {
  expect(gitBlobShas(new Uint8Array(Buffer.from("xhellox")).subarray(1, 6))).toEqual(gitBlobShas(Buffer.from("hello")));
});
