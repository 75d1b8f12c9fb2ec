import type { ReportInput } from "./report-input.ts";

/**
 * Whether the head becomes a part of the baseline: it was measured where runs are stored, nothing spoiled it, and every
 * scenario was answered at least once.
 */
export function joinsBaseline({ verdict, heads, artifacts }: Pick<ReportInput, "verdict" | "heads" | "artifacts">): boolean {
  const scenarios = heads.flatMap((head) => head.scenarios);
  const isAnswered = scenarios.every(({ arms }) => arms.head?.blocks.some(({ ok }) => ok > 0) ?? false);
  return artifacts?.extendsBaseline === true && verdict.verdict !== "invalid" && scenarios.length > 0 && isAnswered;
}
