import type { AcceptanceEvidence, Statement } from "../../core/accept/acceptance.ts";
import { readCommands } from "../../core/accept/command.ts";
import type { IssueComment, Permission, PullStanding } from "./api.ts";

/** What the search needs of GitHub. */
export type AcceptanceApi = {
  readonly pullStanding: (number: number) => Promise<PullStanding>;
  readonly listComments: (number: number) => Promise<readonly IssueComment[]>;
  readonly permissionOf: (login: string) => Promise<Permission>;
};

/** People whose permission is asked for. Beyond them a comment section is a flood. */
const MOST_PEOPLE = 50;

/** A comment of ours quotes other people's reasons, under whatever account the token writes. */
const OURS = "<!-- tailgate:";

/**
 * What a pull request says now about accepting a regression: its label, and the comments that hold commands, each with
 * what its writer may do *now*. A comment that is hidden says nothing, nor does one of an app.
 *
 * @throws {InputError} if the token may not read it, or GitHub does not answer.
 */
export async function readAcceptance(
  api: AcceptanceApi,
  { pull, label, today }: { readonly pull: number; readonly label: string; readonly today: string },
): Promise<AcceptanceEvidence> {
  const { author, labels } = await api.pullStanding(pull);
  const speaking = (await api.listComments(pull))
    .filter(({ isMinimized, isBot, author: by, body }) => !isMinimized && !isBot && by !== "" && !body.startsWith(OURS))
    .map((comment) => ({ comment, commands: readCommands(comment.body) }))
    .filter(({ commands }) => commands.length > 0);
  const people = await permissionsOf(
    api,
    speaking.map(({ comment }) => comment),
  );
  const statements = speaking.map(({ comment, commands }): Statement => {
    const { role, mayPush } = people.get(comment.author) ?? { role: "that was not asked for", mayPush: false };
    return { by: comment.author, role, mayAccept: mayPush, isEdited: comment.isEdited, commands };
  });
  return { pull, author, label: { name: label, isSet: labels.includes(label) }, statements, today };
}

/**
 * Those first whom the platform calls people of the repository, then the newest: strangers can neither be let in by what
 * they are called nor crowd a maintainer out.
 */
async function permissionsOf(api: AcceptanceApi, comments: readonly IssueComment[]): Promise<ReadonlyMap<string, Permission>> {
  const isOfRepository = ({ association }: IssueComment): boolean => ["OWNER", "MEMBER", "COLLABORATOR"].includes(association);
  const newestFirst = comments.toReversed();
  const ordered = [...newestFirst.filter(isOfRepository), ...newestFirst.filter((comment) => !isOfRepository(comment))];
  const logins = [...new Set(ordered.map(({ author }) => author))].slice(0, MOST_PEOPLE);
  const found = new Map<string, Permission>();
  for (const login of logins) found.set(login, await api.permissionOf(login));
  return found;
}
