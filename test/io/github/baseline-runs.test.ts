import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connectGitHub, type GitHubApi } from "../../../src/io/github/api.ts";
import { type BaselineApi, type BaselineSearch, findBaselineRuns } from "../../../src/io/github/baseline-runs.ts";
import { type GitHubEmulator, startGitHub } from "../../github/server.ts";
import type { Artifact, Run } from "../../github/state.ts";

const NAME = "tailgate-baseline-sentiment-1a2b3c4d";
let github: GitHubEmulator;
let api: GitHubApi;

beforeEach(async () => {
  github = await startGitHub();
  api = await connectGitHub({ token: github.token, repository: github.state.repository, apiUrl: github.url });
});
afterEach(() => github.closeClean());

/** A run on the default branch's tip with its baseline. */
function baseline(run: Partial<Run> = {}, artifact: Partial<Artifact> = {}): Artifact {
  const { id } = github.state.addRun({ ...run });
  return github.state.addArtifact({ name: NAME, runId: id, content: Buffer.from("zip"), ...artifact });
}
const pushed = (run: Partial<Run> = {}, artifact: Partial<Artifact> = {}): Artifact => {
  const { sha } = github.state.addCommit();
  return baseline({ headSha: sha, ...run }, artifact);
};
const find = (search: Partial<BaselineSearch> = {}, from: BaselineApi = api) =>
  findBaselineRuns(from, {
    artifactName: NAME,
    repositoryId: github.state.repository.id,
    branch: "main",
    from: github.state.branches.get("main") ?? "",
    fromName: "the merge base",
    ...search,
  });
const short = (artifact: Artifact): string => github.state.runs.find(({ id }) => id === artifact.runId)!.headSha.slice(0, 7);

describe("the search for baselines", () => {
  test("finds the default branch's pushes, nearest first, and says where they are from", async () => {
    const far = pushed();
    github.state.addCommit();
    const near = pushed({ event: "schedule" });
    const tip = pushed({ event: "workflow_dispatch" });
    const { found, refused } = await find();
    expect(refused).toEqual([]);
    expect(found.map(({ origin }) => origin)).toEqual([
      `run ${tip.runId} · commit ${short(tip)} · at the merge base · artifact ${tip.id}`,
      `run ${near.runId} · commit ${short(near)} · 1 commit before the merge base · artifact ${near.id}`,
      `run ${far.runId} · commit ${short(far)} · 3 commits before the merge base · artifact ${far.id}`,
    ]);
    expect(found[0]).toMatchObject({ id: tip.id, runId: tip.runId, sizeBytes: 3, digest: tip.digest });
  });

  test("starts from the merge base, and leaves out what came to the branch later", async () => {
    const shared = pushed();
    const pull = github.state.addPull();
    const later = pushed();
    const from = await api.mergeBase("main", pull.head.sha);
    const { found, refused } = await find({ from: from! });
    expect(found.map(({ id }) => id)).toEqual([shared.id]);
    expect(refused).toEqual([
      {
        origin: `run ${later.runId} · commit ${short(later)} · artifact ${later.id}`,
        reason: "its commit is not among the 500 commits up to the merge base",
      },
    ]);
  });

  test("finds the nearest runs also while the repository's listing lags behind", async () => {
    const old = pushed();
    const fresh = pushed({}, { isListed: false });
    expect((await find()).found.map(({ id }) => id)).toEqual([fresh.id, old.id]);
  });

  test("asks for no listing by branch, which may be days behind", async () => {
    const fresh = pushed({ isIndexed: false }, { isListed: false });
    expect((await find()).found.map(({ id }) => id)).toEqual([fresh.id]);
    const asked = github.requests.filter(({ operation }) => operation === "actions/list-workflow-runs-for-repo");
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter(({ query }) => /\b(branch|event|status)=/.test(query) || !query.includes("head_sha="))).toEqual([]);
  });

  test("takes the newer artifact of a repeated run first, and both as evidence", async () => {
    const first = pushed();
    const second = github.state.addArtifact({ name: NAME, runId: first.runId, content: Buffer.from("zip2") });
    expect((await find()).found.map(({ id }) => id)).toEqual([second.id, first.id]);
  });

  test("never takes its own run for a baseline", async () => {
    const own = pushed();
    expect(await find({ ownRunId: own.runId })).toEqual({ found: [], refused: [] });
  });

  test("never takes artifacts of another name", async () => {
    pushed({}, { name: `${NAME}-x` });
    expect(await find()).toEqual({ found: [], refused: [] });
  });

  test("stops at the limit, 20 by default", async () => {
    for (let i = 0; i < 25; i++) pushed();
    expect((await find()).found).toHaveLength(20);
    expect((await find({ limit: 3 })).found).toHaveLength(3);
  });

  test("reads all pages of artifacts and commits", async () => {
    const far = pushed();
    for (let i = 0; i < 250; i++) pushed({ event: "pull_request", headBranch: "feature" });
    for (let i = 0; i < 140; i++) github.state.addCommit();
    const { found, refused } = await find();
    expect(found.map(({ origin }) => origin)).toEqual([
      `run ${far.runId} · commit ${short(far)} · 390 commits before the merge base · artifact ${far.id}`,
    ]);
    expect(refused).toHaveLength(51);
    expect(refused.at(-1)!.origin).toBe("200 more artifacts");
  });

  test("reads the base of a release branch from that branch's pushes", async () => {
    pushed();
    const tip = github.state.addCommit({ branch: "release", parent: github.state.branches.get("main") });
    const release = baseline({ headBranch: "release", headSha: tip.sha });
    const { found, refused } = await find({ branch: "release", from: tip.sha });
    expect(found.map(({ id }) => id)).toEqual([release.id]);
    expect(refused.map(({ reason }) => reason)).toEqual(["from branch main, not from release"]);
  });
});

describe("an artifact is refused, with its reason,", () => {
  test.each<[string, Partial<Run>, Partial<Artifact>, string]>([
    ["after it expired", {}, { expired: true, expiresAt: "2026-03-01T09:00:00Z" }, "expired on 2026-03-01"],
    ["from a fork whose branch has the same name", { headRepositoryId: 666 }, {}, "from a fork (repository id 666)"],
    [
      "from a pull request",
      { event: "pull_request" },
      {},
      "from event pull_request; only push, schedule, workflow_dispatch make a baseline",
    ],
    [
      "from a pull request that runs with the base's rights",
      { event: "pull_request_target" },
      {},
      "from event pull_request_target; only push, schedule, workflow_dispatch make a baseline",
    ],
    [
      "from a chained workflow, whose code may be anyone's",
      { event: "workflow_run" },
      {},
      "from event workflow_run; only push, schedule, workflow_dispatch make a baseline",
    ],
    ["from another branch", { headBranch: "main2" }, {}, "from branch main2, not from main"],
    [
      "from another workflow",
      { path: ".github/workflows/evil.yml" },
      {},
      "from workflow .github/workflows/evil.yml, not from .github/workflows/perf.yml",
    ],
    ["without a digest", {}, { digest: undefined }, "it has no SHA-256 digest to verify it by"],
    ["with a digest of another kind", {}, { digest: "md5:abc" }, "it has no SHA-256 digest to verify it by"],
    ["that is larger than any record", {}, { content: Buffer.alloc(64 * 1024 * 1024 + 1) }, "it is 65 MiB; at most 64 MiB are read"],
  ])("%s", async (_, run, artifact, reason) => {
    const good = pushed();
    pushed(run, artifact);
    const { found, refused } = await find({ workflowPath: ".github/workflows/perf.yml" });
    expect(found.map(({ id }) => id)).toEqual([good.id]);
    expect(refused.map((refusal) => refusal.reason)).toEqual([reason]);
  });

  test("when nobody vouches for its run", async () => {
    const { sha } = github.state.addCommit();
    github.state.addArtifact({ name: NAME, runId: 31, content: Buffer.from("zip") });
    const orphan = baseline({ headSha: sha });
    github.state.fail({ method: "GET", path: new RegExp(`/actions/runs/${orphan.runId}$`), status: 404 });
    const { found, refused } = await find();
    expect(found).toEqual([]);
    expect(refused.map(({ reason }) => reason)).toEqual([
      "its run was deleted, so that nothing vouches for it",
      "GitHub does not say which run made it",
    ]);
  });

  test.each([
    ["a fork", { headRepositoryId: 666 }, "from a fork (repository id 666)"],
    ["a fork that is gone", { headRepositoryId: undefined }, "from a fork that is gone"],
    ["another repository", { repositoryId: 666 }, "from another repository (repository id 666)"],
    ["another branch", { headBranch: "feature" }, "from branch feature, not from main"],
  ])("when only its listing or only its run says that it is from %s", async (_, change, reason) => {
    pushed();
    const listing = async (name: string) => (await api.listArtifacts(name)).map((one) => ({ ...one, run: { ...one.run!, ...change } }));
    const run = async (id: number) => ({ ...(await api.getRun(id))!, ...change });
    for (const lying of [{ listArtifacts: listing }, { getRun: run }]) {
      const { found, refused } = await find({}, { ...api, ...lying });
      expect(found).toEqual([]);
      expect(refused.map((refusal) => refusal.reason)).toEqual([reason]);
    }
  });

  test("when its run is on another commit than its listing says", async () => {
    pushed();
    const getRun = async (id: number) => ({ ...(await api.getRun(id))!, headSha: "d".repeat(40) });
    expect((await find({}, { ...api, getRun })).refused.map(({ reason }) => reason)).toEqual(["its run is on another commit than it says"]);
  });

  test("when no workflow is asked for, any of the repository's own may have made it", async () => {
    pushed({ path: ".github/workflows/nightly.yml" });
    expect((await find()).found).toHaveLength(1);
  });
});

describe("the search fails with a sentence", () => {
  test("that names the permission it lacks", async () => {
    pushed();
    github.state.permissions.actions = "none";
    await expect(find()).rejects.toMatchObject({
      sentence:
        "the token may not list artifacts (GitHub answered 403); add `actions: read` to the job's permissions (a pull request from a fork has a read-only token whatever they say)",
    });
  });

  test("when the history is not known", async () => {
    await expect(find({ from: "d".repeat(40) })).rejects.toThrow("the token may not read commits (GitHub answered 404)");
  });
});
