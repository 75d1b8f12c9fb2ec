import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { FoundAttempts } from "../core/compare/attempts.ts";
import type { Candidate, Refusal } from "../core/compare/baseline.ts";
import type { FoundBaselines } from "../gate.ts";
import { readBaselineDirectory } from "../io/baselines/directory.ts";
import { RUN_FILE, readStoredRun } from "../outputs.ts";

/**
 * The baselines that a person named, files or folders. A named file that is damaged is an error at once, before any
 * load; in a folder, damaged files are refused by name and the others serve.
 *
 * @param howToGiveOne for a reader whose run had none.
 * @throws {InputError} for a path that does not exist, or a file that is no run record.
 */
export async function readBaselines(paths: readonly string[], suiteName: string, howToGiveOne: string): Promise<FoundBaselines> {
  const absence =
    paths.length === 0
      ? `no baseline was given; ${howToGiveOne}`
      : `no run of this suite was found in ${paths.join(", ")}; run --save-baseline DIR keeps one`;
  return { ...(await readRuns(paths, suiteName, "baseline")), absence };
}

/**
 * Earlier runs of the same code, named in the same way; a folder that a run wrote to stands for its run.json.
 *
 * @throws {InputError} as {@link readBaselines}.
 */
export async function readAttempts(paths: readonly string[], suiteName: string): Promise<FoundAttempts> {
  const runs = await Promise.all(
    paths.map(async (path) => {
      const inside = join(path, RUN_FILE);
      return (await isFolder(inside)) === false ? inside : path;
    }),
  );
  return readRuns(runs, suiteName, "earlier run");
}

async function readRuns(
  paths: readonly string[],
  suiteName: string,
  what: string,
): Promise<{ readonly candidates: readonly Candidate[]; readonly refused: readonly Refusal[] }> {
  const candidates: Candidate[] = [];
  const refused: Refusal[] = [];
  for (const path of paths) {
    if ((await isFolder(path)) === true) {
      const found = await readBaselineDirectory(path, suiteName);
      candidates.push(...found.candidates);
      refused.push(...found.refused);
    } else candidates.push({ origin: path, record: await readStoredRun(path, what) });
  }
  return { candidates, refused };
}

/** Undefined where there is nothing. */
const isFolder = (path: string): Promise<boolean | undefined> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => undefined,
  );
