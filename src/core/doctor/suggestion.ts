import { METRICS, type MetricName } from "../metric.ts";
import { comparedAsDifference } from "../suite/gate-schema.ts";

/** What to do about a gate, so that the set-up can hold it. Margins are on the delta's scale. */
export type Suggestion =
  /** One planned length holds it; `tightest` is what that could hold instead, where it is less. */
  | { readonly kind: "keep"; readonly tightest: number | undefined }
  /** It is held after so many times the planned length, which the budget must allow. */
  | { readonly kind: "longer"; readonly times: number }
  /** What the budget allows is not enough: this margin is the smallest that it can hold. */
  | { readonly kind: "widen"; readonly margin: number }
  /** Nothing that is tried here would hold it. */
  | { readonly kind: "none" };

/** Lengths that are tried, in planned lengths. */
export const LENGTHS = [1, 2, 4] as const;

/**
 * @param margin of the gate as it counts, floor included.
 * @param reach what the set-up can hold after each of {@link LENGTHS}.
 * @param most planned lengths that the budget allows.
 */
export function suggest(
  metric: MetricName,
  margin: number,
  reach: readonly { readonly times: number; readonly holds: number | undefined }[],
  most: number,
): Suggestion {
  const enough = reach.find(({ holds }) => holds !== undefined && holds <= margin);
  if (enough?.times === 1) {
    const tightest = roundUp(metric, enough.holds!);
    return { kind: "keep", tightest: tightest < margin ? tightest : undefined };
  }
  if (enough !== undefined) return { kind: "longer", times: enough.times };
  const last = reach.findLast(({ times, holds }) => holds !== undefined && times <= most);
  const wider = last?.holds === undefined ? undefined : roundUp(metric, last.holds);
  const widest = METRICS[metric].better === "higher" ? 0.99 : Number.POSITIVE_INFINITY;
  return wider === undefined || wider > widest ? { kind: "none" } : { kind: "widen", margin: wider };
}

/** The next size that a person would write: 0.6 % → 0.8 %, 6.2 % → 7 %, 11 % → 12 %, 33 % → 35 %. */
export function roundUp(metric: MetricName, size: number): number {
  const isTemperature = comparedAsDifference(metric) && METRICS[metric].unit !== "ratio";
  const scale = isTemperature ? 1 : 0.01;
  const written = size / scale;
  const power = 10 ** Math.floor(Math.log10(Math.max(written, 0.01)));
  const step = STEPS.find((one) => one * power >= written * (1 - 1e-9)) ?? 10;
  // Through text, so that 7 % is the number that `7%` is read as.
  return Number((step * power * scale).toPrecision(6));
}

const STEPS = [1, 1.2, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9, 10] as const;
