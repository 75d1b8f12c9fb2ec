import { expect, test } from "vitest";
import { attemptOfArtifact, runArtifactName } from "../../../src/io/baselines/artifact-name.ts";
import { connectGitHub } from "../../../src/io/github/api.ts";
import { readContext } from "../../../src/io/github/context.ts";
import { findMeasuredArtifact, type MeasuredArtifact } from "../../../src/io/github/measured-artifact.ts";
import { workflowRunEvent } from "../../github/events.ts";
import { startGitHub } from "../../github/server.ts";
import type { Artifact, Run } from "../../github/state.ts";

const NAME = (attempt: number, suite = "sentiment"): string => runArtifactName(suite, attempt);

/** What is found of a fork's run, in this attempt, after `plant` has filled its repository. */
async function found(
  attempt: number,
  plant: (add: (name: string, artifact?: Partial<Artifact>) => number, run: Run) => void,
): Promise<MeasuredArtifact> {
  const github = await startGitHub();
  try {
    const { state } = github;
    const { head } = state.addPull({ repositoryId: 666 });
    const run = state.addRun({ event: "pull_request", headSha: head.sha, headBranch: head.branch, headRepositoryId: 666 });
    const own = state.addRun({ event: "workflow_run" });
    plant((name, artifact) => state.addArtifact({ name, runId: run.id, content: Buffer.from("zip"), ...artifact }).id, own);
    const { endedRun } = readContext({ ...github.env(own), GITHUB_EVENT_PATH: "event" }, () =>
      JSON.stringify(workflowRunEvent(state, run, { attempt })),
    );
    const api = await connectGitHub({ token: github.token, repository: state.repository, apiUrl: github.url });
    return await findMeasuredArtifact(api, {
      attemptOf: (name) => attemptOfArtifact("sentiment", name),
      run: endedRun!,
      repositoryId: state.repository.id,
    });
  } finally {
    await github.closeClean();
  }
}

test("it is the one of the run's own attempt, by its very name", async () => {
  let id = 0;
  const artifact = await found(2, (add) => {
    add(NAME(1));
    id = add(NAME(2));
    add(NAME(3));
    add(NAME(2, "chat"));
    add("tailgate-baseline-sentiment-54a2822f");
  });
  expect(artifact).toMatchObject({
    kind: "found",
    id,
    attempt: 2,
    origin: expect.stringMatching(/^run \d+ · attempt 2 · artifact \d+$/) as string,
  });
});

test("where its attempt left none, it is that of the newest attempt before", async () => {
  expect(await found(4, (add) => [add(NAME(1)), add(NAME(2)), add(NAME(5))])).toMatchObject({ kind: "found", attempt: 2 });
});

test("it is never one of another run", async () => {
  expect(await found(1, (add, other) => add(NAME(1), { runId: other.id }))).toEqual({ kind: "absent" });
});

test.each([
  ["expired", { expired: true }, "expired on 2026-04-02"],
  ["without a digest", { digest: undefined }, "it has no SHA-256 digest to verify it by"],
  ["from elsewhere", { madeBy: { head_repository_id: 7 } }, "of code from another repository (repository id 7)"],
])("one that is %s is refused, and no earlier one takes its place", async (_, flaw, reason) => {
  expect(await found(2, (add) => [add(NAME(1)), add(NAME(2), flaw)])).toMatchObject({ kind: "refused", reason });
});
