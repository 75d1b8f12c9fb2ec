import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { BASE_MS, openRepository, type Repository, type Step } from "./action-run.ts";
import { COMPARED } from "./action-suites.ts";
import { shapeOf } from "./comment-shape.ts";

// A step is a process that starts anew, and one test takes three.
vi.setConfig({ testTimeout: 120_000 });

/** From the first push to the last word, in this order, in one repository with one pull request. */
describe("the life of a pull request", () => {
  let repo: Repository;
  let pull: ReturnType<Repository["pull"]>;
  beforeAll(async () => {
    repo = await openRepository({ "tailgate.yaml": COMPARED });
  }, 120_000);
  afterAll(() => repo.close());

  /** Ours: people's comments are there as well. */
  const comment = () => {
    const ours = repo.state.comments.filter(({ author }) => author === "github-actions[bot]");
    expect(ours).toHaveLength(1);
    return ours[0]!;
  };
  const expectVerdict = (step: Step, verdict: string, code: number) => {
    expect(step.outputs["verdict"], step.log).toBe(verdict);
    expect(step.code, step.log).toBe(code);
  };

  test("main is pushed to three times, and each run is stored", async () => {
    for (let push = 1; push <= 3; push++) {
      const step = await repo.step(repo.push());
      expect(step.code, step.log).toBe(0);
      expect(repo.state.artifacts).toHaveLength(push);
    }
    expect(repo.state.comments).toEqual([]);
  });

  test("a pull request that is four times as slow is blocked, and its comment says why", async () => {
    repo.preview.delayMs = 4 * BASE_MS;
    pull = repo.pull();
    expectVerdict(await repo.step(pull), "fail", 1);
    expect(comment().updates).toBe(0);
    await expect(shapeOf(comment().body)).toMatchFileSnapshot("../golden/flow/regression.md");
  });

  test("a commit that mends it may be merged, and the same comment says so", async () => {
    repo.preview.delayMs = BASE_MS;
    pull = repo.commit(pull);
    expectVerdict(await repo.step(pull), "pass", 0);
    expect(comment().updates).toBe(1);
    await expect(shapeOf(comment().body)).toMatchFileSnapshot("../golden/flow/fix.md");
  });

  test("a regression that somebody who may push accepts, with its size and its reason, may be merged, and stays a failure", async () => {
    repo.preview.delayMs = 4 * BASE_MS;
    pull = repo.commit(pull);
    const { number } = repo.state.changePull(pull.pull!, { labels: ["tailgate-accepted"] });
    repo.state.roles.set("alice", "write");
    repo.state.addComment({ number, author: "alice", body: "/tailgate accept latency.p50 up to 400%: the larger model, see #140" });
    const step = await repo.step(pull);
    expectVerdict(step, "fail", 0);
    expect(step.outputs["summary"]).toMatch(/^fail, accepted by @alice: latency\.p50 in steady/);
    expect(comment().updates).toBe(2);
    await expect(shapeOf(comment().body)).toMatchFileSnapshot("../golden/flow/accepted.md");
  });

  test("and its merge is a baseline that knows that this level is meant", async () => {
    const step = await repo.step(repo.merge(pull));
    expect(step.code, step.log).toBe(0);
    expect(repo.checkout.record().provenance).toMatchObject({
      accepted: [{ metric: "latency.p50", by: "alice", reason: "the larger model, see #140" }],
    });
  });
});
