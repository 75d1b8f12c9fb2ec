import { PERCENTILES, type Rival, type RunSummary, worstOf } from "./rival.ts";

/** "Fail if p99 got more than this much slower than in the previous run", the rule that people write first. */
export const fixedP99 = (percent: number): Rival => ({
  name: `p99 > +${percent} %`,
  about: `p99 of one head run against the previous run of the default branch, any scenario ${percent} % slower`,
  score: ({ heads, bases }) => worstP99(heads[0]!, bases.at(-1)!),
  threshold: 1 + percent / 100,
  runs: 1,
});

/** github-action-benchmark: any value at more than `ratio` times the previous one. Its default is 200 %. */
export const previousRatio = (ratio: number): Rival => ({
  name: `github-action-benchmark ${Math.round(100 * ratio)} %`,
  about: `any percentile of one head run at more than ${Math.round(100 * ratio)} % of the previous run's`,
  score: ({ heads, bases }) => worstOf(heads.slice(0, 1), bases.slice(-1), ([head], [base]) => head! / base!),
  threshold: ratio,
  runs: 1,
});

const P99 = PERCENTILES.indexOf(0.99);

const worstP99 = (head: RunSummary, base: RunSummary): number =>
  Math.max(...head.map(({ percentiles }, i) => percentiles[P99]! / base[i]!.percentiles[P99]!));
