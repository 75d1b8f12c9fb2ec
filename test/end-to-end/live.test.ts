import { expect, test } from "vitest";
import { serve } from "../io/load/endpoint.ts";
import { sleeping } from "./answers.ts";
import { expectNotPassed } from "./expectations.ts";
import { suite } from "./suites.ts";
import { type Ended, type Workplace, workplace } from "./tailgate.ts";

// Four pairs of one second. The endpoints only sleep, so base and head share nothing that could be busy; the loop is
// closed, so a busy machine's own delay is no part of what is measured.
const BASE_MS = 60;
const SUITE = suite({ load: "concurrency: 8, duration: 4s", gates: "latency.p50: { regression: 20% }" });

type Run = { readonly place: Workplace; readonly ended: Ended };

async function runLive(headMs: number): Promise<Run> {
  const place = await workplace({ "suite.yaml": SUITE });
  const [base, head] = await Promise.all([serve(sleeping(BASE_MS)), serve(sleeping(headMs))]);
  const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", head, "--baseline-endpoint", base]);
  return { place, ended };
}

test("a run with a live base fails a head whose service takes 60 % longer, and not an equal one at the same time", async () => {
  const [slower, equal] = await Promise.all([runLive(BASE_MS * 1.6), runLive(BASE_MS)]);

  expectNotPassed(slower.place, slower.ended, 1, "fail");
  const verdict = slower.place.verdict();
  expect(verdict.evidence).toBe("live");
  const p50 = verdict.scenarios[0]!.metrics.find(({ metric }) => metric === "latency.p50")!;
  expect(p50).toMatchObject({ gated: true, verdict: "fail" });
  expect(p50.delta!.relative).toBeGreaterThan(0.4);
  expect(p50.delta!.low).toBeGreaterThan(0.2);
  const { arms } = slower.place.record().scenarios[0]!;
  expect([arms.base!.blocks.length, arms.head!.blocks.length]).toEqual([4, 4]);

  expect([0, 3], equal.ended.stdout).toContain(equal.ended.code);
  expect(equal.place.verdict().evidence).toBe("live");
  expect(equal.place.verdict().verdict).not.toBe("fail");

  // A run that holds both arms is judged again without any endpoint, to the same verdict.
  const again = await slower.place.tailgate(["compare", "--suite", "suite.yaml", "--head", "tailgate-out/run.json"]);
  expect(again.code).toBe(1);
  expect(slower.place.verdict()).toEqual(verdict);
});
