import { realpath } from "node:fs/promises";
import { isAbsolute, join, relative, resolve } from "node:path";
import type { Refusal } from "../core/compare/baseline.ts";
import type { FoundRuns } from "../core/compare/choose-baseline.ts";
import type { Problem } from "../core/record/run-record.ts";
import { type BaselineFile, baselineFiles, foldersOf, readBaselineFiles } from "../io/baselines/directory.ts";
import { gitBlobShas } from "../io/baselines/git-blob.ts";
import type { GitHubApi } from "../io/github/api.ts";
import type { Context } from "../io/github/context.ts";

export type PinnedSearch = {
  /** As the user wrote it. */
  readonly folder: string;
  readonly workspace: string;
  readonly suiteName: string;
  readonly variant: string;
  /** What the measured code is to be merged into; undefined outside pull requests. */
  readonly base: Context["base"];
};

export type Pinned = NonNullable<FoundRuns["pinned"]> & {
  /** Whether there is such a folder, here or on the base branch. */
  readonly isThere: boolean;
  readonly notes: readonly Problem[];
};

/** What the check needs of GitHub. */
export type PinnedApi = Pick<GitHubApi, "listFolder" | "readBlob">;

/**
 * The run records of one suite in a folder of the checkout.
 *
 * On a pull request its author wrote the checkout. A record counts there only if the base branch has the same file with
 * the same bytes; what the pull request adds or changes is refused by name, and what it removes or changes is read from
 * the base branch. So the baseline of a pull request is the one that it would be without it. A folder outside the
 * checkout is none that a pull request can write, and is read as it is.
 *
 * @param api undefined: there is no token, the folder is read as it is, and a note says so.
 * @throws {InputError} if GitHub cannot be asked.
 */
export async function pinnedBaselines(api: PinnedApi | undefined, search: PinnedSearch): Promise<Pinned> {
  const { folder, workspace, suiteName, variant, base } = search;
  const path = pathIn(workspace, resolve(folder));
  if (path !== undefined && (await leadsOutside(folder, workspace))) {
    const link = { origin: folder, reason: "it is a symbolic link out of the checkout, which is not followed" };
    return { place: folder, isThere: true, candidates: [], refused: [link], notes: [] };
  }
  const local = await baselineFiles(folder, suiteName, variant);
  const asItIs = { files: local?.files ?? [], refused: [], notes: [] };
  const checked = path === undefined || base === undefined ? asItIs : await againstBase(api, asItIs, { ...search, base, path });
  const read = readBaselineFiles(checked.files, suiteName, variant);
  return {
    place: folder,
    isThere: local !== undefined || checked.files.length > 0,
    candidates: read.candidates,
    refused: [...checked.refused, ...(local?.refused ?? []), ...read.refused],
    notes: checked.notes,
  };
}

type Checked = { readonly files: readonly BaselineFile[]; readonly refused: readonly Refusal[]; readonly notes: readonly Problem[] };
type Listed = { readonly sha: string; readonly sizeBytes: number; readonly isOfVariant: boolean };

/** Far above any record. */
const MAX_BYTES = 16 * 1024 * 1024;
/** Files that are read from the base branch, newest names first: as many as a comparison uses. */
const MOST_READ = 20;

async function againstBase(
  api: PinnedApi | undefined,
  asItIs: Checked,
  { folder, path, suiteName, variant, base }: PinnedSearch & { readonly base: NonNullable<Context["base"]>; readonly path: string },
): Promise<Checked> {
  const { files: local } = asItIs;
  if (api === undefined) return local.length === 0 ? asItIs : { ...asItIs, notes: [note("baseline-files-unchecked", unchecked(folder))] };
  const pathOf = ({ origin }: BaselineFile): string => slashed(join(path, relative(folder, origin)));
  const listing = (ref: string) => listedFiles(api, foldersOf(path, suiteName, variant).map(slashed), ref);
  const isSame = (file: BaselineFile, listed: ReadonlyMap<string, Listed>): boolean =>
    gitBlobShas(file.bytes).includes(listed.get(pathOf(file))?.sha ?? "");
  const before = await listing(base.sha);
  if (local.length === before.size && local.every((file) => isSame(file, before))) return asItIs;

  // The event may be older than the checkout: what the base branch has by now is as good.
  const now = await listing(base.branch);
  const isOurs = (file: BaselineFile): boolean => {
    const { candidates, refused } = readBaselineFiles([file], suiteName, variant);
    return candidates.length + refused.length > 0;
  };
  const kept = local.filter((file) => isSame(file, before) || isSame(file, now));
  const keptPaths = new Set(kept.map(pathOf));
  const missed = [...now].filter(([at]) => !keptPaths.has(at));
  const read = await readMissed(api, missed, { folder, path, branch: base.branch });
  const strange = local.filter((file) => !keptPaths.has(pathOf(file)) && isOurs(file));
  const changed = strange.filter((file) => now.has(pathOf(file)));
  const localPaths = new Set(local.map(pathOf));
  const gone = new Set(
    [...before.keys()].filter((at) => !localPaths.has(at)).map((at) => originOn(join(folder, relative(path, at)), base.branch)),
  );
  const removed = read.files.filter((file) => gone.has(file.origin) && isOurs(file));
  const counts = [
    ["adds", strange.length - changed.length],
    ["changes", changed.length],
    ["removes", removed.length],
  ] as const;
  const did = counts.flatMap(([verb, count]) => (count === 0 ? [] : [`${verb} ${count}`])).join(", ");
  const refusals = strange.map((file) => ({
    origin: file.origin,
    reason: changed.includes(file)
      ? `this pull request changes it; what ${base.branch} has counts`
      : `this pull request adds it; it counts once ${base.branch} has it`,
  }));
  const told = `this pull request ${did} of the pinned files in ${folder}; the baseline is what ${base.branch} has`;
  return {
    files: [...kept, ...read.files],
    refused: [...refusals, ...read.refused],
    notes: did === "" ? [] : [note("baseline-files-changed", told)],
  };
}

/** The JSON files of some folders at a commit or on a branch, by path. The last of three folders is the variant's. */
async function listedFiles(api: PinnedApi, folders: readonly string[], ref: string): Promise<ReadonlyMap<string, Listed>> {
  const listed = new Map<string, Listed>();
  for (const [depth, folder] of folders.entries()) {
    for (const { name, sha, sizeBytes } of await api.listFolder(folder, ref)) {
      if (name.endsWith(".json")) listed.set(`${folder}/${name}`, { sha, sizeBytes, isOfVariant: depth === 2 });
    }
  }
  return listed;
}

async function readMissed(
  api: PinnedApi,
  missed: readonly (readonly [string, Listed])[],
  { folder, path, branch }: { readonly folder: string; readonly path: string; readonly branch: string },
): Promise<Pick<Checked, "files" | "refused">> {
  const files: BaselineFile[] = [];
  const refused: Refusal[] = [];
  for (const [at, { sha, sizeBytes, isOfVariant }] of missed.toSorted(([a], [b]) => (a < b ? 1 : -1))) {
    const origin = originOn(join(folder, relative(path, at)), branch);
    if (sizeBytes > MAX_BYTES) refused.push({ origin, reason: "it is too large for a record" });
    else if (files.length >= MOST_READ) refused.push({ origin, reason: `only ${MOST_READ} files are read from ${branch}` });
    else files.push({ origin, bytes: await api.readBlob(sha), isOfVariant });
  }
  return { files, refused };
}

const originOn = (file: string, branch: string): string => `${slashed(file)} on ${branch}`;

const unchecked = (folder: string): string =>
  `whether this pull request changed the pinned files in ${folder} is not known: there is no token to compare them with the base branch`;

const note = (code: string, message: string): Problem => ({ severity: "warning", code, message });

/** Whether a folder that lies in the checkout by its path is really somewhere else. */
async function leadsOutside(folder: string, workspace: string): Promise<boolean> {
  const [really, root] = await Promise.all([folder, workspace].map((path) => realpath(path).catch(() => undefined)));
  return really !== undefined && root !== undefined && pathIn(root, really) === undefined;
}

/** The path of a file as the repository has it; undefined for one outside the checkout. */
function pathIn(workspace: string, path: string): string | undefined {
  const below = slashed(relative(workspace, path));
  return below === ".." || below.startsWith("../") || isAbsolute(below) ? undefined : below;
}

const slashed = (path: string): string => path.replaceAll("\\", "/");
