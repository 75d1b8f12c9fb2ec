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
    gauges: { ...promptGauges(counts.prompt), ...(sampled === undefined ? {} : gaugesOfAll(sampled, counts.ok, counts.tokens?.output)) },
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
  const phases = parts.flatMap((part) => part.phases ?? []);
  const ok = sum(parts, (part) => part.ok);
  const good = foldGood(parts);
  return {
    offered: sum(parts, ({ offered }) => offered),
    ok,
    failures: Object.fromEntries(
      FAILURE_KINDS.flatMap((kind) => {
        const count = sum(parts, ({ failures }) => failures[kind] ?? 0);
        return count === 0 ? [] : [[kind, count]];
      }),
    ),
    ...added(parts, "attempts"),
    ...added(parts, "labelled"),
    ...added(parts, "prompt"),
    ...added(parts, "compared"),
    ...(good === undefined ? {} : { good }),
    ...added(parts, "bodies"),
    ...added(parts, "sessions"),
    ...added(parts, "drained"),
    tokens: foldTokens(parts.flatMap(({ tokens }) => tokens ?? [])),
    // A part without phases had answers all the same.
    ...(phases.length === 0 ? {} : { phases: { answers: ok, with: sum(phases, (part) => part.with) } }),
    histograms: Object.fromEntries(
      DISTRIBUTIONS.flatMap((name) => {
        // Where a part had no reasoning, its first token was its first output.
        const isKept = parts.some(({ histograms }) => histograms[name] !== undefined);
        const encoded = parts.flatMap(
          ({ histograms }) => histograms[name] ?? (name === "ttfo" && isKept ? histograms.ttft : undefined) ?? [],
        );
        return encoded.length === 0 ? [] : [[name, mergeEncoded(encoded)]];
      }),
    ),
  };
}

/** Answers within limits that differ cannot be added. */
function foldGood(parts: readonly Counts[]): Counts["good"] {
  const within = parts[0]?.good?.within;
  if (within === undefined || parts.some(({ good }) => good?.within !== within)) return undefined;
  return { answers: sum(parts, ({ good }) => good?.answers ?? 0), within };
}

/** Counts that a part has only where there was something to count, added up key by key; nothing where no part has them. */
function added<N extends "attempts" | "labelled" | "prompt" | "compared" | "bodies" | "sessions" | "drained">(
  parts: readonly Counts[],
  name: N,
): Partial<Pick<Counts, N>> {
  const own: readonly Readonly<Record<string, number>>[] = parts.flatMap((part) => part[name] ?? []);
  const [first] = own;
  if (first === undefined) return {};
  return { [name]: Object.fromEntries(Object.keys(first).map((key) => [key, sum(own, (counts) => counts[key]!)])) } as Partial<
    Pick<Counts, N>
  >;
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

/** The energy of all GPUs was divided by the answers and tokens that the sampling shard had; it was drawn for those of all shards. */
function gaugesOfAll({ gauges, ok: own, tokens }: BlockRecord, ok: number, output: number | undefined): BlockRecord["gauges"] {
  const shares: readonly (readonly [MetricName, own: number | undefined, all: number | undefined])[] = [
    ["gpu.energy_per_request", own, ok],
    ["gpu.energy_per_1k_tokens", tokens?.output, output],
  ];
  return shares.reduce((all, [name, part, whole]) => {
    const { [name]: energy, ...others } = all;
    return energy === undefined ? all : part && whole ? { ...others, [name]: scaled(energy, part / whole) } : others;
  }, gauges);
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
