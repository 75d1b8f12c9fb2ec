import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { readRunRecord, writeRunRecord } from "../../../src/core/record/read.ts";
import type { RunRecord } from "../../../src/core/record/run-record.ts";
import type { LiveComparison } from "./live.ts";
import type { Result } from "./result.ts";

/** Results as they come, one a line, and the records behind them: an interrupted bench goes on from here. */
export type WorkFolder = {
  readonly path: string;
  readonly results: () => readonly Result[];
  /** The record of a result that was judged. */
  readonly recordOf: (id: string) => RunRecord | undefined;
  readonly keep: (comparison: LiveComparison) => void;
  /** Takes over results whose records are gone. */
  readonly adopt: (results: readonly Result[]) => void;
  readonly clear: () => void;
};

export function openWorkFolder(path: string): WorkFolder {
  const file = join(path, "results.jsonl");
  const recordFile = (id: string) => join(path, `${id}.run.json.gz`);
  mkdirSync(path, { recursive: true });
  const add = (result: Result) => appendFileSync(file, `${JSON.stringify(result)}\n`);
  return {
    path,
    results: () =>
      existsSync(file)
        ? readFileSync(file, "utf8")
            .split("\n")
            .filter((line) => line !== "")
            .map((line) => JSON.parse(line) as Result)
        : [],
    recordOf: (id) =>
      existsSync(recordFile(id)) ? readRunRecord(gunzipSync(readFileSync(recordFile(id))).toString("utf8"), recordFile(id)) : undefined,
    keep: ({ result, record }) => {
      const name = result.verdict === "invalid" ? `${result.id}-invalid-${Date.now()}` : result.id;
      if (record !== undefined) writeFileSync(recordFile(name), gzipSync(writeRunRecord(record)));
      add(result);
    },
    adopt: (results) => {
      for (const result of results) add(result);
    },
    clear: () => {
      rmSync(path, { recursive: true, force: true });
      mkdirSync(path, { recursive: true });
    },
  };
}
