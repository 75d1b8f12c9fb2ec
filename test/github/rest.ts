import type { bodies } from "./bodies.ts";
import type { Matched } from "./description.ts";
import type { GitHubState } from "./state.ts";

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
type Handler = { readonly needs?: readonly [Scope, "read" | "write"]; readonly answer: (call: RestCall) => Answer };

const NOT_FOUND: Answer = { status: 404, body: { message: "Not Found", documentation_url: "https://docs.github.com/rest", status: "404" } };

/** One page of a list, as GitHub cuts it: 30 by default, 100 at most. */
function page<T>(items: readonly T[], query: URLSearchParams): readonly T[] {
  const size = Math.min(100, Number(query.get("per_page") ?? 30));
  const number = Math.max(1, Number(query.get("page") ?? 1));
  return items.slice((number - 1) * size, number * size);
}

const artifactList = ({ state, make, query }: RestCall, keep: (artifact: GitHubState["artifacts"][number]) => boolean): Answer => {
  const name = query.get("name");
  const all = state.artifacts.filter((artifact) => keep(artifact) && (name === null || artifact.name === name)).sort((a, b) => b.id - a.id);
  return { status: 200, body: { total_count: all.length, artifacts: page(all, query).map(make.artifact) } };
};

const artifactOf = ({ state, params }: RestCall) => state.artifacts.find(({ id }) => id === Number(params["artifact_id"]));

const compareCommits: Handler = {
  needs: ["contents", "read"],
  answer: ({ state, make, params }) => {
    const [baseRef = "", headRef = ""] = (params["basehead"] ?? `${params["base"]}...${params["head"]}`).split("...");
    const base = state.history(baseRef);
    const head = state.history(headRef);
    const shared = head?.find((commit) => base?.includes(commit));
    if (base === undefined || head === undefined || shared === undefined) return NOT_FOUND;
    const ahead = head.filter((commit) => !base.includes(commit));
    const behind = base.filter((commit) => !head.includes(commit));
    const parts = {
      base_commit: make.commit(base[0]!),
      merge_base_commit: make.commit(shared),
      commits: ahead.map(make.commit),
      total_commits: ahead.length,
      ahead_by: ahead.length,
      behind_by: behind.length,
      status: ahead.length > 0 ? (behind.length > 0 ? "diverged" : "ahead") : behind.length > 0 ? "behind" : "identical",
    };
    return { status: 200, body: make.comparison(parts) };
  },
};

/** What is emulated, by GitHub's operation id. Everything else is answered 501 and counted as a violation. */
export const HANDLERS: Readonly<Record<string, Handler>> = {
  "repos/get": { answer: ({ make }) => ({ status: 200, body: make.repository() }) },

  "repos/list-commits": {
    needs: ["contents", "read"],
    answer: ({ state, make, query }) => {
      const history = state.history(query.get("sha") ?? state.repository.defaultBranch);
      return history === undefined ? NOT_FOUND : { status: 200, body: page(history, query).map(make.commit) };
    },
  },

  // One address, which the description lists under two templates.
  "repos/compare-commits": compareCommits,
  "repos/compare-commits-with-basehead": compareCommits,

  "repos/get-content": {
    needs: ["contents", "read"],
    answer: ({ state, make, params, query }) => {
      const path = params["path"] ?? "";
      const ref = query.get("ref") ?? state.repository.defaultBranch;
      const text = state.files.get(`${state.branches.get(ref) ?? ref}:${path}`);
      return text === undefined ? NOT_FOUND : { status: 200, body: make.content(path, text) };
    },
  },

  "repos/list-pull-requests-associated-with-commit": {
    needs: ["pull-requests", "read"],
    answer: ({ state, make, params, query }) => {
      const pulls = state.pulls.filter(({ head }) => head.sha === params["commit_sha"] && head.repositoryId === state.repository.id);
      return { status: 200, body: page(pulls, query).map(make.pullSimple) };
    },
  },

  "pulls/get": {
    needs: ["pull-requests", "read"],
    answer: ({ state, make, params }) => {
      const pull = state.pulls.find(({ number }) => number === Number(params["pull_number"]));
      return pull === undefined ? NOT_FOUND : { status: 200, body: make.pull(pull) };
    },
  },

  "issues/list-comments": {
    needs: ["pull-requests", "read"],
    answer: ({ state, make, params, query }) => {
      const number = Number(params["issue_number"]);
      if (!state.pulls.some((pull) => pull.number === number)) return NOT_FOUND;
      return {
        status: 200,
        body: page(
          state.comments.filter((comment) => comment.number === number),
          query,
        ).map(make.comment),
      };
    },
  },

  "issues/create-comment": {
    needs: ["pull-requests", "write"],
    answer: ({ state, make, params, body }) => {
      const number = Number(params["issue_number"]);
      if (!state.pulls.some((pull) => pull.number === number)) return NOT_FOUND;
      const text = String(body["body"]);
      if (text.length > 65_536) return tooLong();
      return { status: 201, body: make.comment(state.addComment({ number, author: state.login, body: text })) };
    },
  },

  "issues/update-comment": {
    needs: ["pull-requests", "write"],
    answer: ({ state, make, params, body }) => {
      const comment = state.comments.find(({ id }) => id === Number(params["comment_id"]));
      if (comment === undefined) return NOT_FOUND;
      const text = String(body["body"]);
      if (text.length > 65_536) return tooLong();
      comment.body = text;
      comment.updates++;
      return { status: 200, body: make.comment(comment) };
    },
  },

  "actions/list-artifacts-for-repo": {
    needs: ["actions", "read"],
    answer: (call) => artifactList(call, ({ isListed }) => isListed),
  },

  "actions/list-workflow-run-artifacts": {
    needs: ["actions", "read"],
    answer: (call) => artifactList(call, ({ runId }) => runId === Number(call.params["run_id"])),
  },

  "actions/download-artifact": {
    needs: ["actions", "read"],
    answer: (call) => {
      const artifact = artifactOf(call);
      if (artifact === undefined) return NOT_FOUND;
      if (artifact.expired)
        return { status: 410, body: { message: "Artifact has expired", documentation_url: "https://docs.github.com/rest", status: "410" } };
      return { status: 302, headers: { location: `${call.url}/storage/downloads/${artifact.id}.zip?sig=download` } };
    },
  },

  "actions/delete-artifact": {
    needs: ["actions", "write"],
    answer: (call) => {
      const artifact = artifactOf(call);
      if (artifact === undefined) return NOT_FOUND;
      call.state.artifacts.splice(call.state.artifacts.indexOf(artifact), 1);
      return { status: 204 };
    },
  },

  "actions/list-workflow-runs-for-repo": {
    needs: ["actions", "read"],
    answer: ({ state, make, query }) => {
      const matches = (name: string, value: string): boolean => (query.get(name) ?? value) === value;
      const runs = state.runs.filter(
        (run) => matches("head_sha", run.headSha) && matches("event", run.event) && matches("branch", run.headBranch),
      );
      const newestFirst = [...runs].sort((a, b) => b.id - a.id);
      return { status: 200, body: { total_count: runs.length, workflow_runs: page(newestFirst, query).map(make.run) } };
    },
  },

  "actions/get-workflow-run": {
    needs: ["actions", "read"],
    answer: ({ state, make, params }) => {
      const run = state.runs.find(({ id }) => id === Number(params["run_id"]));
      return run === undefined ? NOT_FOUND : { status: 200, body: make.run(run) };
    },
  },

  "users/get-authenticated": {
    answer: ({ state, make }) => (state.login.endsWith("[bot]") ? notAccessible() : { status: 200, body: make.privateUser(state.login) }),
  },
};

export const notAccessible = (): Answer => ({
  status: 403,
  body: { message: "Resource not accessible by integration", documentation_url: "https://docs.github.com/rest", status: "403" },
});

const tooLong = (): Answer => ({
  status: 422,
  body: { message: "Validation Failed: body is too long (maximum is 65536 characters)", documentation_url: "https://docs.github.com/rest" },
});
