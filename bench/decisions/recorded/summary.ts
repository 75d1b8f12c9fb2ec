import { betaQuantile } from "../../../src/core/stats/distributions.ts";
import type { Result } from "./result.ts";

export type Count = {
  readonly evidence: "live" | "stored";
  readonly kind: "A/A" | "A/B";
  /** Passes that an undecided comparison might take. */
  readonly budget: number;
  /** Comparisons that were judged; `invalid` ones come on top. */
  readonly judged: number;
  readonly fail: number;
  readonly pass: number;
  readonly inconclusive: number;
  readonly invalid: number;
  /** Of the share that failed: Clopper–Pearson, 95 % two-sided. Too narrow for comparisons that share runs (`stored`). */
  readonly failLow: number;
  readonly failHigh: number;
  /** The same runs judged by others, where they were: how many fail. */
  readonly rivals: Readonly<Record<string, { readonly judged: number; readonly fail: number }>>;
};

/** Counts by evidence, kind and budget, in this order; those that nothing was compared for are left out. */
export function summarise(results: readonly Result[]): readonly Count[] {
  const budgets = [...new Set(results.map(({ budget }) => budget))].toSorted((a, b) => a - b);
  const groups = (["live", "stored"] as const).flatMap((evidence) =>
    (["A/A", "A/B"] as const).flatMap((kind) => budgets.map((budget) => ({ evidence, kind, budget }))),
  );
  return groups.flatMap(({ evidence, kind, budget }) => {
    // An attempt whose servers did not start has no evidence; all attempts are live ones.
    const all = results.filter(
      (result) => result.kind === kind && result.budget === budget && (result.dependent === true ? "stored" : "live") === evidence,
    );
    if (all.length === 0) return [];
    const countOf = (word: Result["verdict"]) => all.filter(({ verdict }) => verdict === word).length;
    const [fail, invalid] = [countOf("fail"), countOf("invalid")];
    const judged = all.length - invalid;
    const { low: failLow, high: failHigh } = shareBetween(fail, judged);
    const counts = { judged, fail, pass: countOf("pass"), inconclusive: countOf("inconclusive"), invalid, failLow, failHigh };
    return [{ evidence, kind, budget, ...counts, rivals: rivalsOf(all) }];
  });
}

/**
 * Clopper–Pearson interval of a share at 95 %, two-sided.
 *
 * @returns [0, 1] for no trials.
 *
 * Source: Clopper & Pearson (1934), Biometrika 26(4).
 */
export function shareBetween(part: number, whole: number): { readonly low: number; readonly high: number } {
  if (whole === 0) return { low: 0, high: 1 };
  return {
    low: part === 0 ? 0 : betaQuantile(0.025, part, whole - part + 1),
    high: part === whole ? 1 : betaQuantile(0.975, part + 1, whole - part),
  };
}

function rivalsOf(results: readonly Result[]): Count["rivals"] {
  const judged = results.filter(({ verdict }) => verdict !== "invalid");
  const names = [...new Set(judged.flatMap(({ rivals }) => Object.keys(rivals ?? {})))];
  return Object.fromEntries(
    names.map((name) => {
      const words = judged.flatMap(({ rivals }) => rivals?.[name] ?? []);
      return [name, { judged: words.length, fail: words.filter((word) => word === "fail").length }];
    }),
  );
}
