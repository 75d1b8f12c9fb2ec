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
