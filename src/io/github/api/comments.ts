import { InputError } from "../../../core/errors.ts";
import { isTemporary } from "../connection.ts";
import { type Asking, PER_PAGE } from "./ask.ts";

export type IssueComment = {
  readonly id: number;
  readonly author: string;
  readonly body: string;
  readonly url: string;
  readonly isMinimized: boolean;
  /** Written by an app, not by a person. */
  readonly isBot: boolean;
  /** Changed after it was written; by whom the platform does not say here. */
  readonly isEdited: boolean;
  /** What the writer is to the repository, as far as this token may know: `MEMBER`, `NONE`. No permission. */
  readonly association: string;
};

/** Pages of comments that are read: 10,000. */
const COMMENT_PAGES = 100;
const READ = "pull-requests: read";
const WRITE = "pull-requests: write";
/** Who writes for the workflow's own token, which may not ask who it is. */
const WORKFLOW_BOT = "github-actions[bot]";

/** The comments of a pull request. */
export function commentsApi({ client, repo, ask }: Asking) {
  const { rest } = client;
  return {
    /** The login under which this token writes comments. Guessed only where GitHub will not say it, not where it cannot now. */
    ownLogin: (): Promise<string> =>
      ask("ask whose token this is", READ, async () => {
        // GraphQL, because it answers for tokens of apps too, where GET /user is refused.
        const answer = await client.graphql<{ viewer?: { login?: string } }>("query { viewer { login } }").catch((error: unknown) => {
          // A wrong guess would write a second comment beside our own.
          if (isTemporary(error)) throw error;
          return undefined;
        });
        return answer?.viewer?.login ?? WORKFLOW_BOT;
      }),

    findComment: (number: number, wanted: (comment: IssueComment) => boolean): Promise<IssueComment | undefined> =>
      ask("read comments", READ, async () => {
        for (let page = 1; page <= COMMENT_PAGES; page++) {
          const { data } = await rest.issues.listComments({ ...repo, issue_number: number, per_page: PER_PAGE, page });
          const found = data.map(commentOf).find(wanted);
          if (found !== undefined || data.length < PER_PAGE) return found;
        }
        return undefined;
      }),

    /**
     * All comments, oldest first.
     *
     * @throws {InputError} where there are more than anybody reads: the newest would be missing.
     */
    listComments: (number: number): Promise<readonly IssueComment[]> =>
      ask("read comments", READ, async () => {
        const comments: IssueComment[] = [];
        for (let page = 1; page <= COMMENT_PAGES; page++) {
          const { data } = await rest.issues.listComments({ ...repo, issue_number: number, per_page: PER_PAGE, page });
          comments.push(...data.map(commentOf));
          if (data.length < PER_PAGE) return comments;
        }
        throw new InputError(`pull request ${number} has more than ${COMMENT_PAGES * PER_PAGE} comments`, {
          hint: "open another one for the same branch",
        });
      }),

    createComment: (number: number, body: string): Promise<IssueComment> =>
      ask("write comments", WRITE, async () => commentOf((await rest.issues.createComment({ ...repo, issue_number: number, body })).data)),

    updateComment: (id: number, body: string): Promise<IssueComment> =>
      ask("write comments", WRITE, async () => commentOf((await rest.issues.updateComment({ ...repo, comment_id: id, body })).data)),
  };
}

type RestComment = {
  id: number;
  user: { login: string; type?: string } | null;
  body?: string;
  html_url: string;
  created_at: string;
  updated_at: string;
  author_association?: string;
};

const commentOf = (comment: RestComment): IssueComment => ({
  id: comment.id,
  author: comment.user?.login ?? "",
  body: comment.body ?? "",
  url: comment.html_url,
  // Newer than the types of the client.
  isMinimized: Boolean((comment as { minimized?: unknown }).minimized),
  isBot: comment.user?.type === "Bot",
  isEdited: comment.updated_at !== comment.created_at,
  association: comment.author_association ?? "NONE",
});
