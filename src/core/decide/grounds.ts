import type { Comparison } from "../compare/comparison.ts";

/**
 * Did the regression part of the gate fail: worse by at least the margin, and worse beyond chance? Asked of what was
 * measured, and of what the self-test planted.
 */
export const isRegression = ({ worse, worseLow, margin }: Pick<Comparison, "worse" | "worseLow" | "margin">): boolean =>
  worse !== undefined && worseLow !== undefined && margin !== undefined && worse >= margin && worseLow > 0;

/** Could a change as large as the margin not be ruled out? A gate that passes all the same does so by the suite's policy. */
export const isCoarse = ({ worseHigh, margin }: Comparison): boolean =>
  margin !== undefined && worseHigh !== undefined && worseHigh >= margin;
