import { expect, test } from "vitest";
import { serve } from "../io/load/endpoint.ts";
import { counting, sleeping } from "./answers.ts";
import { suite } from "./suites.ts";
import { workplace } from "./tailgate.ts";

// Without a failure among n requests their share is at most −ln(level)/n: 100 requests cannot show less than 3 %, and 800
// can show 0.7 %, on whatever machine.
const IN_DOUBT = suite({
  load: "rate: 100/s, arrivals: constant, duration: 1s",
  gates: "errors.ratio: { limit: 0.7% }",
  more: "decision: { budget: 8 }\n",
});

test("a run that is undecided goes on until it is decided, and says how long it took and why it ended", async () => {
  const place = await workplace({ "suite.yaml": IN_DOUBT });
  const { listener, count } = counting(sleeping(150));
  const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", await serve(listener)]);
  expect(ended.code, ended.stderr + ended.stdout).toBe(0);
  expect(place.record().scenarios[0]!.looks).toEqual({ passes: [1, 2, 4, 8], most: 8, stopped: "decided" });
  expect(count()).toBeGreaterThanOrEqual(800);
  const { blocks } = place.record().scenarios[0]!.arms.head!;
  expect(blocks.reduce((sum, { offered }) => sum + offered, 0)).toBe(800);
  expect(blocks.map(({ index }) => index)).toEqual(blocks.map((_, i) => i));
  expect(ended.stderr).toContain("undecided after 1 pass, 1s of at most 8s: measuring steady for 1 pass more");
  expect(place.read("tailgate-out/comment.md")).toMatch(/8 of at most 8 passes, [\dms]+: every gate was decided/);

  // The record is judged to the same verdict at the same level, without any load.
  const verdict = place.verdict();
  expect((await place.tailgate(["compare", "--suite", "suite.yaml", "--head", "tailgate-out/run.json"])).code).toBe(0);
  expect(place.verdict().scenarios).toEqual(verdict.scenarios);
});

test("what a decided scenario leaves of the budget goes to the one that is not", async () => {
  const scenario = (name: string, limit: string) =>
    `  - { name: ${name}, warm-up: none, load: { rate: 100/s, arrivals: constant, duration: 1s }, gates: { errors.ratio: { limit: ${limit} } } }\n`;
  const text = `name: two\ntarget: { protocol: raw }\ngenerator: { calibration: no }\ndecision: { budget: 5 }\nscenarios:\n`;
  const place = await workplace({ "suite.yaml": text + scenario("calm", "5%") + scenario("unsure", "0.7%") });
  const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", await serve(sleeping(150))]);
  expect(ended.code, ended.stderr + ended.stdout).toBe(0);
  expect(place.record().scenarios.map(({ looks }) => looks)).toEqual([
    { passes: [1], most: 9, stopped: "decided" },
    { passes: [1, 2, 4, 8], most: 9, stopped: "decided" },
  ]);
  expect(ended.stderr).toContain("undecided after 4 passes, 5s of at most 10s: measuring unsure for 4 passes more");
});

test("with a budget of one pass the same run stays undecided", async () => {
  const place = await workplace({ "suite.yaml": IN_DOUBT });
  const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", await serve(sleeping(150)), "--set", "decision.budget=1"]);
  expect(ended.code).toBe(3);
  expect(place.record().scenarios[0]!.looks).toBeUndefined();
});

test("a failed gate ends a live run at once, with a budget left", async () => {
  // Eight pairs: with four, one disturbed second leaves three degrees of freedom too few for the level of a first look.
  const text = suite({
    load: "concurrency: 8, duration: 8s",
    gates: "latency.p50: { regression: 20% }",
    more: "decision: { budget: 4 }\n",
  });
  const place = await workplace({ "suite.yaml": text });
  const [base, head] = await Promise.all([serve(sleeping(60)), serve(sleeping(180))]);
  const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", head, "--baseline-endpoint", base]);
  expect(ended.code, ended.stdout).toBe(1);
  expect(place.record().scenarios[0]!.looks).toEqual({ passes: [1], most: 4, stopped: "failed" });
  expect(place.verdict().scenarios[0]!.metrics.find(({ metric }) => metric === "latency.p50")!.self_test).toMatchObject({ planted: 0.2 });
});

test("a run that was killed in a later pass is resumed there", async () => {
  const place = await workplace({ "suite.yaml": IN_DOUBT });
  const { listener, count } = counting(sleeping(150));
  const url = await serve(listener);
  const run = place.start(["run", "suite.yaml", "--endpoint", url]);
  await expect.poll(count, { timeout: 30_000, interval: 20 }).toBeGreaterThan(350);
  run.signal("SIGKILL");
  await run.ended;
  const before = count();
  const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", url, "--resume"]);
  expect(ended.code, ended.stderr).toBe(0);
  expect(place.record().scenarios[0]!.looks!.passes).toEqual([1, 2, 4, 8]);
  const { blocks } = place.record().scenarios[0]!.arms.head!;
  expect(blocks.map(({ index }) => index)).toEqual(blocks.map((_, i) => i));
  // Passes that were whole when it ended were not sent again.
  expect(count() - before).toBeLessThan(750);
});
