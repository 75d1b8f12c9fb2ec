import type { GitHubState, Pull, Run } from "./state.ts";

type Json = Readonly<Record<string, unknown>>;

/**
 * The event `workflow_run` (completed) of a run that has ended: the fields that a report may read, named as GitHub names
 * them. `pull_requests` is empty, as it is for forks.
 */
export function workflowRunEvent(
  { repository: { id, owner, name, defaultBranch } }: GitHubState,
  run: Run,
  {
    conclusion = "success",
    attempt = 1,
    ...more
  }: { readonly conclusion?: string; readonly attempt?: number; readonly [field: string]: unknown } = {},
): Json {
  const isFork = run.headRepositoryId !== id;
  return {
    action: "completed",
    repository: { id, name, full_name: `${owner}/${name}`, owner: { login: owner }, default_branch: defaultBranch },
    workflow_run: {
      id: run.id,
      run_number: run.number,
      run_attempt: attempt,
      event: run.event,
      status: "completed",
      conclusion,
      head_sha: run.headSha,
      head_branch: run.headBranch,
      path: run.path,
      html_url: `https://github.com/${owner}/${name}/actions/runs/${run.id}`,
      run_started_at: "2026-01-02T00:00:00Z",
      updated_at: "2026-01-02T00:05:00Z",
      pull_requests: [],
      repository: { id, name, full_name: `${owner}/${name}`, owner: { login: owner } },
      head_repository: { id: run.headRepositoryId, name, owner: { login: isFork ? "stranger" : owner } },
      ...more,
    },
  };
}

/** The event `deployment_status` (created) of the head of a pull request, or of any commit. */
export function deploymentStatusEvent(
  { repository: { id, owner, name, defaultBranch } }: GitHubState,
  { sha, branch }: Pick<Pull["head"], "sha" | "branch">,
  status: { readonly state: string; readonly [field: string]: unknown },
): Json {
  return {
    action: "created",
    repository: { id, name, full_name: `${owner}/${name}`, owner: { login: owner }, default_branch: defaultBranch },
    deployment: { id: 1, sha, ref: branch, environment: "preview" },
    deployment_status: {
      id: 2,
      environment: "preview",
      description: "",
      environment_url: "",
      log_url: "",
      target_url: "",
      created_at: "2026-01-02T00:00:00Z",
      ...status,
    },
  };
}
