import type { Delta } from "../compare/comparison.ts";
import { type Count, countOf, type GateTrial } from "./trials.ts";

/** How well the printed interval and its standard error fit comparisons whose true change is zero. */
export type Coverage = {
  /** Comparisons whose printed interval holds zero; the nominal share is 90 %. */
  readonly coverage: Count;
  /** Spread of the estimates ÷ spread that the intervals claim, without what is added for deployments. 1 is right, more is too narrow. */
  readonly errorRatio: number | undefined;
};

/**
 * @param trials of one gate, all with a true change of zero.
 * @param lastingError what the interval holds on top for deployments, on the working scale, which one endpoint does not show.
 * @param t quantile of Student's distribution behind the printed interval.
 * @returns undefined where no comparison had an interval.
 */
export function coverageOf(trials: readonly (GateTrial | undefined)[], lastingError: number, t: number): Coverage | undefined {
  const deltas = trials.flatMap((trial) => (trial?.comparison.delta === undefined ? [] : [trial.comparison.delta]));
  const seen = deltas.flatMap((delta) => {
    const change = workingChange(delta);
    return change === undefined ? [] : [change];
  });
  if (seen.length === 0) return undefined;
  const covered = seen.filter(({ low, high }) => (low ?? Number.NEGATIVE_INFINITY) <= 0 && (high ?? Number.POSITIVE_INFINITY) >= 0);
  const square = (values: readonly number[]): number => values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
  const claimed = seen.flatMap(({ estimate, low, high }) => {
    const sides = [low === undefined ? [] : [estimate - low], high === undefined ? [] : [high - estimate]].flat();
    if (sides.length === 0) return [];
    const half = sides.reduce((sum, side) => sum + side, 0) / sides.length / t;
    return [Math.sqrt(Math.max(0, half ** 2 - lastingError ** 2))];
  });
  const [realised, predicted] = [square(seen.map(({ estimate }) => estimate)), square(claimed)];
  return {
    coverage: countOf(covered.length, seen.length),
    errorRatio: claimed.length > 0 && predicted > 0 ? Math.sqrt(realised / predicted) : undefined,
  };
}

type WorkingChange = { readonly estimate: number; readonly low: number | undefined; readonly high: number | undefined };

/** A change on the scale on which its errors are about symmetric. */
export function workingChange({ scale, relative, low, high, absolute, absoluteLow, absoluteHigh }: Delta): WorkingChange | undefined {
  if (scale === "difference") return { estimate: absolute, low: absoluteLow, high: absoluteHigh };
  const log = (x: number | undefined) => (x === undefined || x <= -1 ? undefined : Math.log1p(x));
  const estimate = log(relative);
  return estimate === undefined ? undefined : { estimate, low: log(low), high: log(high) };
}
