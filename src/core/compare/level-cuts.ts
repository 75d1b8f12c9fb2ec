import { mean } from "simple-statistics";
import type { MetricName } from "../metric.ts";
import type { AcceptedChange } from "../record/run-record.ts";
import { compareWithRuns, isContradicted, PRIOR_WEIGHT } from "../stats/between-runs.ts";
import { cutIntoLevels, noiseBetweenNeighbours } from "../stats/change-points.ts";
import { studentQuantile } from "../stats/distributions.ts";
import type { Scale } from "../stats/ratio-of-sums.ts";
import { openDeltaScale } from "./delta-scale.ts";
import { assumeKnown, type MaybeKnown } from "./run-value.ts";

/** Where a level begins, and the acceptance that announced it. */
export type Cut = { readonly from: number; readonly accepted: AcceptedChange | undefined };

/** Runs that announce a new level by carrying an acceptance, by their position in order of time. */
export type Announced = ReadonlyMap<number, AcceptedChange>;

/** How much runs differ around their level, as far as can be told before the levels are known. */
export type Noise = { readonly deviation: number; readonly df: number };

/** Runs that lie further than this many standard deviations from their neighbours are outlying: Iglewicz & Hoaglin (1993). */
export const OUTLYING = 3.5;

/** Chance of a cut in a pool whose level did not move, for noise as large as it is taken to be; split over the places of cuts. */
const FALSE_CUT = 0.01;
/** Chance of taking an acceptance for a new level where the runs stayed where they were. */
const FALSE_ACCEPTED = 0.1;

/**
 * Where the levels of a series of runs begin: a new one is believed on strong evidence, or on less where its first run
 * carries an acceptance. One that the numbers contradict announces nothing: the metric did not get worse with it, or by
 * more than was accepted and chance explains.
 *
 * @param runs in order of time, on `scale`.
 * @param input.announced positions of runs that announce a level.
 */
export function believedCuts(
  metric: MetricName,
  runs: readonly MaybeKnown[],
  { announced: given, ...input }: CutInput & { readonly announced: Announced },
): readonly Cut[] {
  const announced = new Map(given);
  for (;;) {
    const starts = cutIntoLevels(
      runs.map(({ value }) => value),
      cutRules(runs.length, input.noise, announced),
    );
    const cuts = starts.map((from): Cut => ({ from, accepted: announced.get(from) }));
    const wrong = cuts.find((cut, i) => i > 0 && !agrees(metric, runs, [cuts[i - 1]!, cut, cuts[i + 1]], input));
    if (wrong === undefined) return cuts;
    announced.delete(wrong.from);
  }
}

type CutInput = { readonly scale: Scale; readonly prior: number; readonly noise: Noise };

/**
 * Never less than what neighbours show, and blended with what was expected, so that a few lucky runs do not turn every
 * wobble into a level. A median of distances tells about half as much as a variance would.
 *
 * @param expected variance.
 */
export function noiseOf(values: readonly number[], expected: number, announced: Announced): Noise {
  const seen = (noiseBetweenNeighbours(values, new Set(announced.keys())) ?? 0) ** 2;
  const df = (values.length - 1 - announced.size) / 2;
  const believed = isContradicted(seen, Math.max(2, df), expected) ? 0 : PRIOR_WEIGHT;
  const blend = (PRIOR_WEIGHT * expected + df * seen) / (PRIOR_WEIGHT + df);
  return { deviation: Math.sqrt(Math.max(seen, blend)), df: believed + df };
}

/**
 * Positions of the runs that are the first to carry an acceptance. The oldest run has none before it to differ from.
 *
 * @param acceptedAt what each run carries, in order of time.
 */
export function announcements(acceptedAt: readonly (readonly AcceptedChange[])[]): Announced {
  const pulls = new Set<number>();
  const found = new Map<number, AcceptedChange>();
  acceptedAt.forEach((acceptances, position) => {
    for (const acceptance of acceptances) {
      if (position > 0 && !pulls.has(acceptance.pull)) found.set(position, acceptance);
      pulls.add(acceptance.pull);
    }
  });
  return found;
}

function cutRules(runs: number, { deviation, df }: Noise, announced: Announced) {
  const places = Math.max(1, runs - 3);
  const strong = Math.max(studentQuantile(1 - FALSE_CUT / 2 / places, df) ** 2, STRAY ** 2);
  const weak = studentQuantile(1 - FALSE_ACCEPTED, df) ** 2;
  return {
    noise: deviation,
    cap: OUTLYING,
    penalty: (position: number) => (announced.has(position) ? weak : strong),
    mayBeSingle: (position: number) => announced.has(position),
  };
}

/** A penalty above what a single stray value can cost: see {@link cutIntoLevels}. */
const STRAY = 1.025 * OUTLYING;

function agrees(
  metric: MetricName,
  runs: readonly MaybeKnown[],
  [before, { from, accepted }, after]: readonly [Cut, Cut, Cut | undefined],
  { scale, prior }: CutInput,
): boolean {
  if (accepted === undefined) return true;
  const [old, fresh] = [runs.slice(before.from, from).map(assumeKnown), runs.slice(from, after?.from).map(assumeKnown)];
  const level = mean(old.map(({ value }) => value));
  const { estimate, standardError, df } = compareWithRuns(old, fresh, prior);
  const { sign, working } = openDeltaScale(metric, scale, scale === "log" ? Math.exp(level) : level, estimate);
  return sign * estimate > 0 && sign * estimate - working(accepted.largest) <= studentQuantile(1 - FALSE_ACCEPTED, df) * standardError;
}
