import { DISTRIBUTIONS, type MetricName } from "../metric.ts";
import { mergeEncoded } from "./distribution.ts";
import { FAILURE_KINDS } from "./outcome.ts";
import { promptGauges } from "./prompt-gauges.ts";
import type { ArmRecord, BlockRecord, Counts, GaugeSummary, GeneratorRecord, WarmUpRecord } from "./run-record.ts";
import { asFields, joined, placedAt, seenOf } from "./slowest.ts";

/** One arm of a scenario as one shard saw it. */
export type ShardArm = {
  readonly arm: ArmRecord;
  /** How long after the first of all shards this one's clock began, seconds. */
  readonly offsetS: number;
};

/**
 * The arm as one machine would have recorded that had sent all of the shards' requests: counts added, histograms merged,
 * so that every percentile is that of all requests.
 *
 * Telemetry is taken from the first shard that has any: the shards share the endpoint, and one of them samples it. Of what
 * the load generators tell about themselves the worst counts.
 *
 * @param parts at least one, in the order of the shards.
 */
export function foldArms(parts: readonly ShardArm[]): ArmRecord {
  const placed = parts.flatMap(({ arm, offsetS }) => arm.blocks.map((block) => ({ ...block, startS: offsetS + block.startS })));
  const blocks = [...Map.groupBy(placed, ({ index }) => index).values()].map(foldBlocks);
  return {
    warmUp: foldWarmUps(parts.map(({ arm }) => arm.warmUp)),
    blocks: blocks.toSorted((a, b) => a.index - b.index),
    examples: Object.assign({}, ...parts.map(({ arm }) => arm.examples).toReversed()) as ArmRecord["examples"],
    ...asFields(joined(parts.map(({ arm, offsetS }) => placedAt(seenOf(arm), offsetS)))),
  };
}

function foldBlocks(parts: readonly BlockRecord[]): BlockRecord {
  const [first] = parts;
  const { index, pair, durationS } = first!;
  const counts = foldCounts(parts);
  const classes = foldClasses(parts);
  const generators = parts.flatMap(({ generator }) => generator ?? []);
  const sampled = parts.map((part) => ({ ...part, gauges: telemetryOf(part) })).find(({ gauges }) => Object.keys(gauges).length > 0);
  return {
    index,
    pair,
    startS: Math.min(...parts.map(({ startS }) => startS)),
    durationS,
    ...counts,
    ...(classes === undefined ? {} : { classes }),
    gauges: { ...promptGauges(counts.prompt), ...(sampled === undefined ? {} : gaugesOfAll(sampled, counts.ok)) },
    ...(generators.length === 0 ? {} : { generator: foldGenerators(generators) }),
  };
}

/** A class that a shard did not keep is not known as a whole. */
function foldClasses(parts: readonly BlockRecord[]): BlockRecord["classes"] {
  const names = Object.keys(parts[0]?.classes ?? {}).filter((name) => parts.every(({ classes = {} }) => Object.hasOwn(classes, name)));
  if (names.length === 0) return undefined;
  return Object.fromEntries(names.map((name) => [name, foldCounts(parts.map(({ classes = {} }) => classes[name]!))]));
}

function foldCounts(parts: readonly Counts[]): Counts {
  const attempts = parts.flatMap((part) => part.attempts ?? []);
  const labelled = parts.flatMap((part) => part.labelled ?? []);
  const prompts = parts.flatMap((part) => part.prompt ?? []);
  const phases = parts.flatMap((part) => part.phases ?? []);
  const ok = sum(parts, (part) => part.ok);
  return {
    offered: sum(parts, ({ offered }) => offered),
    ok,
    failures: Object.fromEntries(
      FAILURE_KINDS.flatMap((kind) => {
        const count = sum(parts, ({ failures }) => failures[kind] ?? 0);
        return count === 0 ? [] : [[kind, count]];
      }),
    ),
    ...(attempts.length === 0
      ? {}
      : { attempts: { sent: sum(attempts, ({ sent }) => sent), retried: sum(attempts, ({ retried }) => retried) } }),
    ...(labelled.length === 0
      ? {}
      : { labelled: { answers: sum(labelled, ({ answers }) => answers), wrong: sum(labelled, ({ wrong }) => wrong) } }),
    ...(prompts.length === 0
      ? {}
      : { prompt: { tokens: sum(prompts, ({ tokens }) => tokens), cached: sum(prompts, ({ cached }) => cached) } }),
    tokens: foldTokens(parts.flatMap(({ tokens }) => tokens ?? [])),
    // A part without phases had answers all the same.
    ...(phases.length === 0 ? {} : { phases: { answers: ok, with: sum(phases, (part) => part.with) } }),
    histograms: Object.fromEntries(
      DISTRIBUTIONS.flatMap((name) => {
        const encoded = parts.flatMap(({ histograms }) => histograms[name] ?? []);
        return encoded.length === 0 ? [] : [[name, mergeEncoded(encoded)]];
      }),
    ),
  };
}

function foldTokens(parts: readonly NonNullable<BlockRecord["tokens"]>[]): BlockRecord["tokens"] {
  const [first] = parts;
  if (first === undefined) return undefined;
  return { output: sum(parts, ({ output }) => output), from: parts.every(({ from }) => from === first.from) ? first.from : "mixed" };
}

/** What a block has from telemetry, without what its own answers told. */
function telemetryOf({ gauges, prompt }: BlockRecord): BlockRecord["gauges"] {
  const name = "cache.hit_ratio" satisfies MetricName;
  const { [name]: ratio, ...others } = gauges;
  return ratio !== undefined && ratio.mean === promptGauges(prompt)[name]?.mean ? others : gauges;
}

/** The energy of all GPUs was divided by the answers that the sampling shard had; it was drawn for those of all shards. */
function gaugesOfAll({ gauges, ok: own }: BlockRecord, ok: number): BlockRecord["gauges"] {
  const name = "gpu.energy_per_request" satisfies MetricName;
  const energy = gauges[name];
  if (energy === undefined) return gauges;
  const { [name]: _, ...others } = gauges;
  const share = own / ok;
  return ok === 0 ? others : { ...others, [name]: scaled(energy, share) };
}

const scaled = ({ n, mean, min, max }: GaugeSummary, factor: number): GaugeSummary => ({
  n,
  mean: mean * factor,
  min: min * factor,
  max: max * factor,
});

/** Which second of which machine was bad is not stored: so many seconds were bad in which some machine may have been. */
function foldGenerators(parts: readonly GeneratorRecord[]): GeneratorRecord {
  const worst = (of: (part: GeneratorRecord) => number): number => Math.max(...parts.map(of));
  const worstKnown = (of: (part: GeneratorRecord) => number | undefined): number | undefined => {
    const known = parts.flatMap((part) => of(part) ?? []);
    return known.length === 0 ? undefined : Math.max(...known);
  };
  const seconds = worst((part) => part.seconds);
  return {
    seconds,
    pausedSeconds: Math.min(
      seconds,
      sum(parts, ({ pausedSeconds }) => pausedSeconds),
    ),
    pausedArrivals: sum(parts, ({ pausedArrivals }) => pausedArrivals),
    pauseMaxS: worst(({ pauseMaxS }) => pauseMaxS),
    loopDelayMaxS: worst(({ loopDelayMaxS }) => loopDelayMaxS),
    utilization: worst(({ utilization }) => utilization),
    gcS: worst(({ gcS }) => gcS),
    gcMaxS: worst(({ gcMaxS }) => gcMaxS),
    stealRatio: worstKnown(({ stealRatio }) => stealRatio),
    machineBusyRatio: worstKnown(({ machineBusyRatio }) => machineBusyRatio),
  };
}

/** The very first request is the first shard's: the stripes begin with it. */
function foldWarmUps(parts: readonly WarmUpRecord[]): WarmUpRecord {
  const [first] = parts;
  const successes = parts.flatMap(({ firstSuccessS }) => firstSuccessS ?? []);
  return {
    durationS: Math.max(...parts.map(({ durationS }) => durationS)),
    offered: sum(parts, ({ offered }) => offered),
    ok: sum(parts, ({ ok }) => ok),
    firstRequestS: first!.firstRequestS,
    firstSuccessS: successes.length === 0 ? undefined : Math.min(...successes),
    steadyS: undefined,
    steady: undefined,
  };
}

const sum = <T>(parts: readonly T[], of: (part: T) => number): number => parts.reduce((total, part) => total + of(part), 0);
