import { formatQuantity } from "../decide/quantity.ts";
import type { Calibration, Problem } from "./run-record.ts";

/** One request of a calibration. See {@link Calibration} for what the two are. */
export type CalibrationSample = { readonly releaseS: number; readonly biasS: number };

/** @param samples at least one. */
export function calibrationOf(ratePerS: number, samples: readonly CalibrationSample[]): Calibration {
  const release = samples.map(({ releaseS }) => releaseS).sort((a, b) => a - b);
  const bias = samples.map(({ biasS }) => biasS).sort((a, b) => a - b);
  return {
    ratePerS,
    requests: samples.length,
    releaseP50S: smallestAtLeast(release, 0.5),
    releaseP99S: smallestAtLeast(release, 0.99),
    biasP50S: smallestAtLeast(bias, 0.5),
    biasP99S: smallestAtLeast(bias, 0.99),
  };
}

/** The smallest value that is at least as large as a share p of all. */
const smallestAtLeast = (sorted: readonly number[], p: number): number => sorted[Math.ceil(p * sorted.length) - 1]!;

/** `release p99 0.8 ms, latency bias p50 0.3 ms, p99 1.1 ms (200 requests at 150/s)`. */
export const calibrationText = ({ ratePerS, requests, releaseP99S, biasP50S, biasP99S }: Calibration): string =>
  `release p99 ${seconds(releaseP99S)}, latency bias p50 ${seconds(biasP50S)}, p99 ${seconds(biasP99S)} (${requests} requests at ${formatQuantity(ratePerS, "1/s")})`;

/** A generator that adds this much to half of all latencies is worth a warning, seconds. */
const IMPRECISE_S = 0.001;

/** A warning where half of the known latencies came out more than a millisecond too high. */
export const calibrationProblems = (calibration: Calibration): readonly Problem[] =>
  calibration.biasP50S <= IMPRECISE_S
    ? []
    : [
        {
          severity: "warning",
          code: "generator-imprecise",
          message: `just before the run, the load generator measured latencies that it knew, and half of them came out more than ${seconds(calibration.biasP50S)} too high: ${calibrationText(calibration)}; latencies of that size say little about the endpoint here, and a runner with more free cores would measure more sharply`,
        },
      ];

/** A calibration that could not be made. */
export const uncalibrated = (reason: string): Problem => ({
  severity: "warning",
  code: "generator-uncalibrated",
  message: `the load generator could not be calibrated before the run, so how far its numbers are off on this machine is not known: ${reason}`,
});

const seconds = (value: number): string => formatQuantity(value, "s");
