import { InputError } from "../../../core/errors.ts";
import { statusOf } from "../connection.ts";
import { type Asking, undefinedFor404 } from "./ask.ts";

/** A file or folder in a tree. */
export type GitEntry = {
  readonly name: string;
  readonly kind: "blob" | "tree" | "commit";
  readonly sha: string;
  readonly sizeBytes: number;
};

/** A file to be written, or, without a blob, one to be removed. */
export type GitChange = { readonly path: string; readonly blob: string | undefined };

const READ = "contents: read";
const WRITE = "contents: write";

/** Git's own objects, through which a branch can be read and written without a checkout. */
export function gitDataApi({ client: { rest }, repo, ask }: Asking) {
  return {
    /** The commit that a branch ends in; undefined if there is no such branch. */
    branchTip: (branch: string): Promise<string | undefined> =>
      ask(`read the branch ${branch}`, READ, async () => {
        const answer = await rest.git.getRef({ ...repo, ref: `heads/${branch}` }).catch(undefinedFor404);
        return answer?.data.object.sha;
      }),

    /** The tree of a commit. */
    treeOf: (commit: string): Promise<string> =>
      ask("read a commit", READ, async () => (await rest.git.getCommit({ ...repo, commit_sha: commit })).data.tree.sha),

    /** What lies directly in a tree. `truncated`: GitHub left some of it out. */
    listTree: (tree: string): Promise<{ readonly entries: readonly GitEntry[]; readonly truncated: boolean }> =>
      ask("read a tree", READ, async () => {
        const { data } = await rest.git.getTree({ ...repo, tree_sha: tree });
        const entries = data.tree.flatMap(({ path, type, sha, size }) =>
          type === "blob" || type === "tree" || type === "commit" ? [{ name: path, kind: type, sha, sizeBytes: size ?? 0 } as const] : [],
        );
        return { entries, truncated: data.truncated };
      }),

    readBlob: (sha: string): Promise<Buffer> =>
      ask("read a blob", READ, async () => {
        const { data } = await rest.git.getBlob({ ...repo, file_sha: sha });
        if (data.encoding !== "base64") throw new InputError(`GitHub gave a blob in an encoding that is not read: ${data.encoding}`);
        return Buffer.from(data.content, "base64");
      }),

    createBlob: (text: string): Promise<string> =>
      ask(
        "write files",
        WRITE,
        async () => (await twice(() => rest.git.createBlob({ ...repo, content: text, encoding: "utf-8" }))).data.sha,
      ),

    /** @param base the tree that the changes are made to; undefined for a tree of its own. */
    createTree: (changes: readonly GitChange[], base: string | undefined): Promise<string> =>
      ask("write files", WRITE, async () => {
        // The client's types do not know that null removes a file.
        const tree = changes.map(({ path, blob }) => ({ path, mode: "100644", type: "blob", sha: blob ?? null }) as const);
        return (await twice(() => rest.git.createTree({ ...repo, tree, ...(base === undefined ? {} : { base_tree: base }) }))).data.sha;
      }),

    createCommit: (message: string, tree: string, parent: string | undefined): Promise<string> =>
      ask("write commits", WRITE, async () => {
        const parents = parent === undefined ? [] : [parent];
        return (await twice(() => rest.git.createCommit({ ...repo, message, tree, parents }))).data.sha;
      }),

    /**
     * Lets a branch end in `commit`, which must follow `from`, its end so far; undefined begins the branch. Never by force.
     *
     * @returns why GitHub would not have it, in its own words: the branch has moved on, or a rule forbids it; undefined
     *   where it was done.
     */
    moveBranch: (branch: string, commit: string, from: string | undefined): Promise<string | undefined> =>
      ask(`write the branch ${branch}`, WRITE, async () => {
        try {
          if (from === undefined) await twice(() => rest.git.createRef({ ...repo, ref: `refs/heads/${branch}`, sha: commit }));
          else await rest.git.updateRef({ ...repo, ref: `heads/${branch}`, sha: commit, force: false });
          return undefined;
        } catch (error) {
          const status = statusOf(error);
          if (status !== 409 && status !== 422) throw error;
          return error instanceof Error ? error.message : String(error);
        }
      }),
  };
}

/**
 * Once more after an outage, which the client does for no other POST: an object is named by its content, so that writing
 * it twice writes it once, and a branch that was begun after all is refused and known again by its tip.
 */
async function twice<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if ((statusOf(error) ?? 0) < 500) throw error;
    return write();
  }
}
