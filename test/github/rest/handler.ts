import type { bodies } from "../bodies.ts";
import type { Matched } from "../description.ts";
import type { GitHubState } from "../state.ts";

export type Answer = { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> };

export type RestCall = {
  readonly state: GitHubState;
  readonly url: string;
  readonly make: ReturnType<typeof bodies>;
  readonly params: Matched["params"];
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
};

type Scope = keyof GitHubState["permissions"];
export type Handler = { readonly needs?: readonly [Scope, "read" | "write"]; readonly answer: (call: RestCall) => Answer };

/** Handlers by GitHub's operation id. */
export type Handlers = Readonly<Record<string, Handler>>;

export const NOT_FOUND: Answer = {
  status: 404,
  body: { message: "Not Found", documentation_url: "https://docs.github.com/rest", status: "404" },
};

/** One page of a list, as GitHub cuts it: 30 by default, 100 at most. */
export function page<T>(items: readonly T[], query: URLSearchParams): readonly T[] {
  const size = Math.min(100, Number(query.get("per_page") ?? 30));
  const number = Math.max(1, Number(query.get("page") ?? 1));
  return items.slice((number - 1) * size, number * size);
}

export const notAccessible = (): Answer => ({
  status: 403,
  body: { message: "Resource not accessible by integration", documentation_url: "https://docs.github.com/rest", status: "403" },
});
