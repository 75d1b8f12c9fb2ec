import { mannWhitney } from "../../../src/core/stats/mann-whitney.ts";
import type { Rival } from "./rival.ts";

/** Mann–Whitney over all requests of one head run and of the previous run, as if requests were independent. */
export const pooledMannWhitney: Rival = {
  name: "pooled Mann–Whitney p < .05",
  about: "all requests of one head run against all of the previous run, one-sided, any scenario",
  score({ heads, bases }) {
    const ps = heads[0]!.map(({ bins }, i) => mannWhitney(bases.at(-1)![i]!.bins(), bins())?.p ?? 1);
    return -Math.log10(Math.max(Math.min(...ps), Number.MIN_VALUE));
  },
  threshold: -Math.log10(0.05),
  runs: 1,
};
