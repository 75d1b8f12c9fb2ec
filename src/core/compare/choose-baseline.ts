import type { Problem, RunRecord } from "../record/run-record.ts";
import { type Admission, admitBaselines, type UnknownEnvironment, type UnsharedScenario } from "./admit.ts";
import type { Baseline, Candidate, Refusal } from "./baseline.ts";

/** What was found that might be compared with; `absence` is the sentence for a reader when nothing was. */
export type FoundRuns = {
  /** Nearest first. */
  readonly candidates: readonly Candidate[];
  readonly refused: readonly Refusal[];
  readonly absence: string;
  /** Files of a folder, `place`. They serve where not one of the candidates can be used, and are never mixed with them. */
  readonly pinned?: { readonly place: string; readonly candidates: readonly Candidate[]; readonly refused: readonly Refusal[] };
  /** The store that was asked; absent where there is none, for example for files of the caller. */
  readonly store?: Store;
  /** What a reader has to know of the search itself. */
  readonly notes?: readonly Problem[];
};

export type Store = {
  /** When it was asked, ISO 8601: what expires is reckoned from here. */
  readonly asOf: string;
  /** Whose runs it keeps. */
  readonly branch: string;
  /** The commit from which distances count: `the merge base`. */
  readonly fromName: string;
  /** Whether this very run is added to it, unless it is spoiled. */
  readonly extended: boolean;
};

/** What was chosen and what a reader has to know about it. */
export type Choice = {
  readonly baseline: Baseline;
  /** What is not known of the chosen runs. */
  readonly unknown: readonly UnknownEnvironment[];
  /** Scenarios that the chosen runs say nothing about. */
  readonly unshared: readonly UnsharedScenario[];
  /** Why nothing of the store can be used; undefined unless pinned files serve instead. */
  readonly pinnedBecause: string | undefined;
};

/**
 * What the newest of `heads`, `head`, is compared with: its own live base arm if there is one, else the stored runs that
 * may be compared, else the pinned files that may. A live base was driven in turn with the head, minutes ago, from the
 * same place.
 */
export function chooseBaseline(heads: readonly RunRecord[], head: RunRecord, found: FoundRuns): Choice {
  const isLive = heads.every(({ scenarios }) => scenarios.some(({ arms }) => arms.base !== undefined));
  if (isLive) {
    const unused = found.candidates.map(({ origin }) => ({ origin, reason: "not used: the base endpoint was driven live" }));
    return { baseline: { kind: "live", refused: [...found.refused, ...unused] }, unknown: [], unshared: [], pinnedBecause: undefined };
  }
  const admitted = admitBaselines(head, found.candidates);
  // What was good enough to be read comes first: it is what a reader expected to be compared with.
  const refused = [...admitted.refused, ...found.refused];
  if (admitted.runs.length > 0) return stored(admitted, refused, undefined);
  const reason = refused.length === 0 ? found.absence : noneUsable(refused, "baseline", "baselines");
  const pinned = admitBaselines(head, found.pinned?.candidates ?? []);
  const refusedFiles = [...pinned.refused, ...(found.pinned?.refused ?? [])];
  if (pinned.runs.length > 0) return stored(pinned, [...refused, ...refusedFiles], reason);
  const sentences = [reason, ...(refusedFiles.length === 0 ? [] : [noneUsable(refusedFiles, "pinned file", "pinned files")])];
  const nothing: Baseline = { kind: "none", reason: sentences.join("; "), refused: [...refused, ...refusedFiles] };
  return { baseline: nothing, unknown: [], unshared: [], pinnedBecause: undefined };
}

const stored = ({ runs, unknown, unshared }: Admission, refused: readonly Refusal[], pinnedBecause: string | undefined): Choice => ({
  baseline: { kind: "stored", runs, refused },
  unknown,
  unshared,
  pinnedBecause,
});

/** Said of all only where it is true of all. */
function noneUsable(refused: readonly Refusal[], one: string, many: string): string {
  const { reason } = refused[0]!;
  if (refused.length === 1) return `the only ${one} found cannot be used: ${reason}`;
  const none = `none of the ${refused.length} ${many} found can be used`;
  return refused.every((other) => other.reason === reason) ? `${none}: ${reason}` : `${none}; the nearest: ${reason}`;
}
