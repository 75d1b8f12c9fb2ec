import type { Problem } from "../record/run-record.ts";

/**
 * Whose fault it is that a run does not count, short enough for a heading: what a reviewer asks before anything else is
 * whether the change is to blame. A problem that brings a line of its own keeps it.
 *
 * @returns undefined for a problem that has no such line.
 */
export function blameText({ code, arm, scenario, headline }: Problem): string | undefined {
  if (headline !== undefined) return headline;
  const line = LINES[code]?.(arm === "base" ? "the base endpoint" : "the preview");
  return line === undefined || scenario === undefined ? line : `${line} in ${scenario}`;
}

const runner = (what: string) => () => `the runner's fault, not the endpoint's: ${what}`;
const gpu = (what: string) => () => `the hardware's fault, not the code's: ${what}`;
const shards = (what: string) => () => `the fault of the jobs that send the load: ${what}`;

/** Every code of `docs/messages.md` that makes a run invalid without bringing a line of its own; a test holds that none is missing. */
const LINES: Readonly<Record<string, (endpoint: string) => string>> = {
  "generator-late": runner("it sent requests too late"),
  "generator-paused": runner("it stood still while requests were due"),
  "generator-saturated": runner("it could send no more than it did"),
  "rate-not-reached": (endpoint) => `${endpoint} did not keep up with the rate`,
  "no-requests": () => "the suite's fault: its load sends no request",
  cancelled: () => "the run was cancelled before its end",
  aborted: () => "the run broke off before its end",
  "no-metadata": (endpoint) => `${endpoint} does not tell which inputs its model takes`,
  "metadata-differs": () => "base and head take different inputs",
  "metadata-mismatch": (endpoint) => `the inputs of the suite do not fit the model of ${endpoint}`,
  "gpu-throttled": gpu("a GPU was throttled"),
  "gpu-set-changed": gpu("the GPUs were not the same throughout"),
  "gpu-xid": gpu("the driver of a GPU reported an error"),
  "gpu-memory-errors": gpu("a GPU has faulty memory"),
  "leg-missing": () => "its job left no measurement",
  "other-suite": () => "its job measured with another suite",
  "shard-alone": shards("this is one shard of several"),
  "shard-late": shards("a shard began too late"),
  "shard-apart": shards("the shards did not send at the same time"),
  "shard-missing": shards("a shard is missing"),
  "shard-twice": shards("a shard is there twice"),
  "shard-mismatch": shards("the shards are not of one load"),
  "shard-incomplete": shards("a shard did not come to its end"),
};
