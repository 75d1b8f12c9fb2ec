import type { Arm } from "../plan/plan.ts";
import type { ArmRecord, RecordedLoad, RunRecord, ScenarioRecord } from "./run-record.ts";
import { asFields, joined, ofBlocks, seenOf } from "./slowest.ts";
import { JOURNAL_LINE } from "./stored-shape.ts";

/**
 * What a run keeps while it is under way: a line of JSON for every block as soon as it is complete, behind a head line that
 * names the run. The record of a run that crashed is its head record, which holds no block yet, with its journal.
 */
export type JournalEntry = {
  readonly scenario: string;
  readonly load: RecordedLoad;
  readonly arm: Arm;
  /** The new blocks, with the requests in them that were among the slowest or the first to fail; warm-up and examples as they were known by then. */
  readonly part: ArmRecord;
};

export type Journal = {
  readonly startedAt: string;
  readonly digest: string;
  readonly entries: readonly JournalEntry[];
};

/** First line of the journal of a run. */
export const journalHead = ({ startedAt, suite }: Pick<RunRecord, "startedAt" | "suite">): string =>
  `${JSON.stringify({ journal: 1, startedAt, digest: suite.digest })}\n`;

/** @throws {RangeError} on an entry that is none, for example one with NaN in it: a bug in the caller. */
export function journalLine(entry: JournalEntry): string {
  const result = JOURNAL_LINE.safeParse(entry);
  if (!result.success) throw new RangeError(`not a journal entry: ${result.error.message}`);
  return `${JSON.stringify(result.data)}\n`;
}

/**
 * Reads a journal, whoever wrote it. A crash tears the last line, and what comes after a torn line is not trusted either:
 * the entries before it count.
 *
 * @returns undefined for a text that is no journal.
 */
export function readJournal(text: string): Journal | undefined {
  const [first = "", ...lines] = text.split("\n");
  const head = parsed(first) as { readonly journal?: unknown; readonly startedAt?: unknown; readonly digest?: unknown } | undefined;
  if (head?.journal !== 1 || typeof head.startedAt !== "string" || typeof head.digest !== "string") return undefined;
  const entries: JournalEntry[] = [];
  for (const line of lines) {
    const result = JOURNAL_LINE.safeParse(parsed(line));
    if (!result.success) break;
    entries.push(result.data);
  }
  return { startedAt: head.startedAt, digest: head.digest, entries };
}

/**
 * The record with the blocks that its journal has and it has not. A record that is complete, or a journal of another
 * run, is left as it is.
 */
export function withJournal(record: RunRecord, journal: Journal | undefined): RunRecord {
  const isOfThisRun = journal !== undefined && journal.startedAt === record.startedAt && journal.digest === record.suite.digest;
  if (!isOfThisRun || record.status === "complete") return record;
  const scenarios = new Map(record.scenarios.map((scenario) => [scenario.name, scenario]));
  for (const entry of journal.entries) scenarios.set(entry.scenario, withEntry(scenarios.get(entry.scenario), entry));
  return { ...record, scenarios: [...scenarios.values()] };
}

function withEntry(scenario: ScenarioRecord | undefined, { scenario: name, load, arm, part }: JournalEntry): ScenarioRecord {
  const known = scenario?.arms[arm];
  const indices = new Set(known?.blocks.map(({ index }) => index));
  const blocks = [...(known?.blocks ?? []), ...part.blocks.filter(({ index }) => !indices.has(index))].toSorted(
    (a, b) => a.index - b.index,
  );
  const news = ofBlocks(seenOf(part), (block) => !indices.has(block));
  const merged: ArmRecord = {
    warmUp: part.warmUp,
    blocks,
    examples: { ...part.examples, ...known?.examples },
    ...asFields(joined([seenOf(known ?? {}), news])),
  };
  return { name, load, arms: { ...scenario?.arms, [arm]: merged } };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
