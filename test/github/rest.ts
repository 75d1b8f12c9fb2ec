import { ACTIONS } from "./rest/actions.ts";
import { CONTENTS } from "./rest/contents.ts";
import { type Handlers, notAccessible } from "./rest/handler.ts";
import { ISSUES } from "./rest/issues.ts";
import { PULLS } from "./rest/pulls.ts";

const USERS: Handlers = {
  "users/get-authenticated": {
    answer: ({ state, make }) => (state.login.endsWith("[bot]") ? notAccessible() : { status: 200, body: make.privateUser(state.login) }),
  },
};

/** What is emulated, by GitHub's operation id. Everything else is answered 501 and counted as a violation. */
export const HANDLERS: Handlers = { ...CONTENTS, ...PULLS, ...ISSUES, ...ACTIONS, ...USERS };
