import { createHash } from "node:crypto";
import { GitObjects } from "./git-objects.ts";

export type Commit = { readonly sha: string; readonly parents: readonly string[]; readonly date: string; readonly message: string };

export type Run = {
  readonly id: number;
  readonly number: number;
  readonly event: string;
  readonly headSha: string;
  readonly headBranch: string;
  readonly headRepositoryId: number;
  readonly path: string;
  readonly pull: number | undefined;
  /** False: listings by branch, event or status do not show it yet, which may last for days; by its commit it is found. */
  readonly isIndexed: boolean;
};

export type Artifact = {
  readonly id: number;
  readonly name: string;
  readonly runId: number;
  readonly content: Buffer;
  /** What the platform recorded at upload; differs from the content's own where a test wants it to. */
  readonly digest: string | undefined;
  readonly expired: boolean;
  readonly createdAt: string;
  readonly expiresAt: string;
  /** False: the repository's listing does not show it yet, the run's does. */
  readonly isListed: boolean;
  /** Fields of the run that made it, where the platform is to say something else than the run itself. */
  readonly madeBy?: Readonly<Record<string, string | number>>;
};

export type Check = {
  readonly id: number;
  readonly name: string;
  readonly headSha: string;
  readonly externalId: string;
  detailsUrl: string;
  status: string;
  conclusion: string | undefined;
  title: string;
  summary: string;
  readonly annotations: object[];
  /** All that it ever had, in order. */
  readonly statuses: string[];
};

export type Pull = {
  readonly number: number;
  readonly head: { readonly sha: string; readonly branch: string; readonly repositoryId: number };
  readonly base: { readonly sha: string; readonly branch: string };
  readonly labels: readonly string[];
  readonly isOpen: boolean;
  /** Who opened it. */
  readonly author: string;
  /** The commit that it became on its base branch; undefined while it is open. */
  readonly mergedAs: string | undefined;
};

export type Comment = {
  readonly id: number;
  readonly number: number;
  readonly author: string;
  body: string;
  updates: number;
  minimized: boolean;
  readonly createdAt: string;
  updatedAt: string;
  /** What GitHub calls its writer, as far as this token may know. */
  readonly association: string;
};

/** The next `times` matching requests fail, before anything else is looked at. */
export type Fault = {
  readonly method: string;
  readonly path: RegExp;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** What GitHub says with it, `planted STATUS` by default; with an empty one there is no body. */
  readonly message?: string;
  times: number;
};

type Access = "none" | "read" | "write";

/** What one GitHub repository holds. Tests read and change it directly; the `add` functions fill in what they leave out. */
export class GitHubState {
  readonly repository: { readonly owner: string; readonly name: string; readonly id: number; readonly defaultBranch: string };
  /** Who the token belongs to; a person's token may ask `GET /user`, a workflow's may not. */
  login = "github-actions[bot]";
  permissions: { contents: Access; actions: Access; "pull-requests": Access; checks: Access } = {
    checks: "none",
    contents: "read",
    actions: "read",
    "pull-requests": "write",
  };
  readonly branches = new Map<string, string>();
  readonly commits: Commit[] = [];
  readonly runs: Run[] = [];
  readonly artifacts: Artifact[] = [];
  readonly pulls: Pull[] = [];
  readonly comments: Comment[] = [];
  readonly checks: Check[] = [];
  readonly faults: Fault[] = [];
  /** What the Git data API reads and writes; its branches are among `branches`. */
  readonly git = new GitObjects();
  /** Branches that a rule of the repository lets nobody update. */
  readonly protectedBranches = new Set<string>();
  /** github.com, or an Enterprise Server: the artifact client does not work there. */
  serverUrl = "https://github.com";
  /** Roles of people in the repository, by login: `write`, a custom one as `NAME/BASE`, `gone`; anybody else may read. */
  readonly roles = new Map<string, string>();
  /** Files by `REF:PATH`, where REF is a commit. */
  readonly files = new Map<string, string>();
  #lastId = 1000;

  constructor(repository: Partial<GitHubState["repository"]> = {}) {
    this.repository = { owner: "octo-org", name: "model-server", id: 4711, defaultBranch: "main", ...repository };
  }

  nextId(): number {
    return ++this.#lastId;
  }

  /** A commit on a branch, on top of the branch's tip or of `parent`; the first one begins the history. */
  addCommit({
    branch = this.repository.defaultBranch,
    parent = this.branches.get(branch),
    message = "Change",
  }: {
    branch?: string;
    parent?: string | undefined;
    message?: string;
  } = {}): Commit {
    const position = this.commits.length;
    const commit: Commit = {
      sha: createHash("sha1").update(`${this.repository.id} ${position}`).digest("hex"),
      parents: parent === undefined ? [] : [parent],
      date: new Date(Date.UTC(2026, 0, 1) + position * 3_600_000).toISOString().replace(".000", ""),
      message,
    };
    this.commits.push(commit);
    this.branches.set(branch, commit.sha);
    return commit;
  }

  addRun(run: Partial<Run> = {}): Run {
    const id = run.id ?? this.nextId();
    const headBranch = run.headBranch ?? this.repository.defaultBranch;
    const full: Run = {
      id,
      number: this.runs.length + 1,
      event: "push",
      headBranch,
      headSha: this.branches.get(headBranch) ?? this.addCommit({ branch: headBranch }).sha,
      headRepositoryId: this.repository.id,
      path: ".github/workflows/perf.yml",
      pull: undefined,
      isIndexed: true,
      ...run,
    };
    this.runs.push(full);
    return full;
  }

  addArtifact(artifact: Pick<Artifact, "name" | "runId" | "content"> & Partial<Artifact>): Artifact {
    const full: Artifact = {
      id: this.nextId(),
      digest: `sha256:${createHash("sha256").update(artifact.content).digest("hex")}`,
      expired: false,
      createdAt: "2026-01-02T00:00:00Z",
      expiresAt: "2026-04-02T00:00:00Z",
      isListed: true,
      ...artifact,
    };
    this.artifacts.push(full);
    return full;
  }

  addPull(
    pull: { number?: number; branch?: string; base?: string; repositoryId?: number; labels?: readonly string[]; author?: string } = {},
  ): Pull {
    const base = pull.base ?? this.repository.defaultBranch;
    const branch = pull.branch ?? "faster-tokenizer";
    const parent = this.branches.get(base) ?? this.addCommit({ branch: base }).sha;
    const head = this.addCommit({ branch, parent });
    const full: Pull = {
      number: pull.number ?? this.pulls.length + 1,
      head: { sha: head.sha, branch, repositoryId: pull.repositoryId ?? this.repository.id },
      base: { sha: parent, branch: base },
      labels: pull.labels ?? [],
      isOpen: true,
      author: pull.author ?? "mona",
      mergedAs: undefined,
    };
    this.pulls.push(full);
    return full;
  }

  /** Replaces a pull request by what it has become. */
  changePull(number: number, change: Partial<Omit<Pull, "number">>): Pull {
    const at = this.pulls.findIndex((pull) => pull.number === number);
    const changed = { ...this.pulls[at]!, ...change };
    this.pulls.splice(at, 1, changed);
    return changed;
  }

  addComment(comment: Pick<Comment, "number" | "author" | "body"> & Partial<Comment>): Comment {
    const id = this.nextId();
    const createdAt = new Date(Date.UTC(2026, 0, 5) + id * 60_000).toISOString().replace(".000", "");
    const full: Comment = { id, updates: 0, minimized: false, createdAt, updatedAt: createdAt, association: "NONE", ...comment };
    this.comments.push(full);
    return full;
  }

  /** A commit on a branch of the Git data API, with its files by path. */
  commitFiles(branch: string, files: Readonly<Record<string, string | null>>): string {
    const tip = this.branches.get(branch);
    const changes = Object.entries(files).map(([path, content]) => (content === null ? { path, sha: null } : { path, content }));
    const tree = this.git.addTree(changes, tip === undefined ? undefined : this.git.commits.get(tip)?.tree);
    if (tree === undefined) throw new RangeError(`${Object.keys(files).join(", ")} cannot be committed`);
    const { sha } = this.git.addCommit(tree, tip === undefined ? [] : [tip], "Add files");
    this.branches.set(branch, sha);
    return sha;
  }

  /** The files of a branch of the Git data API, by path. */
  filesOf(branch: string): ReadonlyMap<string, string> {
    const entries = this.git.list(this.branches.get(branch) ?? "", true) ?? [];
    return new Map(
      entries.flatMap(({ path, type, sha }) => (type === "blob" ? [[path, this.git.blobs.get(sha)!.toString("utf8")] as const] : [])),
    );
  }

  /** Makes the next requests of a kind fail. */
  fail(fault: Omit<Fault, "times"> & { times?: number }): void {
    this.faults.push({ times: 1, ...fault });
  }

  /** A commit and all its ancestors, newest first; undefined for an unknown commit or branch. */
  history(ref: string): readonly Commit[] | undefined {
    const sha = this.branches.get(ref) ?? ref;
    const bySha = new Map(this.commits.map((commit) => [commit.sha, commit]));
    if (!bySha.has(sha)) return undefined;
    const seen = new Set<Commit>();
    for (const queue = [sha]; queue.length > 0; ) {
      const commit = bySha.get(queue.pop()!);
      if (commit === undefined || seen.has(commit)) continue;
      seen.add(commit);
      queue.push(...commit.parents);
    }
    return [...seen].sort((a, b) => (a.date < b.date ? 1 : -1));
  }
}
