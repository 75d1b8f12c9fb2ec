import { type Asking, PER_PAGE, undefinedFor404 } from "./ask.ts";

export type WorkflowRun = {
  readonly id: number;
  readonly number: number;
  readonly event: string;
  readonly headBranch: string | undefined;
  readonly headSha: string;
  /** `.github/workflows/perf.yml` */
  readonly path: string;
  readonly repositoryId: number;
  /** Undefined if the repository that the code came from is gone. */
  readonly headRepositoryId: number | undefined;
};

const READ = "actions: read";

/** Workflow runs. They are never listed by branch: GitHub's index of that may be days behind. */
export function runsApi({ client: { rest }, repo, ask }: Asking) {
  return {
    /** Undefined for a run that was deleted. */
    getRun: (runId: number): Promise<WorkflowRun | undefined> =>
      ask("read workflow runs", READ, async () => {
        const answer = await rest.actions.getWorkflowRun({ ...repo, run_id: runId }).catch(undefinedFor404);
        return answer && runOf(answer.data);
      }),

    listRunsForSha: (sha: string): Promise<readonly WorkflowRun[]> =>
      ask("read workflow runs", READ, async () => {
        const { data } = await rest.actions.listWorkflowRunsForRepo({ ...repo, head_sha: sha, per_page: PER_PAGE });
        return data.workflow_runs.map(runOf);
      }),
  };
}

type RestRun = {
  id: number;
  run_number: number;
  event: string;
  head_branch: string | null;
  head_sha: string;
  path: string;
  repository: { id: number };
  head_repository: { id: number } | null;
};

const runOf = (run: RestRun): WorkflowRun => ({
  id: run.id,
  number: run.run_number,
  event: run.event,
  headBranch: run.head_branch ?? undefined,
  headSha: run.head_sha,
  // A reusable or required workflow carries its ref: `path@main`.
  path: run.path.replace(/@.*$/, ""),
  repositoryId: run.repository.id,
  headRepositoryId: run.head_repository?.id,
});
