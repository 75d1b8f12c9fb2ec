import { RUN_RECORD_SCHEMA, type RunRecord } from "../record/run-record.ts";
import type { Candidate, Refusal } from "./baseline.ts";

/**
 * Keys of {@link RunRecord.environment} that must not differ between runs that are compared. Of GPUs the model and the
 * number are one key (`2 × NVIDIA H100`), and the client's library carries its version (`undici 8.12.4 http/1.1`).
 *
 * A key that only one of the two records has is no difference and no equality either: the run counts, because a
 * scrape that failed once must not leave a repository without a baseline, and the reader is told (see
 * {@link UnknownEnvironment}). Node's own version and the processor are for the reader to weigh: hosted runners change
 * both from one day to the next.
 */
export const MUST_MATCH = [
  "suite.variant",
  "endpoint.class",
  "target.protocol",
  "model.inputs",
  "protocol.engine",
  "gpu.models",
  "gpu.driver",
  "client.http",
  "client.os",
  "client.runner",
] as const;

/** A key that must match and that the head or some accepted runs do not have: `head` and `bases` are the values known. */
export type UnknownEnvironment = {
  readonly key: (typeof MUST_MATCH)[number];
  readonly head: string | undefined;
  /** Of the accepted runs that have the key, each value once, sorted; empty if none has it. */
  readonly bases: readonly string[];
  /** Accepted runs of which the key tells nothing, ≥ 1. */
  readonly runs: number;
};

/** Runs that may be compared with `head`, in the given order, the reason for every other one, and what is not known of them. */
export function admitBaselines(
  head: RunRecord,
  candidates: readonly Candidate[],
): { readonly runs: readonly Candidate[]; readonly refused: readonly Refusal[]; readonly unknown: readonly UnknownEnvironment[] } {
  const judged = candidates.map((candidate) => ({
    candidate,
    reason: whyNotComparable(head, candidate.record) ?? whyNothingShared(head, candidate.record),
  }));
  const runs = judged.flatMap(({ candidate, reason }) => (reason === undefined ? [candidate] : []));
  return {
    runs,
    refused: judged.flatMap(({ candidate: { origin }, reason }) => (reason === undefined ? [] : [{ origin, reason }])),
    unknown: MUST_MATCH.flatMap((key) => unknownEnvironment(key, head, runs)),
  };
}

/** Why a stored run says nothing about `head`: another workload, environment or schema, or it is spoiled itself. */
export function whyNotComparable(head: RunRecord, base: RunRecord): string | undefined {
  if ((base.schema as number) !== RUN_RECORD_SCHEMA) {
    return `it is stored in schema ${base.schema as number}, this tailgate compares schema ${RUN_RECORD_SCHEMA}: record it again`;
  }
  if (base.shard !== undefined) return `it is shard ${base.shard.index} of ${base.shard.of}, a part of a load`;
  if (base.suite.digest !== head.suite.digest) {
    return `it was measured with another workload (suite digest ${short(base.suite.digest)}, the head's is ${short(head.suite.digest)})`;
  }
  if (base.status !== "complete") return `the run is not complete (${base.status})`;
  const spoiled = base.problems.find(({ severity }) => severity === "invalid");
  if (spoiled !== undefined) return `the run is invalid: ${spoiled.message}`;
  const differences = MUST_MATCH.flatMap((key) => {
    const [there, here] = [base.environment[key], head.environment[key]];
    return there === undefined || here === undefined || there === here ? [] : [`${key} is ${there}, the head's is ${here}`];
  });
  return differences.length === 0 ? undefined : `it was measured in another environment (${differences.join("; ")})`;
}

export function whyNothingShared(head: RunRecord, base: RunRecord): string | undefined {
  const measured = new Set(scenariosWithData(head));
  return scenariosWithData(base).some((name) => measured.has(name)) ? undefined : "it has no scenario in common with the head";
}

function unknownEnvironment(key: UnknownEnvironment["key"], head: RunRecord, runs: readonly Candidate[]): readonly UnknownEnvironment[] {
  const here = head.environment[key];
  const there = runs.map(({ record }) => record.environment[key]);
  const silent = there.filter((value) => (value === undefined) !== (here === undefined)).length;
  if (silent === 0) return [];
  const bases = [...new Set(there)].filter((value) => value !== undefined).sort();
  return [{ key, head: here, bases, runs: silent }];
}

const scenariosWithData = (record: RunRecord): readonly string[] =>
  record.scenarios.filter(({ arms }) => (arms.head?.blocks.length ?? 0) > 0).map(({ name }) => name);

const short = (digest: string): string => digest.slice(0, 12);
