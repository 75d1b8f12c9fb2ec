import { randomBytes } from "node:crypto";
import { crc32, deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readZipEntry } from "../../../src/io/baselines/zip-entry.ts";
import { zipOf } from "./zip-of.ts";

const MAX = 1024 * 1024;

describe("one entry of a ZIP archive", () => {
  test("comes back as it went in, stored or deflated, among others", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), fc.boolean(), fc.string(), (bytes, isStored, comment) => {
        const content = Buffer.from(bytes);
        const zip = zipOf(
          [
            { name: "a.txt", content: Buffer.from("other") },
            { name: "run.json", content, method: isStored ? 0 : 8 },
          ],
          comment,
        );
        expect(readZipEntry(zip, "run.json", MAX)).toEqual(content);
      }),
    );
  });

  test("is undefined where there is none of exactly this name", () => {
    const zip = zipOf([
      { name: "../run.json", content: Buffer.from("x") },
      { name: "RUN.JSON", content: Buffer.from("x") },
    ]);
    expect(readZipEntry(zip, "run.json", MAX)).toBeUndefined();
  });

  test("is never inflated beyond the limit, though its header claims less", () => {
    const bomb = deflateRawSync(Buffer.alloc(200 * MAX));
    const zip = zipOf([{ name: "run.json", content: Buffer.alloc(0), compressed: bomb, size: 10 }]);
    const before = process.memoryUsage().arrayBuffers;
    expect(() => readZipEntry(zip, "run.json", MAX)).toThrow(/longer than 1048576 bytes/);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * MAX);
  });

  test.each([
    ["says that it is too long", { size: MAX + 1 }, /at most 1048576 are read/],
    ["has another checksum", { crc: 1 }, /does not match its checksum/],
    ["is encrypted", { flags: 1 }, /is encrypted/],
    ["is compressed in another way", { method: 12 }, /method 12/],
  ])("is refused if it %s", (_, flaw, message) => {
    const zip = zipOf([{ name: "run.json", content: Buffer.from("hello"), ...flaw }]);
    expect(() => readZipEntry(zip, "run.json", MAX)).toThrow(message);
  });

  test("is refused if it is there twice", () => {
    const entry = { name: "run.json", content: Buffer.from("x") };
    expect(() => readZipEntry(zipOf([entry, entry]), "run.json", MAX)).toThrow(/2 times/);
  });

  test("of any damaged archive is the content, undefined or a RangeError, never something else", () => {
    const content = randomBytes(300);
    const zip = zipOf([{ name: "run.json", content }]);
    fc.assert(
      fc.property(fc.nat(zip.length - 1), fc.nat(255), fc.nat(zip.length), (at, byte, end) => {
        const damaged = Buffer.from(zip.subarray(0, end));
        if (at < end) damaged[at] = byte;
        try {
          const read = readZipEntry(damaged, "run.json", MAX);
          if (read !== undefined) expect(crc32(read)).toBe(crc32(content));
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
