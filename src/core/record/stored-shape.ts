import { z } from "zod";
import { DISTRIBUTIONS, type DistributionName, isMetricName, type MetricName } from "../metric.ts";
import { FAILURE_KINDS } from "./outcome.ts";
import {
  type AcceptedChange,
  type ArmRecord,
  type BlockRecord,
  type Calibration,
  type Counts,
  type GaugeSummary,
  type GeneratorRecord,
  type LooksRecord,
  type RequestRecord,
  RUN_RECORD_SCHEMA,
  type RunRecord,
  type ScenarioRecord,
  type ShardRecord,
  STOP_REASONS,
} from "./run-record.ts";

// Every list and string is bounded: a stored record may come from a pull request that nobody trusts. The bounds lie
// far above what tailgate writes; a histogram with all its bins filled takes 290,000 characters.
const text = (max: number) => z.string().max(max);
const SHORT = 1_000;
const LONG = 10_000;
const HISTOGRAM = 400_000;

const count = z.int().nonnegative();
const seconds = z.number().nonnegative();

/** An object with free keys, of bounded size, always in the order of its keys: equal records give equal bytes. */
const bounded = <V extends z.ZodType>(values: V, maxKeys: number) =>
  z.record(text(SHORT), values).refine((object) => Object.keys(object).length <= maxKeys, `expected at most ${maxKeys} entries`);

const sorted = <V>(object: Readonly<Record<string, V>>): Readonly<Record<string, V>> =>
  Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Keeps the keys this version knows: a newer tailgate of the same schema may have recorded more. */
const known = <K extends string, V>(object: Readonly<Record<string, V>>, isKnown: (key: string) => key is K) =>
  sorted(Object.fromEntries(Object.entries(object).filter(([key]) => isKnown(key)))) as Readonly<Partial<Record<K, V>>>;

// A failure of a kind that this version does not know may not be dropped, since every failure counts in a denominator.
const byFailureKind = <V extends z.ZodType>(values: V) =>
  z.partialRecord(z.enum(FAILURE_KINDS), values).transform((object) => sorted(object as Record<string, z.output<V>>) as typeof object);

/** Absent in JSON, present and undefined in our types. */
const absent = <T extends z.ZodType>(schema: T) => schema.optional().transform((value) => value);

const gauge: z.ZodType<GaugeSummary> = z.object({ n: z.int().positive(), mean: z.number(), min: z.number(), max: z.number() });

const isDistributionName = (name: string): name is DistributionName => (DISTRIBUTIONS as readonly string[]).includes(name);

const generator = z.object({
  seconds: z.int().positive(),
  pausedSeconds: count,
  pausedArrivals: count,
  pauseMaxS: seconds,
  loopDelayMaxS: seconds,
  utilization: z.number(),
  gcS: seconds,
  gcMaxS: seconds,
  stealRatio: absent(z.number()),
  machineBusyRatio: absent(z.number()),
}) satisfies z.ZodType<GeneratorRecord>;

const counts = z.object({
  offered: count,
  ok: count,
  failures: byFailureKind(count),
  attempts: z.object({ sent: count, retried: count }).exactOptional(),
  labelled: z.object({ answers: count, wrong: count }).exactOptional(),
  prompt: z.object({ tokens: count, cached: count }).exactOptional(),
  compared: z.object({ answers: count, changed: count }).exactOptional(),
  good: z.object({ answers: count, within: text(SHORT) }).exactOptional(),
  bodies: z.object({ answers: count, bytes: count }).exactOptional(),
  sessions: z.object({ ended: count, completed: count }).exactOptional(),
  drained: z.object({ ok: count, tokens: count }).exactOptional(),
  tokens: absent(z.object({ output: count, from: z.enum(["usage", "events", "mixed"]) })),
  phases: z.object({ answers: count, with: count }).exactOptional(),
  histograms: bounded(text(HISTOGRAM), 100)
    .transform((histograms) => known(histograms, isDistributionName))
    .describe("By distribution: HdrHistogram V2, compressed, base64; values in microseconds."),
}) satisfies z.ZodType<Counts>;

const block = z.object({
  index: count,
  pair: absent(count),
  startS: seconds,
  durationS: seconds,
  ...counts.shape,
  classes: bounded(counts, 1_000)
    .transform(sorted)
    .describe("By payload class: the same of its requests alone, for classes that are gated or reported by themselves.")
    .exactOptional(),
  gauges: bounded(gauge, 1_000)
    .transform((gauges): Readonly<Partial<Record<MetricName, GaugeSummary>>> => known(gauges, isMetricName))
    .describe("By metric: telemetry samples inside the block, in the metric's base unit."),
  generator: generator.exactOptional(),
}) satisfies z.ZodType<BlockRecord>;

const request = z.object({
  block: count,
  index: count,
  atS: seconds,
  payloadClass: text(SHORT),
  traceId: z
    .string()
    .regex(/^(?!0{32})[0-9a-f]{32}$/)
    .exactOptional(),
  latencyS: seconds.exactOptional(),
  serviceS: seconds.exactOptional(),
  firstByteS: seconds.exactOptional(),
  ttftS: seconds.exactOptional(),
  status: z.int().min(0).max(999).exactOptional(),
  attempts: count.exactOptional(),
  result: z.enum(["ok", ...FAILURE_KINDS]),
  detail: text(SHORT).exactOptional(),
}) satisfies z.ZodType<RequestRecord>;

/** Far more than tailgate keeps. */
const REQUESTS = 1_000;

const arm = z.object({
  warmUp: z.object({
    durationS: seconds,
    offered: count,
    ok: count,
    firstRequestS: absent(seconds),
    firstSuccessS: absent(seconds),
    steadyS: absent(seconds),
    steady: absent(z.boolean()),
  }),
  blocks: z.array(block).max(100_000).describe("Ascending in time."),
  examples: byFailureKind(text(SHORT)).describe("The first failure seen of each kind, redacted."),
  slowest: z.array(request).max(REQUESTS).exactOptional().describe("The slowest requests, slowest first."),
  failed: z.array(request).max(REQUESTS).exactOptional().describe("The first failed request of each kind, by time."),
}) satisfies z.ZodType<ArmRecord>;

const load = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("open"), ratePerS: seconds, arrivals: text(SHORT), durationS: seconds, shape: text(SHORT).exactOptional() }),
  z.object({ kind: z.literal("closed"), concurrency: count, durationS: seconds, shape: text(SHORT).exactOptional() }),
]);

const looks = z
  .object({
    passes: z.array(z.int().positive()).min(1).max(64).describe("Passes over the load at each look at the evidence, ascending."),
    most: z.int().positive().max(1_000).describe("Most passes that this scenario could have had, if the others had left it the time."),
    stopped: z.enum(STOP_REASONS).exactOptional(),
  })
  .refine(
    ({ passes, most }) => passes.every((pass, i) => pass > (passes[i - 1] ?? 0) && pass <= most),
    "expected ascending passes up to most",
  ) satisfies z.ZodType<LooksRecord>;

const scenario = z.object({
  name: text(SHORT),
  digest: text(SHORT).exactOptional().describe("Of what this scenario sends, whatever the others of its suite do."),
  load,
  arms: z.object({ base: arm.exactOptional(), head: arm.exactOptional() }),
  looks: looks.exactOptional(),
}) satisfies z.ZodType<ScenarioRecord>;

/** One line of a run's journal: see `journal.ts`. */
export const JOURNAL_LINE = z.object({ scenario: text(SHORT), load, arm: z.enum(["base", "head"]), part: arm });

const accepted = z.object({
  metric: text(SHORT),
  scenario: text(SHORT).exactOptional(),
  of: z.literal("limit").exactOptional(),
  largest: z.number(),
  by: text(SHORT),
  reason: text(SHORT),
  pull: z.int().positive(),
  until: z.iso.date().exactOptional(),
}) satisfies z.ZodType<AcceptedChange>;

const provenance = z.object({
  repository: text(SHORT).exactOptional(),
  repositoryId: text(SHORT).exactOptional(),
  commit: text(SHORT).exactOptional(),
  baseCommit: text(SHORT).exactOptional(),
  ref: text(SHORT).exactOptional(),
  event: text(SHORT).exactOptional(),
  workflow: text(SHORT).exactOptional(),
  runId: text(SHORT).exactOptional(),
  runAttempt: text(SHORT).exactOptional(),
  accepted: z.array(accepted).min(1).max(1_000).exactOptional(),
});

const problem = z.object({
  severity: z.enum(["invalid", "warning"]),
  code: text(SHORT),
  message: text(LONG),
  headline: text(SHORT).exactOptional(),
  scenario: text(SHORT).exactOptional(),
  arm: z.enum(["base", "head"]).exactOptional(),
});

const calibration = z.object({
  ratePerS: seconds,
  requests: count,
  releaseP50S: z.number(),
  releaseP99S: z.number(),
  biasP50S: z.number(),
  biasP99S: z.number(),
}) satisfies z.ZodType<Calibration>;

const shard = z
  .object({
    index: z.int().positive().max(100),
    of: z.int().positive().max(100),
    startAt: z.iso.datetime().exactOptional(),
    endpoints: text(SHORT),
  })
  .refine(({ index, of }) => index <= of, "expected an index up to of") satisfies z.ZodType<ShardRecord>;

/** The stored shape of a {@link RunRecord}: what the reader accepts, and the order in which the writer writes it. */
export const STORED_RECORD = z
  .object({
    schema: z.literal(RUN_RECORD_SCHEMA),
    tool: text(SHORT),
    suite: z.object({ name: text(SHORT), digest: text(SHORT), seed: z.int() }),
    provenance,
    environment: bounded(text(LONG), 1_000).transform(sorted),
    startedAt: z.iso.datetime(),
    finishedAt: z.iso.datetime(),
    status: z.enum(["complete", "cancelled", "aborted"]),
    problems: z.array(problem).max(10_000),
    identity: absent(z.object({ path: text(SHORT), expected: text(SHORT), observed: text(LONG), matches: z.boolean() })),
    calibration: calibration.exactOptional(),
    shard: shard.exactOptional().describe("Which part of a load this is; absent in a record of the whole load."),
    scenarios: z.array(scenario).max(1_000),
  })
  .meta({
    title: "tailgate run record",
    description: "The stored result of one run. Times in seconds, sizes in bytes, ratios in [0, 1].",
  }) satisfies z.ZodType<RunRecord>;
