import { stat } from "node:fs/promises";
import type { Candidate, Refusal } from "../core/compare/baseline.ts";
import { readRunRecord } from "../core/record/read.ts";
import type { FoundBaselines } from "../gate.ts";
import { readBaselineDirectory } from "../io/baselines/directory.ts";
import { readTextFile } from "../io/files/read.ts";

/**
 * The baselines that a person named, files or folders. A named file that is damaged is an error at once, before any
 * load; in a folder, damaged files are refused by name and the others serve.
 *
 * @param howToGiveOne for a reader whose run had none.
 * @throws {InputError} for a path that does not exist, or a file that is no run record.
 */
export async function readBaselines(paths: readonly string[], suiteName: string, howToGiveOne: string): Promise<FoundBaselines> {
  const candidates: Candidate[] = [];
  const refused: Refusal[] = [];
  for (const path of paths) {
    const isFolder = await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (isFolder) {
      const found = await readBaselineDirectory(path, suiteName);
      candidates.push(...found.candidates);
      refused.push(...found.refused);
    } else candidates.push({ origin: path, record: readRunRecord(await readTextFile(path, "baseline"), path) });
  }
  const absence =
    paths.length === 0
      ? `no baseline was given; ${howToGiveOne}`
      : `no run of this suite was found in ${paths.join(", ")}; run --save-baseline DIR keeps one`;
  return { candidates, refused, absence };
}
