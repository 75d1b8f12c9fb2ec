import { expect, test } from "vitest";
import { type Repository, repository } from "./action-run.ts";
import { LIMITED, LIMITED_STRICTLY, LONG, QUICK } from "./action-suites.ts";

const CHECKED = { "check-run": "always" };

async function checked(suite: string): Promise<Repository> {
  const repo = await repository({ "tailgate.yaml": suite });
  repo.state.permissions.checks = "write";
  return repo;
}

test.each([
  ["a pass is a success", LIMITED, 0, {}, "pass", "success", 0],
  ["a failed gate is a failure", LIMITED_STRICTLY, 5, {}, "fail", "failure", 1],
  ["what could not be decided and blocks asks for somebody", QUICK, 0, { "on-no-baseline": "fail" }, "no-baseline", "action_required", 1],
  ["what could not be decided and blocks nothing is neutral", QUICK, 0, {}, "no-baseline", "neutral", 0],
])("%s", async (_, suite, failsEvery, inputs, verdict, conclusion, code) => {
  const repo = await checked(suite);
  repo.preview.failsEvery = failsEvery;
  const pull = repo.pull();
  const step = await repo.step(pull, { ...CHECKED, ...inputs });
  expect(step.code, step.log).toBe(code);
  expect(step.outputs["verdict"]).toBe(verdict);
  const [check, ...others] = repo.state.checks;
  expect(others).toEqual([]);
  // On the head itself: branch protection asks nothing of the merge commit that GITHUB_SHA names.
  expect(check).toMatchObject({
    name: "tailgate / sentiment",
    headSha: pull.headSha,
    conclusion,
    statuses: ["in_progress", "completed"],
    detailsUrl: `https://github.com/octo-org/model-server/actions/runs/${pull.id}/attempts/1`,
  });
  expect(check!.title.toLowerCase()).toMatch(new RegExp(`^${verdict.replace("-", " ")}: `));
  expect(check!.summary).toContain("#### ");
  expect(check!.summary.length).toBeLessThanOrEqual(65_535);
});

test("a failure that somebody accepts is neutral", async () => {
  const repo = await checked(LIMITED_STRICTLY);
  repo.preview.failsEvery = 5;
  const pull = repo.pull({ labels: ["tailgate-accepted"] });
  repo.state.roles.set("alice", "write");
  repo.state.addComment({ number: 1, author: "alice", body: "/tailgate accept limit of errors.ratio up to 30%: the node is flaky" });
  const step = await repo.step(pull, CHECKED);
  expect(step.outputs["verdict"], step.log).toBe("fail");
  expect(repo.state.checks).toMatchObject([{ conclusion: "neutral" }]);
});

test("it is begun before the first request", async () => {
  const repo = await checked(LIMITED);
  const { ended } = repo.start(repo.pull(), CHECKED);
  while (repo.preview.requests === 0) await new Promise((soon) => setTimeout(soon, 20));
  expect(repo.state.checks).toMatchObject([{ status: "in_progress", title: "measuring" }]);
  await ended;
});

test("a cancelled job cancels it", async () => {
  const repo = await checked(LONG);
  const { kill, ended } = repo.start(repo.pull(), CHECKED);
  while (repo.preview.requests < 3) await new Promise((soon) => setTimeout(soon, 20));
  kill("SIGINT");
  const step = await ended;
  expect(step.code, step.log).toBe(130);
  expect(repo.state.checks).toMatchObject([{ status: "completed", conclusion: "cancelled", title: "Cancelled" }]);
});

test("a suite with mistakes ends it as a failure, under its own name, with each mistake beside its line", async () => {
  const mistakes = `name: sentiment\ntarget: { protocol: raw, timeout: soon }\nscenarios:\n${Array.from({ length: 60 }, (_, i) => `  - { name: s${i}, load: { rate: quick } }\n`).join("")}`;
  const repo = await checked(mistakes);
  const step = await repo.step(repo.pull(), CHECKED);
  expect(step.code, step.log).toBe(2);
  expect(repo.state.checks).toMatchObject([{ name: "tailgate / sentiment", status: "completed", conclusion: "failure" }]);
  const { annotations } = repo.state.checks[0]!;
  expect(annotations).toHaveLength(61);
  expect(annotations[0]).toMatchObject({ path: "tailgate.yaml", start_line: 2, annotation_level: "failure" });
  // GitHub takes fifty at once.
  expect(repo.github.requests.filter(({ operation }) => operation === "checks/update")).toHaveLength(2);
  expect(repo.preview.requests).toBe(0);
});

test("a mistake of the set-up, found after it was begun, ends it too", async () => {
  const repo = await checked(QUICK);
  repo.state.permissions.actions = "none";
  const step = await repo.step(repo.pull(), CHECKED);
  expect(step.code, step.log).toBe(2);
  expect(repo.state.checks).toMatchObject([
    { status: "completed", conclusion: "failure", title: "A mistake in the suite, an input or the set-up" },
  ]);
});

test("one that an earlier attempt left open is ended by the next, and no second one is begun", async () => {
  const repo = await checked(LIMITED);
  const pull = repo.pull();
  const { kill, ended } = repo.start(pull, CHECKED);
  while (repo.preview.requests < 3) await new Promise((soon) => setTimeout(soon, 20));
  kill("SIGKILL");
  await ended;
  expect(repo.state.checks).toMatchObject([{ status: "in_progress" }]);
  const step = await repo.step(pull, CHECKED, { GITHUB_RUN_ATTEMPT: "2" });
  expect(step.code, step.log).toBe(0);
  expect(repo.state.checks).toMatchObject([{ conclusion: "success" }]);
});

test("a job of a workflow that has the same name is another check run", async () => {
  const repo = await checked(LIMITED);
  const pull = repo.pull();
  const job = { id: 5, name: "tailgate / sentiment", headSha: pull.headSha, externalId: "0b1c", detailsUrl: "", status: "in_progress" };
  repo.state.checks.push({ ...job, conclusion: undefined, title: "", summary: "", annotations: [], statuses: [] });
  await repo.step(pull, CHECKED);
  expect(repo.state.checks).toMatchObject([
    { id: 5, status: "in_progress" },
    { status: "completed", conclusion: "success" },
  ]);
});

test("a token that may not write it costs a warning that names the permission, not the verdict", async () => {
  const repo = await repository({ "tailgate.yaml": LIMITED });
  const step = await repo.step(repo.pull(), CHECKED);
  expect(step.code, step.log).toBe(0);
  expect(step.outputs["verdict"]).toBe("pass");
  expect(step.said("warning")).toEqual([
    expect.stringMatching(/^no check run: the token may not write check runs .*add `checks: write` to the job's permissions/),
  ]);
});

test("none is tried unless asked for, and none from a fork's own run", async () => {
  const repo = await checked(LIMITED);
  await repo.step(repo.pull());
  const step = await repo.step(repo.pull({ branch: "theirs", repositoryId: 666 }), CHECKED);
  expect(repo.github.requests.filter(({ operation }) => operation?.startsWith("checks/"))).toEqual([]);
  expect(step.said("notice")).toContain("no check run: a pull request from a fork has a read-only token");
});
