import { RUN_RECORD_SCHEMA, type RunRecord } from "../record/run-record.ts";
import type { Candidate, Refusal } from "./baseline.ts";

/**
 * Keys of {@link RunRecord.environment} that must not differ between runs that are compared. A key that only one of
 * the two records knows says nothing; which client measured, and on which processor, is for the reader to weigh.
 */
export const MUST_MATCH = [
  "suite.variant",
  "endpoint.class",
  "target.protocol",
  "protocol.engine",
  "gpu.models",
  "gpu.driver",
  "client.os",
  "client.runner",
] as const;

/** Runs that may be compared with `head`, in the given order, and the reason for every other one. */
export function admitBaselines(
  head: RunRecord,
  candidates: readonly Candidate[],
): { readonly runs: readonly Candidate[]; readonly refused: readonly Refusal[] } {
  const judged = candidates.map((candidate) => ({
    candidate,
    reason: whyNotComparable(head, candidate.record) ?? whyNothingShared(head, candidate.record),
  }));
  return {
    runs: judged.filter(({ reason }) => reason === undefined).map(({ candidate }) => candidate),
    refused: judged.flatMap(({ candidate: { origin }, reason }) => (reason === undefined ? [] : [{ origin, reason }])),
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
  for (const key of MUST_MATCH) {
    const [there, here] = [base.environment[key], head.environment[key]];
    if (there !== undefined && here !== undefined && there !== here) {
      return `it was measured in another environment (${key} is ${there}, the head's is ${here})`;
    }
  }
  return undefined;
}

export function whyNothingShared(head: RunRecord, base: RunRecord): string | undefined {
  const measured = new Set(scenariosWithData(head));
  return scenariosWithData(base).some((name) => measured.has(name)) ? undefined : "it has no scenario in common with the head";
}

const scenariosWithData = (record: RunRecord): readonly string[] =>
  record.scenarios.filter(({ arms }) => (arms.head?.blocks.length ?? 0) > 0).map(({ name }) => name);

const short = (digest: string): string => digest.slice(0, 12);
