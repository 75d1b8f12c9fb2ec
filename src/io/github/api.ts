import { artifactsApi } from "./api/artifacts.ts";
import { type Asking, askIn } from "./api/ask.ts";
import { commentsApi } from "./api/comments.ts";
import { commitsApi } from "./api/commits.ts";
import { gitDataApi } from "./api/git-data.ts";
import { peopleApi } from "./api/people.ts";
import { pullsApi } from "./api/pulls.ts";
import { runsApi } from "./api/runs.ts";
import { type Connection, openClient } from "./connection.ts";

export type { ArtifactListing } from "./api/artifacts.ts";
export type { IssueComment } from "./api/comments.ts";
export type { Permission } from "./api/people.ts";
export type { PullStanding } from "./api/pulls.ts";
export type { WorkflowRun } from "./api/runs.ts";

export type GitHubApi = Awaited<ReturnType<typeof connectGitHub>>;

/**
 * What tailgate asks of GitHub, and nothing else. Every function repeats what may be repeated, a few times, and throws
 * an InputError that names the missing permission, the used-up limit or the outage.
 */
export async function connectGitHub(connection: Connection) {
  const client = await openClient(connection);
  const { owner, name } = connection.repository;
  const asking: Asking = { client, repo: { owner, repo: name }, ask: askIn };
  return {
    ...commentsApi(asking),
    ...pullsApi(asking),
    ...peopleApi(asking),
    ...artifactsApi(asking),
    ...runsApi(asking),
    ...commitsApi(asking),
    ...gitDataApi(asking),
  };
}
