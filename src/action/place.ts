import type { Provenance } from "../core/record/run-record.ts";
import type { GitHubApi } from "../io/github/api.ts";
import type { Context } from "../io/github/context.ts";
import type { Inputs } from "./inputs.ts";
import type { Job } from "./job.ts";

/** Where a step finds itself: what it was told, what it is about, and whom it can ask. */
export type Place = {
  readonly job: Job;
  readonly inputs: Inputs;
  readonly context: Context;
  /** Undefined without a token. */
  readonly api: GitHubApi | undefined;
};

/** Whether this run measures what is merged already, and so extends the baseline. Never true for a pull request. */
export function isDefaultBranch({ pullRequest, branch, defaultBranch, event }: Context): boolean {
  return (
    pullRequest === undefined &&
    branch !== undefined &&
    branch === defaultBranch &&
    ["push", "schedule", "workflow_dispatch"].includes(event)
  );
}

export function provenanceOf(context: Context): Provenance {
  return {
    repository: `${context.repository.owner}/${context.repository.name}`,
    repositoryId: String(context.repository.id),
    commit: context.sha,
    ...(context.base === undefined ? {} : { baseCommit: context.base.sha }),
    ...(context.branch === undefined ? {} : { ref: context.branch }),
    event: context.event,
    ...(context.workflowPath === undefined ? {} : { workflow: context.workflowPath }),
    runId: String(context.runId),
    runAttempt: String(context.runAttempt),
  };
}
