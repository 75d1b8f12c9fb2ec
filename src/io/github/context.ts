import { z } from "zod";
import { InputError } from "../../core/errors.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What a workflow run is about, from its environment and its event. */
export type Context = {
  /** `pull_request`, `push`, `schedule`, `workflow_dispatch`, `deployment_status`, … */
  readonly event: string;
  readonly repository: { readonly owner: string; readonly name: string; readonly id: number };
  /** The commit that is measured: of a pull request its own head, not the merge commit that GITHUB_SHA names. */
  readonly sha: string;
  /** Tip of the base branch when the event was made, and its name; undefined where nothing is merged into anything. */
  readonly base: { readonly sha: string; readonly branch: string } | undefined;
  /** The branch that this run is on, or the pull request's own; undefined for a tag. */
  readonly branch: string | undefined;
  readonly defaultBranch: string | undefined;
  /** Undefined outside pull requests. */
  readonly pullRequest: number | undefined;
  /** The last pull request of the group that a merge queue tries; undefined outside one. */
  readonly queuedPull: number | undefined;
  readonly labels: readonly string[];
  /** The measured code comes from another repository: its token can read and nothing else, and nothing it says is trusted. */
  readonly fromFork: boolean;
  /** The repository that the measured code comes from; undefined outside pull requests, and where it is gone. */
  readonly headRepositoryId: number | undefined;
  readonly runId: number;
  readonly runAttempt: number;
  /** `.github/workflows/perf.yml` */
  readonly workflowPath: string | undefined;
  readonly apiUrl: string;
  readonly serverUrl: string;
  readonly hasToken: boolean;
};

/**
 * Reads where we are. `readEvent` gives the text of the event file.
 *
 * @throws {InputError} outside GitHub Actions, and for an event file that is missing, damaged or of an unknown shape.
 */
export function readContext(env: Environment, readEvent: (path: string) => string): Context {
  const event = need(env, "GITHUB_EVENT_NAME");
  const payload = parsePayload(event, need(env, "GITHUB_EVENT_PATH"), readEvent);
  const [owner = "", name = ""] = need(env, "GITHUB_REPOSITORY").split("/");
  if (owner === "" || name === "") throw new InputError(`GITHUB_REPOSITORY is "${env["GITHUB_REPOSITORY"]}", expected owner/name`);
  const id = payload.repository?.id ?? Number(need(env, "GITHUB_REPOSITORY_ID"));
  const pull = payload.pull_request;
  return {
    event,
    repository: { owner, name, id },
    ...measured(env, payload),
    defaultBranch: payload.repository?.default_branch,
    pullRequest: pull?.number,
    queuedPull: queuedPull(payload.merge_group?.head_ref),
    labels: pull?.labels?.map((label) => label.name) ?? [],
    // A fork that was deleted since has no repository: it was one all the same.
    fromFork: pull !== undefined && pull.head.repo?.id !== id,
    headRepositoryId: pull?.head.repo?.id,
    runId: integer(env, "GITHUB_RUN_ID"),
    runAttempt: env["GITHUB_RUN_ATTEMPT"] ? integer(env, "GITHUB_RUN_ATTEMPT") : 1,
    workflowPath: workflowPath(env["GITHUB_WORKFLOW_REF"]),
    apiUrl: env["GITHUB_API_URL"] || "https://api.github.com",
    serverUrl: env["GITHUB_SERVER_URL"] || "https://github.com",
    // A composite input arrives as INPUT_*, which the entry reads; this is the plain variable.
    hasToken: Boolean(env["GITHUB_TOKEN"] || env["INPUT_GITHUB-TOKEN"]),
  };
}

const sha = z.string().regex(/^[0-9a-f]{7,64}$/i, "expected a commit");
const side = z.object({ sha, ref: z.string(), repo: z.object({ id: z.int() }).nullish() });

// Only what is read is checked: GitHub adds fields to its events as it likes.
const PAYLOAD = z.object({
  repository: z.object({ id: z.int(), default_branch: z.string().optional() }).optional(),
  pull_request: z
    .object({ number: z.int().positive(), head: side, base: side, labels: z.array(z.object({ name: z.string() })).optional() })
    .optional(),
  merge_group: z.object({ head_sha: sha, base_sha: sha, base_ref: z.string(), head_ref: z.string().optional() }).optional(),
  deployment: z.object({ sha, ref: z.string().optional() }).optional(),
});
/**
 * Whether there are workflow artifacts here that the artifact client can read and write: on github.com and ghe.com. On
 * a GitHub Enterprise Server it refuses to work, by this very rule.
 */
export function hasArtifacts({ serverUrl }: Pick<Context, "serverUrl">): boolean {
  const host = URL.parse(serverUrl)?.hostname.toLowerCase() ?? "";
  return host === "github.com" || host.endsWith(".ghe.com") || host.endsWith(".localhost");
}

type Payload = z.infer<typeof PAYLOAD>;

function measured(env: Environment, payload: Payload): Pick<Context, "sha" | "base" | "branch"> {
  const { pull_request: pull, merge_group: group, deployment } = payload;
  if (pull) return { sha: pull.head.sha, base: { sha: pull.base.sha, branch: pull.base.ref }, branch: pull.head.ref };
  if (group)
    return { sha: group.head_sha, base: { sha: group.base_sha, branch: branchOf(group.base_ref) ?? group.base_ref }, branch: undefined };
  // A deployment names the commit it deployed; GITHUB_SHA is that of the workflow file.
  if (deployment) return { sha: deployment.sha, base: undefined, branch: deployment.ref === deployment.sha ? undefined : deployment.ref };
  return { sha: need(env, "GITHUB_SHA"), base: undefined, branch: branchOf(env["GITHUB_REF"]) };
}

function parsePayload(event: string, path: string, readEvent: (path: string) => string): Payload {
  let text: string;
  try {
    text = readEvent(path);
  } catch (cause) {
    throw new InputError(`the event file ${path} cannot be read`, { hint: "GITHUB_EVENT_PATH must name the event of this run", cause });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new InputError(`the event file ${path} is not JSON`, { hint: "GITHUB_EVENT_PATH must name the event of this run", cause });
  }
  const result = PAYLOAD.safeParse(json);
  if (!result.success) {
    const { path: field, message } = result.error.issues[0]!;
    throw new InputError(`the event file ${path} is not a ${event} event: ${field.join(".") || "the event"}: ${message}`);
  }
  if (event.startsWith("pull_request") && result.data.pull_request === undefined) {
    throw new InputError(`the event file ${path} is not a ${event} event: it has no pull_request`);
  }
  return result.data;
}

function need(env: Environment, name: string): string {
  const value = env[name];
  if (!value)
    throw new InputError(`${name} is not set`, { hint: "the action runs inside a GitHub workflow; use the tailgate command elsewhere" });
  return value;
}

function integer(env: Environment, name: string): number {
  const value = Number(need(env, name));
  if (!Number.isSafeInteger(value)) throw new InputError(`${name} is "${env[name]}", expected a whole number`);
  return value;
}

const branchOf = (ref: string | undefined): string | undefined =>
  ref?.startsWith("refs/heads/") ? ref.slice("refs/heads/".length) : undefined;

/** GITHUB_WORKFLOW_REF is `owner/name/.github/workflows/perf.yml@refs/heads/main`. */
const workflowPath = (reference: string | undefined): string | undefined => /^[^/]+\/[^/]+\/(.+?)@/.exec(reference ?? "")?.[1];

/** The queue names its branches: `refs/heads/gh-readonly-queue/main/pr-17-0123abc…`. */
function queuedPull(ref: string | undefined): number | undefined {
  const [, number] = /^refs\/heads\/gh-readonly-queue\/.+\/pr-(\d{1,9})-[0-9a-f]{7,64}$/i.exec(ref ?? "") ?? [];
  return number === undefined ? undefined : Number(number);
}
