import { createHash } from "node:crypto";
import { slug } from "./slug.ts";

/**
 * Name of the artifacts that hold one suite's baselines: `tailgate-baseline-sentiment-1a2b3c4d`. GitHub can list
 * artifacts by their exact name only, so that it must follow from what a pull request knows. The hash keeps apart
 * suites whose names differ only in characters that an artifact name may not have.
 *
 * @param variant tells apart the legs of a matrix that run one suite, because a run cannot upload a name twice: for
 *   example the GPU's name. Empty for a suite that runs once.
 */
export function baselineArtifactName(suiteName: string, variant = ""): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([suiteName, variant]))
    .digest("hex")
    .slice(0, 8);
  return ["tailgate-baseline", slug(suiteName), ...(variant === "" ? [] : [slug(variant)]), hash].join("-");
}

/** Name of the artifact that holds the results of one attempt of a run that does not join the baseline: `tailgate-run-…-1`. */
export const runArtifactName = (suiteName: string, runAttempt: string | number): string =>
  `${baselineArtifactName(suiteName).replace("baseline", "run")}-${runAttempt}`;

/** The attempt in a name that {@link runArtifactName} gave for this suite; undefined for any other name. */
export function attemptOfArtifact(suiteName: string, artifactName: string): number | undefined {
  const attempt = Number(/-([1-9]\d{0,5})$/.exec(artifactName)?.[1]);
  return artifactName === runArtifactName(suiteName, attempt) ? attempt : undefined;
}

/** Name of the artifact that holds what was concluded about a run of another workflow; it holds no record. */
export const reportArtifactName = (suiteName: string, runId: number, reportAttempt: number): string =>
  `${baselineArtifactName(suiteName).replace("baseline", "report")}-${runId}-${reportAttempt}`;
