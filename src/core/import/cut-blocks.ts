import type { DistributionName } from "../metric.ts";
import { Distribution } from "../record/distribution.ts";
import type { FailureKind } from "../record/outcome.ts";
import type { ArmRecord, BlockRecord } from "../record/run-record.ts";
import type { Scenario } from "../suite/suite.ts";
import type { Sample } from "./read-samples.ts";

/** As many blocks as a comparison needs to see a spread within the run; shorter blocks are the lesser evil. */
const WANTED_BLOCKS = 4;
const SHORTEST_S = 1;
const FEWEST_REQUESTS = 25;

/**
 * Cuts one run into blocks of evidence. A block ends at the first start that finds it as long and as full as
 * `least` demands; what is left over at the end joins the last block. If that makes fewer than four blocks, the run is
 * cut into four (or three, or two) of equal length instead, if each is at least 1 s long and holds 25 requests.
 *
 * The run lasts from the first start to one mean gap beyond the last, so that requests per second are not overstated.
 *
 * @param samples ascending in time, at least one.
 */
export function cutBlocks(
  samples: readonly Sample[],
  least: Scenario["block"],
): { readonly blocks: readonly BlockRecord[]; readonly examples: ArmRecord["examples"] } {
  const startMs = samples[0]!.atMs;
  const spanMs = samples.at(-1)!.atMs - startMs;
  // One request, or several at one moment: the longest latency is the only stretch of time there is.
  const longestMs = samples.reduce((longest, { latencyMs = 0 }) => Math.max(longest, latencyMs), 1);
  const durationMs = spanMs > 0 ? (spanMs * samples.length) / (samples.length - 1) : longestMs;
  const cuts = chooseCuts(samples, durationMs, least);
  const blocks = cuts.map((cut, index): BlockRecord => {
    const next = cuts[index + 1];
    const block = samples.slice(cut.from, next?.from);
    return fold(block, index, (cut.atMs - startMs) / 1000, ((next?.atMs ?? startMs + durationMs) - cut.atMs) / 1000);
  });
  return { blocks, examples: firstExamples(samples) };
}

/** Where a block begins: its first sample, and the time that belongs to it. */
type Cut = { readonly from: number; readonly atMs: number };

function chooseCuts(samples: readonly Sample[], durationMs: number, least: Scenario["block"]): readonly Cut[] {
  const full = fullBlocks(samples, least);
  for (let count = WANTED_BLOCKS; count > full.length; count--) {
    const equal = equalBlocks(samples, durationMs / count, count);
    const smallest = Math.min(...equal.map(({ from }, index) => (equal[index + 1]?.from ?? samples.length) - from));
    if (durationMs / count >= SHORTEST_S * 1000 && smallest >= FEWEST_REQUESTS) return equal;
  }
  return full;
}

function fullBlocks(samples: readonly Sample[], { durationS, requests }: Scenario["block"]): readonly Cut[] {
  const cuts: Cut[] = [{ from: 0, atMs: samples[0]!.atMs }];
  samples.forEach(({ atMs }, index) => {
    const open = cuts.at(-1)!;
    if (atMs - open.atMs >= durationS * 1000 && index - open.from >= requests) cuts.push({ from: index, atMs });
  });
  const last = cuts.at(-1)!;
  // The last block is whole if the next start would have ended it; the mean gap stands for that start.
  const gapMs = (samples.at(-1)!.atMs - samples[0]!.atMs) / Math.max(samples.length - 1, 1);
  const whole = samples.at(-1)!.atMs + gapMs - last.atMs >= durationS * 1000 && samples.length - last.from >= requests;
  return whole || cuts.length === 1 ? cuts : cuts.slice(0, -1);
}

function equalBlocks(samples: readonly Sample[], lengthMs: number, count: number): readonly Cut[] {
  const startMs = samples[0]!.atMs;
  return Array.from({ length: count }, (_, index): Cut => {
    const atMs = startMs + index * lengthMs;
    const from = samples.findIndex((sample) => sample.atMs >= atMs);
    return { from: from < 0 ? samples.length : from, atMs };
  });
}

function fold(samples: readonly Sample[], index: number, startS: number, durationS: number): BlockRecord {
  const distributions = { latency: new Distribution(), ttft: new Distribution(), tpot: new Distribution() };
  const failures: Partial<Record<FailureKind, number>> = {};
  let ok = 0;
  let output = 0;
  let counted = false;
  for (const { latencyMs, failure, ttftMs, tokens } of samples) {
    if (latencyMs !== undefined) distributions.latency.recordNs(nanoseconds(latencyMs));
    if (failure !== undefined) {
      failures[failure.kind] = (failures[failure.kind] ?? 0) + 1;
      continue;
    }
    ok += 1;
    if (ttftMs !== undefined) distributions.ttft.recordNs(nanoseconds(ttftMs));
    if (tokens === undefined) continue;
    counted = true;
    output += tokens;
    if (tokens > 1 && ttftMs !== undefined && latencyMs !== undefined)
      distributions.tpot.recordNs(nanoseconds((latencyMs - ttftMs) / (tokens - 1)));
  }
  const filled = Object.entries(distributions).filter(([, distribution]) => distribution.count > 0);
  return {
    index,
    pair: undefined,
    startS,
    durationS,
    offered: samples.length,
    ok,
    failures,
    tokens: counted ? { output, from: "usage" } : undefined,
    histograms: Object.fromEntries(
      filled.map(([name, distribution]): [DistributionName, string] => [name as DistributionName, distribution.encode()]),
    ),
    gauges: {},
  };
}

/** Rounded, since 20.001 ms are 20000999.999… ns and the recorder keeps whole microseconds. */
const nanoseconds = (ms: number): number => Math.round(ms * 1e6);

function firstExamples(samples: readonly Sample[]): ArmRecord["examples"] {
  const examples: Partial<Record<FailureKind, string>> = {};
  for (const { failure } of samples) if (failure !== undefined) examples[failure.kind] ??= failure.word.slice(0, 200);
  return examples;
}
