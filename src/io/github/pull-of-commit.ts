import type { PullRequest } from "./api.ts";

/** What the search needs of GitHub. */
export type PullApi = {
  readonly openPulls: (from?: { readonly owner: string; readonly branch: string }) => Promise<readonly PullRequest[]>;
  readonly pullsOfCommit: (sha: string) => Promise<readonly PullRequest[]>;
};

/**
 * The open pull requests into this repository whose head is this very commit of this very repository, found by the
 * branch that it was measured on. A branch's name proves nothing: a fork may call its branch `main`.
 *
 * None: the head has moved on, or the pull request was closed. More than one: the branch is proposed to several branches.
 */
export async function pullsOfBranch(
  api: Pick<PullApi, "openPulls">,
  {
    sha,
    repositoryId,
    from,
  }: {
    readonly sha: string;
    readonly repositoryId: number;
    readonly from: { readonly owner: string; readonly branch: string; readonly repositoryId: number };
  },
): Promise<readonly PullRequest[]> {
  const found = await api.openPulls({ owner: from.owner, branch: from.branch });
  return found.filter((pull) => isHead(pull, sha, repositoryId) && pull.head.repositoryId === from.repositoryId);
}

/** The same for a commit of which only its id is known, as a deployment names it; also for the head of a fork. */
export async function pullsOfCommit(
  api: PullApi,
  { sha, repositoryId }: { readonly sha: string; readonly repositoryId: number },
): Promise<readonly PullRequest[]> {
  const own = (await api.pullsOfCommit(sha)).filter((pull) => isHead(pull, sha, repositoryId));
  return own.length > 0 ? own : (await api.openPulls()).filter((pull) => isHead(pull, sha, repositoryId));
}

const isHead = ({ isOpen, head, base }: PullRequest, sha: string, repositoryId: number): boolean =>
  isOpen && head.sha === sha && base.repositoryId === repositoryId;
