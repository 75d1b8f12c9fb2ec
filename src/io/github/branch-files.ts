import { InputError } from "../../core/errors.ts";
import type { GitChange, GitEntry } from "./api/git-data.ts";

/** What reading a branch needs of GitHub. */
export type BranchReading = {
  readonly branchTip: (branch: string) => Promise<string | undefined>;
  readonly treeOf: (commit: string) => Promise<string>;
  readonly listTree: (tree: string) => Promise<{ readonly entries: readonly GitEntry[]; readonly truncated: boolean }>;
};

/** What writing needs beside. */
export type BranchWriting = BranchReading & {
  readonly createBlob: (text: string) => Promise<string>;
  readonly createTree: (changes: readonly GitChange[], base: string | undefined) => Promise<string>;
  readonly createCommit: (message: string, tree: string, parent: string | undefined) => Promise<string>;
  readonly moveBranch: (branch: string, commit: string, from: string | undefined) => Promise<string | undefined>;
};

export type BranchFolder = {
  /** Undefined: there is no such branch. */
  readonly tip: string | undefined;
  /** The tree of the whole branch. */
  readonly tree: string | undefined;
  /** The files directly in the folder; none if the branch has no such folder. */
  readonly files: readonly GitEntry[];
  /** GitHub does not list so large a tree completely: files may be missing. */
  readonly truncated: boolean;
};

/** What lies in a folder of a branch, at its tip. Two listings: one of the root, one of the folder, neither of all below. */
export async function listBranchFolder(api: BranchReading, branch: string, folder: string): Promise<BranchFolder> {
  const tip = await api.branchTip(branch);
  if (tip === undefined) return { tip, tree: undefined, files: [], truncated: false };
  const tree = await api.treeOf(tip);
  const root = await api.listTree(tree);
  const found = root.entries.find(({ name, kind }) => name === folder && kind === "tree");
  if (found === undefined) return { tip, tree, files: [], truncated: root.truncated };
  const { entries, truncated } = await api.listTree(found.sha);
  return { tip, tree, files: entries.filter(({ kind }) => kind === "blob"), truncated };
}

export type BranchCommit = {
  readonly branch: string;
  readonly folder: string;
  readonly message: string;
  readonly text: string;
  /** Name of the file, which must be none of those that are there. */
  readonly nameBeside: (present: readonly string[]) => string;
  /** Of the files there, those that go with this commit. */
  readonly surplus: (present: readonly string[]) => readonly string[];
  /** Files that a branch begins with, by path. */
  readonly beginning: Readonly<Record<string, string>>;
};

/** Legs of a matrix end within the same second: each round one of them is the quickest. */
const MOST_ROUNDS = 12;
const LONGEST_PAUSE_S = 8;

/**
 * Adds one file to a folder of a branch that may not be there yet, and removes what is too much. Where somebody else
 * writes to the branch in the meantime, it is tried again on top of theirs: nothing of theirs is lost.
 *
 * @param pause waits so many seconds.
 * @returns the path of the file.
 * @throws {InputError} if the token may not write, a rule of the repository forbids it, or others were always quicker.
 */
export async function addToBranch(api: BranchWriting, commit: BranchCommit, pause: (seconds: number) => Promise<void>): Promise<string> {
  const { branch, folder, message } = commit;
  const blob = await api.createBlob(commit.text);
  for (let round = 1; ; round++) {
    const { tip, tree: base, files } = await listBranchFolder(api, branch, folder);
    const present = files.map(({ name }) => name);
    const path = `${folder}/${commit.nameBeside(present)}`;
    const changes: GitChange[] = [
      { path, blob },
      ...commit.surplus(present).map((name) => ({ path: `${folder}/${name}`, blob: undefined })),
      ...(tip === undefined ? await firstFiles(api, commit.beginning) : []),
    ];
    const tree = await api.createTree(changes, base);
    const next = await api.createCommit(message, tree, tip);
    const refusal = await api.moveBranch(branch, next, tip);
    if (refusal === undefined) return path;
    const now = await api.branchTip(branch);
    // An answer that was lost on its way: the first try did it, and what came of the second one was the refusal.
    if (now === next) return path;
    if (now === tip) {
      throw new InputError(`GitHub does not let this run write to the branch ${branch}: ${sentence(refusal)}`, {
        hint: "a ruleset lets no workflow's own token past: give github-token that of a GitHub App which may bypass it, or choose another branch",
      });
    }
    if (round >= MOST_ROUNDS) {
      throw new InputError(`others wrote to the branch ${branch} at the same time, ${MOST_ROUNDS} times in a row`, {
        hint: "run the job again",
      });
    }
    // By chance, so that those who met once do not meet again.
    await pause(Math.random() * Math.min(LONGEST_PAUSE_S, 2 ** (round - 2)));
  }
}

const firstFiles = (api: BranchWriting, files: Readonly<Record<string, string>>): Promise<readonly GitChange[]> =>
  Promise.all(Object.entries(files).map(async ([path, text]) => ({ path, blob: await api.createBlob(text) })));

/** GitHub's messages run over several lines, and end in a link to its documentation. */
const sentence = (message: string): string =>
  message
    .replace(/ - https:\/\/docs\.\S+$/, "")
    .split(/\n+/)
    .join(" ")
    .slice(0, 300);
