import { benchstat } from "./benchstat.ts";
import { fixedP99, previousRatio } from "./fixed-ratio.ts";
import { kayentaConcurrent, kayentaStored, kayentaTolerant } from "./kayenta.ts";
import { pooledMannWhitney } from "./pooled-mann-whitney.ts";
import { bencher } from "./prediction-limit.ts";
import type { Rival } from "./rival.ts";

export const RIVALS: readonly Rival[] = [
  fixedP99(5),
  fixedP99(10),
  previousRatio(2),
  previousRatio(1.1),
  bencher,
  benchstat(10),
  benchstat(5),
  kayentaStored,
  kayentaConcurrent,
  kayentaTolerant,
  pooledMannWhitney,
];

/** Runs of either side that the rivals need. */
export const RIVAL_RUNS = { bases: 20, heads: 10 } as const;
