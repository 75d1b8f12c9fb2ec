import type { RunRecord } from "../../core/record/run-record.ts";
import { slug } from "./slug.ts";

/**
 * A name for a record that none of `present` has: `2026-11-22T091500Z-1a2b3c4d5e6f.json`, from the start of the run and
 * its commit, or `…-no-commit.json`. Names are in the order of the runs.
 */
export function recordName(
  { startedAt, provenance: { commit } }: Pick<RunRecord, "startedAt" | "provenance">,
  present: readonly string[],
): string {
  const time = new Date(startedAt)
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replaceAll(":", "");
  const stem = `${time}-${commit === undefined ? "no-commit" : slug(commit).slice(0, COMMIT_LENGTH)}`;
  for (let copy = 1; ; copy++) {
    const name = `${stem}${copy === 1 ? "" : `-${copy}`}.json`;
    if (!present.includes(name)) return name;
  }
}

const COMMIT_LENGTH = 12;

/** Whether a file has a name that {@link recordName} gave it, and the beginning of the commit in it. */
export function parseRecordName(name: string): { readonly time: string; readonly commit: string | undefined } | undefined {
  const [, time, commit] = /^(\d{4}-\d\d-\d\dT\d{6}Z)-(?:([0-9a-f]{7,12})|[a-z0-9._-]+?)(?:-\d+)?\.json$/.exec(name) ?? [];
  return time === undefined ? undefined : { time, commit };
}

/** The names that go when only the newest `kept` records of a folder stay, `added` among them; files of other names stay. */
export function surplusNames(present: readonly string[], added: string, kept: number): readonly string[] {
  const others = present.filter((name) => name !== added && parseRecordName(name) !== undefined).toSorted();
  return others.slice(0, Math.max(0, others.length - (kept - 1)));
}
