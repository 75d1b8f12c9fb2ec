import { readdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Candidate, Refusal } from "../../core/compare/baseline.ts";
import { InputError } from "../../core/errors.ts";
import { MAX_RECORD_LENGTH, readRunRecord, writeRunRecord } from "../../core/record/read.ts";
import type { RunRecord } from "../../core/record/run-record.ts";
import { readTextFile } from "../files/read.ts";
import { writeFileAtomic } from "../files/write.ts";
import { slug } from "./slug.ts";

/** How many runs of a suite a folder keeps: what the comparison can use, and no more in everyone's clone. */
export const KEPT_RUNS = 20;

/**
 * The run records of one suite below a folder: `DIR/*.json` and `DIR/SUITE/*.json`, newest first.
 *
 * A damaged file is refused by name and the others still serve. A record of another suite is passed over in silence,
 * since one folder may serve several suites. A folder that does not exist is one refusal, never an error.
 */
export async function readBaselineDirectory(
  dir: string,
  suiteName: string,
): Promise<{ readonly candidates: readonly Candidate[]; readonly refused: readonly Refusal[] }> {
  const listed = await jsonFiles(dir);
  if (listed === undefined) return { candidates: [], refused: [{ origin: dir, reason: "the folder does not exist" }] };
  const candidates: Candidate[] = [];
  const refused: Refusal[] = [];
  for (const path of [...listed, ...((await jsonFiles(suiteFolder(dir, suiteName))) ?? [])]) {
    try {
      const record = readRunRecord(await readTextFile(path, "baseline", MAX_RECORD_LENGTH), path);
      if (record.suite.name === suiteName) candidates.push({ origin: path, record });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      refused.push({ origin: path, reason: error.sentence });
    }
  }
  // Equal times, from copies, are told apart by their path, so that the order never depends on the file system.
  candidates.sort((a, b) => Date.parse(b.record.startedAt) - Date.parse(a.record.startedAt) || (a.origin < b.origin ? -1 : 1));
  return { candidates, refused };
}

/**
 * Keeps a run as `DIR/SUITE/TIME-COMMIT.json` and removes the suite's oldest runs beyond {@link KEPT_RUNS}.
 *
 * @returns the path of the new file.
 * @throws {InputError} if it cannot be written.
 */
export async function saveBaseline(dir: string, record: RunRecord): Promise<string> {
  const folder = suiteFolder(dir, record.suite.name);
  const time = new Date(record.startedAt)
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replaceAll(":", "");
  const commit = record.provenance.commit === undefined ? "no-commit" : slug(record.provenance.commit).slice(0, 12);
  const path = await unusedPath(folder, `${time}-${commit}`);
  await writeFileAtomic(path, writeRunRecord(record));
  await prune(folder, path);
  return path;
}

const suiteFolder = (dir: string, suiteName: string): string => join(dir, slug(suiteName));

async function unusedPath(folder: string, name: string): Promise<string> {
  const used = new Set((await jsonFiles(folder)) ?? []);
  for (let copy = 1; ; copy++) {
    const path = join(folder, `${name}${copy === 1 ? "" : `-${copy}`}.json`);
    if (!used.has(path)) return path;
  }
}

/** Our own file names begin with the time, so their order is the order of the runs; files of other names stay. */
async function prune(folder: string, newest: string): Promise<void> {
  const others = ((await jsonFiles(folder)) ?? []).filter((path) => path !== newest && /^\d{4}-\d\d-\d\dT\d{6}Z-/.test(basename(path)));
  for (const path of others.slice(0, Math.max(0, others.length - (KEPT_RUNS - 1)))) await rm(path, { force: true });
}

/** Paths of the JSON files directly in a folder, sorted; undefined for a folder that is not there. */
async function jsonFiles(folder: string): Promise<readonly string[] | undefined> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
      .map((entry) => join(folder, entry.name))
      .sort();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    if (code === "ENOTDIR") throw new InputError(`${folder} is a file, not a folder of baselines`, { cause });
    throw new InputError(`the folder ${folder} cannot be read: ${(cause as Error).message}`, { cause });
  }
}
