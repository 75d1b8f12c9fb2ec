import { exactMannWhitney } from "./exact-mann-whitney.ts";
import { type Rival, worstOf } from "./rival.ts";

const ALPHA = 0.05;

/** benchstat: exact Mann–Whitney over whole runs, one value a run, each metric at 5 %. It advises ten runs and more. */
export const benchstat = (runs: number): Rival => ({
  name: `benchstat ${runs} v ${runs}`,
  about: `any percentile of ${runs} head runs against ${runs} stored ones, exact Mann–Whitney at 5 %, slower only`,
  score: ({ heads, bases }) =>
    worstOf(heads.slice(0, runs), bases.slice(-runs), (head, base) => {
      const { u, p } = exactMannWhitney(head, base);
      return u > (head.length * base.length) / 2 ? -Math.log10(p) : Number.NEGATIVE_INFINITY;
    }),
  threshold: -Math.log10(ALPHA),
  runs,
});
