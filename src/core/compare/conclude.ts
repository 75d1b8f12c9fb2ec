import { METRICS, type MetricName } from "../metric.ts";
import { studentCdf, studentQuantile } from "../stats/distributions.ts";
import { mirror } from "../stats/shift.ts";
import type { Gate } from "../suite/suite.ts";
import { differs } from "./arm.ts";
import type { Comparison, Delta } from "./comparison.ts";
import { openDeltaScale } from "./delta-scale.ts";
import type { TestLevels } from "./levels.ts";
import { CONFIDENCE, type Shift } from "./shift.ts";

export type Conclusion = Pick<
  Comparison,
  "delta" | "margin" | "resolvableMargin" | "worse" | "worseHigh" | "worseLow" | "pWorse" | "moreData"
>;

/**
 * Turns a measured shift into the numbers a decision needs: on the scale people speak in, with the metric's direction
 * taken out, at the levels of this look. The only place that knows which direction is the better one.
 */
export function concludeShift(metric: MetricName, shift: Shift, gate: Gate | undefined, levels: TestLevels): Conclusion {
  const { scale, estimate, base, head } = shift;
  const { isDifference, display, sign, working: workingMargin } = openDeltaScale(metric, scale, base.value, estimate);
  const worseThan = (x: number): number => sign * display(sign * x);
  const margin = marginOf(gate, base.value, isDifference);
  const worse = worseThan(sign * estimate);
  if (shift.spread === undefined) {
    const delta = deltaOf(undefined, undefined);
    return { delta, margin, resolvableMargin: undefined, worse, worseHigh: undefined, worseLow: undefined, moreData: undefined };
  }

  const { df, below, above } = shift.spread;
  const toBetter = sign === 1 ? shift.spread : mirror(shift.spread);
  // Chance may go either way, and where both are for the worse it has two tries.
  const sides = METRICS[metric].better === "neither" ? 2 : 1;
  const tFail = studentQuantile(1 - levels.fail / sides, df);
  const tPass = studentQuantile(1 - levels.pass, df);
  const tShown = studentQuantile((1 + CONFIDENCE) / 2, df);
  // With hardly a failure the distance downwards is almost nothing; what would have been seen is decided by the way up.
  const isShare = METRICS[metric].measure.kind === "ratio";
  const noiseBelow = toBetter.below(tFail);
  const noise = isShare ? Math.max(noiseBelow, toBetter.above(tFail)) : noiseBelow;
  const blocksFrom = Math.max(margin === undefined ? 0 : workingMargin(margin), noise);
  return {
    delta: deltaOf(estimate - below(tShown), estimate + above(tShown)),
    margin,
    resolvableMargin: finite(worseThan(blocksFrom + (FOUR_IN_FIVE * noise) / tFail)),
    worse,
    worseHigh: finite(worseThan(sign * estimate + toBetter.above(tPass))),
    worseLow: Number.isFinite(noiseBelow) ? finite(worseThan(sign * estimate - noiseBelow)) : undefined,
    pWorse: Math.min(1, sides * (1 - studentCdf(scoreOf(sign * estimate, toBetter.below(2) / 2), df))),
    moreData: margin === undefined ? undefined : timeFactor(),
  };

  function deltaOf(low: number | undefined, high: number | undefined): Delta {
    const [from, to] = [low, high].map((bound) => (bound === undefined || !Number.isFinite(bound) ? undefined : finite(display(bound))));
    const difference = head.value - base.value;
    if (isDifference) {
      const relative = base.value === 0 ? undefined : difference / Math.abs(base.value);
      const over = (x: number | undefined) => (x === undefined || base.value === 0 ? undefined : x / Math.abs(base.value));
      const relatives = { relative, low: over(from), high: over(to) };
      return { scale: "difference", ...relatives, absolute: difference, absoluteLow: from, absoluteHigh: to, confidence: CONFIDENCE };
    }
    const times = (x: number | undefined) => (x === undefined ? undefined : x * Math.abs(base.value));
    const relatives = { relative: display(estimate), low: from, high: to };
    return {
      scale: "relative",
      ...relatives,
      absolute: difference,
      absoluteLow: times(from),
      absoluteHigh: times(to),
      confidence: CONFIDENCE,
    };
  }

  /** The factor on time that lets the undecided bound clear its mark with four chances in five; ≤ 1 where it does, Infinity where none would. */
  function timeFactor(): number | undefined {
    if (shift.lastingError === undefined || margin === undefined) return undefined;
    const isBeyond = worse >= margin;
    const mark = workingMargin(margin);
    const distance = isBeyond ? sign * estimate : Math.max(mark - sign * estimate, mark * LIKELY_ROOM);
    // More time brings more units as well, so that a handful of them says little about how sure the later ones can be.
    const t = studentQuantile(1 - (isBeyond ? levels.fail : levels.pass), Math.max(df, LATER_DF)) + FOUR_IN_FIVE;
    const reach = Math.min(tPass, FAR);
    // Where the data sets no upper bound, the other side stands in for it.
    const above = toBetter.above(reach);
    // The tail bends: a bound far out says little about where it will be when there is more data.
    const error = isBeyond ? toBetter.below(NEAR) / NEAR : (Number.isFinite(above) ? above : toBetter.below(reach)) / reach;
    const room = distance ** 2 - (t * shift.lastingError) ** 2;
    const factor = (t ** 2 * (error ** 2 - shift.lastingError ** 2)) / room;
    return room > 0 ? factor : Number.POSITIVE_INFINITY;
  }
}

/** A bound close to the estimate, in standard errors. */
const NEAR = 1.5;
/** And one beyond which only single requests lie. */
const FAR = 3.2;
/** Degrees of freedom of the twelve pairs that a live run is planned with where it can be. */
const LATER_DF = 11;
/** Normal quantile of 0.8. */
export const FOUR_IN_FIVE = 0.8416;
/** An estimate just under the margin is mostly noise: an unchanged head will have about this share of the margin left. */
const LIKELY_ROOM = 0.8;

/** Both the relative and the absolute part of a gate must be exceeded, so the larger one counts. Of nothing there is no percentage. */
function marginOf(gate: Gate | undefined, base: number, isDifference: boolean): number | undefined {
  if (gate?.regression === undefined) return undefined;
  if (!isDifference) return Math.max(gate.regression, (gate.floor ?? 0) / Math.abs(base));
  return base === 0 && !differs(gate.metric) ? (gate.floor ?? gate.regression) : Math.max(gate.regression, gate.floor ?? 0);
}

const scoreOf = (estimate: number, error: number): number => (error > 0 ? estimate / error : estimate > 0 ? Number.POSITIVE_INFINITY : 0);

const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);
