import { type Handlers, NOT_FOUND, notAccessible } from "./handler.ts";

export const PEOPLE: Handlers = {
  "users/get-authenticated": {
    answer: ({ state, make }) => (state.login.endsWith("[bot]") ? notAccessible() : { status: 200, body: make.privateUser(state.login) }),
  },

  // Metadata is what every token may read. Of an app, and of an account that is gone, there is no permission.
  "repos/get-collaborator-permission-level": {
    answer: ({ state, make, params }) => {
      const { username = "" } = params;
      return username.endsWith("[bot]") || state.roles.get(username) === "gone"
        ? NOT_FOUND
        : { status: 200, body: make.permission(username, state.roles.get(username) ?? "read") };
    },
  },
};
