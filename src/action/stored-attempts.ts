import { type FoundAttempts, NO_ATTEMPTS } from "../core/compare/attempts.ts";
import { InputError } from "../core/errors.ts";
import type { Problem } from "../core/record/run-record.ts";
import { attemptOfArtifact } from "../io/baselines/artifact-name.ts";
import type { GitHubApi } from "../io/github/api.ts";
import { type Context, hasArtifacts } from "../io/github/context.ts";
import { findEarlierAttempts } from "../io/github/earlier-attempts.ts";

export type StoredAttempts = { readonly attempts: FoundAttempts; readonly notes: readonly Problem[] };

/** Where a run is nobody's second try. */
const NO_STORED_ATTEMPTS: StoredAttempts = { attempts: NO_ATTEMPTS, notes: [] };

/**
 * What earlier runs of the pull request's head commit measured, as artifacts of this repository. None are looked for
 * outside pull requests: a commit that is merged has its place in the baseline.
 *
 * An outage costs no verdict here, as it does for the baseline: without its attempts a run stands on its own evidence,
 * and the report says that they are missing.
 */
export async function storedAttempts(
  api: GitHubApi | undefined,
  { context, suiteName, variant, token }: AttemptsOf,
): Promise<StoredAttempts> {
  if (context.pullRequest === undefined) return NO_STORED_ATTEMPTS;
  // Nothing is kept there; the first attempt of a run misses nothing.
  if (!hasArtifacts(context))
    return context.runAttempt === 1 ? NO_STORED_ATTEMPTS : unknown("a GitHub Enterprise Server keeps none of them");
  if (api === undefined) return unknown("there is no token to look for them");
  try {
    const { found, refused } = await findEarlierAttempts(api, {
      attemptOf: (name) => attemptOfArtifact(suiteName, name, variant),
      repositoryId: context.repository.id,
      headRepositoryId: context.headRepositoryId,
      sha: context.sha,
      event: context.event,
      workflowPath: context.workflowPath,
      ownRunId: context.runId,
      ownAttempt: context.runAttempt,
    });
    if (found.length === 0) return { attempts: { candidates: [], refused }, notes: [] };
    // Loaded here because the artifact client is as large as all the rest.
    const { readArtifactRuns } = await import("../io/baselines/artifact-store.ts");
    const runs = await readArtifactRuns(found, suiteName, { token, repository: context.repository });
    return { attempts: { candidates: runs.candidates, refused: [...refused, ...runs.refused] }, notes: [] };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return unknown(error.sentence);
  }
}

type AttemptsOf = { readonly context: Context; readonly suiteName: string; readonly variant: string; readonly token: string };

function unknown(reason: string): StoredAttempts {
  const message = `whether this commit was measured before is not known, and nothing of it counts: ${reason}`;
  return { attempts: NO_ATTEMPTS, notes: [{ severity: "warning", code: "attempts-unknown", message }] };
}
