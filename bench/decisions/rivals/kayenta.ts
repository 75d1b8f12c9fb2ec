import { mean } from "simple-statistics";
import { normalQuantile } from "../../../src/core/stats/distributions.ts";
import { PERCENTILES, type Rival, type RivalData, type RunSummary } from "./rival.ts";

/** Constants of Kayenta's judge (NetflixACAJudge-v1.0). */
const CONFIDENCE = 0.98;
const TOLERANCE = 0.25;

/**
 * Kayenta's judge on time slices: a metric is High if the 98 % interval of the Hodges–Lehmann shift lies above a quarter
 * of the shift itself and the means' ratio reaches `allowedIncrease`. Any High metric fails here (a score below 95).
 */
const kayenta = (name: string, about: string, runs: number, allowedIncrease: number, control: (data: RivalData) => Pair): Rival => ({
  name,
  about,
  score: (data) => worstIncrease(control(data)),
  threshold: allowedIncrease,
  runs,
});

type Pair = { readonly base: RunSummary; readonly head: RunSummary };
const stored = ({ heads, bases }: RivalData): Pair => ({ head: heads[0]!, base: bases.at(-1)! });
const concurrent = ({ live }: RivalData): Pair => live;

export const kayentaStored = kayenta(
  "Kayenta, stored control",
  "its defaults, time slices of one head run against those of the previous run",
  1,
  1,
  stored,
);
export const kayentaConcurrent = kayenta(
  "Kayenta, concurrent",
  "its defaults, time slices of two endpoints driven at the same time",
  2,
  1,
  concurrent,
);
export const kayentaTolerant = kayenta(
  "Kayenta, concurrent, allowedIncrease 1.1",
  "the same, and the means must differ by 10 %",
  2,
  1.1,
  concurrent,
);

/** The largest ratio of means among the metrics whose interval says High; −Infinity for none. */
function worstIncrease({ base, head }: Pair): number {
  let worst = Number.NEGATIVE_INFINITY;
  for (const [i, scenario] of head.entries()) {
    const [canaries, controls] = [scenario.slices(), base[i]!.slices()];
    for (let p = 0; p < PERCENTILES.length; p++) {
      const values = (slices: readonly (readonly number[])[]) => slices.map((slice) => slice[p]!);
      const [canary, control] = [values(canaries), values(controls)];
      const { shift, low } = hodgesLehmann(canary, control);
      if (low > TOLERANCE * Math.abs(shift)) worst = Math.max(worst, mean(canary) / mean(control));
    }
  }
  return worst;
}

/**
 * Median of all differences head − base, and the lower end of its 98 % interval: the order statistic that the normal
 * approximation of Mann–Whitney's U points at (Hodges & Lehmann 1963).
 */
export function hodgesLehmann(head: readonly number[], base: readonly number[]): { readonly shift: number; readonly low: number } {
  const [n, m] = [head.length, base.length];
  const differences = new Float64Array(n * m);
  for (let i = 0; i < n; i++) for (let k = 0; k < m; k++) differences[i * m + k] = head[i]! - base[k]!;
  differences.sort();
  const middle = (n * m - 1) / 2;
  const shift = (differences[Math.floor(middle)]! + differences[Math.ceil(middle)]!) / 2;
  const reach = normalQuantile((1 + CONFIDENCE) / 2) * Math.sqrt((n * m * (n + m + 1)) / 12);
  const rank = Math.max(0, Math.floor((n * m) / 2 - reach));
  return { shift, low: differences[rank]! };
}
