import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Provenance } from "../core/record/run-record.ts";

/**
 * Where the code under test comes from: a workflow's own variables, else the git checkout around `folder`, else
 * nothing. Never fails: provenance is for the reader, not for the verdict.
 */
export async function readProvenance(environment: Readonly<Record<string, string | undefined>>, folder: string): Promise<Provenance> {
  const {
    GITHUB_REPOSITORY,
    GITHUB_REPOSITORY_ID,
    GITHUB_SHA,
    GITHUB_REF,
    GITHUB_EVENT_NAME,
    GITHUB_WORKFLOW_REF,
    GITHUB_RUN_ID,
    GITHUB_RUN_ATTEMPT,
  } = environment;
  const found = {
    repository: GITHUB_REPOSITORY,
    repositoryId: GITHUB_REPOSITORY_ID,
    commit: GITHUB_SHA ?? (await git(folder, "rev-parse", "HEAD")),
    ref: GITHUB_REF ?? (await git(folder, "symbolic-ref", "--quiet", "HEAD")),
    event: GITHUB_EVENT_NAME,
    workflow: GITHUB_WORKFLOW_REF,
    runId: GITHUB_RUN_ID,
    runAttempt: GITHUB_RUN_ATTEMPT,
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined && value !== ""));
}

const git = (folder: string, ...args: readonly string[]): Promise<string | undefined> =>
  promisify(execFile)("git", ["-C", folder, ...args], { timeout: 5000 }).then(
    ({ stdout }) => stdout.trim() || undefined,
    () => undefined,
  );

/** The branch that pull requests go into, as far as the checkout knows: the remote's, else `main` or `master`, else the one checked out. */
export async function readDefaultBranch(folder: string): Promise<string | undefined> {
  const remote = await git(folder, "symbolic-ref", "--short", "refs/remotes/origin/HEAD");
  if (remote !== undefined) return remote.replace(/^origin\//, "");
  const local = (await git(folder, "for-each-ref", "--format=%(refname:short)", "refs/heads/main", "refs/heads/master"))?.split("\n")[0];
  return local ?? (await git(folder, "symbolic-ref", "--short", "HEAD"));
}

/** The top folder of the checkout around `folder`; undefined where there is none. */
export const readTopFolder = (folder: string): Promise<string | undefined> => git(folder, "rev-parse", "--show-toplevel");
