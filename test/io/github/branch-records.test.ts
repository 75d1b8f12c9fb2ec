import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseRecordName } from "../../../src/io/baselines/record-name.ts";
import { connectGitHub, type GitHubApi } from "../../../src/io/github/api.ts";
import { type BranchSearch, findBranchRecords } from "../../../src/io/github/branch-records.ts";
import { type GitHubEmulator, startGitHub } from "../../github/server.ts";

const BRANCH = "tailgate-baselines";
const FOLDER = "sentiment-1a2b3c4d";
let github: GitHubEmulator;
let api: GitHubApi;

beforeEach(async () => {
  github = await startGitHub();
  api = await connectGitHub({ token: github.token, repository: github.state.repository, apiUrl: github.url });
});
afterEach(() => github.closeClean());

let hour = 0;
beforeEach(() => {
  hour = 0;
});
/** Keeps a file for a commit, as later ones of the same test come after it. */
function keep(sha: string, text = "{}"): string {
  const name = `2026-11-22T${String(hour++).padStart(2, "0")}0000Z-${sha.slice(0, 12)}.json`;
  github.state.commitFiles(BRANCH, { [`${FOLDER}/${name}`]: text });
  return `${BRANCH}:${FOLDER}/${name}`;
}
const push = () => github.state.addCommit().sha;
const find = (search: Partial<BranchSearch> = {}) =>
  findBranchRecords(api, {
    repositoryId: github.state.repository.id,
    branch: "main",
    storeBranch: BRANCH,
    folder: FOLDER,
    commitOf: (name) => parseRecordName(name)?.commit,
    from: github.state.branches.get("main") ?? "",
    fromName: "the merge base",
    ...search,
  });

describe("the search in a branch", () => {
  test("finds the records of the history, nearest first and of one commit the newest first, and says where they are from", async () => {
    const [far, , near] = [push(), push(), push()];
    const files = [keep(far), keep(near), keep(far)];
    const { isThere, found, refused } = await find();
    expect(isThere).toBe(true);
    expect(refused).toEqual([]);
    expect(found.map(({ origin, commit, distance }) => [origin, commit, distance])).toEqual([
      [`${files[1]} · at the merge base`, near, 0],
      [`${files[2]} · 2 commits before the merge base`, far, 2],
      [`${files[0]} · 2 commits before the merge base`, far, 2],
    ]);
  });

  test("leaves out what came to the branch after the merge base", async () => {
    const shared = push();
    const later = push();
    keep(shared);
    const file = keep(later);
    const { found, refused } = await find({ from: shared });
    expect(found.map(({ commit }) => commit)).toEqual([shared]);
    expect(refused).toEqual([{ origin: file, reason: "its commit is not among the 500 commits up to the merge base" }]);
  });

  test("stops at the 20 nearest", async () => {
    for (let i = 0; i < 23; i++) keep(push());
    const { found } = await find();
    expect(found.map(({ distance }) => distance)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  test("of a branch that is not there, and of a suite that has no folder, finds nothing", async () => {
    push();
    expect(await find()).toEqual({ isThere: false, found: [], refused: [] });
    github.state.commitFiles(BRANCH, { "README.md": "" });
    expect(await find()).toEqual({ isThere: true, found: [], refused: [] });
  });

  test("never takes a folder of a like name", async () => {
    const sha = push();
    github.state.commitFiles(BRANCH, { [`${FOLDER}x/2026-11-22T000000Z-${sha.slice(0, 12)}.json`]: "{}", [`x/${FOLDER}/a.json`]: "{}" });
    expect((await find()).found).toEqual([]);
  });
});

describe("a file of the branch is refused, with its reason,", () => {
  test("if its name does not tell its commit", async () => {
    keep(push());
    github.state.commitFiles(BRANCH, { [`${FOLDER}/best-run-ever.json`]: "{}" });
    expect((await find()).refused).toEqual([
      { origin: `${BRANCH}:${FOLDER}/best-run-ever.json`, reason: "its name does not say of which commit it is" },
    ]);
  });

  test("if its commit is another branch's", async () => {
    push();
    const file = keep(github.state.addCommit({ branch: "feature", parent: github.state.branches.get("main") }).sha);
    expect((await find()).refused).toEqual([{ origin: file, reason: "its commit is not among the 500 commits up to the merge base" }]);
  });

  test("if it is larger than any record, unread", async () => {
    const file = keep(push(), " ".repeat(16 * 1024 * 1024 + 1));
    const { found, refused } = await find();
    expect(found).toEqual([]);
    expect(refused).toEqual([{ origin: file, reason: "it is 17 MiB; at most 16 MiB are read" }]);
    expect(github.requests.map(({ operation }) => operation)).not.toContain("git/get-blob");
  });

  test("and where GitHub cuts its listing short, that is said", async () => {
    for (let i = 0; i < 3; i++) keep(push());
    github.state.git.longestListing = 2;
    expect((await find()).refused).toEqual([
      { origin: BRANCH, reason: "GitHub does not list so many files completely: some may be missing" },
    ]);
  });
});

test("a token that may not read the branch is an error, not a missing baseline", async () => {
  push();
  github.state.permissions.contents = "none";
  await expect(find()).rejects.toMatchObject({ sentence: expect.stringContaining("contents: read") as string });
});
