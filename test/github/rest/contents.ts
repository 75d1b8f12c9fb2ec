import { createHash } from "node:crypto";
import type { GitHubState } from "../state.ts";
import { type Handler, type Handlers, NOT_FOUND, page } from "./handler.ts";

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

/** What lies directly in a folder of `files`, at most the 1000 that GitHub lists. Every text is a blob as well. */
function folderOf(state: GitHubState, folder: string) {
  const below = [...state.files].filter(([key]) => key.startsWith(folder)).map(([key, text]) => [key.slice(folder.length), text] as const);
  const folders = new Set(below.flatMap(([path]) => (path.includes("/") ? [path.slice(0, path.indexOf("/"))] : [])));
  const files = below.filter(([path]) => !path.includes("/"));
  return [
    ...files.map(([name, text]) => ({ name, type: "file" as const, sha: state.git.addBlob(Buffer.from(text)) })),
    ...[...folders].map((name) => ({
      name,
      type: "dir" as const,
      sha: createHash("sha1")
        .update(folder + name)
        .digest("hex"),
    })),
  ].slice(0, 1000);
}

export const CONTENTS: Handlers = {
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
      const commit = state.branches.get(ref) ?? ref;
      const text = state.files.get(`${commit}:${path}`);
      if (text !== undefined) return { status: 200, body: make.content(path, text) };
      const entries = folderOf(state, `${commit}:${path}/`);
      return entries.length === 0 ? NOT_FOUND : { status: 200, body: make.directory(path, entries) };
    },
  },
};
