import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import { readBytes, readError, readTextFile } from "../../../src/io/files/read.ts";
import { writeError, writeFileAtomic } from "../../../src/io/files/write.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tailgate-files-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const sentenceOf = async (promise: Promise<unknown>): Promise<string> => {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).sentence.replaceAll(folder, "DIR");
};

describe("reading", () => {
  test("gives the text without a byte order mark", async () => {
    writeFileSync(join(folder, "a.yaml"), "\ufeffname: ü");
    expect(await readTextFile(join(folder, "a.yaml"), "suite")).toBe("name: ü");
  });

  test("gives bytes as they are", async () => {
    writeFileSync(join(folder, "a.bin"), new Uint8Array([0xef, 0xbb, 0xbf, 0, 255]));
    expect([...(await readBytes(join(folder, "a.bin"), "payload"))]).toEqual([0xef, 0xbb, 0xbf, 0, 255]);
  });

  test("names the nearest file when there is none of this name", async () => {
    writeFileSync(join(folder, "tailgate.yaml"), "");
    expect(await sentenceOf(readTextFile(join(folder, "tailgate.yml"), "suite"))).toBe(
      "there is no suite DIR/tailgate.yml; did you mean DIR/tailgate.yaml?",
    );
  });

  test("names no file that is not like it", async () => {
    writeFileSync(join(folder, "README.md"), "");
    expect(await sentenceOf(readTextFile(join(folder, "tailgate.yml"), "suite"))).toBe("there is no suite DIR/tailgate.yml");
  });

  test("says that the folder is missing too", async () => {
    expect(await sentenceOf(readTextFile(join(folder, "perf/a.yml"), "suite"))).toBe(
      "there is no suite DIR/perf/a.yml; the folder DIR/perf does not exist either",
    );
  });

  test("refuses a folder and names a file in it", async () => {
    writeFileSync(join(folder, "chat.yaml"), "");
    expect(await sentenceOf(readTextFile(folder, "suite"))).toBe(
      "the suite DIR is a folder; give the path of a file, perhaps DIR/chat.yaml",
    );
  });

  test.each([
    ["EACCES", "the suite perf.yaml may not be read: permission denied"],
    ["EIO", "the suite perf.yaml cannot be read: EIO: as the system says it"],
  ])("turns %s into a sentence", async (code, sentence) => {
    const cause = Object.assign(new Error(`${code}: as the system says it`), { code });
    expect(((await readError(cause, "perf.yaml", "suite")) as InputError).sentence).toBe(sentence);
  });

  test("refuses a file that is too large before reading it", async () => {
    writeFileSync(join(folder, "a"), "x".repeat(3 * 1024 * 1024));
    expect(await sentenceOf(readTextFile(join(folder, "a"), "baseline", 2 * 1024 * 1024))).toBe(
      "the baseline DIR/a is 3.0 MiB; at most 2.0 MiB are read",
    );
  });
});

describe("writing", () => {
  test("makes the folders on the way and leaves nothing else behind", async () => {
    await writeFileAtomic(join(folder, "a/b/c.json"), "one");
    await writeFileAtomic(join(folder, "a/b/c.json"), "two");
    expect(readFileSync(join(folder, "a/b/c.json"), "utf8")).toBe("two");
    expect(readdirSync(join(folder, "a/b"))).toEqual(["c.json"]);
  });

  test("never shows a reader a part of the text, though many write at once", async () => {
    const path = join(folder, "a");
    const texts = Array.from({ length: 20 }, (_, i) => String.fromCharCode(97 + i).repeat(200_000));
    const seen = new Set<string>();
    const writes = Promise.all(texts.map((text) => writeFileAtomic(path, text)));
    for (let isWriting = true; isWriting; ) {
      isWriting = await Promise.race([writes.then(() => false), new Promise<boolean>((resolve) => setImmediate(() => resolve(true)))]);
      if (existsSync(path)) {
        const text = readFileSync(path, "utf8");
        seen.add(`${text.length} × ${new Set(text).size} letter`);
      }
    }
    expect([...seen]).toEqual(["200000 × 1 letter"]);
  });

  // A full disk and a foreign folder cannot be had in every place where the tests run; the system's errors can.
  test.each([
    ["ENOSPC", "cannot write out/run.json: the disk is full; free some space"],
    ["EACCES", "cannot write out/run.json: permission denied; choose another place with --out"],
    ["EROFS", "cannot write out/run.json: the file system is read-only; choose another place with --out"],
    ["EIO", "cannot write out/run.json: EIO: as the system says it; choose another place with --out"],
  ])("turns %s into a sentence", (code, sentence) => {
    const cause = Object.assign(new Error(`${code}: as the system says it`), { code });
    expect((writeError(cause, "out/run.json") as InputError).sentence).toBe(sentence);
  });

  test("passes on an error that is not the file system's", () => {
    const bug = new TypeError("x is not a function");
    expect(writeError(bug, "run.json")).toBe(bug);
  });

  test("says that a part of the path is a file", async () => {
    writeFileSync(join(folder, "a"), "");
    expect(await sentenceOf(writeFileAtomic(join(folder, "a/b"), "x"))).toBe(
      "cannot write DIR/a/b: a part of its path is a file, not a folder; choose another place with --out",
    );
  });

  test("says that the target is a folder, and cleans up", async () => {
    mkdirSync(join(folder, "a/b"), { recursive: true });
    expect(await sentenceOf(writeFileAtomic(join(folder, "a"), "x"))).toBe(
      "cannot write DIR/a: it is a folder; choose another place with --out",
    );
    expect(readdirSync(folder)).toEqual(["a"]);
  });
});
