import { studentQuantile } from "./distributions.ts";

/**
 * Critical value of a one-sided test at level `alpha`, shared by `tests` tests (Bonferroni; for the one question
 * "is anything worse?" Holm's procedure is no sharper), for an estimate with `df` degrees of freedom.
 *
 * The one place that knows how often we look: with planned interim looks it will take the look's number and spend
 * alpha over them (Lan & DeMets 1983).
 *
 * @param tests ≥ 1. @param df > 0.
 */
export const criticalValue = (alpha: number, tests: number, df: number): number => studentQuantile(1 - alpha / tests, df);
