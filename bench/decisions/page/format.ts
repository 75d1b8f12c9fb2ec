import { type Count, lowerBound, type Mean, rateOf, upperBound } from "../tally.ts";

/** `0.5 %`, `12 %`; `–` for nothing. */
export function percent(share: number | null | undefined): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return "–";
  const value = 100 * share;
  return `${value === 0 || value >= 99.95 || value >= 10 ? Number(value.toFixed(1)) : Number(value.toFixed(2))} %`;
}

/** `99.3 % (98.1 to 99.8)`: the rate with its exact one-sided 95 % bounds on either side. */
export function rate(count: Count | undefined): string {
  if (count === undefined || count.n === 0) return "–";
  const [low, high] = [lowerBound(count), upperBound(count)].map((bound) => Number((100 * bound).toFixed(bound < 0.1 ? 2 : 1)));
  return `${percent(rateOf(count))} (${low} to ${high})`;
}

/** `0 of 600, below 0.5 %`. */
export const rare = (count: Count): string => `${count.k} of ${count.n}, below ${percent(upperBound(count))}`;

/** A share as a mean over pull requests, with two standard errors: `90.1 ± 0.6 %`. */
export const share = ({ mean, error }: Mean): string =>
  mean === null ? "–" : `${(100 * mean).toFixed(1)}${error === null ? "" : ` ± ${(200 * error).toFixed(1)}`} %`;

export const thousands = (requests: number | null | undefined): string =>
  requests === null || requests === undefined ? "–" : `${Number((requests / 1000).toPrecision(3))}k`;
