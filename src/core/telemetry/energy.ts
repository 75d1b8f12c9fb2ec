/** Readings of one counter, ascending in time, at least one. */
export type CounterReadings = readonly { readonly atNs: bigint; readonly value: number }[];

/**
 * How much a counter rose between two moments, interpolated linearly at both edges. A reading below the one before it
 * means that the counter restarted from zero in between.
 *
 * @param maxGapNs the readings around an edge, and any two inside, may lie this far apart at most.
 * @returns ≥ 0, in the counter's unit; undefined when the readings do not reach over both edges or have a larger gap:
 *          then the increase is not known. O(number of readings).
 *
 * Source: the design of InferenceX, utils/aggregate_power.py (interpolation at the window's edges, limit on gaps).
 */
export function counterIncrease(readings: CounterReadings, startNs: bigint, endNs: bigint, maxGapNs: bigint): number | undefined {
  let total = 0;
  let from: number | undefined;
  for (let i = 1; i < readings.length; i++) {
    const before = readings[i - 1]!;
    const after = readings[i]!;
    const step = after.value >= before.value ? after.value - before.value : after.value;
    const overlaps = after.atNs >= startNs && before.atNs <= endNs;
    if (overlaps && after.atNs - before.atNs > maxGapNs) return undefined;
    const until = (edgeNs: bigint) => total + step * share(before.atNs, edgeNs, after.atNs);
    if (from === undefined && before.atNs <= startNs && startNs <= after.atNs) from = until(startNs);
    if (from !== undefined && endNs <= after.atNs) return until(endNs) - from;
    total += step;
  }
  return undefined;
}

const share = (fromNs: bigint, atNs: bigint, toNs: bigint): number =>
  toNs === fromNs ? 1 : Math.min(1, Math.max(0, Number(atNs - fromNs) / Number(toNs - fromNs)));

/**
 * The energy that sampled power adds up to, as readings of a counter: by the trapezoid rule, from 0 at the first sample.
 * Its increase over a gap is as unknown as that of any other counter.
 *
 * @param powers W, ascending in time.
 * @returns J, as many readings.
 */
export function integrated(powers: CounterReadings): CounterReadings {
  let joules = 0;
  return powers.map(({ atNs, value }, i) => {
    const before = powers[i - 1];
    if (before !== undefined) joules += ((before.value + value) / 2) * (Number(atNs - before.atNs) / 1e9);
    return { atNs, value: joules };
  });
}
