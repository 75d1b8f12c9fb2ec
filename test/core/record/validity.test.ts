import { describe, expect, test } from "vitest";
import type { DistributionName } from "../../../src/core/metric.ts";
import { Distribution } from "../../../src/core/record/distribution.ts";
import type { ArmRecord, BlockRecord, ScenarioRecord } from "../../../src/core/record/run-record.ts";
import { generatorProblems } from "../../../src/core/record/validity.ts";

const encoded = (ms: readonly number[]): string => {
  const distribution = new Distribution();
  for (const each of ms) distribution.recordNs(each * 1e6);
  return distribution.encode();
};

const block = (histograms: Partial<Record<DistributionName, readonly number[]>>, more: Partial<BlockRecord> = {}): BlockRecord => ({
  index: 0,
  pair: undefined,
  startS: 0,
  durationS: 10,
  offered: 1000,
  ok: 1000,
  failures: {},
  tokens: undefined,
  histograms: Object.fromEntries(Object.entries(histograms).map(([name, ms]) => [name, encoded(ms)])),
  gauges: {},
  ...more,
});

const arm = (blocks: readonly BlockRecord[], examples: ArmRecord["examples"] = {}): ArmRecord => ({
  warmUp: { durationS: 0, offered: 0, ok: 0, firstRequestS: undefined },
  blocks,
  examples,
});

const OPEN = { kind: "open", ratePerS: 100, arrivals: "poisson", durationS: 10 } as const;
const CLOSED = { kind: "closed", concurrency: 4, durationS: 10 } as const;
const scenario = (head: ArmRecord, load: ScenarioRecord["load"] = OPEN): ScenarioRecord => ({ name: "steady", load, arms: { head } });

/** 98 requests without our delay and two with it, each against `serviceMs`. */
const tail = (serviceMs: number, delayMs: number) => {
  const delays = Array.from({ length: 100 }, (_, i) => (i < 98 ? 0.1 : delayMs));
  return block({ generator: delays, service: delays.map(() => serviceMs), latency: delays.map((ms) => serviceMs + ms) });
};
const all = (serviceMs: number, delayMs: number) => block({ generator: [delayMs], service: [serviceMs], latency: [serviceMs + delayMs] });

const found = (record: ScenarioRecord) => generatorProblems(record).map(({ severity, code }) => `${severity} ${code}`);

describe("our own delay", () => {
  test("of a tenth of a millisecond is no problem", () => {
    expect(generatorProblems(scenario(arm([all(10, 0.1)])))).toEqual([]);
  });

  test("spoils a run whose median it moves by more than a millisecond and 2 %", () => {
    expect(found(scenario(arm([all(10, 1.2)])))).toEqual(["invalid generator-late"]);
    expect(found(scenario(arm([all(10, 0.9)])))).not.toContain("invalid generator-late");
    // 1.2 ms of 100 ms is not material.
    expect(found(scenario(arm([all(100, 1.2)])))).toEqual([]);
  });

  test("in the tail is worth a warning above a millisecond and 5 %, and spoils the run above 5 ms and one half", () => {
    expect(found(scenario(arm([tail(10, 0.8)])))).toEqual([]);
    expect(found(scenario(arm([tail(10, 4)])))).toEqual(["warning generator-late"]);
    expect(found(scenario(arm([tail(10, 9)])))).toEqual(["warning generator-late"]);
    expect(found(scenario(arm([tail(10, 12)])))).toEqual(["invalid generator-late"]);
    expect(found(scenario(arm([tail(2, 4)])))).toEqual(["warning generator-late"]);
    expect(found(scenario(arm([tail(200, 8)])))).toEqual([]);
    expect(found(scenario(arm([tail(200, 20)])))).toEqual(["warning generator-late"]);
  });

  test("that a pause makes arrives in one burst: the endpoint's queue behind it is ours, too", () => {
    // A pause of 2 s: what it held up is served one after another, so that service time is as long as latency.
    const delays = Array.from({ length: 100 }, (_, i) => (i < 97 ? 0.1 : 1000 + 300 * (i - 97)));
    const service = delays.map((ms) => (ms > 1 ? 2000 : 10));
    const record = (scale: number) =>
      block({
        generator: delays.map((ms) => ms * scale),
        service: service.map((ms) => ms * scale),
        latency: delays.map((ms, i) => (ms > 1 ? 2100 : service[i]!) * scale),
      });
    expect(found(scenario(arm([record(1)])))).toEqual(["invalid generator-late"]);
    // The same with pauses of 100 ms at most is noise of which service time holds a part.
    expect(found(scenario(arm([record(0.05)])))).toEqual([]);
  });

  test("of other requests than the slow ones does not make the percentile", () => {
    // The slowest fifth waits for the server; our delay hits fast requests only, which stay below the percentile.
    const delays = Array.from({ length: 100 }, (_, i) => (i < 5 ? 30 : 0.1));
    const service = Array.from({ length: 100 }, (_, i) => (i < 80 ? 10 : 90));
    const record = block({ generator: delays, service, latency: delays.map((ms, i) => ms + service[i]!) });
    expect(found(scenario(arm([record])))).toEqual([]);
  });

  test("is not what connecting to a slow endpoint takes", () => {
    const record = block({ generator: [0.2], connect: [60], service: [10], latency: [70.2] });
    expect(found(scenario(arm([record])))).toEqual([]);
  });

  test("is judged over all blocks of an arm together", () => {
    expect(found(scenario(arm([all(10, 0.1), all(10, 0.1), all(10, 3)])))).not.toContain("invalid generator-late");
  });

  test("is told with numbers, units, the arm and what to do", () => {
    const [problem] = generatorProblems(scenario(arm([tail(10, 12)])));
    expect(problem).toMatchObject({ scenario: "steady", arm: "head" });
    expect(problem!.message).toBe(
      "of the 99th percentile of the head endpoint's latency, 22 ms, about 12 ms is this machine's own delay; use a runner with more free cores, lower the rate, or move the load away from the endpoint's machine",
    );
  });

  test("is blamed on other machines where they took the processors", () => {
    const generator = {
      seconds: 10,
      pausedSeconds: 0,
      pausedArrivals: 0,
      pauseMaxS: 0,
      loopDelayMaxS: 0,
      utilization: 0,
      gcS: 0,
      gcMaxS: 0,
    };
    const stolen = { ...tail(10, 12), generator: { ...generator, stealRatio: 0.3, machineBusyRatio: 0.5 } };
    expect(generatorProblems(scenario(arm([stolen])))[0]!.message).toContain("; other machines took 30 % of this one's processor time");
  });

  test("is unknown in a record of another tool, and no problem", () => {
    expect(generatorProblems(scenario(arm([block({ latency: [10] })])))).toEqual([]);
  });
});

describe("an arm", () => {
  test("that was offered nothing is invalid", () => {
    expect(found(scenario(arm([block({}, { offered: 0, ok: 0 })])))).toEqual(["invalid no-requests"]);
    expect(found(scenario(arm([])))).toEqual(["invalid no-requests"]);
    expect(found({ ...scenario(arm([])), arms: {} })).toEqual(["invalid no-requests"]);
  });

  test("that was sent less than 99 % of an open loop is invalid", () => {
    const having = (overflow: number) => scenario(arm([block({}, { ok: 1000 - overflow, failures: { overflow } })]));
    expect(found(having(10))).toEqual([]);
    expect(found(having(11))).toEqual(["invalid rate-not-reached"]);
    expect(generatorProblems(having(200))[0]!.message).toMatch(
      /^only 800 of 1000 requests \(80 %\) could be sent to the head endpoint, .*max-in-flight/,
    );
  });

  test("that answered nothing is told apart from a slow one, by its most frequent failure", () => {
    const dead = arm([block({}, { ok: 0, failures: { connect: 990, reset: 10 } })], { connect: "connection refused", reset: "x" });
    const [problem, ...others] = generatorProblems(scenario(dead, CLOSED));
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ severity: "warning", code: "all-failed" });
    expect(problem!.message).toMatch(/^all 1000 requests to the head endpoint failed, most of them with "connect": connection refused; /);
  });

  test("is judged apart from the other, base first", () => {
    const late = arm([all(10, 5)]);
    expect(generatorProblems({ name: "s", load: OPEN, arms: { head: late, base: late } }).map((problem) => problem.arm)).toEqual([
      "base",
      "head",
    ]);
    expect(
      generatorProblems({ name: "s", load: OPEN, arms: { head: late, base: arm([all(10, 0.1)]) } }).map((problem) => problem.arm),
    ).toEqual(["head"]);
  });
});
