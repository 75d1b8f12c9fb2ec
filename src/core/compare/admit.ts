import { RUN_RECORD_SCHEMA, type RunRecord, type ScenarioRecord } from "../record/run-record.ts";
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

/**
 * A scenario of the head that no accepted run can be compared with, while others can: stored runs have measured another
 * load under its name (`changed`), or none at all (`new`).
 */
export type UnsharedScenario = { readonly name: string; readonly how: "changed" | "new" };

export type Admission = {
  readonly runs: readonly Candidate[];
  readonly refused: readonly Refusal[];
  readonly unknown: readonly UnknownEnvironment[];
  /** In the head's order; empty where no run was accepted: then the reasons say it. */
  readonly unshared: readonly UnsharedScenario[];
};

/**
 * Runs that may be compared with `head`, in the given order, the reason for every other one, and what is not known of them.
 * Of a run of another suite those scenarios are accepted that send what the head's send; the others are left empty.
 */
export function admitBaselines(head: RunRecord, candidates: readonly Candidate[]): Admission {
  const judged = candidates.map((candidate) => {
    const { record } = candidate;
    const part = record.suite.digest === head.suite.digest ? record : sharedPart(head, record);
    const reason = whyNotComparable(head, record, part !== undefined) ?? whyNothingShared(head, part ?? record);
    return { candidate: { ...candidate, record: part ?? record }, reason };
  });
  const runs = judged.flatMap(({ candidate, reason }) => (reason === undefined ? [candidate] : []));
  return {
    runs,
    refused: judged.flatMap(({ candidate: { origin }, reason }) => (reason === undefined ? [] : [{ origin, reason }])),
    unknown: MUST_MATCH.flatMap((key) => unknownEnvironment(key, head, runs)),
    unshared: runs.length === 0 ? [] : unsharedScenarios(head, runs),
  };
}

/**
 * `base` with only those scenarios measured that send what the head's of the same name send; undefined if there are none.
 * The others keep their places, because only the first scenario of a run tells of a start.
 */
function sharedPart(head: RunRecord, base: RunRecord): RunRecord | undefined {
  const digests = new Map(head.scenarios.map(({ name, digest }) => [name, digest]));
  const isShared = ({ name, digest }: ScenarioRecord): boolean => digest !== undefined && digests.get(name) === digest;
  return base.scenarios.some(isShared)
    ? { ...base, scenarios: base.scenarios.map((scenario) => (isShared(scenario) ? scenario : { ...scenario, arms: {} })) }
    : undefined;
}

function unsharedScenarios(head: RunRecord, runs: readonly Candidate[]): readonly UnsharedScenario[] {
  const shared = new Set(runs.flatMap(({ record }) => scenariosWithData(record)));
  const known = new Set(runs.flatMap(({ record }) => record.scenarios.map(({ name }) => name)));
  return scenariosWithData(head).flatMap((name) => (shared.has(name) ? [] : [{ name, how: known.has(name) ? "changed" : "new" }]));
}

/**
 * Why a stored run says nothing about `head`: another workload, environment or schema, or it is spoiled itself.
 *
 * @param mayDiffer whether the suites need not be the same, because what is compared of them is.
 */
export function whyNotComparable(head: RunRecord, base: RunRecord, mayDiffer = false): string | undefined {
  if ((base.schema as number) !== RUN_RECORD_SCHEMA) {
    return `it is stored in schema ${base.schema as number}, this tailgate compares schema ${RUN_RECORD_SCHEMA}: record it again`;
  }
  if (base.shard !== undefined) return `it is shard ${base.shard.index} of ${base.shard.of}, a part of a load`;
  if (!mayDiffer && base.suite.digest !== head.suite.digest) {
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
