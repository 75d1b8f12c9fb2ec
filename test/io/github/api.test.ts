import { afterEach, beforeEach, expect, test } from "vitest";
import { connectGitHub, type GitHubApi } from "../../../src/io/github/api.ts";
import { type GitHubEmulator, startGitHub } from "../../github/server.ts";

let github: GitHubEmulator;
let api: GitHubApi;
beforeEach(async () => {
  github = await startGitHub();
  api = await connectGitHub({ token: github.token, repository: github.state.repository, apiUrl: github.url });
});
afterEach(() => github.closeClean());

test("the merge base is where the pull request left its branch, and undefined for unrelated histories", async () => {
  const shared = github.state.addCommit();
  const pull = github.state.addPull();
  github.state.addCommit();
  const stranger = github.state.addCommit({ branch: "gh-pages" });
  expect(await api.mergeBase("main", pull.head.sha)).toBe(shared.sha);
  expect(await api.mergeBase(stranger.sha, pull.head.sha)).toBeUndefined();
  expect(await api.mergeBase("main", "0".repeat(40))).toBeUndefined();
});

test("commits are listed from the newest, over pages, up to the number asked for", async () => {
  const commits = Array.from({ length: 130 }, () => github.state.addCommit().sha).reverse();
  expect(await api.listCommits(commits[0]!, 1000)).toEqual(commits);
  expect(await api.listCommits(commits[0]!, 120)).toEqual(commits.slice(0, 120));
});

test("a file is read as it was at a commit", async () => {
  const { sha } = github.state.addCommit();
  github.state.files.set(`${sha}:perf/suite.yaml`, "name: größe\n");
  expect(await api.readFile("perf/suite.yaml", sha)).toBe("name: größe\n");
  expect(await api.readFile("perf/other.yaml", sha)).toBeUndefined();
});

test("a file of any kind is read as it was at a commit, also above 1 MiB, where its content comes as a blob", async () => {
  const { sha } = github.state.addCommit();
  const large = "größe ".repeat(200_000);
  github.state.files.set(`${sha}:small.bin`, "größe").set(`${sha}:large.bin`, large);
  expect(Buffer.from((await api.readFileBytes("small.bin", sha))!).toString()).toBe("größe");
  expect(Buffer.from((await api.readFileBytes("large.bin", sha))!).toString()).toBe(large);
  expect(await api.readFileBytes("other.bin", sha)).toBeUndefined();
});

test("a run says what it ran on, and one that is gone is undefined", async () => {
  const run = github.state.addRun({ headRepositoryId: 9, path: ".github/workflows/perf.yml@main" });
  expect(await api.getRun(run.id)).toEqual({
    id: run.id,
    number: 1,
    event: "push",
    headBranch: "main",
    headSha: run.headSha,
    path: ".github/workflows/perf.yml",
    repositoryId: 4711,
    headRepositoryId: 9,
  });
  expect(await api.getRun(7)).toBeUndefined();
});
