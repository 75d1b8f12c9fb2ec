import type { PullRequest } from "../io/github/api.ts";
import { pullsOfCommit } from "../io/github/pull-of-commit.ts";
import type { Place } from "./place.ts";

/**
 * The same place, seen from a pull request that its event does not name: what is judged is the head of the pull request,
 * by the branch that it goes into. The token is still that of the event, and may write.
 */
export const placeOfPull = (place: Place, { number, head, base, labels }: PullRequest, of: Partial<Place["context"]> = {}): Place => ({
  ...place,
  context: {
    ...place.context,
    sha: head.sha,
    branch: head.branch,
    base: { sha: base.sha, branch: base.branch },
    pullRequest: number,
    labels,
    fromFork: false,
    headRepositoryId: head.repositoryId,
    ...of,
  },
});

/** The place seen from the open pull request whose head is `sha`; as it is where there is none. */
export async function placeOfCommit(place: Place, sha: string): Promise<Place> {
  const { api, context } = place;
  if (api === undefined) return place;
  const pulls = await pullsOfCommit(api, { sha, repositoryId: context.repository.id });
  const pull = chosenOf(pulls, place);
  // The runs of such an event are this repository's own, wherever the code comes from.
  return pull === undefined ? place : placeOfPull(place, pull, { headRepositoryId: context.repository.id });
}

/** One head can be proposed to several branches. One comment cannot answer for all of them, and says for which it does. */
export function chosenOf(pulls: readonly PullRequest[], { job, context: { defaultBranch } }: Place): PullRequest | undefined {
  const chosen = pulls.find(({ base }) => base.branch === defaultBranch) ?? pulls[0];
  const others = pulls.filter((pull) => pull !== chosen).map(({ number, base }) => `#${number} (into ${base.branch})`);
  if (chosen !== undefined && others.length > 0) {
    job.notice(`judged for #${chosen.number}, into ${chosen.base.branch}; the same head is proposed in ${others.join(", ")}`);
  }
  return chosen;
}
