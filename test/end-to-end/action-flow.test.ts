import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { BASE_MS, openRepository, type Repository, type Step, startAnew } from "./action-run.ts";
import { COMPARED } from "./action-suites.ts";
import { shapeOf } from "./comment-shape.ts";

const BASELINE = "tailgate-baseline-sentiment-54a2822f";

// A step is a process that starts anew, and one test takes three.
vi.setConfig({ testTimeout: 120_000 });

/** From the first push to the last word, in this order, in one repository with one pull request. */
describe("the life of a pull request", () => {
  let repo: Repository;
  let pull: ReturnType<Repository["pull"]>;
  const open = async () => {
    repo = await openRepository({ "tailgate.yaml": COMPARED });
  };
  beforeAll(open, 120_000);
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

  test("main is pushed to three times, and each run is stored, succeeds and comments nowhere", async ({ task }) => {
    await startAnew(task, repo, open);
    const ids: string[] = [];
    for (let push = 1; push <= 3; push++) {
      const run = repo.push();
      const step = await repo.step(run);
      ids.push(String(run.id));
      expectVerdict(step, push === 1 ? "no-baseline" : "inconclusive", 0);
      expect(step.said("error")).toEqual([]);
      expect(repo.state.artifacts.map(({ name, runId }) => [name, String(runId)])).toEqual(ids.map((id) => [BASELINE, id]));
      expect(step.outputs).toMatchObject({
        "report-json": "tailgate-out/verdict.json",
        "report-html": "tailgate-out/report.html",
        "comment-url": "",
        "baseline-run-id": push === 1 ? "" : ids.at(-2),
      });
      expect(step.outputs["summary"]).toMatch(/^(no-baseline|inconclusive): ./);
      expect(step.summary).toContain("Blocks nothing: this commit is on main already.");
      expect(step.summary).toContain(
        push === 1
          ? "this is the first run of the suite sentiment on main"
          : `this run is stored as well: the next one is compared with ${push} runs`,
      );
    }
    expect(repo.state.comments).toEqual([]);
  });

  test("a pull request that is four times as slow is blocked, and its comment says why", async () => {
    repo.preview.delayMs = 4 * BASE_MS;
    pull = repo.pull();
    const step = await repo.step(pull);
    expectVerdict(step, "fail", 1);
    expect(step.said("error")).toEqual([expect.stringMatching(/^fail: latency\.p50 in steady got worse by \d+ % \(\d+ % interval .+\)$/)]);
    const { number, updates, id, body } = comment();
    expect([number, updates]).toEqual([pull.pull, 0]);
    expect(step.outputs["comment-url"]).toBe(`https://github.com/octo-org/model-server/pull/${pull.pull}#issuecomment-${id}`);
    await expect(shapeOf(body)).toMatchFileSnapshot("../golden/flow/regression.md");
    // The record of a pull request is kept, under a name that no search for baselines asks for.
    expect(repo.state.artifacts.at(-1)!.name).toBe("tailgate-run-sentiment-54a2822f-1");
  });

  test("a commit that mends it may be merged, on evidence that another workflow file stored, and the same comment says so", async () => {
    repo.preview.delayMs = BASE_MS;
    pull = repo.commit(pull);
    const step = await repo.step(pull);
    expectVerdict(step, "pass", 0);
    expect(pull.path).not.toBe(repo.state.runs[2]!.path);
    expect(step.outputs["baseline-run-id"]).toBe(String(repo.state.runs[2]!.id));
    expect(repo.checkout.verdict()).toMatchObject({ verdict: "pass", evidence: "stored" });
    const { updates, body } = comment();
    expect(updates).toBe(1);
    expect(body).not.toContain("❌");
    await expect(shapeOf(body)).toMatchFileSnapshot("../golden/flow/fix.md");
    const ids = repo.state.runs.slice(0, 3).map(({ id }) => id);
    expect(body).toContain(`for run in ${ids.toReversed().join(" ")}; do gh run download $run -n ${BASELINE} -D base/$run; done`);
    expect(body).toContain(`gh run download ${pull.id} -n tailgate-run-sentiment-54a2822f-1 -D head`);
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
