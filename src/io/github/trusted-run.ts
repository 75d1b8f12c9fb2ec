import type { Candidate, Refusal } from "../../core/compare/baseline.ts";
import type { Provenance } from "../../core/record/run-record.ts";
import type { WorkflowRun } from "./api.ts";

/** Whose runs may be a baseline. */
export type Trust = {
  readonly repositoryId: number;
  /** The branch whose runs are trusted: the default branch, or the one that the pull request goes into. */
  readonly branch: string;
  /** Accept the runs of this workflow only. */
  readonly workflowPath?: string | undefined;
};

/** What only the repository's own writers can start. */
const TRUSTED_EVENTS: readonly string[] = ["push", "schedule", "workflow_dispatch"];

/** Why a run may not vouch for a baseline; undefined if nothing speaks against it. */
export function untrustedRun(run: WorkflowRun, { repositoryId, branch, workflowPath }: Trust): string | undefined {
  if (run.repositoryId !== repositoryId) return `from another repository (repository id ${run.repositoryId})`;
  if (run.headRepositoryId !== repositoryId) return fromFork(run.headRepositoryId);
  if (!TRUSTED_EVENTS.includes(run.event)) return untrustedEvent(run.event);
  if (run.headBranch !== branch) return `from branch ${run.headBranch}, not from ${branch}`;
  if (workflowPath !== undefined && run.path !== workflowPath) return `from workflow ${run.path}, not from ${workflowPath}`;
  return undefined;
}

/**
 * The candidates that say of themselves what the place says where they were found, and the reason for every other one. A
 * record proves nothing about itself: this finds what was put in the wrong place, by mistake or not.
 *
 * @param found what a search knows of each candidate, by its origin.
 */
export function inTheirPlace(
  candidates: readonly Candidate[],
  found: readonly { readonly origin: string; readonly commit: string }[],
  trust: Trust,
): { readonly candidates: readonly Candidate[]; readonly refused: readonly Refusal[] } {
  const commits = new Map(found.map(({ origin, commit }) => [origin, commit]));
  const reasonOf = ({ origin, record }: Candidate) => misplacedRecord(record.provenance, commits.get(origin) ?? "", trust);
  return {
    candidates: candidates.filter((candidate) => reasonOf(candidate) === undefined),
    refused: candidates.flatMap((candidate) => {
      const reason = reasonOf(candidate);
      return reason === undefined ? [] : [{ origin: candidate.origin, reason }];
    }),
  };
}

function misplacedRecord(record: Provenance, commit: string, { repositoryId, branch, workflowPath }: Trust): string | undefined {
  if (record.commit !== commit)
    return `its record is of ${record.commit === undefined ? "no commit" : `commit ${record.commit.slice(0, 7)}`}`;
  if (record.repositoryId !== String(repositoryId)) return `its record is of another repository (repository id ${record.repositoryId})`;
  if (!TRUSTED_EVENTS.includes(record.event ?? "")) return untrustedEvent(record.event);
  if (record.ref !== branch) return `from branch ${record.ref}, not from ${branch}`;
  if (workflowPath !== undefined && record.workflow !== workflowPath) return `from workflow ${record.workflow}, not from ${workflowPath}`;
  return undefined;
}

export const fromFork = (id: number | undefined): string =>
  id === undefined ? "from a fork that is gone" : `from a fork (repository id ${id})`;

const untrustedEvent = (event: string | undefined): string => `from event ${event}; only ${TRUSTED_EVENTS.join(", ")} make a baseline`;
