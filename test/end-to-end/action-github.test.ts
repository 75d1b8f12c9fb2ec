import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openRepository, type Repository, repository, storedPush } from "./action-run.ts";
import { LIMITED_STRICTLY, QUICK } from "./action-suites.ts";

const SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
const MIB = 1024 * 1024;
const posts = ({ github }: Repository) => github.requests.filter(({ operation }) => operation === "issues/create-comment");

describe("a pull request whose repository has one stored run", () => {
  let repo: Repository;
  beforeAll(async () => {
    repo = await openRepository({ "tailgate.yaml": QUICK });
    await storedPush(repo);
  }, 120_000);
  afterAll(() => repo.close());
  const stored = () => ({ "baseline-run-id": String(repo.state.runs[0]!.id) });

  test("finds it while the listings of artifacts and of runs by branch are behind", async () => {
    const [artifact] = repo.state.artifacts.splice(0, 1, { ...repo.state.artifacts[0]!, isListed: false });
    repo.state.runs.splice(0, 1, { ...repo.state.runs[0]!, isIndexed: false });
    const step = await repo.step(repo.pull({ branch: "while-listings-lag" }));
    repo.state.artifacts.splice(0, 1, artifact!);
    expect(step.code, step.log).toBe(0);
    expect(step.outputs).toMatchObject(stored());
  });

  test("waits for rate limits as long as GitHub says, and comments once", async () => {
    const seen = repo.state.comments.length;
    repo.state.fail({ method: "GET", path: /actions\/artifacts$/, status: 429, headers: { "retry-after": "1" } });
    repo.state.fail({ method: "GET", path: /compare/, status: 403, headers: { "retry-after": "1" }, message: SECONDARY });
    repo.state.fail({ method: "POST", path: /comments$/, status: 403, headers: { "retry-after": "1" }, message: SECONDARY });
    const step = await repo.step(repo.pull({ branch: "while-limited" }));
    expect(step.code, step.log).toBe(0);
    expect(step.outputs).toMatchObject(stored());
    expect(
      posts(repo)
        .slice(-2)
        .map(({ status }) => status),
    ).toEqual([403, 201]);
    expect(repo.state.comments).toHaveLength(seen + 1);
    expect(repo.state.faults.filter(({ times }) => times > 0)).toEqual([]);
  });

  test("is not told that there is none while GitHub is down: the job ends before any load, and says whose fault it is", async () => {
    const before = repo.preview.requests;
    repo.state.fail({ method: "GET", path: /actions\/artifacts$/, status: 503, times: 4 });
    const step = await repo.step(repo.pull({ branch: "while-down" }));
    expect(step.code, step.log).toBe(2);
    expect(step.said("error")).toEqual(["could not list artifacts: GitHub answered 503; run the job again"]);
    expect(step.outputs["verdict"]).toBeUndefined();
    expect(repo.preview.requests).toBe(before);
  });

  test("refuses a stored run that is larger than any record, without downloading it", async () => {
    const { id } = repo.state.addRun();
    const huge = repo.state.addArtifact({
      ...repo.state.artifacts[0]!,
      id: repo.state.nextId(),
      runId: id,
      content: Buffer.alloc(65 * MIB),
    });
    const step = await repo.step(repo.pull({ branch: "with-a-huge-artifact" }));
    expect(step.outputs, step.log).toMatchObject(stored());
    expect(repo.state.comments.at(-1)!.body).toContain("it is 65 MiB; at most 64 MiB are read");
    expect(repo.github.requests.filter(({ path }) => path.includes(String(huge.id)))).toEqual([]);
  });
});

test("a comment that GitHub refuses costs a warning in GitHub's words, and not the verdict", async () => {
  const repo = await repository({ "tailgate.yaml": LIMITED_STRICTLY });
  repo.preview.failsEvery = 5;
  repo.state.fail({ method: "POST", path: /comments$/, status: 422, message: "Validation Failed: body is too long" });
  const step = await repo.step(repo.pull());
  expect(step.code, step.log).toBe(1);
  expect(step.outputs).toMatchObject({ verdict: "fail", "comment-url": "" });
  expect(step.said("warning")).toEqual(["no comment: could not write comments: GitHub answered 422: Validation Failed: body is too long"]);
  expect(posts(repo)).toHaveLength(1);
});
