import { createHash } from "node:crypto";

export type TreeEntry = { readonly mode: string; readonly type: "blob" | "tree" | "commit"; readonly sha: string };
/** What `git/create-tree` is told of one path; a `sha` of null removes it. */
export type TreeChange = { readonly path: string; readonly mode?: string; readonly sha?: string | null; readonly content?: string };
export type GitCommit = {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly date: string;
};

/** Git's object store with git's own hashes, as far as GitHub's Git data API shows it. */
export class GitObjects {
  readonly blobs = new Map<string, Buffer>();
  readonly trees = new Map<string, ReadonlyMap<string, TreeEntry>>();
  readonly commits = new Map<string, GitCommit>();
  /** Each runs before one write of a reference, as if somebody else had been there between. */
  readonly interferences: (() => void)[] = [];
  /** Listings of trees end after so many entries; GitHub's do after 100,000. */
  longestListing = 100_000;

  addBlob(content: Buffer): string {
    return this.#keep(this.blobs, "blob", content, content);
  }

  /**
   * @param base tree that the changes are laid over.
   * @returns undefined if a change names an object that is not there, or removes a path that is not there.
   */
  addTree(changes: readonly TreeChange[], base?: string): string | undefined {
    let root: string | undefined = base ?? this.#addEntries(new Map());
    for (const { path, mode = "100644", sha, content } of changes) {
      const entry = sha === null ? undefined : { mode, type: "blob" as const, sha: sha ?? this.addBlob(Buffer.from(content ?? "")) };
      if (entry !== undefined && !this.blobs.has(entry.sha)) return undefined;
      root = root === undefined ? undefined : this.#changed(root, path.split("/"), entry);
    }
    return root;
  }

  addCommit(tree: string, parents: readonly string[], message: string): GitCommit {
    const date = new Date(Date.UTC(2026, 0, 1) + this.commits.size * 60_000).toISOString().replace(".000", "");
    const by = `Mona <mona@github.com> ${Date.parse(date) / 1000} +0000`;
    const text = [`tree ${tree}`, ...parents.map((parent) => `parent ${parent}`), `author ${by}`, `committer ${by}`, "", message].join(
      "\n",
    );
    const sha = hash("commit", Buffer.from(text));
    const commit = { sha, tree, parents, message, date };
    this.commits.set(sha, commit);
    return commit;
  }

  /** The entries of a tree, or of a commit's tree, with their paths from there; undefined for an unknown object. */
  list(sha: string, isRecursive: boolean): readonly (TreeEntry & { readonly path: string })[] | undefined {
    const entries = this.trees.get(this.commits.get(sha)?.tree ?? sha);
    if (entries === undefined) return undefined;
    return [...entries].flatMap(([path, entry]) => [
      { path, ...entry },
      ...(isRecursive && entry.type === "tree"
        ? (this.list(entry.sha, true) ?? []).map((below) => ({ ...below, path: `${path}/${below.path}` }))
        : []),
    ]);
  }

  /** Whether a commit or one of its ancestors is `ancestor`. */
  contains(sha: string, ancestor: string): boolean {
    return sha === ancestor || (this.commits.get(sha)?.parents ?? []).some((parent) => this.contains(parent, ancestor));
  }

  #changed(tree: string, [name = "", ...below]: readonly string[], entry: TreeEntry | undefined): string | undefined {
    const entries = new Map(this.trees.get(tree));
    const old = entries.get(name);
    if (below.length === 0) {
      if (entry === undefined && old === undefined) return undefined;
      if (entry === undefined) entries.delete(name);
      else entries.set(name, entry);
    } else {
      const child = this.#changed(old?.type === "tree" ? old.sha : this.#addEntries(new Map()), below, entry);
      if (child === undefined) return undefined;
      // Git knows no empty folder.
      if (this.trees.get(child)!.size === 0) entries.delete(name);
      else entries.set(name, { mode: "040000", type: "tree", sha: child });
    }
    return this.#addEntries(entries);
  }

  #addEntries(entries: ReadonlyMap<string, TreeEntry>): string {
    const key = ([name, { type }]: readonly [string, TreeEntry]): string => (type === "tree" ? `${name}/` : name);
    const sorted = [...entries].sort((a, b) => (key(a) < key(b) ? -1 : 1));
    const content = Buffer.concat(
      sorted.flatMap(([name, { mode, sha }]) => [Buffer.from(`${mode.replace(/^0/, "")} ${name}\0`), Buffer.from(sha, "hex")]),
    );
    return this.#keep(this.trees, "tree", content, new Map(sorted));
  }

  #keep<T>(objects: Map<string, T>, type: string, content: Buffer, object: T): string {
    const sha = hash(type, content);
    objects.set(sha, object);
    return sha;
  }
}

const hash = (type: string, content: Buffer): string =>
  createHash("sha1").update(`${type} ${content.length}\0`).update(content).digest("hex");
