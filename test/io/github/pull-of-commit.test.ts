import { afterEach, beforeEach, expect, test } from "vitest";
import { connectGitHub, type GitHubApi } from "../../../src/io/github/api.ts";
import { pullsOfBranch, pullsOfCommit } from "../../../src/io/github/pull-of-commit.ts";
import { type GitHubEmulator, startGitHub } from "../../github/server.ts";
import type { Pull } from "../../github/state.ts";

let github: GitHubEmulator;
let api: GitHubApi;
beforeEach(async () => {
  github = await startGitHub();
  api = await connectGitHub({ token: github.token, repository: github.state.repository, apiUrl: github.url });
});
afterEach(() => github.closeClean());

const repositoryId = 4711;
const FORK = { owner: "stranger", branch: "main", repositoryId: 666 };
const numbers = (pulls: readonly { readonly number: number }[]): readonly number[] =>
  pulls.map(({ number }) => number).toSorted((a, b) => a - b);

test("the pull requests of a fork's branch are those of this commit, this repository and this fork that are open", async () => {
  const pull = github.state.addPull({ branch: "main", repositoryId: 666 });
  const { sha } = pull.head;
  const others: readonly Partial<Pull>[] = [
    { head: { ...pull.head, sha: "e".repeat(40) } },
    { head: { ...pull.head, repositoryId: 777 } },
    { head: { ...pull.head, repositoryId } },
    { head: { ...pull.head, branch: "other" } },
    { isOpen: false },
  ];
  github.state.pulls.push(...others.map((other, i) => ({ ...pull, number: i + 2, ...other })));
  expect(numbers(await pullsOfBranch(api, { sha, repositoryId, from: FORK }))).toEqual([1]);
  github.state.pulls.push({ ...pull, number: 9, base: { ...pull.base, branch: "release" } });
  expect(numbers(await pullsOfBranch(api, { sha, repositoryId, from: FORK }))).toEqual([1, 9]);
  expect(await pullsOfBranch(api, { sha: "f".repeat(40), repositoryId, from: FORK })).toEqual([]);
});

test("they are found on every page", async () => {
  const pull = github.state.addPull({ branch: "main", repositoryId: 666 });
  github.state.pulls.push(
    ...Array.from({ length: 150 }, (_, i) => ({ ...pull, number: i + 2, head: { ...pull.head, sha: "e".repeat(40) } })),
  );
  expect(numbers(await pullsOfBranch(api, { sha: pull.head.sha, repositoryId, from: FORK }))).toEqual([1]);
  expect(github.requests.filter(({ operation }) => operation === "pulls/list")).toHaveLength(2);
});

test("of a bare commit they are those that GitHub connects with it, and for a fork's head those that are open", async () => {
  const own = github.state.addPull();
  const fork = github.state.addPull({ branch: "theirs", repositoryId: 666 });
  expect(numbers(await pullsOfCommit(api, { sha: own.head.sha, repositoryId }))).toEqual([own.number]);
  expect(numbers(await pullsOfCommit(api, { sha: fork.head.sha, repositoryId }))).toEqual([fork.number]);
  expect(await pullsOfCommit(api, { sha: own.base.sha, repositoryId })).toEqual([]);
});
