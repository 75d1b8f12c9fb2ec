import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseRecordName, recordName, surplusNames } from "../../../src/io/baselines/record-name.ts";

const run = (startedAt: string, commit?: string) => ({ startedAt, provenance: commit === undefined ? {} : { commit } });
const SHA = "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d";

describe("the name of a record", () => {
  test("tells when and of which commit, and is none that is taken", () => {
    const name = recordName(run("2026-11-22T09:15:00.123Z", SHA), []);
    expect(name).toBe("2026-11-22T091500Z-1a2b3c4d5e6f.json");
    const copy = recordName(run("2026-11-22T09:15:00.456Z", SHA), [name]);
    expect(copy).toBe("2026-11-22T091500Z-1a2b3c4d5e6f-2.json");
    expect(recordName(run("2026-11-22T09:15:00.456Z", SHA), [name, copy])).toBe("2026-11-22T091500Z-1a2b3c4d5e6f-3.json");
    expect(recordName(run("2026-11-22T09:15:00Z"), [])).toBe("2026-11-22T091500Z-no-commit.json");
  });

  test("is read back", () => {
    expect(parseRecordName("2026-11-22T091500Z-1a2b3c4d5e6f.json")).toEqual({ time: "2026-11-22T091500Z", commit: "1a2b3c4d5e6f" });
    expect(parseRecordName("2026-11-22T091500Z-1a2b3c4d5e6f-2.json")?.commit).toBe("1a2b3c4d5e6f");
    expect(parseRecordName("2026-11-22T091500Z-no-commit.json")).toEqual({ time: "2026-11-22T091500Z", commit: undefined });
  });

  test.each([
    "by-hand.json",
    "README.md",
    "2026-11-22-1a2b3c4.json",
    "2026-11-22T091500Z-1a2b3c4d5e6f.txt",
    "x2026-11-22T091500Z-1a2b3c4.json",
  ])("%s is no name of ours", (name) => {
    expect(parseRecordName(name)).toBeUndefined();
  });

  test("leaves no folder, whatever the commit says", () => {
    fc.assert(
      fc.property(fc.string(), (commit) => {
        expect(recordName(run("2026-11-22T09:15:00Z", commit), [])).toMatch(/^2026-11-22T091500Z-[a-z0-9._-]+\.json$/);
      }),
    );
  });
});

test("the oldest go beyond the number that is kept, never the new one and none of another name", () => {
  const names = ["05", "01", "03", "02", "04"].map((hour) => recordName(run(`2026-11-22T${hour}:00:00Z`, SHA), []));
  const present = [...names, "0-by-hand.json"];
  const added = recordName(run("2026-11-22T00:00:00Z", SHA), []);
  expect(surplusNames(present, added, 4)).toEqual([names[1], names[3]]);
  expect(surplusNames(present, added, 6)).toEqual([]);
  expect(surplusNames([], added, 1)).toEqual([]);
});
