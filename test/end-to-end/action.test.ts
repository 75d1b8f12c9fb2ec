import { describe, expect, test } from "vitest";
import { BASE_MS, openPreview, type Repository, repository, type Step } from "./action-run.ts";
import { LIMITED, QUICK } from "./action-suites.ts";

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
