import type { UnknownEnvironment, UnsharedScenario } from "../compare/admit.ts";
import type { Candidate } from "../compare/baseline.ts";
import type { Choice, FoundRuns, Store } from "../compare/choose-baseline.ts";
import { expiryOf } from "../compare/expiry.ts";
import { ENOUGH_RUNS } from "../compare/stored.ts";
import type { Problem } from "../record/run-record.ts";

/** From this many commits on, what lies between the baseline and the change is worth a warning. */
const FAR_COMMITS = 50;

/**
 * What a reader has to know about the runs that were chosen, as warnings: that pinned files serve for a store that has
 * none, which scenarios are new to them, that the nearest run is far away, what is not known of the environments, and when the baseline expires.
 */
export function baselineNotes({ baseline, unknown, unshared, pinnedBecause }: Choice, found: FoundRuns): readonly Problem[] {
  const notes = [...(found.notes ?? [])];
  if (baseline.kind !== "stored") return notes;
  const { runs } = baseline;
  if (pinnedBecause !== undefined) notes.push(note("baseline-pinned", pinnedSentence(runs, pinnedBecause, found)));
  notes.push(...unshared.map((scenario) => unsharedNote(scenario, found.store)));
  if (found.store !== undefined) {
    const far = farSentence(runs, found.store);
    if (far !== undefined) notes.push(note("baseline-far", far));
    const expiry = found.store.extended ? undefined : expirySentence(runs, found.store);
    if (expiry !== undefined) notes.push(note("baseline-expires", expiry));
  }
  if (unknown.length > 0) notes.push(note("baseline-environment-unknown", unknownSentence(unknown, runs.length)));
  return notes;
}

const note = (code: string, message: string): Problem => ({ severity: "warning", code, message });

function unsharedNote({ name, how }: UnsharedScenario, store: Store | undefined): Problem {
  const until = store === undefined ? "until a baseline of it is recorded" : `until it is merged and measured on ${store.branch}`;
  const [code, why] =
    how === "changed"
      ? ["scenario-changed", "it sends something else than in the stored runs"]
      : ["scenario-new", "no stored run measured it"];
  const message = `${why}, so that it counts as new: whether it got slower is not judged ${until}, only its fixed limits are`;
  return { severity: "warning", code, message, scenario: name };
}

function pinnedSentence(runs: readonly Candidate[], because: string, { pinned }: FoundRuns): string {
  const place = pinned?.place ?? "a folder";
  const files =
    runs.length === 1 ? `the pinned file in ${place}, as old as it is` : `the ${runs.length} pinned files in ${place}, as old as they are`;
  return `compared with ${files}: ${because}`;
}

function farSentence(runs: readonly Candidate[], { fromName, branch }: Store): string | undefined {
  const nearest = Math.min(...runs.map(({ distance }) => distance ?? 0));
  if (nearest <= FAR_COMMITS) return undefined;
  return (
    `the nearest run of the baseline is ${nearest} commits before ${fromName}, and what those commits changed counts as this change's: ` +
    `run tailgate on every push to ${branch}, or on a schedule`
  );
}

function expirySentence(runs: readonly Candidate[], { asOf, branch }: Store): string | undefined {
  const expiry = expiryOf(runs, asOf);
  if (expiry === undefined) return undefined;
  const { tooFewAt, noneAt } = expiry;
  const none = noneAt === undefined || noneAt === tooFewAt ? [] : [`on ${day(noneAt)} none`];
  const loss =
    tooFewAt === undefined ? `${none.join()} is left` : [`on ${day(tooFewAt)} fewer than ${ENOUGH_RUNS} are left`, ...none].join(", ");
  return `the baseline has ${counted(expiry.runs)}; ${loss}; a push to ${branch} or a scheduled run on it renews it`;
}

function unknownSentence(unknown: readonly UnknownEnvironment[], runs: number): string {
  const keys = unknown.map(({ key, head, bases, runs: silent }) =>
    head === undefined
      ? `the head does not say its ${key} (of the baseline: ${bases.join(", ")})`
      : `${silent === runs ? "the baseline does" : `${silent} of ${counted(runs)} do`} not say ${key} (of the head: ${head})`,
  );
  return `whether the baseline was measured in the same environment is not known: ${keys.join("; ")}`;
}

const counted = (runs: number): string => (runs === 1 ? "1 run" : `${runs} runs`);

const day = (iso: string): string => iso.slice(0, 10);
