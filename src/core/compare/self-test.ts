import { METRICS, type MetricName } from "../metric.ts";
import type { BlockRecord, GaugeSummary } from "../record/run-record.ts";
import { scaleBins } from "../stats/scale-bins.ts";
import type { Gate } from "../suite/suite.ts";
import type { Comparison } from "./comparison.ts";
import { concludeShift } from "./conclude.ts";
import type { TestLevels } from "./levels.ts";
import type { ScenarioData } from "./scenario-data.ts";
import type { HeadOnly, Shift } from "./shift.ts";

/**
 * Would the gate have seen its margin? The head's own numbers are made worse until the head is worse than the base by
 * just the margin: its times are multiplied, answers taken away, gauges raised. Then they are compared like any others.
 * Where the noise hides the margin, or something upstream takes worse for better, no fail comes out.
 *
 * What is worse in time and in answers is said here once more on purpose, so that a wrong direction in the table of
 * metrics shows.
 *
 * @returns undefined where nothing can be planted: no regression gate, no spread, a start, a percentage of nothing.
 */
export function plantMargin(
  metric: MetricName,
  data: ScenarioData,
  { shift, gate, levels, shiftOf }: Planting,
): Comparison["planted"] | undefined {
  const { margin, worse } = concludeShift(metric, shift, gate, levels);
  if (margin === undefined || worse === undefined || shift.spread === undefined) return undefined;
  // A hair more than the margin, which would else be missed by rounding.
  const planted = margin * (1 + 1e-6);
  const change = changeFor(metric, shift, planted);
  if (change === undefined) return undefined;
  const worsened = worsen(metric, data, change);
  const again = shiftOf(metric, worsened);
  if (again.estimate === undefined) return undefined;
  const conclusion = concludeShift(metric, again, gate, levels);
  return { size: margin, worse: conclusion.worse, worseLow: conclusion.worseLow, margin: conclusion.margin };
}

export type Planting = {
  readonly shift: Shift;
  readonly gate: Gate | undefined;
  readonly levels: TestLevels;
  readonly shiftOf: (metric: MetricName, data: ScenarioData) => Shift | HeadOnly;
};

/** What has to be done to the head's values: times a factor, and plus a summand. */
type Change = { readonly times: number; readonly plus: number };

function changeFor(metric: MetricName, { base, head, estimate, scale }: Shift, planted: number): Change | undefined {
  const { measure, better } = METRICS[metric];
  const isGauge = measure.kind === "gauge";
  const worseIsMore = measure.kind === "quantile" || measure.kind === "ratio" || (isGauge && better === "lower");
  const direction = worseIsMore ? 1 : -1;
  if (measure.kind === "start") return undefined;
  if (measure.kind === "ratio" || (isGauge && measure.scale === "difference")) {
    return { times: 1, plus: direction * planted - (head.value - base.value) };
  }
  if (!(base.value > 0 && head.value > 0) || planted >= 1 / Math.max(-direction, 1e-9)) return undefined;
  const already = scale === "log" ? Math.exp(estimate) : head.value / base.value;
  return { times: (1 + direction * planted) / already, plus: 0 };
}

function worsen(metric: MetricName, data: ScenarioData, change: Change): ScenarioData {
  const { measure } = METRICS[metric];
  if (measure.kind === "quantile") {
    const isHead = new Set(data.heads.flat());
    return { ...data, read: (block, of) => (isHead.has(block) ? scaleBins(data.read(block, of), change.times) : data.read(block, of)) };
  }
  const worse = new Map(data.heads.flat().map((block) => [block, worsenBlock(metric, block, change)]));
  const { against } = data;
  return {
    ...data,
    heads: data.heads.map((blocks) => blocks.map((block) => worse.get(block)!)),
    against:
      against.kind === "pairs"
        ? { ...against, pairs: against.pairs.map(({ base, head }) => ({ base, head: worse.get(head) ?? head })) }
        : against,
  };
}

function worsenBlock(metric: MetricName, block: BlockRecord, { times, plus }: Change): BlockRecord {
  const { measure } = METRICS[metric];
  switch (measure.kind) {
    case "rate":
      return {
        ...block,
        ok: block.ok * times,
        ...(block.tokens === undefined ? {} : { tokens: { ...block.tokens, output: block.tokens.output * times } }),
      };
    case "ratio":
      return {
        ...block,
        ok: block.ok - plus * block.offered,
        ...(block.attempts === undefined
          ? {}
          : { attempts: { ...block.attempts, retried: block.attempts.retried + plus * block.offered } }),
      };
    default: {
      const raise = ({ n, mean, min, max }: GaugeSummary): GaugeSummary => ({
        n,
        mean: mean * times + plus,
        min: min * times + plus,
        max: max * times + plus,
      });
      return { ...block, gauges: Object.fromEntries(Object.entries(block.gauges).map(([name, gauge]) => [name, raise(gauge)])) };
    }
  }
}
