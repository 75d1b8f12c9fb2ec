import { rm } from "node:fs/promises";
import { join } from "node:path";
import { writeRunRecord } from "./core/record/read.ts";
import type { RunRecord } from "./core/record/run-record.ts";
import { latencyLog } from "./core/report/hlog.ts";
import { renderHtml } from "./core/report/html.ts";
import { verdictJson } from "./core/report/json.ts";
import { junitXml } from "./core/report/junit.ts";
import { renderComment } from "./core/report/markdown.ts";
import type { Judgement } from "./gate.ts";
import { writeFileAtomic } from "./io/files/write.ts";

/** Names in the output folder: part of the contract. */
export const RUN_FILE = "run.json";
export const VERDICT_FILE = "verdict.json";
const COMMENT_FILE = "comment.md";
export const REPORT_FILE = "report.html";
const JUNIT_FILE = "junit.xml";
const LATENCY_FILE = "latency.hlog";
/** What is concluded from a record; all of it can be made again. */
export const CONCLUSION_FILES = [VERDICT_FILE, COMMENT_FILE, REPORT_FILE, JUNIT_FILE, LATENCY_FILE] as const;

/**
 * The record so far, as it is known before the first request and after every stretch of load. What an earlier run left
 * beside it is taken away: if this one ends in the middle, no verdict of yesterday may stand beside its record.
 */
export async function writeRecord(out: string, record: RunRecord): Promise<void> {
  const conclusions = CONCLUSION_FILES.map((name) => join(out, name));
  // What cannot be taken away cannot be written either, and writing says so in a sentence.
  await Promise.all(conclusions.map((file) => rm(file, { force: true }).catch(() => undefined)));
  await writeFileAtomic(join(out, RUN_FILE), writeRunRecord(record));
}

/**
 * Writes what a gate produced, the record first: whatever fails after it can be made again with `tailgate compare`.
 *
 * @param record undefined where stored records were judged: they have their own files already.
 */
export async function writeOutputs(out: string, judgement: Judgement, record: RunRecord | undefined): Promise<void> {
  if (record !== undefined) await writeRecord(out, record);
  const { verdict, report, heads } = judgement;
  await writeFileAtomic(join(out, VERDICT_FILE), verdictJson(verdict));
  await writeFileAtomic(join(out, COMMENT_FILE), renderComment(report));
  await writeFileAtomic(join(out, REPORT_FILE), renderHtml(judgement));
  await writeFileAtomic(join(out, JUNIT_FILE), junitXml(report));
  const newest = heads.at(-1);
  if (newest !== undefined) await writeFileAtomic(join(out, LATENCY_FILE), latencyLog(newest));
}
