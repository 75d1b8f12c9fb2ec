import { foldShards, isShard, type ShardRun } from "../record/fold-shards.ts";
import type { RunRecord } from "../record/run-record.ts";
import type { Candidate } from "./baseline.ts";

/** Between the origins of the shards of one run. */
export const SHARDS_JOINED_BY = " + ";

/**
 * Runs of whole loads: the shards of one load are folded into one run, which comes from all of their places. Shards are of
 * one load if they were measured by one attempt of one workflow run and were to begin at one time, as far as that is known.
 *
 * The order is that of the first part of each.
 */
export function wholeRuns(candidates: readonly Candidate[]): readonly Candidate[] {
  const loads = Map.groupBy(candidates, ({ origin, record }) => (isShard(record) ? loadOf(record) : `whole ${origin}`));
  return [...loads.values()].flatMap((parts) => {
    const shards = parts.filter((part): part is ShardCandidate => isShard(part.record));
    if (shards.length === 0) return parts;
    const inOrder = shards.toSorted((a, b) => a.record.shard.index - b.record.shard.index || (a.origin < b.origin ? -1 : 1));
    return [
      { origin: inOrder.map(({ origin }) => origin).join(SHARDS_JOINED_BY), record: foldShards(inOrder.map(({ record }) => record)) },
    ];
  });
}

type ShardCandidate = Candidate & { readonly record: ShardRun };

const loadOf = ({ provenance: { runId, runAttempt }, shard }: RunRecord): string =>
  JSON.stringify(["shards", runId ?? "", runAttempt ?? "", shard?.startAt ?? ""]);
