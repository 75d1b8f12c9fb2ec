import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Candidate, Refusal } from "../../core/compare/baseline.ts";
import { InputError } from "../../core/errors.ts";
import { MAX_RECORD_LENGTH, readRunRecord, writeRunRecord } from "../../core/record/read.ts";
import type { RunRecord } from "../../core/record/run-record.ts";
import { readBytes } from "../files/read.ts";
import { writeFileAtomic } from "../files/write.ts";
import { recordName, surplusNames } from "./record-name.ts";
import { slug } from "./slug.ts";
import { variantOf } from "./variant.ts";

/** How many runs of a suite a folder keeps: what the comparison can use, and no more in everyone's clone. */
export const KEPT_RUNS = 20;

/** Of each folder the newest names are read. */
const MOST_FILES = 200;

/** A file that may hold a record. `isOfVariant`: it lies in the folder of the variant that was asked for. */
export type BaselineFile = { readonly origin: string; readonly bytes: Uint8Array; readonly isOfVariant: boolean };

/**
 * The run records of one suite below a folder: `DIR/*.json` and `DIR/SUITE/*.json`, and of a variant `DIR/SUITE/VARIANT/*.json`
 * as well, newest first.
 *
 * A damaged file is refused by name and the others still serve. A record of another suite or variant is passed over in
 * silence, since one folder may serve several. A folder that does not exist is one refusal, never an error. Symbolic
 * links below the folder are not followed.
 */
export async function readBaselineDirectory(
  dir: string,
  suiteName: string,
  variant = "",
): Promise<{ readonly candidates: readonly Candidate[]; readonly refused: readonly Refusal[] }> {
  const found = await baselineFiles(dir, suiteName, variant);
  if (found === undefined) return { candidates: [], refused: [{ origin: dir, reason: "the folder does not exist" }] };
  const { candidates, refused } = readBaselineFiles(found.files, suiteName, variant);
  return { candidates, refused: [...found.refused, ...refused] };
}

/** The files of which {@link readBaselineDirectory} reads the records; undefined if the folder does not exist. */
export async function baselineFiles(
  dir: string,
  suiteName: string,
  variant: string,
): Promise<{ readonly files: readonly BaselineFile[]; readonly refused: readonly Refusal[] } | undefined> {
  const files: BaselineFile[] = [];
  const refused: Refusal[] = [];
  for (const [depth, folder] of foldersOf(dir, suiteName, variant).entries()) {
    if (depth > 0 && (await isLink(folder))) {
      refused.push({ origin: folder, reason: "it is a symbolic link, which is not followed" });
      break;
    }
    const names = await jsonFiles(folder);
    if (names === undefined && depth === 0) return undefined;
    if (names === undefined) break;
    for (const name of names.slice(-MOST_FILES)) {
      const origin = join(folder, name);
      try {
        files.push({ origin, bytes: await readBytes(origin, "baseline", MAX_RECORD_LENGTH), isOfVariant: depth === 2 });
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        refused.push({ origin, reason: error.sentence });
      }
    }
    const left = names.length - MOST_FILES;
    if (left > 0) refused.push({ origin: folder, reason: `${left} older files: only the newest ${MOST_FILES} of a folder are read` });
  }
  return { files, refused };
}

/** The records in files, newest first. */
export function readBaselineFiles(
  files: readonly BaselineFile[],
  suiteName: string,
  variant: string,
): { readonly candidates: readonly Candidate[]; readonly refused: readonly Refusal[] } {
  const candidates: Candidate[] = [];
  const refused: Refusal[] = [];
  for (const { origin, bytes, isOfVariant } of files) {
    try {
      const record = readRunRecord(new TextDecoder().decode(bytes), origin);
      // A record that does not say of which variant it is, is of the one in whose folder it lies.
      const own = variantOf(record) ?? (isOfVariant ? variant : "");
      if (record.suite.name === suiteName && own === variant) candidates.push({ origin, record });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      refused.push({ origin, reason: error.sentence });
    }
  }
  // Equal times, from copies, are told apart by their path, so that the order never depends on the file system.
  candidates.sort((a, b) => Date.parse(b.record.startedAt) - Date.parse(a.record.startedAt) || (a.origin < b.origin ? -1 : 1));
  return { candidates, refused };
}

/** The folders in which records of a suite lie, outermost first: the folder itself, the suite's, the variant's. */
export const foldersOf = (dir: string, suiteName: string, variant: string): readonly string[] => {
  const folder = join(dir, slug(suiteName));
  return [dir, folder, ...(variant === "" ? [] : [join(folder, slug(variant))])];
};

/**
 * Keeps a run as `DIR/SUITE/TIME-COMMIT.json`, or of a variant as `DIR/SUITE/VARIANT/TIME-COMMIT.json`, and removes the
 * oldest runs beside it beyond {@link KEPT_RUNS}.
 *
 * @returns the path of the new file.
 * @throws {InputError} if it cannot be written.
 */
export async function saveBaseline(dir: string, record: RunRecord): Promise<string> {
  const folder = foldersOf(dir, record.suite.name, variantOf(record) ?? "").at(-1)!;
  const present = (await jsonFiles(folder)) ?? [];
  const name = recordName(record, present);
  await writeFileAtomic(join(folder, name), writeRunRecord(record));
  for (const surplus of surplusNames(present, name, KEPT_RUNS)) await rm(join(folder, surplus), { force: true });
  return join(folder, name);
}

async function isLink(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isSymbolicLink() === true;
}

/** Names of the JSON files directly in a folder, sorted; undefined for a folder that is not there. */
async function jsonFiles(folder: string): Promise<readonly string[] | undefined> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
      .map(({ name }) => name)
      .sort();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    if (code === "ENOTDIR") throw new InputError(`${folder} is a file, not a folder of baselines`, { cause });
    throw new InputError(`the folder ${folder} cannot be read: ${(cause as Error).message}`, { cause });
  }
}
