import { rm } from "node:fs/promises";
import { workflowRunEvent } from "../github/events.ts";
import { zipOf } from "../io/baselines/zip-of.ts";
import { openRepository, type Repository, type Step } from "./action-run.ts";

type Run = ReturnType<Repository["pull"]>;
type Stored = Readonly<Record<string, unknown>>;

/** Names of the artifacts of the suite `sentiment`. */
export const RUN_ARTIFACT = "tailgate-run-sentiment-54a2822f-1";
export const FORK_ID = 666;

/** A pull request of a fork whose branch is called like the default branch, and its run, not yet measured. */
export function forkPull({ state, pull }: Repository, suite: string): Run {
  const run = pull({ branch: state.repository.defaultBranch, repositoryId: FORK_ID });
  state.files.set(`${state.pulls[0]!.base.sha}:tailgate.yaml`, suite);
  return run;
}

/**
 * A repository whose first pull request is the same in every test, down to its ids: what was measured in one can be
 * planted in another. `suite` is what the base branch has. No file of it lies in the checkout.
 */
export async function forked(suite: string): Promise<{ readonly repo: Repository; readonly run: Run }> {
  const repo = await openRepository({});
  // The commit of the base branch, under the fork's branch of the same name, must stay the base branch's own.
  const { state } = repo;
  const main = state.branches.get("main")!;
  const run = forkPull(repo, suite);
  state.branches.set("main", main);
  return { repo, run };
}

/**
 * Measures as the pull request's own workflow does, with a token that may only read, and takes the record it left. What a
 * busy machine spoiled is measured again: these tests are about what becomes of a record.
 */
export async function measured(...run: Parameters<typeof measureOnce>): Promise<Stored> {
  for (let tries = 1; ; tries++) {
    try {
      return await measureOnce(...run);
    } catch (error) {
      if (tries === 3) throw error;
    }
  }
}

async function measureOnce(suite: string, inputs: Parameters<Repository["step"]>[1] = {}, failsEvery = 0): Promise<Stored> {
  const { repo, run } = await forked(suite);
  try {
    repo.preview.failsEvery = failsEvery;
    repo.state.permissions = { contents: "read", actions: "read", "pull-requests": "read", checks: "none" };
    await repo.checkout.write("tailgate.yaml", suite);
    const step = await repo.step(run, { mode: "measure", ...inputs });
    if (step.code !== 0) throw new Error(step.log);
    if (repo.state.artifacts.map(({ name }) => name).join() !== RUN_ARTIFACT) throw new Error("no artifact of the expected name");
    return JSON.parse(repo.checkout.read("tailgate-out/run.json")) as Stored;
  } finally {
    await repo.close();
  }
}

/** What a run leaves: the archive that the artifact client would make of `run.json`. */
export const archive = (record: Stored): Buffer => zipOf([{ name: "run.json", content: Buffer.from(JSON.stringify(record)) }]);

/** Keeps a record as the artifact of a run. */
export const plant = (
  { state }: Repository,
  run: Run,
  content: Buffer,
  more: Partial<Parameters<Repository["state"]["addArtifact"]>[0]> = {},
): void => void state.addArtifact({ name: RUN_ARTIFACT, runId: run.id, content, ...more });

/** The step of the workflow on the default branch that reports on a run. */
export async function report(
  { state, checkout, step }: Repository,
  run: Run,
  inputs: Parameters<Repository["step"]>[1] = {},
  ended: Parameters<typeof workflowRunEvent>[2] = {},
  environment: Parameters<Repository["step"]>[2] = {},
): Promise<Step> {
  await rm(checkout.path("tailgate-out"), { recursive: true, force: true });
  const event = await checkout.write("event.json", JSON.stringify(workflowRunEvent(state, run, ended)));
  const own = state.addRun({ event: "workflow_run", path: ".github/workflows/fork-report.yml" });
  return step(own, { mode: "report", endpoint: "", ...inputs }, { GITHUB_EVENT_PATH: event, ...environment });
}
