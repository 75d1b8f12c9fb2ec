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
