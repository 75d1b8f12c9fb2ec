import { sampleVariance } from "simple-statistics";

/**
 * Variance of one estimator over that of another, as text with a 95 % interval: below 1 is a gain, and 0.5 buys what
 * twice the requests would. The interval takes the two as independent, which is cautious where they share their noise.
 */
export function varianceRatio(of: readonly number[], over: readonly number[]): string {
  const ratio = sampleVariance([...of]) / sampleVariance([...over]);
  const error = Math.sqrt(2 / (of.length - 1) + 2 / (over.length - 1));
  const [low, high] = [-1.96, 1.96].map((z) => ratio * Math.exp(z * error)) as [number, number];
  return `${ratio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

export const percentOf = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`;

export const column = (samples: readonly (readonly number[])[], i: number): readonly number[] => samples.map((sample) => sample[i]!);
