import type { Candidate, Refusal } from "../core/compare/baseline.ts";
import { wholeRuns } from "../core/compare/whole-runs.ts";
import type { RunRecord } from "../core/record/run-record.ts";
import { attemptOfArtifact, attemptOfShard, baselineArtifactName } from "../io/baselines/artifact-name.ts";
import type { StoredArtifact } from "../io/baselines/artifact-store.ts";
import { variantOf } from "../io/baselines/variant.ts";
import type { ArtifactListing } from "../io/github/api/artifacts.ts";
import { flawOfStorage } from "../io/github/artifact-flaw.ts";
import type { Leg } from "./legs.ts";
import type { Place } from "./place.ts";

/** What the jobs of this run left of a leg. */
export type LegRun =
  | { readonly kind: "missing"; readonly reason: string }
  | {
      readonly kind: "measured";
      readonly run: Candidate;
      /** Of one whole run; undefined where it was folded from shards. */
      readonly artifactName: string | undefined;
      /** How many artifacts hold the run. */
      readonly parts: number;
      /** Which attempt of the workflow run measured it. */
      readonly attempt: number;
    };

/**
 * The newest run of a leg among the artifacts of our own workflow run: of one job, or of all shards of its newest attempt
 * as one. A job that was not run again keeps what its earlier attempt measured.
 *
 * @param listed all artifacts of our own run.
 */
export async function readLegRun({ context, inputs }: Place, leg: Leg, listed: readonly ArtifactListing[]): Promise<LegRun> {
  const { suiteName, variant } = leg;
  const known = listed.flatMap((artifact) => named(artifact, leg)).toSorted((a, b) => b.artifact.id - a.artifact.id);
  const [newest] = known;
  if (newest === undefined) return { kind: "missing", reason: NOTHING_LEFT };
  const parts =
    newest.kind === "shard"
      ? newestOfEachName(known.filter(({ kind, attempt }) => kind === "shard" && attempt === newest.attempt))
      : [newest];
  const { stored, refused } = usable(parts, context.runId);
  const { readArtifactRuns } = await import("../io/baselines/artifact-store.ts");
  const read = await readArtifactRuns(stored, suiteName, { token: inputs.token, repository: context.repository });
  const judged = read.candidates.map((candidate) => ({ candidate, reason: whyForeign(candidate.record, context.sha, variant) }));
  const own = judged.flatMap(({ candidate, reason }) => (reason === undefined ? [candidate] : []));
  const reasons = [
    ...[...refused, ...read.refused].map(({ origin, reason }) => `${origin}: ${reason}`),
    ...judged.flatMap(({ candidate: { origin }, reason }) => (reason === undefined ? [] : [`${origin}: ${reason}`])),
  ];
  const [run] = wholeRuns(own);
  if (run === undefined) return { kind: "missing", reason: `what its job left cannot be used: ${reasons.join("; ")}` };
  return {
    kind: "measured",
    run,
    artifactName: newest.kind === "shard" ? undefined : newest.artifact.name,
    parts: parts.length,
    attempt: newest.attempt ?? Number(run.record.provenance.runAttempt ?? context.runAttempt),
  };
}

const NOTHING_LEFT = "no job of this workflow run left a record of it: its job failed before it had measured, was cancelled, or never ran";

type Named = { readonly artifact: ArtifactListing; readonly kind: "whole" | "shard"; readonly attempt: number | undefined };

function named(artifact: ArtifactListing, { suiteName, variant }: Leg): readonly Named[] {
  const { name } = artifact;
  const whole = attemptOfArtifact(suiteName, name, variant);
  if (whole !== undefined || name === baselineArtifactName(suiteName, variant)) return [{ artifact, kind: "whole", attempt: whole }];
  const shard = attemptOfShard(suiteName, name, variant);
  return shard === undefined ? [] : [{ artifact, kind: "shard", attempt: shard }];
}

const newestOfEachName = (newestFirst: readonly Named[]): readonly Named[] =>
  newestFirst.filter(({ artifact }, i) => newestFirst.findIndex((other) => other.artifact.name === artifact.name) === i);

function usable(
  parts: readonly Named[],
  runId: number,
): { readonly stored: readonly StoredArtifact[]; readonly refused: readonly Refusal[] } {
  const judged = parts.map(({ artifact, attempt }) => {
    const origin = [`run ${runId}`, ...(attempt === undefined ? [] : [`attempt ${attempt}`]), `artifact ${artifact.id}`].join(" · ");
    return { artifact, origin, reason: flawOfStorage(artifact) };
  });
  return {
    stored: judged.flatMap(({ artifact: { id, sizeBytes, digest }, origin, reason }) =>
      reason === undefined ? [{ id, runId, sizeBytes, digest: digest!, origin }] : [],
    ),
    refused: judged.flatMap(({ origin, reason }) => (reason === undefined ? [] : [{ origin, reason }])),
  };
}

function whyForeign(record: RunRecord, sha: string, variant: string): string | undefined {
  const { commit } = record.provenance;
  if (commit !== undefined && commit !== sha) return "its record is of another commit";
  return (variantOf(record) ?? "") === variant ? undefined : "its record is of another variant";
}
