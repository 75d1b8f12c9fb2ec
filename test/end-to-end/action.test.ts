import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BASE_MS, openPreview, openRepository, type Repository, repository, type Step } from "./action-run.ts";
import { COMPARED, LIMITED, QUICK } from "./action-suites.ts";

const BASELINE = "tailgate-baseline-sentiment-54a2822f";

describe("in a repository with a suite, in this order", () => {
  let repo: Repository;
  let pull: ReturnType<Repository["pull"]>;
  beforeAll(async () => {
    repo = await openRepository({ "tailgate.yaml": COMPARED });
  }, 120_000);
  afterAll(() => repo.close());

  test("three pushes to main each store a baseline, succeed and comment nowhere", async () => {
    const ids: string[] = [];
    for (let push = 1; push <= 3; push++) {
      const run = repo.push();
      const step = await repo.step(run);
      ids.push(String(run.id));
      expect(step.code, step.log).toBe(0);
      expect(step.said("error")).toEqual([]);
      expect(repo.state.artifacts.map(({ name, runId }) => [name, String(runId)])).toEqual(ids.map((id) => [BASELINE, id]));
      expect(step.outputs).toMatchObject({
        verdict: push === 1 ? "no-baseline" : "inconclusive",
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

  test("an equal pull request passes on evidence that another workflow file stored, and says so in one comment", async () => {
    pull = repo.pull();
    const step = await repo.step(pull);
    expect(step.code, step.log).toBe(0);
    expect(pull.path).not.toBe(repo.state.runs[2]!.path);
    expect(step.outputs).toMatchObject({ verdict: "pass", "baseline-run-id": String(repo.state.runs[2]!.id) });
    expect(repo.checkout.verdict()).toMatchObject({ verdict: "pass", evidence: "stored" });
    const [comment, ...others] = repo.state.comments;
    expect(others).toEqual([]);
    expect(comment).toMatchObject({ number: pull.pull, author: "github-actions[bot]", updates: 0 });
    expect(comment!.body).toMatch(/^<!-- tailgate:suite=sentiment -->\n### ✅ Pass: .*\n\n\*\*May be merged\.\*\*/);
    expect(comment!.body).toContain("at the merge base");
    const ids = repo.state.runs.slice(0, 3).map(({ id }) => id);
    expect(comment!.body).toContain(`for run in ${ids.toReversed().join(" ")}; do gh run download $run -n ${BASELINE} -D base/$run; done`);
    expect(comment!.body).toContain(`gh run download ${pull.id} -n tailgate-run-sentiment-54a2822f-1 -D head`);
    expect(step.outputs["comment-url"]).toBe(`https://github.com/octo-org/model-server/pull/${pull.pull}#issuecomment-${comment!.id}`);
    // The record of a pull request is kept, under a name that no search for baselines asks for.
    expect(repo.state.artifacts.at(-1)!.name).toBe("tailgate-run-sentiment-54a2822f-1");
  });

  test("a push that makes it four times as slow fails the job, and the comment says so first", async () => {
    repo.preview.delayMs = 4 * BASE_MS;
    pull = repo.commit(pull);
    const step = await repo.step(pull);
    expect(step.code, step.log).toBe(1);
    expect(step.outputs["verdict"]).toBe("fail");
    expect(step.said("error")).toEqual([expect.stringMatching(/^fail: latency\.p50 in steady got worse by \d+ %$/)]);
    expect(repo.state.comments).toHaveLength(1);
    expect(repo.state.comments[0]!.updates).toBe(1);
    expect(repo.state.comments[0]!.body.split("\n").slice(1, 4)).toEqual([
      expect.stringMatching(/^### ❌ Fail: latency\.p50 in steady got worse by \d+ %$/),
      "",
      expect.stringContaining("**Blocks the merge.**"),
    ]);
  });

  test("a push that mends it takes the fail out of the same comment", async () => {
    repo.preview.delayMs = BASE_MS;
    pull = repo.commit(pull);
    const step = await repo.step(pull);
    expect(step.code, step.log).toBe(0);
    expect(repo.state.comments).toHaveLength(1);
    expect(repo.state.comments[0]).toMatchObject({ updates: 2, body: expect.stringContaining("### ✅ Pass") as string });
    expect(repo.state.comments[0]!.body).not.toContain("❌");
  });
});

describe("a first pull request without any baseline", () => {
  const expectNothingDecided = ({ state }: Repository, step: Step) => {
    expect(step.outputs["verdict"]).toBe("no-baseline");
    expect(state.comments).toHaveLength(1);
    expect(state.comments[0]!.body).toContain(
      "main has no stored run of the suite sentiment yet; the first push to main that runs tailgate makes one",
    );
  };

  test("is told so and not blocked", async () => {
    const repo = await repository({ "tailgate.yaml": QUICK });
    const step = await repo.step(repo.pull());
    expect(step.code, step.log).toBe(0);
    expect(step.said("warning")).toEqual([expect.stringMatching(/^no-baseline: /)]);
    expectNothingDecided(repo, step);
    expect(repo.state.comments[0]!.body).toContain("does not block the merge (on-no-baseline: warn)");
  });

  test("is blocked with on-no-baseline: fail", async () => {
    const repo = await repository({ "tailgate.yaml": QUICK });
    const step = await repo.step(repo.pull(), { "on-no-baseline": "fail" });
    expect(step.code, step.log).toBe(1);
    expect(step.said("error")).toEqual([expect.stringMatching(/^no-baseline: /)]);
    expectNothingDecided(repo, step);
  });

  test("into a branch whose runs are not stored learns which branch to name", async () => {
    const repo = await repository({ "tailgate.yaml": QUICK });
    repo.state.addCommit({ branch: "release" });
    await repo.step(repo.pull({ base: "release" }));
    expect(repo.state.comments[0]!.body).toContain("write baseline-branch: main");
  });
});

test("with a baseline-endpoint both are driven in turn, and no stored run is looked for", async () => {
  const repo = await repository({ "tailgate.yaml": LIMITED });
  const base = await openPreview(2 * BASE_MS);
  try {
    const step = await repo.step(repo.pull(), { "baseline-endpoint": base.url });
    expect(step.code, step.log).toBe(0);
    expect(step.outputs).toMatchObject({
      "baseline-run-id": "",
      "comment-url": expect.stringMatching(/^https:/) as string,
    });
    expect(repo.checkout.verdict().evidence).toBe("live");
    const p50 = repo.checkout.verdict().scenarios[0]!.metrics.find(({ metric }) => metric === "latency.p50")!;
    expect(p50.delta!.relative).toBeGreaterThan(-0.7);
    expect(p50.delta!.relative).toBeLessThan(-0.3);
    expect(repo.state.comments[0]!.body).toContain("live evidence");
    // Only whether this commit was measured before.
    const asked = repo.github.requests.flatMap(({ operation }) => (operation?.startsWith("actions/") ? [operation] : []));
    expect(asked).toEqual(["actions/list-workflow-runs-for-repo"]);
  } finally {
    await base.close();
  }
});

test("a push whose endpoint is dead fails, and is no baseline", async () => {
  const repo = await repository({ "tailgate.yaml": QUICK.replace("ready: { timeout: 3s }", "ready: { timeout: 1s }") });
  await repo.preview.close();
  const step = await repo.step(repo.push());
  expect(step.code, step.log).toBe(1);
  expect(step.outputs["verdict"]).toBe("invalid");
  expect(step.said("error")[0]).toMatch(/^invalid: /);
  expect(repo.state.artifacts.map(({ name }) => name)).toEqual(["tailgate-run-sentiment-54a2822f-1"]);
});

test("a push of which no request is answered is no baseline either, and does not block main", async () => {
  const repo = await repository({ "tailgate.yaml": QUICK });
  repo.preview.failsEvery = 1;
  const step = await repo.step(repo.push());
  expect(step.code, step.log).toBe(0);
  expect(step.said("warning")).toEqual(["not stored as a baseline: no request of steady was answered", expect.stringMatching(/^fail: /)]);
  expect(repo.state.artifacts.map(({ name }) => name)).toEqual(["tailgate-run-sentiment-54a2822f-1"]);
});
