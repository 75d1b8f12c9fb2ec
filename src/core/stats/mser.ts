import { mean } from "simple-statistics";

/**
 * How many values at the start of a series belong to its initial transient: the number whose removal leaves a mean with
 * the smallest marginal standard error, Σ (x − mean)² / (values left)². Dropping biased values lowers the sum, dropping
 * good ones only the number left, so that the minimum stands where the bias has become as small as the noise.
 *
 * Values are averaged in batches first (MSER-5), which takes out most of the noise and the dependence between neighbours;
 * what does not fill a batch at the end is left out. Of several equal minima the first counts.
 *
 * @param options.batch values a batch, ≥ 1; 5 unless said otherwise.
 * @param options.leastDeviation noise that batches are taken to have besides their own, in the unit of the values: a bias
 *   that is small against it is not worth dropping values for. 0 unless said otherwise, as published.
 * @returns a whole number of batches, in values; undefined for "not enough data": fewer than {@link FEWEST_BATCHES}
 *   batches, or a minimum in the second half, where the series has not been long enough in the state it ends in. O(n).
 *
 * Sources: White (1997), An effective truncation heuristic for bias reduction in simulation output, Simulation 69(6);
 * White, Cobb & Spratt (2000), A comparison of five steady-state truncation heuristics for simulation, WSC. The last
 * points are no candidates, because so few values agree by chance: Hoad, Robinson & Davies (2010), Automating warm-up
 * length estimation, J. Oper. Res. Soc. 61(9).
 */
export function mserTruncation(
  values: readonly number[],
  { batch = 5, leastDeviation = 0 }: { readonly batch?: number; readonly leastDeviation?: number } = {},
): number | undefined {
  const batches = Array.from({ length: Math.floor(values.length / batch) }, (_, i) => mean(values.slice(i * batch, (i + 1) * batch)));
  if (batches.length < FEWEST_BATCHES) return undefined;
  const candidates = marginalErrors(batches, leastDeviation).slice(0, batches.length - LAST_BATCHES + 1);
  const dropped = candidates.indexOf(Math.min(...candidates));
  return dropped > batches.length / 2 ? undefined : dropped * batch;
}

/** With fewer, every truncation point of the first half would be a candidate anyway. */
const FEWEST_BATCHES = 10;
/** So many are left at least. */
const LAST_BATCHES = 5;

/**
 * The squared marginal standard error of what is left after dropping the first 0, 1, … values. From the end, by Welford's
 * recurrence: a tail of equal values has exactly 0.
 */
function marginalErrors(values: readonly number[], leastDeviation: number): readonly number[] {
  const errors: number[] = Array.from(values);
  let center = 0;
  let squares = 0;
  for (let dropped = values.length - 1; dropped >= 0; dropped--) {
    const left = values.length - dropped;
    const distance = values[dropped]! - center;
    center += distance / left;
    squares += distance * (values[dropped]! - center);
    errors[dropped] = squares / left ** 2 + leastDeviation ** 2 / left;
  }
  return errors;
}
