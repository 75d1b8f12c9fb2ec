import { suiteKey } from "./suite-key.ts";

/**
 * Name of the artifacts that hold one suite's baselines: `tailgate-baseline-sentiment-1a2b3c4d`. GitHub can list
 * artifacts by their exact name only, so that it must follow from what a pull request knows.
 *
 * @param variant see {@link suiteKey}.
 */
export const baselineArtifactName = (suiteName: string, variant = ""): string => `tailgate-baseline-${suiteKey(suiteName, variant)}`;

/** Name of the artifact that holds the results of one attempt of a run that does not join the baseline: `tailgate-run-…-1`. */
export const runArtifactName = (suiteName: string, runAttempt: string | number, variant = ""): string =>
  `tailgate-run-${suiteKey(suiteName, variant)}-${runAttempt}`;

/** The attempt in a name that {@link runArtifactName} gave for this suite; undefined for any other name. */
export function attemptOfArtifact(suiteName: string, artifactName: string, variant = ""): number | undefined {
  const attempt = Number(/-([1-9]\d{0,5})$/.exec(artifactName)?.[1]);
  return artifactName === runArtifactName(suiteName, attempt, variant) ? attempt : undefined;
}

/** Name of the artifact that holds what one attempt of one shard measured: `tailgate-shard-…-2of3-1`. `index` counts from 0. */
export const shardArtifactName = (
  suiteName: string,
  { index, of }: { readonly index: number; readonly of: number },
  runAttempt: string | number,
  variant = "",
): string => `tailgate-shard-${suiteKey(suiteName, variant)}-${index + 1}of${of}-${runAttempt}`;

/** The attempt in a name that {@link shardArtifactName} gave for a shard of this suite and variant; undefined for any other name. */
export function attemptOfShard(suiteName: string, artifactName: string, variant = ""): number | undefined {
  const [, place, of, attempt] = /-([1-9]\d{0,3})of([1-9]\d{0,3})-([1-9]\d{0,5})$/.exec(artifactName) ?? [];
  const shard = { index: Number(place) - 1, of: Number(of) };
  return artifactName === shardArtifactName(suiteName, shard, Number(attempt), variant) ? Number(attempt) : undefined;
}

/** Name of the artifact that holds what one attempt of a job concluded about several suites; it is nobody's record. */
export const legsArtifactName = (job: string, runAttempt: string | number): string => `tailgate-legs-${suiteKey(job, "")}-${runAttempt}`;

/** Name of the artifact that holds what was concluded about a run of another workflow; it holds no record. */
export const reportArtifactName = (suiteName: string, runId: number, reportAttempt: number, variant = ""): string =>
  `tailgate-report-${suiteKey(suiteName, variant)}-${runId}-${reportAttempt}`;
