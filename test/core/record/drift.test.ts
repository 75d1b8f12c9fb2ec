import { describe, expect, test } from "vitest";
import { type Generator, stream, uniform } from "../../../src/core/plan/random.ts";
import { Distribution } from "../../../src/core/record/distribution.ts";
import { driftProblems } from "../../../src/core/record/drift.ts";
import type { ArmRecord, BlockRecord, ScenarioRecord } from "../../../src/core/record/run-record.ts";

/** A block whose requests take `bodyMs`, the slowest tenth of them `tailMs`. */
function block(index: number, bodyMs: number, tailMs = bodyMs): BlockRecord {
  const latency = new Distribution();
  for (let i = 0; i < 100; i++) latency.recordNs((i < 90 ? bodyMs : tailMs) * 1e6);
  const counts = { offered: 100, ok: 100, failures: {}, tokens: undefined, gauges: {} };
  return { index, pair: undefined, startS: 10 * index, durationS: 10, ...counts, histograms: { latency: latency.encode() } };
}

const arm = (blocks: readonly BlockRecord[]): ArmRecord => ({
  warmUp: { durationS: 0, offered: 0, ok: 0, firstRequestS: undefined },
  blocks,
  examples: {},
});
const FLAT = { kind: "open", ratePerS: 10, arrivals: "poisson", durationS: 120 } as const;
const scenario = (arms: ScenarioRecord["arms"], load: ScenarioRecord["load"] = FLAT): ScenarioRecord => ({ name: "steady", load, arms });
const found = (bodies: readonly number[], tails: readonly number[] = bodies) =>
  driftProblems(scenario({ head: arm(bodies.map((body, i) => block(i, body, tails[i]))) }));

const twelve = (value: (share: number) => number) => Array.from({ length: 12 }, (_, i) => value(i / 11));

describe("a drift inside the measured time", () => {
  test("upwards is a warning with direction, size and what to look for", () => {
    const [problem, ...others] = found(twelve((share) => 10 * (1 + 0.3 * share)));
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ severity: "warning", code: "drift", scenario: "steady", arm: "head" });
    expect(problem!.message).toBe(
      "the head endpoint became 26 % slower while it was measured: latency.p50 went 10 ms → 13 ms within 110 s, so its numbers are an average over different states; look for what fills up or heats up (a queue, a cache, memory, a clock)",
    );
  });

  test("downwards is a warm-up that was too short", () => {
    const [problem] = found(twelve((share) => 15 - 5 * share));
    expect(problem!.message).toMatch(
      /^the head endpoint became 40 % faster .* 15 ms → 10 ms .*; it was still warming up: give it a longer warm-up$/,
    );
  });

  test("of the tail alone is seen", () => {
    expect(
      found(
        twelve(() => 10),
        twelve((share) => 20 + 10 * share),
      )[0]!.message,
    ).toContain("latency.p95 went 20 ms → 30 ms");
  });

  test("is judged for each arm by itself", () => {
    const [rising, flat] = [
      arm(twelve((share) => 10 + 5 * share).map((ms, i) => block(i, ms))),
      arm(twelve(() => 10).map((ms, i) => block(i, ms))),
    ];
    expect(driftProblems(scenario({ base: rising, head: flat })).map((problem) => problem.arm)).toEqual(["base"]);
    expect(driftProblems(scenario({ base: rising, head: rising })).map((problem) => problem.arm)).toEqual(["base", "head"]);
  });

  test("of less than 10 %, or of less than a millisecond, is nothing", () => {
    expect(found(twelve((share) => 10 * (1 + 0.09 * share)))).toEqual([]);
    expect(found(twelve((share) => 2 + 0.9 * share))).toEqual([]);
  });

  test("is not looked for under a load that changes by itself, nor in fewer than ten blocks", () => {
    const rising = arm(twelve((share) => 10 + 5 * share).map((ms, i) => block(i, ms)));
    expect(driftProblems(scenario({ head: rising }, { ...FLAT, shape: "10/s → 100/s over 1m" }))).toEqual([]);
    expect(found([10, 11, 12, 13, 14, 15, 16, 17, 18])).toEqual([]);
    expect(found([10, 11, 12, 13, 14, 15, 16, 17, 18, 19])).toHaveLength(1);
  });

  test("needs data: blocks without latency are left out", () => {
    expect(driftProblems(scenario({ head: arm(twelve(() => 10).map((ms, i) => ({ ...block(i, ms), histograms: {} }))) }))).toEqual([]);
    expect(driftProblems(scenario({ head: arm([]) }))).toEqual([]);
  });
});

/** Blocks that depend on their neighbours but go nowhere: log p50 AR(1), p95 with noise of its own. */
function stationary(next: Generator, blocks: number, deviation: number, memory: number): ArmRecord {
  const step = (latent: number) => memory * latent + Math.sqrt(1 - memory ** 2) * normal(next);
  let [body, tail] = [normal(next), normal(next)];
  return arm(
    Array.from({ length: blocks }, (_, i) => {
      [body, tail] = [step(body), step(tail)];
      return block(i, 10 * Math.exp(deviation * body), 20 * Math.exp(deviation * (body + tail)));
    }),
  );
}
const normal = (next: Generator): number => Math.sqrt(-2 * Math.log(1 - uniform(next))) * Math.cos(2 * Math.PI * uniform(next));

/** In 2,000 runs of each (bench/decisions/warm-up.ts): 0.0 %, 0.1 %, 0.3 %. */
describe("without a drift", () => {
  test.each([
    [12, 0.1, 0],
    [12, 0.1, 0.5],
    [16, 0.1, 0.5],
  ])("%i blocks that vary by %d, and depend on their neighbours by %d, are hardly ever marked", (blocks, deviation, memory) => {
    const next = stream(7, "drift", blocks, deviation, memory);
    const one = () => stationary(next, blocks, deviation, memory);
    const marked = Array.from({ length: 200 }, () => driftProblems(scenario({ base: one(), head: one() })).length > 0);
    expect(marked.filter(Boolean).length).toBeLessThanOrEqual(4);
  });
});
