import type { Refusal } from "../../core/compare/baseline.ts";
import { HISTORY, LIMIT, shortened, whereabouts } from "./baseline-runs.ts";
import { type BranchReading, listBranchFolder } from "./branch-files.ts";
import type { Trust } from "./trusted-run.ts";

/** What the search needs of GitHub. */
export type BranchRecordsApi = BranchReading & { readonly listCommits: (sha: string, max: number) => Promise<readonly string[]> };

export type BranchSearch = Trust & {
  /** The branch that keeps the records, and the folder of the suite in it. */
  readonly storeBranch: string;
  readonly folder: string;
  /** The beginning of the commit's name that a file's name tells, or undefined for a file that is no record. */
  readonly commitOf: (fileName: string) => string | undefined;
  /** The commit from which the history is walked, and what to call it: `the merge base`. */
  readonly from: string;
  readonly fromName: string;
};

/** A file of the branch that may hold a trusted record, not yet read. */
export type BranchRecord = {
  /** Name of the blob. */
  readonly sha: string;
  readonly commit: string;
  readonly distance: number;
  /** `tailgate-baselines:sentiment-1a2b3c4d/2026-11-22T091500Z-1a2b3c4d5e6f.json · 3 commits before the merge base` */
  readonly origin: string;
};

/** Far above any record; GitHub's own limit is 100 MB. */
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Finds the records of a branch whose commit lies on the history of `from`, nearest first, at most {@link LIMIT}. What
 * vouches for them is who may write to that branch: nothing in a file can prove where it comes from. Everything else in
 * the folder is refused, with the reason.
 *
 * @returns `isThere`: whether there is such a branch at all.
 */
export async function findBranchRecords(
  api: BranchRecordsApi,
  search: BranchSearch,
): Promise<{ readonly isThere: boolean; readonly found: readonly BranchRecord[]; readonly refused: readonly Refusal[] }> {
  const { storeBranch, folder, fromName } = search;
  const [{ tip, files, truncated }, history] = await Promise.all([
    listBranchFolder(api, storeBranch, folder),
    api.listCommits(search.from, HISTORY),
  ]);
  const refused: Refusal[] = [];
  const known: BranchRecord[] = [];
  for (const { name, sha, sizeBytes } of files.toReversed()) {
    const path = `${storeBranch}:${folder}/${name}`;
    const start = search.commitOf(name);
    const distance = start === undefined ? -1 : history.findIndex((commit) => commit.startsWith(start));
    if (start === undefined) refused.push({ origin: path, reason: "its name does not say of which commit it is" });
    else if (distance < 0) refused.push({ origin: path, reason: `its commit is not among the ${HISTORY} commits up to ${fromName}` });
    else if (sizeBytes > MAX_BYTES)
      refused.push({ origin: path, reason: `it is ${mebibytes(sizeBytes)} MiB; at most ${mebibytes(MAX_BYTES)} MiB are read` });
    else known.push({ sha, commit: history[distance]!, distance, origin: `${path} · ${whereabouts(distance, fromName)}` });
  }
  if (truncated) refused.push({ origin: storeBranch, reason: "GitHub does not list so many files completely: some may be missing" });
  const found = known.toSorted((a, b) => a.distance - b.distance).slice(0, LIMIT);
  return { isThere: tip !== undefined, found, refused: shortened(refused, "files") };
}

const mebibytes = (bytes: number): number => Math.ceil(bytes / 1024 / 1024);
