import type { Candidate, Refusal } from "../../core/compare/baseline.ts";
import { InputError } from "../../core/errors.ts";
import { readRunRecord } from "../../core/record/read.ts";
import { variantOf } from "./variant.ts";

/** How many runs of a suite a branch keeps at its tip; its history has the older ones. */
export const KEPT_IN_BRANCH = 60;

/** A file of the branch that may hold a record: the name of its blob, and where it came from in words. */
export type StoredFile = { readonly sha: string; readonly distance: number; readonly origin: string };

/** Reads the run record in each file; the order is kept. One that is damaged or of another suite or variant is refused. */
export async function readBranchRuns(
  files: readonly StoredFile[],
  suiteName: string,
  variant: string,
  readBlob: (sha: string) => Promise<Buffer>,
): Promise<{ readonly candidates: readonly Candidate[]; readonly refused: readonly Refusal[] }> {
  const candidates: Candidate[] = [];
  const refused: Refusal[] = [];
  for (const { sha, distance, origin } of files) {
    const bytes = await readBlob(sha);
    try {
      const record = readRunRecord(bytes.toString("utf8"), "the file");
      if (record.suite.name !== suiteName) refused.push({ origin, reason: "it holds a run of another suite" });
      else if ((variantOf(record) ?? variant) !== variant) refused.push({ origin, reason: "it holds a run of another variant" });
      else candidates.push({ origin, record, distance });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      refused.push({ origin, reason: error.sentence });
    }
  }
  return { candidates, refused };
}

/** What a branch of stored runs begins with, for whoever comes across it. */
export const BRANCH_README = `# Stored runs

tailgate keeps the runs of the default branch here, one file each, in a folder for each suite. They are what pull requests
are compared with: whoever can write to this branch can change what counts as a regression.

Only runs on the default branch are added. The newest ${KEPT_IN_BRANCH} of a suite stay; older ones are in the history.
Deleting the branch is safe: the next push to the default branch begins it anew, and pull requests have no baseline until then.
`;
