import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type JournalEntry, journalHead, journalLine, readJournal, withJournal } from "./core/record/journal.ts";
import { readRunRecord, writeRunRecord } from "./core/record/read.ts";
import type { RunRecord } from "./core/record/run-record.ts";
import { latencyLog } from "./core/report/hlog.ts";
import { verdictJson } from "./core/report/json.ts";
import { junitXml } from "./core/report/junit.ts";
import { renderComment } from "./core/report/markdown.ts";
import type { Judgement } from "./gate.ts";
import { readTextFile } from "./io/files/read.ts";
import { appendToFile, writeFileAtomic } from "./io/files/write.ts";

/** Blocks of a run that is under way, or of one that crashed; gone when the record is complete. */
const JOURNAL_FILE = "run.blocks.jsonl";

/** Names in the output folder: part of the contract. */
export const RUN_FILE = "run.json";
export const VERDICT_FILE = "verdict.json";
export const COMMENT_FILE = "comment.md";
export const REPORT_FILE = "report.html";
const JUNIT_FILE = "junit.xml";
export const LATENCY_FILE = "latency.hlog";
/** What is concluded from a record; all of it can be made again. */
export const CONCLUSION_FILES = [VERDICT_FILE, COMMENT_FILE, REPORT_FILE, JUNIT_FILE, LATENCY_FILE] as const;

/**
 * The record as it is known before the first request and when all is over. What an earlier run left
 * beside it is taken away: if this one ends in the middle, no verdict of yesterday may stand beside its record.
 */
export async function writeRecord(out: string, record: RunRecord): Promise<void> {
  // What cannot be taken away cannot be written either, and writing says so in a sentence.
  const remove = (name: string) => rm(join(out, name), { force: true }).catch(() => undefined);
  await Promise.all(CONCLUSION_FILES.map(remove));
  await writeFileAtomic(join(out, RUN_FILE), writeRunRecord(record));
  // Its blocks are in the record now, and not a moment earlier.
  await remove(JOURNAL_FILE);
}

/** Where a run keeps itself while it is under way, for `checkpoint` and `keep` of a gate. */
export function openJournal(out: string): {
  readonly checkpoint: (record: RunRecord) => Promise<void>;
  readonly keep: (entry: JournalEntry) => Promise<void>;
} {
  const file = join(out, JOURNAL_FILE);
  return {
    checkpoint: async (record) => {
      await writeRecord(out, record);
      await appendToFile(file, journalHead(record));
    },
    keep: (entry) => appendToFile(file, journalLine(entry)),
  };
}

/**
 * A record from a file, with the blocks of the journal beside it if its run crashed.
 *
 * @param what what the file is to the user, for the message.
 * @throws {InputError} as reading the file and its shape do.
 */
export async function readStoredRun(path: string, what: string): Promise<RunRecord> {
  const record = readRunRecord(await readTextFile(path, what), path);
  if (record.status === "complete") return record;
  const journal = await readTextFile(join(dirname(path), JOURNAL_FILE), "journal").catch(() => "");
  return withJournal(record, readJournal(journal));
}

/**
 * Writes what a gate produced, the record first: whatever fails after it can be made again with `tailgate compare`.
 *
 * @param record undefined where stored records were judged: they have their own files already.
 */
export async function writeOutputs(out: string, judgement: Judgement, record: RunRecord | undefined): Promise<void> {
  if (record !== undefined) await writeRecord(out, record);
  const { report, heads } = judgement;
  await writeFileAtomic(join(out, VERDICT_FILE), verdictJson(judgement));
  await writeFileAtomic(join(out, COMMENT_FILE), renderComment(report));
  // Loaded here because what draws the pictures takes as long to load as all the rest.
  const { renderHtml } = await import("./core/report/html.ts");
  await writeFileAtomic(join(out, REPORT_FILE), renderHtml(judgement));
  await writeFileAtomic(join(out, JUNIT_FILE), junitXml(report));
  const newest = record ?? heads.at(-1);
  if (newest !== undefined) await writeFileAtomic(join(out, LATENCY_FILE), latencyLog(newest));
}
