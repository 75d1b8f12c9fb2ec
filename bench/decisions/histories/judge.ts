import type { Baseline, Candidate } from "../../../src/core/compare/baseline.ts";
import { compareRuns } from "../../../src/core/compare/compare.ts";
import { concludeShift } from "../../../src/core/compare/conclude.ts";
import { openLevels } from "../../../src/core/compare/levels.ts";
import { betweenRunDeviation } from "../../../src/core/compare/priors.ts";
import { isKnown, runValue } from "../../../src/core/compare/run-value.ts";
import { scenarioData } from "../../../src/core/compare/scenario-data.ts";
import { decide } from "../../../src/core/decide/decide.ts";
import { isRegression } from "../../../src/core/decide/grounds.ts";
import type { Verdict, VerdictWord } from "../../../src/core/decide/verdict.ts";
import { blockBins } from "../../../src/core/record/block-bins.ts";
import type { RunRecord } from "../../../src/core/record/run-record.ts";
import { compareWithRuns } from "../../../src/core/stats/between-runs.ts";
import { symmetricSpread } from "../../../src/core/stats/shift.ts";
import type { Suite } from "../../../src/core/suite/suite.ts";
import { makeSuite } from "../../../test/core/compare/records.ts";
import { CHANGED } from "../simulator/world.ts";
import type { Endpoint } from "./endpoint.ts";

/** One gate at 10 %, everything else as built in. */
export const suiteFor = ({ metric }: Endpoint): Suite =>
  makeSuite({ scenarios: [CHANGED], gates: [{ metric, regression: 0.1, floor: undefined, limit: undefined }] });

/** The product's verdict on head runs of one commit. */
export function judgeOurs(suite: Suite, runs: readonly Candidate[], heads: readonly RunRecord[]): Verdict {
  const baseline: Baseline = { kind: "stored", runs, refused: [] };
  const { comparisons, evidence } = compareRuns({ suite, heads, baseline, only: "gated" });
  return decide({ suite, comparisons, evidence, baseline, problems: [] });
}

/**
 * The rule without a history: all stored runs are one sample, their mean is the base and their variance the noise, at the
 * same levels and with the same prior. Of several head runs two must be worse by the margin each, as in the product.
 */
export function judgePooled(suite: Suite, runs: readonly Candidate[], heads: readonly RunRecord[]): VerdictWord {
  const gate = suite.scenarios[0]!.gates[0]!;
  const data = scenarioData({ name: CHANGED }, { heads, baseline: { kind: "stored", runs, refused: [] }, policy: suite.decision });
  if (data?.against.kind !== "runs") throw new Error("the study has stored runs and a head");
  const valuesOf = (blocks: readonly (typeof data.heads)[number][]) =>
    blocks.map((run) => runValue(gate.metric, run, "log", blockBins)).filter(isKnown);
  const [base, head] = [valuesOf(data.against.bases), valuesOf(data.heads)];
  const worsening = (of: typeof head) => {
    const { estimate, standardError, df } = compareWithRuns(base, of, betweenRunDeviation(gate.metric, data.load));
    const [from, to] = [base.reduce((sum, { value }) => sum + value, 0) / base.length].flatMap((log) => [log, log + estimate]) as [
      number,
      number,
    ];
    const arm = (log: number) => ({ value: Math.exp(log), low: undefined, high: undefined, n: 1 });
    const shift = { scale: "log", base: arm(from), head: arm(to), estimate, spread: symmetricSpread(standardError, df) } as const;
    return concludeShift(gate.metric, { ...shift, lastingError: undefined, obstacles: [] }, gate, openLevels(suite.decision, 1)(data));
  };
  const together = worsening(head);
  const beyond = head.filter((run) => (worsening([run]).worse ?? 0) >= 0.1).length;
  if (isRegression(together)) return head.length > 1 && beyond < 2 ? "inconclusive" : "fail";
  return together.worseHigh !== undefined && together.worseHigh < 0.1 ? "pass" : "inconclusive";
}
