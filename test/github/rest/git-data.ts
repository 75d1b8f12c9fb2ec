import type { TreeChange } from "../git-objects.ts";
import { type Answer, type Handlers, NOT_FOUND, type RestCall } from "./handler.ts";

export const GIT_DATA: Handlers = {
  "git/get-ref": {
    needs: ["contents", "read"],
    answer: ({ state, make, params }) => {
      const name = branchOf(params["ref"]);
      const sha = name === undefined ? undefined : state.branches.get(name);
      return sha === undefined ? NOT_FOUND : { status: 200, body: make.ref(name!, sha) };
    },
  },

  "git/create-ref": {
    needs: ["contents", "write"],
    answer: (call) => {
      const { state, make, body } = call;
      state.git.interferences.shift()?.();
      const name = branchOf(String(body["ref"]).replace(/^refs\//, ""));
      const sha = String(body["sha"]);
      if (!String(body["ref"]).startsWith("refs/") || name === undefined) return invalid("Reference name must start with refs/");
      if (!isKnownCommit(call, sha)) return invalid("Object does not exist");
      if (state.branches.has(name)) return invalid("Reference already exists");
      state.branches.set(name, sha);
      return { status: 201, body: make.ref(name, sha) };
    },
  },

  "git/update-ref": {
    needs: ["contents", "write"],
    answer: (call) => {
      const { state, make, params, body } = call;
      state.git.interferences.shift()?.();
      const name = branchOf(params["ref"]);
      const old = name === undefined ? undefined : state.branches.get(name);
      const sha = String(body["sha"]);
      if (name === undefined || old === undefined) return invalid("Reference does not exist");
      if (!isKnownCommit(call, sha)) return invalid("Object does not exist");
      if (state.protectedBranches.has(name)) return invalid("Repository rule violations found\n\nCannot update this protected ref.");
      if (body["force"] !== true && !state.git.contains(sha, old)) return invalid("Update is not a fast forward");
      state.branches.set(name, sha);
      return { status: 200, body: make.ref(name, sha) };
    },
  },

  "git/get-commit": {
    needs: ["contents", "read"],
    answer: ({ state, make, params }) => {
      const commit = state.git.commits.get(params["commit_sha"] ?? "");
      return commit === undefined ? NOT_FOUND : { status: 200, body: make.gitCommit(commit) };
    },
  },

  "git/create-commit": {
    needs: ["contents", "write"],
    answer: ({ state, make, body }) => {
      const tree = String(body["tree"]);
      const parents = (body["parents"] as readonly string[] | undefined) ?? [];
      if (!state.git.trees.has(tree)) return invalid("Tree SHA does not exist");
      if (parents.some((parent) => !state.git.commits.has(parent))) return invalid("Parent SHA does not exist or is not a commit object");
      return { status: 201, body: make.gitCommit(state.git.addCommit(tree, parents, String(body["message"]))) };
    },
  },

  "git/get-tree": {
    needs: ["contents", "read"],
    answer: ({ state, make, params, query }) => {
      const sha = params["tree_sha"] ?? "";
      const entries = state.git.list(sha, query.has("recursive"));
      if (entries === undefined) return NOT_FOUND;
      const listed = entries.slice(0, state.git.longestListing);
      return { status: 200, body: make.tree(sha, listed, listed.length < entries.length) };
    },
  },

  "git/create-tree": {
    needs: ["contents", "write"],
    answer: ({ state, make, body }) => {
      const base = body["base_tree"] as string | undefined;
      const changes = body["tree"] as readonly TreeChange[];
      if (base !== undefined && state.git.list(base, false) === undefined) return invalid("base_tree is not a valid tree oid");
      if (changes.length === 0) return invalid("Invalid tree info");
      if (changes.some(({ sha, content }) => (sha === undefined) === (content === undefined)))
        return invalid("Must supply either tree.sha or tree.content");
      const sha = state.git.addTree(changes, base === undefined ? undefined : (state.git.commits.get(base)?.tree ?? base));
      if (sha === undefined) return invalid("GitRPC::BadObjectState");
      return { status: 201, body: make.tree(sha, state.git.list(sha, false)!, false) };
    },
  },

  "git/get-blob": {
    needs: ["contents", "read"],
    answer: ({ state, make, params }) => {
      const content = state.git.blobs.get(params["file_sha"] ?? "");
      return content === undefined ? NOT_FOUND : { status: 200, body: make.blob(params["file_sha"]!, content) };
    },
  },

  "git/create-blob": {
    needs: ["contents", "write"],
    answer: ({ state, make, body }) => {
      const encoding = (body["encoding"] as string | undefined) ?? "utf-8";
      if (encoding !== "utf-8" && encoding !== "base64") return invalid("encoding must be utf-8 or base64");
      const content = Buffer.from(String(body["content"]), encoding === "base64" ? "base64" : "utf8");
      return { status: 201, body: make.shortBlob(state.git.addBlob(content)) };
    },
  },
};

/** `heads/main` → `main`; other references are not emulated. */
const branchOf = (ref: string | undefined): string | undefined => /^heads\/(.+)$/.exec(ref ?? "")?.[1];

const isKnownCommit = ({ state }: RestCall, sha: string): boolean =>
  state.git.commits.has(sha) || state.commits.some((commit) => commit.sha === sha);

const invalid = (message: string): Answer => ({
  status: 422,
  body: { message, documentation_url: "https://docs.github.com/rest/git", status: "422" },
});
