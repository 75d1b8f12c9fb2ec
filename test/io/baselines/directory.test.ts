import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import { writeRunRecord } from "../../../src/core/record/read.ts";
import { KEPT_RUNS, readBaselineDirectory, saveBaseline } from "../../../src/io/baselines/directory.ts";
import { someRecord } from "../../core/record/some-record.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "tailgate-baselines-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const at = (hour: number, suiteName = "sentiment") =>
  someRecord({
    startedAt: new Date(Date.UTC(2026, 10, 1, hour)).toISOString(),
    suite: { name: suiteName, digest: "d", seed: 1 },
  });

describe("a folder of baselines", () => {
  test("gives the runs of its own suite back, newest first, from itself and from the suite's folder", async () => {
    await saveBaseline(dir, at(10));
    await saveBaseline(dir, at(12));
    writeFileSync(join(dir, "by-hand.json"), writeRunRecord(at(11)));
    await saveBaseline(dir, at(13, "chat"));
    writeFileSync(join(dir, "other.json"), writeRunRecord(at(14, "chat")));
    const { candidates, refused } = await readBaselineDirectory(dir, "sentiment");
    expect(candidates.map(({ record }) => new Date(record.startedAt).getUTCHours())).toEqual([12, 11, 10]);
    expect(candidates.map(({ origin }) => basename(origin))).toEqual([
      "2026-11-01T120000Z-1a2b3c4d5e6f.json",
      "by-hand.json",
      "2026-11-01T100000Z-1a2b3c4d5e6f.json",
    ]);
    expect(refused).toEqual([]);
  });

  test("refuses damaged files by name and uses the others", async () => {
    await saveBaseline(dir, at(10));
    writeFileSync(join(dir, "cut.json"), writeRunRecord(at(11)).slice(0, 100));
    writeFileSync(join(dir, "old.json"), '{"schema":0}');
    writeFileSync(join(dir, "README.md"), "not a record");
    const { candidates, refused } = await readBaselineDirectory(dir, "sentiment");
    expect(candidates).toHaveLength(1);
    expect(refused.map(({ origin }) => origin)).toEqual([join(dir, "cut.json"), join(dir, "old.json")]);
    expect(refused[1]!.reason).toContain("written by an older tailgate");
  });

  test("that is missing gives nothing, and says so", async () => {
    expect(await readBaselineDirectory(join(dir, "nowhere"), "sentiment")).toEqual({
      candidates: [],
      refused: [{ origin: join(dir, "nowhere"), reason: "the folder does not exist" }],
    });
  });

  test("keeps the variants of a suite apart: by what a record says, and where it says nothing by its folder", async () => {
    const of = (variant: string | undefined, hour: number) => ({
      ...at(hour),
      environment: variant === undefined ? {} : { "suite.variant": variant },
    });
    expect(await saveBaseline(dir, of("L4", 1))).toBe(join(dir, "sentiment", "l4", "2026-11-01T010000Z-1a2b3c4d5e6f.json"));
    await saveBaseline(dir, of("H100", 2));
    await saveBaseline(dir, of(undefined, 3));
    writeFileSync(join(dir, "sentiment", "l4", "silent.json"), writeRunRecord(of(undefined, 4)));
    writeFileSync(join(dir, "sentiment", "l4", "misplaced.json"), writeRunRecord(of("H100", 5)));
    writeFileSync(join(dir, "flat.json"), writeRunRecord(of("L4", 6)));
    const hours = async (...variant: [] | [string]) =>
      (await readBaselineDirectory(dir, "sentiment", ...variant)).candidates.map(({ record }) => new Date(record.startedAt).getUTCHours());
    expect(await hours()).toEqual([3]);
    expect(await hours("L4")).toEqual([6, 4, 1]);
    expect(await hours("H100")).toEqual([2]);
  });

  test("does not follow links out of it", async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), "tailgate-elsewhere-"));
    try {
      writeFileSync(join(elsewhere, "a.json"), writeRunRecord(at(10)));
      symlinkSync(join(elsewhere, "a.json"), join(dir, "a.json"));
      symlinkSync(elsewhere, join(dir, "sentiment"));
      expect(await readBaselineDirectory(dir, "sentiment")).toEqual({
        candidates: [],
        refused: [{ origin: join(dir, "sentiment"), reason: "it is a symbolic link, which is not followed" }],
      });
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });

  test("is read to the newest 200 files of each folder, and says what is left", async () => {
    for (let file = 0; file < 203; file++) writeFileSync(join(dir, `${String(file).padStart(3, "0")}.json`), "{}");
    const { refused } = await readBaselineDirectory(dir, "sentiment");
    expect(refused).toHaveLength(201);
    expect(refused).toContainEqual({ origin: dir, reason: "3 older files: only the newest 200 of a folder are read" });
    expect(refused.map(({ origin }) => basename(origin))).not.toContain("002.json");
  });

  test("that is a file is a mistake of the user", async () => {
    writeFileSync(join(dir, "a.json"), "{}");
    await expect(readBaselineDirectory(join(dir, "a.json"), "sentiment")).rejects.toThrow(InputError);
  });
});

describe("keeping a run", () => {
  test("writes it where a reader of the same suite finds it, byte for byte as the record", async () => {
    const path = await saveBaseline(dir, at(10, "Chat: 70B/fp8"));
    expect(path).toBe(join(dir, "chat-70b-fp8", "2026-11-01T100000Z-1a2b3c4d5e6f.json"));
    expect(readFileSync(path, "utf8")).toBe(writeRunRecord(at(10, "Chat: 70B/fp8")));
    expect((await readBaselineDirectory(dir, "Chat: 70B/fp8")).candidates).toHaveLength(1);
  });

  test("never overwrites a run of the same second", async () => {
    expect(await saveBaseline(dir, at(10))).not.toBe(await saveBaseline(dir, at(10)));
    expect((await readBaselineDirectory(dir, "sentiment")).candidates).toHaveLength(2);
  });

  test("cannot leave the folder, whatever the suite and the commit are called", async () => {
    const record = { ...at(10, "../../etc/.."), provenance: { commit: "../../../x" } };
    const path = await saveBaseline(dir, record);
    expect(path.startsWith(join(dir, "/"))).toBe(true);
    expect(path).not.toContain("..");
  });

  test("removes the oldest beyond those that are kept, and no file of another name", async () => {
    mkdirSync(join(dir, "sentiment"));
    writeFileSync(join(dir, "sentiment", "0-golden.json"), writeRunRecord(at(1)));
    for (let hour = 0; hour < KEPT_RUNS + 3; hour++) await saveBaseline(dir, at(hour));
    const names = readdirSync(join(dir, "sentiment")).sort();
    expect(names).toHaveLength(KEPT_RUNS + 1);
    expect(names.slice(0, 2)).toEqual(["0-golden.json", "2026-11-01T030000Z-1a2b3c4d5e6f.json"]);
  });

  test("keeps the run that was just saved, though it is older than all the others", async () => {
    for (let hour = 1; hour <= KEPT_RUNS; hour++) await saveBaseline(dir, at(hour));
    expect(readFileSync(await saveBaseline(dir, at(0)), "utf8")).toBe(writeRunRecord(at(0)));
    expect(readdirSync(join(dir, "sentiment"))).toHaveLength(KEPT_RUNS);
  });
});
