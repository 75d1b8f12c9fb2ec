import type { BlockRecord, Problem, RunRecord } from "../record/run-record.ts";
import { whyNotComparable, whyNothingShared } from "./admit.ts";
import type { Candidate, Refusal } from "./baseline.ts";

/** Earlier runs of the same code, as they were found, in any order; `refused` could not even be read. */
export type FoundAttempts = { readonly candidates: readonly Candidate[]; readonly refused: readonly Refusal[] };

export const NO_ATTEMPTS: FoundAttempts = { candidates: [], refused: [] };

/**
 * The earlier attempts that count into the verdict on `run`, oldest first, and a note for each one that does not. One
 * counts if it is whole, of the same commit where both records know theirs, and measured in the same way; what it showed
 * does not matter. Else measuring the same code until one likes the answer would be a new test each time.
 *
 * A run that was found twice counts once, and `run` itself not again: the same records give the same verdict.
 */
export function admitAttempts(
  run: RunRecord,
  found: FoundAttempts,
): { readonly attempts: readonly Candidate[]; readonly notes: readonly Problem[] } {
  const notes = found.refused.map(refusedNote);
  const attempts: Candidate[] = [];
  for (const candidate of inOrderOfTime(found.candidates)) {
    const same = [...attempts.map(({ record }) => record), run].some((known) => isSameRun(known, candidate.record));
    const reason = same ? "it is a copy of a run that counts already" : whyNotAnAttempt(run, candidate.record);
    if (reason !== undefined) notes.push(refusedNote({ origin: candidate.origin, reason }));
    else {
      attempts.push({ ...candidate, record: withScenariosOf(run, candidate.record) });
      notes.push(...otherBase(run, candidate));
    }
  }
  return { attempts, notes };
}

/** By the start of each run; copies are told apart by where they come from, so that the order never depends on the search. */
export const inOrderOfTime = (runs: readonly Candidate[]): readonly Candidate[] =>
  runs.toSorted((a, b) => Date.parse(a.record.startedAt) - Date.parse(b.record.startedAt) || (a.origin < b.origin ? -1 : 1));

/** Whether two records are one run, or hold the very same measurements: no clock repeats a run to the microsecond. */
export function isSameRun(a: RunRecord, b: RunRecord): boolean {
  const [one, other] = [a.provenance, b.provenance];
  const isNamed = one.runId !== undefined && one.runId === other.runId && one.runAttempt === other.runAttempt;
  return (isNamed && a.startedAt === b.startedAt) || measurementsOf(a) === measurementsOf(b);
}

/** Whether something that is known about a run, or about one of its scenarios, keeps it from being evidence. */
export const isSpoiled = ({ status, problems }: RunRecord): boolean =>
  status !== "complete" || problems.some(({ severity }) => severity === "invalid");

function whyNotAnAttempt(run: RunRecord, earlier: RunRecord): string | undefined {
  const [here, there] = [run.provenance.commit, earlier.provenance.commit];
  if (here !== undefined && there !== undefined && here !== there) {
    return `it is of another commit (${there.slice(0, 10)}, this run is of ${here.slice(0, 10)})`;
  }
  const reason = whyNotComparable(run, earlier);
  // A run that measured nothing has neither scenarios nor a design to share, and takes no verdict back.
  if (reason !== undefined || !hasBlocks(run)) return reason;
  if (isLive(earlier) !== isLive(run)) {
    return isLive(earlier)
      ? "it was measured beside a live base, and this run was not"
      : "it was measured without the live base of this run";
  }
  return whyNothingShared(run, earlier);
}

/** Each live attempt is compared with its own base; a reader has to know where that was not this run's. */
function otherBase(run: RunRecord, { origin, record }: Candidate): readonly Problem[] {
  const [here, there] = [run.provenance.baseCommit, record.provenance.baseCommit];
  if (!isLive(record) || here === undefined || there === undefined || here === there) return [];
  const commits = `the base branch was at ${there.slice(0, 10)} then and at ${here.slice(0, 10)} for this run`;
  const message = `an earlier attempt was measured beside another base: ${origin}: ${commits}; each attempt is compared with its own base`;
  return [{ severity: "warning", code: "attempt-other-base", message }];
}

const refusedNote = ({ origin, reason }: Refusal): Problem => ({
  severity: "warning",
  code: "attempt-refused",
  message: `an earlier attempt does not count: ${origin}: ${reason}`,
});

/** What `run` left out is not judged: it keeps its place, because only the first scenario of a run tells of a start. */
function withScenariosOf(run: RunRecord, earlier: RunRecord): RunRecord {
  if (!hasBlocks(run)) return earlier;
  const wanted = new Set(run.scenarios.map(({ name }) => name));
  return { ...earlier, scenarios: earlier.scenarios.map((scenario) => (wanted.has(scenario.name) ? scenario : { ...scenario, arms: {} })) };
}

const isLive = ({ scenarios }: RunRecord): boolean => scenarios.some(({ arms }) => arms.base !== undefined);

const blocksOf = ({ scenarios }: RunRecord): readonly BlockRecord[] =>
  scenarios.flatMap(({ arms }) => [...(arms.base?.blocks ?? []), ...(arms.head?.blocks ?? [])]);

const hasBlocks = (record: RunRecord): boolean => blocksOf(record).length > 0;

/** Text that is equal only for the same measurements; one of its own for a run without any. */
const measurementsOf = (record: RunRecord): string =>
  hasBlocks(record)
    ? JSON.stringify(
        record.scenarios.map(({ name, arms }) => [
          name,
          [arms.base, arms.head].map((arm) =>
            arm?.blocks.map(({ index, startS, offered, ok, histograms }) => [
              index,
              startS,
              offered,
              ok,
              Object.entries(histograms).toSorted(([a], [b]) => (a < b ? -1 : 1)),
            ]),
          ),
        ]),
      )
    : `${record.provenance.runId} ${record.provenance.runAttempt} ${record.startedAt} ${record.finishedAt}`;
