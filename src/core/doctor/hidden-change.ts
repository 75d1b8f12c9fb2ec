import { amountOf } from "../compare/amount.ts";
import type { BlockPair } from "../compare/scenario-data.ts";
import type { Shift } from "../compare/shift.ts";
import { METRICS, type MetricName } from "../metric.ts";
import type { RunRecord } from "../record/run-record.ts";
import { mergeBins } from "../stats/bins.ts";
import { studentCdf } from "../stats/distributions.ts";
import { exceedance, logQuantile } from "../stats/quantile.ts";
import type { DecisionPolicy } from "../suite/suite.ts";
import { inOrderOfTime } from "./exchange.ts";
import { type PairsData, pairsData, seenError, shiftBetweenArms } from "./noise.ts";

/** A change where there should be none. */
export type HiddenChange = {
  /** On the working scale: 0.03 is 3 %, or in the metric's unit for differences. */
  readonly change: number;
  /** Two-sided, for no change, from the spread of the pairs alone. */
  readonly p: number;
  /** Whether it is beyond chance: p below 1 % shared by all gates. */
  readonly isReal: boolean;
};

/** Differences that one build on one endpoint must not show, and dependence that pairs must not have. */
export type HiddenChanges = {
  /** Head against base. */
  readonly arms: HiddenChange;
  /** The second block of a pair against the first. */
  readonly order: HiddenChange | undefined;
  /**
   * Correlation of the change in one pair with that in the next. Beyond chance (5 %, one-sided: it is `isReal` above 1.645/√pairs)
   * pairs are no independent evidence, and intervals too narrow.
   */
  readonly neighbours: { readonly correlation: number; readonly isReal: boolean } | undefined;
};

export function hiddenChanges(metric: MetricName, { scenario, data, shift, records, policy, gates }: HiddenInput): HiddenChanges {
  const turned = pairsData(scenario, records.map(inOrderOfTime), policy);
  const order = turned && shiftBetweenArms(metric, turned);
  return {
    arms: testOf(shift, gates),
    order: order?.spread === undefined ? undefined : testOf(order, gates),
    neighbours: neighboursOf(metric, data),
  };
}

type HiddenInput = {
  readonly scenario: string;
  readonly data: PairsData;
  readonly shift: Shift;
  readonly records: readonly RunRecord[];
  readonly policy: DecisionPolicy;
  /** How many gates are examined, ≥ 1. */
  readonly gates: number;
};

/** No built-in error is added: what is asked is whether these blocks differ, not whether two deployments may. */
function testOf(shift: Shift, gates: number): HiddenChange {
  const error = seenError(shift);
  const score = error > 0 ? Math.abs(shift.estimate) / error : shift.estimate === 0 ? 0 : Number.POSITIVE_INFINITY;
  const p = shift.spread === undefined ? 1 : Math.min(1, 2 * (1 - studentCdf(score, shift.spread.df)));
  return { change: shift.estimate, p, isReal: p < LEVEL / gates };
}

function neighboursOf(metric: MetricName, { against, read }: PairsData): HiddenChanges["neighbours"] {
  const differences = differencesOf(metric, against.pairs, read);
  if (differences.length < LEAST_PAIRS) return undefined;
  const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
  const own = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  if (!(own > 0)) return undefined;
  const next = differences.slice(1).reduce((sum, value, i) => sum + (value - mean) * (differences[i]! - mean), 0);
  return { correlation: next / own, isReal: next / own > 1.645 / Math.sqrt(differences.length) };
}

/** One number a pair: for a percentile the change of the share of requests beyond the pooled one, else the change itself. */
function differencesOf(metric: MetricName, pairs: readonly BlockPair[], read: PairsData["read"]): readonly number[] {
  const { measure } = METRICS[metric];
  if (measure.kind === "quantile") {
    const { of, p } = measure;
    const log = logQuantile(mergeBins(pairs.flatMap(({ base, head }) => [read(base, of), read(head, of)])), p);
    if (log === undefined) return [];
    return pairs.map(({ base, head }) => exceedance(read(head, of), log) - exceedance(read(base, of), log));
  }
  return pairs.flatMap(({ base, head }) => {
    const [before, after] = [amountOf(metric, base), amountOf(metric, head)];
    return before === undefined || after === undefined ? [] : [after.part / after.whole - before.part / before.whole];
  });
}

const LEVEL = 0.01;
/** Of fewer the correlation says nothing. */
const LEAST_PAIRS = 8;
