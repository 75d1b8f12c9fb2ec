import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connectGitHub, type GitHubApi } from "../../../src/io/github/api.ts";
import { addToBranch, type BranchCommit, listBranchFolder } from "../../../src/io/github/branch-files.ts";
import { type GitHubEmulator, startGitHub } from "../../github/server.ts";

const BRANCH = "tailgate-baselines";
let github: GitHubEmulator;
let api: GitHubApi;
let pauses: number[];

beforeEach(async () => {
  github = await startGitHub();
  github.state.permissions.contents = "write";
  api = await connectGitHub({ token: github.token, repository: github.state.repository, apiUrl: github.url });
  pauses = [];
});
afterEach(() => github.closeClean());

const add = (name: string, commit: Partial<BranchCommit> = {}) =>
  addToBranch(
    api,
    {
      branch: BRANCH,
      folder: "sentiment-1a2b3c4d",
      message: `Keep ${name}\n`,
      text: `the run ${name}\n`,
      nameBeside: (present) => (present.includes(name) ? `second-${name}` : name),
      surplus: () => [],
      beginning: { "README.md": "# Stored runs\n" },
      ...commit,
    },
    async (seconds) => void pauses.push(seconds),
  );
const files = () => Object.fromEntries(github.state.filesOf(BRANCH));
const tip = () => github.state.git.commits.get(github.state.branches.get(BRANCH)!)!;
const somebodyElse = (name: string) => () => void github.state.commitFiles(BRANCH, { [`sentiment-1a2b3c4d/${name}`]: "theirs" });

describe("adding a file to a branch", () => {
  test("begins the branch with a commit of its own, which has no parent and says what it is", async () => {
    github.state.addCommit();
    expect(await add("1.json")).toBe("sentiment-1a2b3c4d/1.json");
    expect(files()).toEqual({ "README.md": "# Stored runs\n", "sentiment-1a2b3c4d/1.json": "the run 1.json\n" });
    expect(tip()).toMatchObject({ parents: [], message: "Keep 1.json\n" });
  });

  test("goes on where the branch ends, leaves other folders alone and removes what is too much", async () => {
    const before = github.state.commitFiles(BRANCH, {
      "other/a.json": "a",
      "sentiment-1a2b3c4d/1.json": "1",
      "sentiment-1a2b3c4d/2.json": "2",
    });
    await add("3.json", { surplus: (present) => present.filter((name) => name === "1.json") });
    expect(files()).toEqual({ "other/a.json": "a", "sentiment-1a2b3c4d/2.json": "2", "sentiment-1a2b3c4d/3.json": "the run 3.json\n" });
    expect(tip().parents).toEqual([before]);
  });

  test("chooses its name by what is there", async () => {
    github.state.commitFiles(BRANCH, { "sentiment-1a2b3c4d/1.json": "1" });
    expect(await add("1.json")).toBe("sentiment-1a2b3c4d/second-1.json");
    expect(files()).toMatchObject({ "sentiment-1a2b3c4d/1.json": "1" });
  });

  test.each([
    ["while it begins the branch", false],
    ["while it goes on with the branch", true],
  ])("loses nothing of somebody who writes %s", async (_, exists) => {
    if (exists) somebodyElse("0.json")();
    github.state.git.interferences.push(somebodyElse("1.json"), somebodyElse("2.json"));
    await add("3.json");
    expect(Object.keys(files()).filter((path) => path.endsWith(".json"))).toEqual(
      [...(exists ? ["0.json"] : []), "1.json", "2.json", "3.json"].map((name) => `sentiment-1a2b3c4d/${name}`),
    );
    expect(pauses).toHaveLength(2);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(8);
  });

  test("of several at once, as the legs of a matrix do, keeps them all", async () => {
    const names = ["a", "b", "c", "d", "e"].map((name) => `${name}.json`);
    await Promise.all(names.map((name) => add(name)));
    expect(Object.keys(files())).toEqual(["README.md", ...names.map((name) => `sentiment-1a2b3c4d/${name}`)]);
  });

  test("gives up after twelve rounds, with a sentence", async () => {
    for (let round = 0; round < 12; round++) github.state.git.interferences.push(somebodyElse(`${round}.json`));
    await expect(add("x.json")).rejects.toMatchObject({
      sentence: `others wrote to the branch ${BRANCH} at the same time, 12 times in a row; run the job again`,
    });
    expect(pauses).toHaveLength(11);
  });

  test("knows its own commit again when the answer was lost on its way", async () => {
    github.state.commitFiles(BRANCH, { "sentiment-1a2b3c4d/1.json": "1" });
    const real = api;
    const moveBranch = async (...of: Parameters<GitHubApi["moveBranch"]>) => {
      await real.moveBranch(...of);
      return "Update is not a fast forward";
    };
    api = { ...real, moveBranch };
    expect(await add("2.json")).toBe("sentiment-1a2b3c4d/2.json");
    expect(pauses).toEqual([]);
  });

  test.each(["blobs", "trees", "commits", "refs"])("survives one outage while it writes %s", async (objects) => {
    github.state.fail({ method: "POST", path: new RegExp(`/git/${objects}$`), status: 502 });
    expect(await add("1.json")).toBe("sentiment-1a2b3c4d/1.json");
    expect(Object.keys(files())).toEqual(["README.md", "sentiment-1a2b3c4d/1.json"]);
  });

  test("fails with a sentence in a longer one, and leaves the branch as it was", async () => {
    github.state.fail({ method: "POST", path: /\/git\/trees$/, status: 502, times: 9 });
    await expect(add("1.json")).rejects.toMatchObject({ sentence: "could not write files: GitHub answered 502; run the job again" });
    expect(github.state.branches.has(BRANCH)).toBe(false);
  });

  test("never by force, and never to a branch that a rule protects", async () => {
    github.state.commitFiles(BRANCH, { "sentiment-1a2b3c4d/1.json": "1" });
    const before = github.state.branches.get(BRANCH);
    github.state.protectedBranches.add(BRANCH);
    await expect(add("2.json")).rejects.toMatchObject({
      sentence: expect.stringMatching(
        /^GitHub does not let this run write to the branch tailgate-baselines: Repository rule violations found Cannot update this protected ref\.; a ruleset lets no workflow's own token past: give github-token/,
      ) as string,
    });
    expect(github.state.branches.get(BRANCH)).toBe(before);
    expect(pauses).toEqual([]);
  });

  test("needs a permission, which is named", async () => {
    github.state.permissions.contents = "read";
    await expect(add("1.json")).rejects.toMatchObject({ sentence: expect.stringContaining("add `contents: write`") as string });
    expect(github.state.branches.has(BRANCH)).toBe(false);
  });
});

describe("a folder of a branch", () => {
  test("is listed with the sizes of its files, and no folder below it", async () => {
    github.state.commitFiles(BRANCH, { "a/1.json": "one", "a/deep/2.json": "2", "b/3.json": "3" });
    const { files: found, truncated } = await listBranchFolder(api, BRANCH, "a");
    expect(found.map(({ name, sizeBytes }) => [name, sizeBytes])).toEqual([["1.json", 3]]);
    expect(truncated).toBe(false);
  });

  test("that is not there, or whose branch is not there, holds nothing", async () => {
    expect(await listBranchFolder(api, BRANCH, "a")).toMatchObject({ tip: undefined, files: [] });
    const sha = github.state.commitFiles(BRANCH, { "b/3.json": "3", a: "a file" });
    expect(await listBranchFolder(api, BRANCH, "a")).toMatchObject({ tip: sha, files: [] });
  });

  test.each([
    ["the branch", { a: "x", b: "y", "c/1.json": "1" }],
    ["the folder", { "c/1.json": "1", "c/2.json": "2", "c/3.json": "3" }],
  ])("says that something may be missing where GitHub cuts the listing of %s", async (_, content) => {
    github.state.commitFiles(BRANCH, content);
    github.state.git.longestListing = 2;
    expect((await listBranchFolder(api, BRANCH, "c")).truncated).toBe(true);
  });
});
