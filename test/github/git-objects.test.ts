import { expect, test } from "vitest";
import { GitObjects } from "./git-objects.ts";

// The hashes are those of git 2 for the same content.
test("objects have the hashes that git gives them", () => {
  const git = new GitObjects();
  expect(git.addBlob(Buffer.from("hello"))).toBe("b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0");
  expect(git.addTree([])).toBe("4b825dc642cb6eb9a060e54bf8d69288fbee4904");
  const files = [
    { path: "a/b/x", content: "hello" },
    { path: "a.txt", content: "" },
    { path: "z", content: "run" },
  ];
  expect(git.addTree(files)).toBe("b58253b165ee380c3312a19fd9819f1dfffd7605");
  expect(git.addTree(files.toReversed())).toBe("b58253b165ee380c3312a19fd9819f1dfffd7605");
});

test("a tree over a base keeps what is not named, and removes what is named without content", () => {
  const git = new GitObjects();
  const base = git.addTree([
    { path: "a/1", content: "one" },
    { path: "a/2", content: "two" },
    { path: "b/1", content: "one" },
  ]);
  const tree = git.addTree(
    [
      { path: "a/1", sha: null },
      { path: "a/3", content: "three" },
      { path: "b/1", sha: null },
    ],
    base,
  );
  expect(git.list(tree!, true)?.map(({ path }) => path)).toEqual(["a", "a/2", "a/3"]);
  expect(git.list(tree!, false)?.map(({ path }) => path)).toEqual(["a"]);
});

test("what is not there can be neither named nor removed", () => {
  const git = new GitObjects();
  expect(git.addTree([{ path: "a", sha: "d".repeat(40) }])).toBeUndefined();
  expect(git.addTree([{ path: "a/b", sha: null }])).toBeUndefined();
  expect(git.list("d".repeat(40), true)).toBeUndefined();
});

test("a commit contains itself and its ancestors, and nothing else", () => {
  const git = new GitObjects();
  const tree = git.addTree([])!;
  const [first, other] = [git.addCommit(tree, [], "first"), git.addCommit(tree, [], "other")];
  const second = git.addCommit(tree, [first.sha], "second");
  expect([first, second, other].map(({ sha }) => git.contains(second.sha, sha))).toEqual([true, true, false]);
});
