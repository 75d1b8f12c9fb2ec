/** The smallest value that at least a share p of the sample does not exceed. @returns undefined for an empty sample. */
export function quantile(sample: ArrayLike<number>, p: number): number | undefined {
  const sorted = Float64Array.from(sample).sort();
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(p * sorted.length) - 1))];
}

/** Half of the sample lies on each side: the mean of the middle two for an even number. */
export function median(sample: readonly number[]): number | undefined {
  const sorted = sample.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half] : sorted.length === 0 ? undefined : (sorted[half - 1]! + sorted[half]!) / 2;
}
