import fc from "fast-check";
import { DISTRIBUTIONS, METRIC_NAMES } from "../../../src/core/metric.ts";
import { Distribution } from "../../../src/core/record/distribution.ts";
import { FAILURE_KINDS } from "../../../src/core/record/outcome.ts";
import type { BlockRecord, GaugeSummary, Problem, Provenance, RunRecord, ScenarioRecord } from "../../../src/core/record/run-record.ts";

/** A small, clean run of a suite, with what a test wants otherwise. */
export function someRecord(overrides: Partial<RunRecord> = {}): RunRecord {
  const distribution = new Distribution();
  for (let i = 1; i <= 200; i++) distribution.recordNs(i * 1e5);
  const block: BlockRecord = {
    index: 0,
    pair: undefined,
    startS: 1,
    durationS: 10,
    offered: 200,
    ok: 200,
    failures: {},
    tokens: undefined,
    histograms: { latency: distribution.encode() },
    gauges: {},
  };
  return {
    schema: 1,
    tool: "tailgate 0.1.0",
    suite: { name: "sentiment", digest: "a".repeat(64), seed: 42 },
    provenance: { commit: "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d" },
    environment: { "client.os": "linux x64" },
    startedAt: "2026-11-01T10:00:00.000Z",
    finishedAt: "2026-11-01T10:01:00.000Z",
    status: "complete",
    problems: [],
    identity: undefined,
    scenarios: [
      {
        name: "steady",
        load: { kind: "open", ratePerS: 20, arrivals: "poisson", durationS: 10 },
        arms: { head: { warmUp: { durationS: 1, offered: 20, ok: 20, firstRequestS: 0.01 }, blocks: [block], examples: {} } },
      },
    ],
    ...overrides,
  };
}

const text = fc.string({ unit: "grapheme", maxLength: 20 });
const count = fc.nat();
const seconds = fc.double({ min: 0, max: 1e6, noNaN: true }).map((value) => value + 0);
const histogram = fc.array(fc.integer({ min: 0, max: 4e12 }), { minLength: 1, maxLength: 5 }).map((durations) => {
  const distribution = new Distribution();
  for (const ns of durations) distribution.recordNs(ns);
  return distribution.encode();
});
const someOf = <K extends string, V>(keys: readonly K[], values: fc.Arbitrary<V>): fc.Arbitrary<Partial<Record<K, V>>> =>
  fc.dictionary(fc.constantFrom(...keys), values, { noNullPrototype: true }) as fc.Arbitrary<Partial<Record<K, V>>>;
const maybe = <V>(value: fc.Arbitrary<V>) => fc.option(value, { nil: undefined });
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const gauge: fc.Arbitrary<GaugeSummary> = fc.record({ n: fc.integer({ min: 1, max: 1000 }), mean: finite, min: finite, max: finite });

const block: fc.Arbitrary<BlockRecord> = fc.record({
  index: count,
  pair: maybe(count),
  startS: seconds,
  durationS: seconds,
  offered: count,
  ok: count,
  failures: someOf(FAILURE_KINDS, count),
  tokens: maybe(fc.record({ output: count, from: fc.constantFrom("usage", "events", "mixed") })),
  histograms: someOf(DISTRIBUTIONS, histogram),
  gauges: someOf(METRIC_NAMES, gauge),
});

const arm = fc.record({
  warmUp: fc.record({ durationS: seconds, offered: count, ok: count, firstRequestS: maybe(seconds) }),
  blocks: fc.array(block, { maxLength: 3 }),
  examples: someOf(FAILURE_KINDS, text),
});

const scenario: fc.Arbitrary<ScenarioRecord> = fc.record({
  name: text,
  load: fc.oneof(
    fc.record({ kind: fc.constant("open" as const), ratePerS: seconds, arrivals: text, durationS: seconds }),
    fc.record({ kind: fc.constant("closed" as const), concurrency: count, durationS: seconds }),
  ),
  arms: fc.record({ base: arm, head: arm }, { requiredKeys: [], noNullPrototype: true }) as fc.Arbitrary<ScenarioRecord["arms"]>,
});

const acceptedFields = {
  metric: text,
  scenario: text,
  of: fc.constant("limit" as const),
  largest: finite,
  by: text,
  reason: text,
  pull: fc.integer({ min: 1 }),
  until: fc.constantFrom("2026-12-31", "2028-02-29"),
};
const accepted = fc.array(
  fc.record(acceptedFields, { requiredKeys: ["metric", "largest", "by", "reason", "pull"], noNullPrototype: true }),
  {
    minLength: 1,
    maxLength: 3,
  },
);

const provenanceFields = {
  accepted,
  repository: text,
  repositoryId: text,
  commit: text,
  ref: text,
  event: text,
  workflow: text,
  runId: text,
  runAttempt: text,
};
const provenance = fc.record(provenanceFields, { requiredKeys: [], noNullPrototype: true }) as fc.Arbitrary<Provenance>;
const problem = fc.record(
  {
    severity: fc.constantFrom("invalid" as const, "warning" as const),
    code: text,
    message: text,
    scenario: text,
    arm: fc.constantFrom("base" as const, "head" as const),
  },
  { requiredKeys: ["severity", "code", "message"], noNullPrototype: true },
) as fc.Arbitrary<Problem>;
const time = fc.date({ min: new Date("2020-01-01"), max: new Date("2100-01-01"), noInvalidDate: true }).map((date) => date.toISOString());

/** Any run record that tailgate could write. */
export const anyRecord: fc.Arbitrary<RunRecord> = fc.record({
  schema: fc.constant(1 as const),
  tool: text,
  suite: fc.record({ name: text, digest: text, seed: fc.integer() }),
  provenance,
  environment: fc.dictionary(
    text.filter((key) => key !== "__proto__"),
    text,
    { noNullPrototype: true },
  ),
  startedAt: time,
  finishedAt: time,
  status: fc.constantFrom("complete", "cancelled", "aborted"),
  problems: fc.array(problem, { maxLength: 3 }),
  identity: maybe(fc.record({ path: text, expected: text, observed: text, matches: fc.boolean() })),
  scenarios: fc.array(scenario, { maxLength: 2 }),
});
