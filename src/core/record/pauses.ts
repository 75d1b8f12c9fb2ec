import { formatPercent, formatQuantity } from "../decide/quantity.ts";
import type { DistributionName } from "../metric.ts";
import type { Arm } from "../plan/plan.ts";
import { quantileOf } from "../stats/quantile.ts";
import { mergedBins } from "./block-bins.ts";
import type { ArmRecord, BlockRecord, GeneratorRecord, Problem, RecordedLoad } from "./run-record.ts";

/** Arrivals in paused seconds: from this share on they can make the 99th percentile, */
const NOTABLE = { share: 0.01, ofTail: 0.05, seconds: 1 };
/** and from here on no percentile is known to come from undisturbed time. A few marked seconds of a short run say too little. */
const SPOILING = { share: 0.5, ofTail: 0.5, seconds: 5 };
/** Share of the processors that other machines took, from which on it is named. */
const STEAL = 0.05;
const BUSY = 0.9;
/** A closed loop goes as fast as it is answered, or as fast as we can send: utilization of the sending thread. */
const SATURATING = 0.75;
const SATURATED = 0.9;

/**
 * What pauses of our own did to an arm, by the seconds that they are marked in:
 *
 * - `generator-paused`: a warning where more than 1 % of the arrivals lie in paused seconds and the longest pause is more
 *   than 5 % of the shortest of the 99th percentiles (latency, first token, gap between tokens); invalid where both are
 *   more than one half, in at least five paused seconds.
 * - `generator-saturated`, closed loop only: a warning where the sending thread was busy for more than 75 % of the time,
 *   invalid above 90 %: the throughput is then ours.
 *
 * Nothing is known, and no problem, in records without readings.
 */
export function pauseProblems(load: RecordedLoad, arm: Arm, { blocks }: ArmRecord): readonly Problem[] {
  const watched = blocks.filter((block): block is Watched => block.generator !== undefined);
  if (watched.length === 0) return [];
  return [...pausedProblems(arm, watched), ...(load.kind === "closed" ? saturationProblems(arm, watched) : [])];
}

/** What other machines took from this one meanwhile, to be added to a finding; empty where it was little or is not known. */
export function stealText(blocks: readonly BlockRecord[]): string {
  const known = blocks.flatMap(({ generator }) => (generator?.stealRatio === undefined ? [] : [generator.stealRatio]));
  const mean = sum(known) / known.length;
  return mean >= STEAL ? `; other machines took ${formatPercent(mean)} of this one's processor time meanwhile (steal)` : "";
}

type Watched = BlockRecord & { readonly generator: GeneratorRecord };

function pausedProblems(arm: Arm, blocks: readonly Watched[]): readonly Problem[] {
  const arrivals = sum(blocks.map(({ offered }) => offered));
  const [paused, looked] = [
    sum(blocks.map(({ generator }) => generator.pausedSeconds)),
    sum(blocks.map(({ generator }) => generator.seconds)),
  ];
  const share = sum(blocks.map(({ generator }) => generator.pausedArrivals)) / arrivals;
  const worst = blocks.reduce((most, block) => (block.generator.pauseMaxS > most.generator.pauseMaxS ? block : most));
  const longestS = worst.generator.pauseMaxS;
  const tailS = shortestTailS(blocks);
  const beyond = (limit: typeof NOTABLE) => paused >= limit.seconds && share > limit.share && longestS > limit.ofTail * tailS;
  if (!beyond(NOTABLE)) return [];
  const finding = `this machine paused in ${paused} of ${looked} s, and ${formatPercent(share)} of the requests to the ${arm} endpoint were due in those seconds; the longest pause, ${seconds(longestS)}, was in block ${worst.index + 1}, which began ${Math.round(worst.startS)} s into the run: ${causeOf(worst.generator)}`;
  const spoiled = beyond(SPOILING);
  const meaning = spoiled
    ? "no percentile is known to come from undisturbed time; use a runner with more free cores, or move the load away from the endpoint's machine"
    : "what a pause holds up is sent at once afterwards, which the endpoint feels too";
  return [{ severity: spoiled ? "invalid" : "warning", code: "generator-paused", message: `${finding}; ${meaning}` }];
}

/** The smallest of the percentiles that a pause can move, in seconds: what is short is moved first. */
function shortestTailS(blocks: readonly BlockRecord[]): number {
  const tails = (["latency", "ttft", "itl"] satisfies DistributionName[]).flatMap((name) => {
    return quantileOf(mergedBins(blocks, name), 0.99) ?? [];
  });
  return tails.length === 0 ? 0 : Math.min(...tails);
}

/** The likely cause of the longest pause of a block, by what was as long as half of it. */
function causeOf({ pauseMaxS, loopDelayMaxS, gcMaxS, stealRatio, machineBusyRatio }: GeneratorRecord): string {
  if (stealRatio !== undefined && stealRatio >= STEAL) {
    return `other machines took ${formatPercent(stealRatio)} of its processor time (steal)`;
  }
  if (gcMaxS >= pauseMaxS / 2) return `the load generator collected garbage for ${seconds(gcMaxS)} within a second`;
  const busy =
    machineBusyRatio !== undefined && machineBusyRatio >= BUSY ? `, with the processors ${formatPercent(machineBusyRatio)} busy` : "";
  return loopDelayMaxS >= pauseMaxS / 2
    ? `one turn of the load generator's event loop took ${seconds(loopDelayMaxS)}${busy}`
    : `the load generator's threads were not given a processor in time${busy}`;
}

function saturationProblems(arm: Arm, blocks: readonly Watched[]): readonly Problem[] {
  const looked = sum(blocks.map(({ generator }) => generator.seconds));
  const utilization = sum(blocks.map(({ generator }) => generator.utilization * generator.seconds)) / looked;
  if (utilization < SATURATING) return [];
  const achieved = sum(blocks.map(({ offered }) => offered)) / sum(blocks.map(({ durationS }) => durationS));
  const rate = (value: number) => formatQuantity(value, "1/s");
  const finding = `the load generator was busy for ${formatPercent(utilization)} of the time: it sent ${rate(achieved)} to the ${arm} endpoint and could send about ${rate(achieved / utilization)}`;
  return utilization >= SATURATED
    ? [
        {
          severity: "invalid",
          code: "generator-saturated",
          message: `${finding}, so the throughput is its own and not the endpoint's; use fewer users or a faster runner`,
        },
      ]
    : [
        {
          severity: "warning",
          code: "generator-saturated",
          message: `${finding}; with more users, or a faster endpoint, it would set the throughput itself`,
        },
      ];
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const seconds = (value: number): string => formatQuantity(value, "s");
