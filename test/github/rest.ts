import { ACTIONS } from "./rest/actions.ts";
import { CONTENTS } from "./rest/contents.ts";
import { GIT_DATA } from "./rest/git-data.ts";
import type { Handlers } from "./rest/handler.ts";
import { ISSUES } from "./rest/issues.ts";
import { PEOPLE } from "./rest/people.ts";
import { PULLS } from "./rest/pulls.ts";

/** What is emulated, by GitHub's operation id. Everything else is answered 501 and counted as a violation. */
export const HANDLERS: Handlers = { ...CONTENTS, ...GIT_DATA, ...PULLS, ...ISSUES, ...ACTIONS, ...PEOPLE };
