import type { IssueComment } from "./api.ts";

/** What a sticky comment needs of GitHub. */
export type CommentApi = {
  readonly ownLogin: () => Promise<string>;
  /** The first comment that satisfies the predicate, over all pages. */
  readonly findComment: (number: number, wanted: (comment: IssueComment) => boolean) => Promise<IssueComment | undefined>;
  readonly createComment: (number: number, body: string) => Promise<IssueComment>;
  readonly updateComment: (id: number, body: string) => Promise<IssueComment>;
};

/** `absent`: there is none, and none was asked for. */
export type Upsert =
  | { readonly kind: "created" | "updated" | "unchanged"; readonly url: string }
  | { readonly kind: "absent"; readonly url: "" };

export type StickyComment = {
  /** Of the pull request. */
  readonly number: number;
  /** The hidden first line of the body, one per suite. */
  readonly marker: string;
  readonly body: string;
  /** Rewrite the comment if there is one, and do not begin one. */
  readonly onlyUpdate?: boolean;
};

/** GitHub refuses a longer body, in characters. */
export const MAX_COMMENT_LENGTH = 65_536;

/**
 * One comment per suite on one pull request: created once, rewritten after, left alone if it says the same. It is found
 * by its marker *and* its author: a stranger's comment that carries our marker is not ours, and one that a person has
 * minimised is theirs to keep.
 *
 * @throws {RangeError} if the body does not begin with the marker, or is longer than {@link MAX_COMMENT_LENGTH}.
 * @throws {InputError} if the token may not read or write comments.
 */
export async function upsertComment(api: CommentApi, { number, marker, body, onlyUpdate = false }: StickyComment): Promise<Upsert> {
  if (!body.startsWith(marker)) throw new RangeError("a comment without its marker would never be found again");
  if (body.length > MAX_COMMENT_LENGTH) throw new RangeError(`a comment has at most ${MAX_COMMENT_LENGTH} characters, got ${body.length}`);
  const self = await api.ownLogin();
  const isOurs = (comment: IssueComment): boolean => comment.author === self && !comment.isMinimized && comment.body.startsWith(marker);
  const old = await api.findComment(number, isOurs);
  if (old === undefined) {
    return onlyUpdate ? { kind: "absent", url: "" } : { kind: "created", url: (await api.createComment(number, body)).url };
  }
  if (normal(old.body) === normal(body)) return { kind: "unchanged", url: old.url };
  return { kind: "updated", url: (await api.updateComment(old.id, body)).url };
}

/** GitHub may hand a body back with other line ends and without the space at its end. */
const normal = (body: string): string => body.replaceAll("\r\n", "\n").trimEnd();
