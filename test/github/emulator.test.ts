import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readContext } from "../../src/io/github/context.ts";
import { HANDLERS } from "./rest.ts";
import { type GitHubEmulator, startGitHub } from "./server.ts";

let github: GitHubEmulator;
beforeEach(async () => {
  github = await startGitHub();
  github.state.addPull();
});
afterEach(() => github.close());

const REPO = "/repos/octo-org/model-server";
const ask = (path: string, init: { method?: string; body?: string; headers?: Record<string, string> } = {}) =>
  fetch(`${github.url}${path}`, {
    ...init,
    redirect: "manual",
    headers: { authorization: `token ${github.token}`, "content-type": "application/json", ...init.headers },
  });

describe("the emulator counts as a violation", () => {
  test.each([
    ["an operation that GitHub does not have", "/repos/octo-org/model-server/benchmarks", {}, "GitHub has no such operation"],
    ["an operation that is not emulated", `${REPO}/releases`, {}, "repos/list-releases is not emulated"],
    ["a query that is not described", `${REPO}/commits?branch=main`, {}, "query branch is not described"],
    ["a query of the wrong type", `${REPO}/commits?page=first`, {}, "query page must be integer"],
    ["a page that is too long", `${REPO}/commits?per_page=101`, {}, "query per_page is above 100"],
    ["a path of the wrong type", `${REPO}/actions/runs/latest`, {}, "path run_id must be integer"],
    [
      "a body without a required field",
      `${REPO}/issues/1/comments`,
      { method: "POST", body: "{}" },
      "body must have required property 'body'",
    ],
    [
      "a field that is not described",
      `${REPO}/issues/1/comments`,
      { method: "POST", body: '{"body":"x","text":"y"}' },
      "body text is not described",
    ],
    ["a body that is not JSON", `${REPO}/issues/1/comments`, { method: "POST", body: "body=x" }, "the body is not JSON"],
    [
      "a question to GraphQL that it does not know",
      "/graphql",
      { method: "POST", body: '{"query":"{ rateLimit { cost } }"}' },
      "is not emulated",
    ],
    [
      "a call that the artifact service does not have",
      "/twirp/x/Y",
      { method: "POST", body: "{}" },
      "is not a call of the artifact service",
    ],
  ])("%s", async (_, path, init, mistake) => {
    await ask(path, init);
    expect(github.violations.join("\n")).toContain(mistake);
  });

  test("an answer of its own that GitHub would not give", async () => {
    github.state.addComment({ number: 1, author: "octocat", body: 7 as unknown as string });
    await ask(`${REPO}/issues/1/comments`);
    expect(github.violations.join("\n")).toMatch(/answer.*body must be string/);
  });
});

test("every operation it emulates answers as GitHub's description says", async () => {
  const { state } = github;
  const { sha } = state.addCommit();
  const run = state.addRun();
  const artifact = state.addArtifact({ name: "a", runId: run.id, content: Buffer.from("zip") });
  const expired = state.addArtifact({ name: "b", runId: run.id, content: Buffer.from("zip"), expired: true });
  const pull = state.addPull({ labels: ["accept"] });
  const comment = state.addComment({ number: pull.number, author: "octocat", body: "hello" });
  state.permissions.actions = "write";
  state.permissions.checks = "write";
  const large = "x".repeat(1024 * 1024 + 1);
  state.files.set(`${sha}:large.txt`, large);
  const blob = createHash("sha1").update(`blob ${large.length}\0${large}`).digest("hex");
  state.files.set(`${sha}:README.md`, "hello");
  const statuses: number[] = [];
  const call = async (path: string, init?: Parameters<typeof ask>[1]) => void statuses.push((await ask(path, init)).status);
  for (const path of [
    REPO,
    `${REPO}/commits?sha=main&per_page=2&page=1`,
    `${REPO}/compare/main...${pull.head.sha}?per_page=1`,
    `${REPO}/contents/README.md?ref=${sha}`,
    `${REPO}/contents/large.txt?ref=${sha}`,
    `${REPO}/git/blobs/${blob}`,
    `${REPO}/commits/${pull.head.sha}/pulls`,
    `${REPO}/pulls?state=open&head=octo-org:${pull.head.branch}`,
    `${REPO}/pulls/${pull.number}`,
    `${REPO}/issues/${pull.number}/comments`,
    `${REPO}/collaborators/alice/permission`,
    `${REPO}/actions/artifacts?name=a`,
    `${REPO}/actions/runs/${run.id}/artifacts`,
    `${REPO}/actions/runs?head_sha=${sha}&event=push`,
    `${REPO}/actions/runs/${run.id}`,
  ]) {
    await call(path);
  }
  await call(`${REPO}/issues/${pull.number}/comments`, { method: "POST", body: '{"body":"x"}' });
  await call(`${REPO}/issues/comments/${comment.id}`, { method: "PATCH", body: '{"body":"y"}' });
  const check = { name: "tailgate", head_sha: pull.head.sha, status: "in_progress", output: { title: "t", summary: "s" } };
  await call(`${REPO}/check-runs`, { method: "POST", body: JSON.stringify(check) });
  await call(`${REPO}/check-runs/${state.checks[0]!.id}`, { method: "PATCH", body: '{"status":"completed","conclusion":"neutral"}' });
  await call(`${REPO}/commits/${pull.head.sha}/check-runs?check_name=tailgate`);
  await call(`${REPO}/actions/artifacts/${artifact.id}/zip`);
  await call(`${REPO}/actions/artifacts/${expired.id}/zip`);
  await call(`${REPO}/actions/artifacts/${artifact.id}`, { method: "DELETE" });
  await call("/user");
  state.login = "octocat";
  await call("/user");
  expect(statuses).toEqual([...Array(15).fill(200), 201, 200, 201, 200, 200, 302, 410, 204, 403, 200]);
  state.permissions.contents = "write";
  const post = async (path: string, body: object): Promise<string> => {
    const answer = await ask(`${REPO}/git/${path}`, { method: "POST", body: JSON.stringify(body) });
    expect(answer.status).toBe(201);
    return ((await answer.json()) as { sha: string }).sha;
  };
  const made = await post("blobs", { content: "aGVsbG8=", encoding: "base64" });
  const tree = await post("trees", { tree: [{ path: "a/b/x", mode: "100644", type: "blob", sha: made }] });
  const root = await post("commits", { message: "Begin", tree, parents: [] });
  await post("refs", { ref: "refs/heads/kept", sha: root });
  const next = await post("commits", { message: "Go on", tree, parents: [root] });
  await ask(`${REPO}/git/refs/heads%2Fkept`, { method: "PATCH", body: JSON.stringify({ sha: next, force: false }) });
  expect(state.branches.get("kept")).toBe(next);
  for (const path of ["ref/heads%2Fkept", `commits/${next}`, `trees/${tree}?recursive=1`, `blobs/${made}`]) {
    expect((await ask(`${REPO}/git/${path}`)).status).toBe(200);
  }
  expect(state.filesOf("kept")).toEqual(new Map([["a/b/x", "hello"]]));
  state.files.set(`${sha}:folder/a.json`, "{}");
  expect(await (await ask(`${REPO}/contents/folder?ref=${sha}`)).json()).toMatchObject([{ name: "a.json", type: "file" }]);
  expect(github.violations).toEqual([]);
  const seen = new Set(github.requests.map(({ operation }) => operation));
  expect(Object.keys(HANDLERS).filter((operation) => !seen.has(operation) && operation !== "repos/compare-commits-with-basehead")).toEqual(
    [],
  );
});

test("a merged pull request is one of the commit that it became, and a role is told with the base that it stands on", async () => {
  const { state } = github;
  const { sha } = state.addCommit();
  const { number } = state.addPull();
  state.changePull(number, { mergedAs: sha });
  state.roles.set("alice", "maintain").set("tess", "triage").set("ghost", "gone");
  const json = async (path: string): Promise<unknown> => (await ask(path)).json();
  expect(await json(`${REPO}/commits/${sha}/pulls`)).toMatchObject([{ number, merge_commit_sha: sha, state: "closed" }]);
  expect(await json(`${REPO}/collaborators/alice/permission`)).toMatchObject({ permission: "write", role_name: "maintain" });
  expect(await json(`${REPO}/collaborators/tess/permission`)).toMatchObject({ permission: "read", role_name: "triage" });
  expect(await json(`${REPO}/collaborators/nobody/permission`)).toMatchObject({ permission: "read", role_name: "read" });
  expect((await ask(`${REPO}/collaborators/ghost/permission`)).status).toBe(404);
  expect(github.violations).toEqual([]);
});

test("a token without the right, and none at all, are refused as GitHub refuses them", async () => {
  github.state.permissions["pull-requests"] = "none";
  expect((await ask(`${REPO}/issues/1/comments`)).status).toBe(403);
  expect((await ask(REPO, { headers: { authorization: "" } })).status).toBe(401);
  expect((await ask("/repos/octo-org/other")).status).toBe(404);
  expect(github.violations).toEqual([]);
});

test("listings lag behind as GitHub's do: of runs by branch, and of the repository's artifacts; by commit and by run they do not", async () => {
  const run = github.state.addRun({ isIndexed: false });
  github.state.addArtifact({ name: "a", runId: run.id, content: Buffer.from("zip"), isListed: false });
  const counted = async (path: string) => ((await (await ask(`${REPO}/actions/${path}`)).json()) as { total_count: number }).total_count;
  expect(await counted("runs?branch=main&event=push")).toBe(0);
  expect(await counted(`runs?head_sha=${run.headSha}`)).toBe(1);
  expect(await counted("artifacts?name=a")).toBe(0);
  expect(await counted(`runs/${run.id}/artifacts?name=a`)).toBe(1);
  expect(github.violations).toEqual([]);
});

test("a planted failure comes as often as it was planted, with its headers and its words", async () => {
  github.state.fail({ method: "GET", path: /model-server$/, status: 403, headers: { "retry-after": "7" }, message: "slow down", times: 2 });
  for (let i = 0; i < 2; i++) {
    const answer = await ask(REPO);
    expect([answer.status, answer.headers.get("retry-after"), await answer.json()]).toEqual([403, "7", { message: "slow down" }]);
  }
  expect((await ask(REPO)).status).toBe(200);
});

test("the environment of a run is one that tailgate reads, also of a fork's pull request", () => {
  const { state } = github;
  const pull = state.addPull({ branch: "main", repositoryId: 666, labels: ["accept"] });
  const run = state.addRun({ event: "pull_request", pull: pull.number, headSha: pull.head.sha });
  const context = readContext(github.env(run), (path) => readFileSync(path, "utf8"));
  expect(context).toMatchObject({
    event: "pull_request",
    sha: pull.head.sha,
    pullRequest: pull.number,
    fromFork: true,
    labels: ["accept"],
    runId: run.id,
    apiUrl: github.url,
    hasToken: true,
  });
  expect(github.env(run, { GITHUB_RUN_ATTEMPT: "3" })["GITHUB_RUN_ATTEMPT"]).toBe("3");
});
