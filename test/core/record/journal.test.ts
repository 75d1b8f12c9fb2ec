import { describe, expect, test } from "vitest";
import { type JournalEntry, journalHead, journalLine, readJournal, withJournal } from "../../../src/core/record/journal.ts";
import type { BlockRecord, RunRecord } from "../../../src/core/record/run-record.ts";
import { someRecord } from "./some-record.ts";

const crashed = (overrides: Partial<RunRecord> = {}): RunRecord => someRecord({ status: "aborted", scenarios: [], ...overrides });
const template = someRecord().scenarios[0]!;
const { warmUp, blocks } = template.arms.head!;
const block = (index: number, more: Partial<BlockRecord> = {}): BlockRecord => ({ ...blocks[0]!, index, startS: index * 10, ...more });
const entry = (index: number, more: Partial<JournalEntry> = {}): JournalEntry => ({
  scenario: "steady",
  load: template.load,
  arm: "head",
  part: { warmUp, blocks: [block(index)], examples: {} },
  ...more,
});
const text = (entries: readonly JournalEntry[], of: RunRecord = crashed()): string => journalHead(of) + entries.map(journalLine).join("");

describe("a journal", () => {
  test("is read back as it was written", () => {
    const entries = [entry(0), entry(1, { arm: "base" })];
    expect(readJournal(text(entries))).toEqual({ startedAt: crashed().startedAt, digest: "a".repeat(64), entries });
  });

  test("loses only what a crash tore", () => {
    const whole = text([entry(0), entry(1), entry(2)]);
    for (let cut = 1; cut < journalLine(entry(2)).length; cut += 7) {
      expect(readJournal(whole.slice(0, -cut - 1))!.entries.map(({ part }) => part.blocks[0]!.index)).toEqual([0, 1]);
    }
  });

  test("trusts nothing behind a line that is not whole", () => {
    const [head, first, second] = text([entry(0), entry(1)]).split("\n");
    expect(readJournal([head, first, "{}", second].join("\n"))!.entries).toHaveLength(1);
  });

  test.each(["", "\n", "null", "{}", '{"journal":2,"startedAt":"x","digest":"y"}', "not json"])("is none: %j", (other) => {
    expect(readJournal(other)).toBeUndefined();
  });

  test("refuses to keep what no reader would take back", () => {
    const broken = { ...entry(0), part: { warmUp, blocks: [block(0, { offered: Number.NaN })], examples: {} } };
    expect(() => journalLine(broken)).toThrow(RangeError);
  });
});

describe("a record with its journal", () => {
  test("has the blocks of both, each once and in their order", () => {
    const known = crashed({ scenarios: [{ ...template, arms: { head: { warmUp, blocks: [block(0)], examples: { reset: "first" } } } }] });
    const later = { ...warmUp, offered: 99 };
    const whole = withJournal(
      known,
      readJournal(
        text([
          entry(2),
          entry(0, { part: { warmUp, blocks: [block(0, { offered: 1 })], examples: {} } }),
          entry(1, { part: { warmUp: later, blocks: [block(1)], examples: { reset: "second", stale: "third" } } }),
          entry(0, { arm: "base" }),
          entry(5, { scenario: "spike" }),
        ]),
      ),
    );
    expect(whole.status).toBe("aborted");
    expect(whole.scenarios.map(({ name }) => name)).toEqual(["steady", "spike"]);
    const { head, base } = whole.scenarios[0]!.arms;
    expect(head!.blocks.map(({ index, offered }) => [index, offered])).toEqual([
      [0, 200],
      [1, 200],
      [2, 200],
    ]);
    expect(head!.warmUp.offered).toBe(99);
    expect(head!.examples).toEqual({ reset: "first", stale: "third" });
    expect(base!.blocks).toHaveLength(1);
  });

  test("stays as it is where the journal is of another run, or the run is complete", () => {
    const journal = readJournal(text([entry(0)]));
    const others = [
      crashed({ startedAt: "2026-11-02T10:00:00.000Z" }),
      crashed({ suite: { name: "sentiment", digest: "b".repeat(64), seed: 42 } }),
      someRecord({ status: "complete" }),
    ];
    for (const other of others) expect(withJournal(other, journal)).toBe(other);
    expect(withJournal(crashed(), undefined)).toEqual(crashed());
  });
});
