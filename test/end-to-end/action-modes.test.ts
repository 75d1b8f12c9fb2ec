import { expect, test } from "vitest";
import { readRunRecord, writeRunRecord } from "../../src/core/record/read.ts";
import { type Repository, repository } from "./action-run.ts";
import { LIMITED, LIMITED_STRICTLY, LONG, QUICK } from "./action-suites.ts";

const callsOn = ({ github }: Repository, what: string) => github.requests.filter(({ operation }) => operation?.startsWith(what));

test("mode measure keeps the record and nothing else: no comment, no verdict", async () => {
  const repo = await repository({ "tailgate.yaml": QUICK });
  const step = await repo.step(repo.pull(), { mode: "measure" });
  expect(step.code, step.log).toBe(0);
  expect(step.outputs).toEqual({ "report-json": "tailgate-out/run.json", summary: "measured steady; nothing was compared" });
  expect(repo.checkout.record()).toMatchObject({ status: "complete", suite: { name: "sentiment" } });
  expect(repo.checkout.exists("tailgate-out/verdict.json")).toBe(false);
  expect(repo.state.artifacts.map(({ name }) => name)).toEqual(["tailgate-run-sentiment-54a2822f-1"]);
  expect(callsOn(repo, "issues/")).toEqual([]);
});

test.each(["report", "shard", "merge"])("mode %s is refused with the modes there are", async (mode) => {
  const repo = await repository({ "tailgate.yaml": QUICK });
  const step = await repo.step(repo.pull(), { mode });
  expect(step.code, step.log).toBe(2);
  expect(step.said("error")).toEqual([`mode: "${mode}" is not available; this version knows gate and measure`]);
});

test("a suite that is missing exits 2 and names the file", async () => {
  const repo = await repository({});
  const step = await repo.step(repo.pull(), { suite: "perf/tailgate.yaml" });
  expect(step.code, step.log).toBe(2);
  expect(step.said("error")[0]).toContain("perf/tailgate.yaml");
  expect(repo.preview.requests).toBe(0);
});

test("every mistake in a suite is an annotation at its own line", async () => {
  const repo = await repository({
    "tailgate.yaml": QUICK.replace("protocol: raw", "protocol: row").replace("duration: 1s", "duration: 1"),
  });
  const step = await repo.step(repo.pull());
  expect(step.code, step.log).toBe(2);
  expect(step.log).toMatch(/^::error file=tailgate\.yaml,line=2,col=\d+::tailgate\.yaml:2:\d+: .*row/m);
  expect(step.log).toMatch(/^::error file=tailgate\.yaml,line=5,col=\d+::tailgate\.yaml:5:\d+: .*duration/m);
  expect(step.log).not.toMatch(/^\s+at /m);
});

test("an input that is no choice exits 2 and lists the choices", async () => {
  const repo = await repository({ "tailgate.yaml": QUICK });
  const step = await repo.step(repo.pull(), { comment: "sometimes" });
  expect(step.code, step.log).toBe(2);
  expect(step.said("error")).toEqual(['comment: "sometimes" is not a choice; write always, on-change, never']);
});

test("a cancelled job keeps what was measured and exits 130", async () => {
  const repo = await repository({ "tailgate.yaml": LONG });
  const { kill, ended } = repo.start(repo.pull());
  await expect.poll(() => repo.preview.requests, { timeout: 20_000 }).toBeGreaterThan(20);
  kill("SIGINT");
  const step = await ended;
  expect(step.code, step.log).toBe(130);
  expect(step.said("error")).toEqual(["cancelled; what was measured is in tailgate-out/run.json"]);
  expect(repo.checkout.record().status).toBe("cancelled");
  expect(step.outputs["verdict"]).toBeUndefined();
  expect(repo.state.comments).toEqual([]);
});

test("comment: never writes none, whatever happened", async () => {
  const repo = await repository({ "tailgate.yaml": LIMITED_STRICTLY });
  repo.preview.failsEvery = 5;
  const step = await repo.step(repo.pull(), { comment: "never" });
  expect(step.code, step.log).toBe(1);
  expect(step.outputs).toMatchObject({ verdict: "fail", "comment-url": "" });
  expect(step.summary).toContain("### ❌ Fail");
  // What people accept is read all the same.
  expect(callsOn(repo, "issues/").filter(({ method }) => method !== "GET")).toEqual([]);
});

test("comment: on-change begins one only for bad news, and then keeps it up to date", async () => {
  const repo = await repository({ "tailgate.yaml": LIMITED });
  const pull = repo.pull();
  const comments = async (failsEvery: number, run = repo.commit(pull)) => {
    repo.preview.failsEvery = failsEvery;
    const step = await repo.step(run, { comment: "on-change" });
    return { verdict: step.outputs["verdict"], titles: repo.state.comments.map(({ body }) => body.split("\n")[1]!.slice(0, 10)) };
  };
  expect(await comments(0, pull)).toEqual({ verdict: "pass", titles: [] });
  expect(await comments(1)).toEqual({ verdict: "fail", titles: ["### ❌ Fail"] });
  expect(await comments(0)).toEqual({ verdict: "pass", titles: ["### ✅ Pass"] });
});

test("baseline: directory compares with the runs in the checkout", async () => {
  const repo = await repository({ "tailgate.yaml": QUICK });
  await repo.step(repo.push(), { baseline: "directory" });
  const record = readRunRecord(repo.checkout.read("tailgate-out/run.json"), "run.json");
  for (const day of [1, 2, 3]) {
    const text = writeRunRecord({ ...record, startedAt: `2026-01-0${day}T00:00:00.000Z` });
    await repo.checkout.write(`perf/sentiment/${day}.json`, text);
    repo.state.files.set(`${repo.state.branches.get("main")}:perf/sentiment/${day}.json`, text);
  }
  const step = await repo.step(repo.pull(), { baseline: "directory", "baseline-directory": "perf" });
  expect(step.code, step.log).toBe(0);
  expect(step.outputs).toMatchObject({ "baseline-run-id": "" });
  expect(repo.checkout.verdict().evidence).toBe("stored");
  expect(repo.state.comments[0]!.body).toContain("perf/sentiment/3.json");
  // Neither run was stored as a baseline, nor any looked for: only whether this commit was measured before.
  expect(repo.state.artifacts.map(({ name }) => name)).toEqual(Array(2).fill("tailgate-run-sentiment-54a2822f-1"));
  expect(callsOn(repo, "actions/").map(({ operation }) => operation)).toEqual(["actions/list-workflow-runs-for-repo"]);
});
