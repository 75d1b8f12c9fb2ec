import { loadDescription } from "./description.ts";
import type { GitCommit, TreeEntry } from "./git-objects.ts";
import type { Artifact, Comment, Commit, GitHubState, Pull, Run } from "./state.ts";

type Json = Record<string, unknown>;

/**
 * The objects of GitHub's answers: the description's own examples, with everything that the state knows laid over them.
 */
export function bodies(state: GitHubState, url: string) {
  const { example } = loadDescription();
  const { owner, name, id, defaultBranch } = state.repository;
  const api = `${url}/repos/${owner}/${name}`;
  const html = `https://github.com/${owner}/${name}`;

  const user = (login: string): Json => ({ ...example("simple-user", url), login, type: login.endsWith("[bot]") ? "Bot" : "User" });
  const names = (repositoryId: number): Json =>
    repositoryId === id
      ? { id, name, full_name: `${owner}/${name}`, default_branch: defaultBranch, url: api, html_url: html }
      : { id: repositoryId, name, full_name: `stranger/${name}`, fork: true };

  const repository = (): Json => {
    const rest = without(example("full-repository-default-response", url), "source", "parent", "template_repository");
    return { ...rest, language: null, ...names(id), owner: user(owner) };
  };
  const commit = ({ sha, parents, date, message }: Commit): Json => {
    const rest = without(example("commit", url), "files", "stats");
    const by = { name: "Mona", email: "mona@github.com", date };
    return {
      ...rest,
      sha,
      url: `${api}/commits/${sha}`,
      html_url: `${html}/commit/${sha}`,
      commit: { ...(rest["commit"] as Json), message, author: by, committer: by },
      parents: parents.map((parent) => ({ sha: parent, url: `${api}/commits/${parent}` })),
    };
  };
  const run = (of: Run): Json => {
    const rest = example("workflow-run", url);
    return {
      ...rest,
      id: of.id,
      run_number: of.number,
      event: of.event,
      head_sha: of.headSha,
      head_branch: of.headBranch,
      path: of.path,
      status: "completed",
      conclusion: "success",
      url: `${api}/actions/runs/${of.id}`,
      html_url: `${html}/actions/runs/${of.id}`,
      pull_requests: [],
      repository: { ...(rest["repository"] as Json), ...names(id) },
      head_repository: { ...(rest["head_repository"] as Json), ...names(of.headRepositoryId) },
    };
  };
  const artifact = (of: Artifact): Json => {
    const made = state.runs.find((one) => one.id === of.runId);
    return {
      ...example("artifact", url),
      id: of.id,
      name: of.name,
      size_in_bytes: of.content.length,
      digest: of.digest ?? null,
      expired: of.expired,
      created_at: of.createdAt,
      updated_at: of.createdAt,
      expires_at: of.expiresAt,
      url: `${api}/actions/artifacts/${of.id}`,
      archive_download_url: `${api}/actions/artifacts/${of.id}/zip`,
      workflow_run: made
        ? {
            id: made.id,
            repository_id: id,
            head_repository_id: made.headRepositoryId,
            head_branch: made.headBranch,
            head_sha: made.headSha,
          }
        : null,
    };
  };
  const comment = (of: Comment): Json => ({
    ...example("issue-comment", url),
    id: of.id,
    url: `${api}/issues/comments/${of.id}`,
    html_url: `${html}/pull/${of.number}#issuecomment-${of.id}`,
    issue_url: `${api}/issues/${of.number}`,
    body: of.body,
    user: of.author === "" ? null : user(of.author),
    created_at: of.createdAt,
    updated_at: of.updatedAt,
    author_association: of.association,
    minimized: of.minimized ? { reason: "outdated" } : null,
  });
  const pullOf = (rest: Json, of: Pull): Json => {
    const side = (old: unknown, sha: string, branch: string, repositoryId: number): Json => {
      const repo = (old as { repo: Json }).repo;
      return { ...(old as Json), sha, ref: branch, label: `${owner}:${branch}`, repo: { ...repo, ...names(repositoryId) } };
    };
    return {
      ...rest,
      number: of.number,
      html_url: `${html}/pull/${of.number}`,
      url: `${api}/pulls/${of.number}`,
      requested_teams: [],
      user: user(of.author),
      state: of.mergedAs === undefined ? "open" : "closed",
      merged_at: of.mergedAs === undefined ? null : "2026-01-06T00:00:00Z",
      merge_commit_sha: of.mergedAs ?? rest["merge_commit_sha"],
      labels: of.labels.map((label, i) => ({
        id: i + 1,
        node_id: "L",
        url: `${api}/labels/${label}`,
        name: label,
        description: "",
        color: "ededed",
        default: false,
      })),
      head: side(rest["head"], of.head.sha, of.head.branch, of.head.repositoryId),
      base: side(rest["base"], of.base.sha, of.base.branch, id),
    };
  };
  const gitObject = (kind: "blobs" | "trees" | "commits", sha: string): Json => ({ sha, url: `${api}/git/${kind}/${sha}` });
  const sizeOf = ({ type, sha }: TreeEntry): Json => (type === "blob" ? { size: state.git.blobs.get(sha)?.length ?? 0 } : {});
  return {
    user,
    repository,
    commit,
    run,
    artifact,
    comment,
    pull: (of: Pull): Json => pullOf(example("pull-request", url), of),
    pullSimple: (of: Pull): Json => pullOf(example("pull-request-simple-items", url), of),
    comparison: (parts: Json): Json => ({ ...example("commit-comparison", url), ...parts, files: [] }),
    content: (path: string, text: string): Json => ({
      ...example("content-file-response-if-content-is-a-file", url),
      name: path.split("/").at(-1),
      path,
      size: Buffer.byteLength(text),
      encoding: "base64",
      content: Buffer.from(text).toString("base64"),
    }),
    directory: (path: string, entries: readonly { readonly name: string; readonly type: "file" | "dir"; readonly sha: string }[]): Json[] =>
      entries.map(({ name, type, sha }) => {
        const below = path === "" ? name : `${path}/${name}`;
        const at = `${api}/contents/${below}`;
        const git = `${api}/git/${type === "dir" ? "trees" : "blobs"}/${sha}`;
        return {
          ...example("content-file-response-if-content-is-a-directory", url),
          type,
          name,
          path: below,
          sha,
          size: state.git.blobs.get(sha)?.length ?? 0,
          url: at,
          git_url: git,
          html_url: `${html}/blob/main/${below}`,
          download_url: type === "dir" ? null : `${url}/raw/${below}`,
          _links: { self: at, git, html: `${html}/blob/main/${below}` },
        };
      }),
    ref: (branch: string, sha: string): Json => ({
      ...example("git-ref", url),
      ref: `refs/heads/${branch}`,
      url: `${api}/git/refs/heads/${branch}`,
      object: { type: "commit", ...gitObject("commits", sha) },
    }),
    gitCommit: ({ sha, tree, parents, message, date }: GitCommit): Json => {
      const by = { name: "Mona", email: "mona@github.com", date };
      return {
        ...example("git-commit", url),
        ...gitObject("commits", sha),
        message,
        author: by,
        committer: by,
        tree: gitObject("trees", tree),
        parents: parents.map((parent) => ({ ...gitObject("commits", parent), html_url: `${html}/commit/${parent}` })),
      };
    },
    tree: (sha: string, entries: readonly (TreeEntry & { readonly path: string })[], truncated: boolean): Json => ({
      ...gitObject("trees", sha),
      tree: entries.map((entry) => ({
        ...entry,
        ...sizeOf(entry),
        url: `${api}/git/${entry.type}s/${entry.sha}`,
      })),
      truncated,
    }),
    blob: (sha: string, content: Buffer): Json => ({
      ...example("blob", url),
      ...gitObject("blobs", sha),
      size: content.length,
      encoding: "base64",
      // GitHub breaks its lines.
      content: content.toString("base64").replaceAll(/.{60}/g, "$&\n"),
    }),
    shortBlob: (sha: string): Json => gitObject("blobs", sha),
    permission: (login: string, role: string): Json => {
      const rest = example("repository-collaborator-permission-response-if-user-has-admin-permissions", url);
      // A custom role is written with the base that it stands on: `release-captain/write`.
      const [name = "", base = name] = role.split("/");
      const permission = { maintain: "write", triage: "read" }[base] ?? base;
      return { ...rest, permission, role_name: name, user: { ...(rest["user"] as Json), login, role_name: name } };
    },
    privateUser: (login: string): Json => ({ ...example("private-user-response-with-public-and-private-profile-information", url), login }),
  };
}

/** An example less those of its fields that the description itself calls wrong. */
const without = (object: Json, ...names: readonly string[]): Json =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
