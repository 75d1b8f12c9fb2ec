import { type MetricName, worseSign } from "../metric.ts";
import type { Scale } from "../stats/ratio-of-sums.ts";
import { differs } from "./arm.ts";

/** Between the working scale, on which errors are symmetric, and the one people speak in: ratios − 1, or the metric's unit. */
export type DeltaScale = {
  /** Whether people speak of differences in the unit. */
  readonly isDifference: boolean;
  /** 1 where a rise is for the worse, −1 where a fall is. */
  readonly sign: 1 | -1;
  /** A change on the working scale as people say it. */
  readonly display: (x: number) => number;
  /** A size of worsening, as people say it, on the working scale: a distance in the direction of worse. */
  readonly working: (size: number) => number;
};

/**
 * @param base value from which a change is counted, in the metric's unit. Of 0 there is no percentage.
 * @param change the change that is judged: where neither direction is better, it is for the worse whichever way it goes.
 */
export function openDeltaScale(metric: MetricName, scale: Scale, base: number, change = -1): DeltaScale {
  const isDifference = differs(metric) || base === 0;
  const sign = worseSign(metric, change);
  return {
    isDifference,
    sign,
    display: (x) => (isDifference ? x : scale === "log" ? Math.expm1(x) : x / Math.abs(base)),
    working(size) {
      if (isDifference) return size;
      if (scale === "linear") return size * Math.abs(base);
      return sign === 1 ? Math.log1p(size) : size < 1 ? -Math.log1p(-size) : Number.POSITIVE_INFINITY;
    },
  };
}
