import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { attemptOfArtifact, runArtifactName } from "../../../src/io/baselines/artifact-name.ts";
import { connectGitHub, type GitHubApi } from "../../../src/io/github/api.ts";
import { type AttemptSearch, findEarlierAttempts } from "../../../src/io/github/earlier-attempts.ts";
import { type GitHubEmulator, startGitHub } from "../../github/server.ts";
import type { Artifact, Run } from "../../github/state.ts";

const PATH = ".github/workflows/pull-requests.yml";
let github: GitHubEmulator;
let api: GitHubApi;
/** The run that is under way, in its third attempt. */
let own: Run;

beforeEach(async () => {
  github = await startGitHub();
  const { state } = github;
  api = await connectGitHub({ token: github.token, repository: state.repository, apiUrl: github.url });
  const { head } = state.addPull();
  own = state.addRun({ event: "pull_request", headSha: head.sha, headBranch: head.branch, path: PATH });
});
afterEach(() => github.closeClean());

const again = (run: Partial<Run> = {}): Run => github.state.addRun({ ...own, id: github.state.nextId(), ...run });
const attemptOf = (run: Run, attempt: number, artifact: Partial<Artifact> = {}): Artifact =>
  github.state.addArtifact({ name: runArtifactName("sentiment", attempt), runId: run.id, content: Buffer.from("zip"), ...artifact });
const find = (search: Partial<AttemptSearch> = {}) =>
  findEarlierAttempts(api, {
    attemptOf: (name) => attemptOfArtifact("sentiment", name),
    repositoryId: github.state.repository.id,
    headRepositoryId: github.state.repository.id,
    sha: own.headSha,
    event: "pull_request",
    workflowPath: PATH,
    ownRunId: own.id,
    ownAttempt: 3,
    ...search,
  });
const idsOf = async (search?: Partial<AttemptSearch>) => {
  const { found, refused } = await find(search);
  expect(refused).toEqual([]);
  return found.map(({ id }) => id);
};
const originOf = ({ id, runId }: Artifact, attempt: number) => `run ${runId} · attempt ${attempt} · artifact ${id}`;

describe("the search for earlier attempts", () => {
  test("finds those of its own run, newest first, and says where they are from", async () => {
    const [first, second] = [attemptOf(own, 1), attemptOf(own, 2)];
    const { found, refused } = await find();
    expect(refused).toEqual([]);
    expect(found).toEqual([
      { id: second.id, runId: own.id, sizeBytes: 3, digest: second.digest, origin: originOf(second, 2) },
      { id: first.id, runId: own.id, sizeBytes: 3, digest: first.digest, origin: originOf(first, 1) },
    ]);
  });

  test("passes over the attempt that is under way, other suites and other files of the run", async () => {
    const first = attemptOf(own, 1);
    attemptOf(own, 3);
    attemptOf(own, 1, { name: runArtifactName("other suite", 1) });
    attemptOf(own, 1, { name: "coverage-1" });
    expect(await idsOf()).toEqual([first.id]);
  });

  test("finds all attempts of other runs of the workflow on the same commit", async () => {
    const other = again();
    const [first, fourth] = [attemptOf(other, 1), attemptOf(other, 4)];
    expect(await idsOf({ ownAttempt: 1 })).toEqual([fourth.id, first.id]);
  });

  test.each<[string, Partial<Run>]>([
    ["of another commit", { headSha: "e".repeat(40) }],
    ["of another workflow", { path: ".github/workflows/nightly.yml" }],
    ["of another event", { event: "push" }],
    ["of a fork", { headRepositoryId: 666 }],
  ])("passes over a run %s", async (_, run) => {
    attemptOf(again(run), 1);
    expect(await idsOf()).toEqual([]);
  });

  test("finds a fork's own attempts, and nobody else's", async () => {
    const fork = attemptOf(again({ headRepositoryId: 666 }), 1);
    attemptOf(again({ headRepositoryId: 667 }), 1);
    attemptOf(again(), 1);
    expect(await idsOf({ headRepositoryId: 666 })).toEqual([fork.id]);
  });

  test("trusts no other run where the workflow or the code's repository is not known", async () => {
    attemptOf(again(), 1);
    const own1 = attemptOf(own, 1);
    expect(await idsOf({ workflowPath: undefined })).toEqual([own1.id]);
    expect(await idsOf({ headRepositoryId: undefined })).toEqual([own1.id]);
  });

  test("refuses what cannot be had or verified, with the reason", async () => {
    const [expired, unsigned] = [attemptOf(own, 1, { expired: true }), attemptOf(own, 2, { digest: undefined })];
    expect(await find()).toEqual({
      found: [],
      refused: [
        { origin: originOf(unsigned, 2), reason: "it has no SHA-256 digest to verify it by" },
        { origin: originOf(expired, 1), reason: "expired on 2026-04-02" },
      ],
    });
  });

  test("takes the newest five, and names the others", async () => {
    const attempts = [1, 2, 3, 4, 5, 6].map((attempt) => attemptOf(own, attempt));
    const { found, refused } = await find({ ownAttempt: 7 });
    expect(found.map(({ id }) => id)).toEqual(
      attempts
        .slice(1)
        .map(({ id }) => id)
        .toReversed(),
    );
    expect(refused).toEqual([{ origin: originOf(attempts[0]!, 1), reason: "only the newest 5 attempts count" }]);
  });

  test("looks at ten other runs, and says that there are more", async () => {
    for (let run = 1; run <= 12; run++) again();
    const { refused } = await find();
    expect(refused).toEqual([{ origin: "2 older runs", reason: "only the newest 10 runs of a commit are looked at" }]);
    expect(github.requests.filter(({ operation }) => operation === "actions/list-workflow-run-artifacts")).toHaveLength(11);
  });

  test("throws where GitHub refuses, so that nobody takes that for none", async () => {
    github.state.permissions.actions = "none";
    await expect(find()).rejects.toThrow("the token may not read workflow runs");
  });
});

test("the attempt in an artifact's name is read only from the name that it would have", () => {
  expect(attemptOfArtifact("a", runArtifactName("a", 12))).toBe(12);
  for (const name of [runArtifactName("b", 1), `${runArtifactName("a", 1)}x`, runArtifactName("a", "01"), runArtifactName("a", 0), "-1"]) {
    expect(attemptOfArtifact("a", name), name).toBeUndefined();
  }
});
