import type { PreparedRequest, Segment } from "./core/plan/plan.ts";
import type { TraceSource } from "./core/protocol/traceparent.ts";
import type { Outcome } from "./core/record/outcome.ts";
import type { Problem, WarmUpRecord } from "./core/record/run-record.ts";
import type { Tick } from "./core/record/so-far.ts";
import { notSteady, openSteadyState } from "./core/record/steady-state.ts";
import type { Driver } from "./ports.ts";

type WarmUp = {
  readonly scenario: string;
  readonly segment: Segment;
  readonly requests: readonly PreparedRequest[];
  readonly driver: Driver;
  readonly signal: AbortSignal;
  readonly onOutcome: (outcome: Outcome) => void;
  readonly onProgress: (tick: Tick) => void;
  readonly trace?: TraceSource | undefined;
};

/**
 * Drives a warm-up: for its duration, or until its answers have come to a steady state where the plan asks for that.
 * A steady state that did not come is a problem worth a warning, unless the run was cancelled.
 */
export async function driveWarmUp(warmUp: WarmUp): Promise<{ readonly record: WarmUpRecord; readonly problems: readonly Problem[] }> {
  const { scenario, segment, requests, driver, signal, onProgress, trace } = warmUp;
  const start = watchStart(segment);
  const test = segment.untilSteady ? openSteadyState() : undefined;
  const steady = new AbortController();
  let ok = 0;
  const onOutcome = (outcome: Outcome) => {
    warmUp.onOutcome(outcome);
    start.add(outcome);
    if (outcome.result.kind === "ok") ok++;
    if (test?.add(outcome) === true) steady.abort();
  };
  const result = await driver.drive(segment, requests, { onOutcome, signal, onProgress, enough: steady.signal, trace });
  // A cancel may come before the time that the segment was to begin.
  const durationS = Math.max(0, Number(result.endedNs - result.startedNs) / 1e9);
  const seen = start.seen();
  const record = { durationS, offered: result.offered, ok, ...seen };
  if (test === undefined) return { record, problems: [] };

  const beganNs = test.beganNs();
  if (beganNs === undefined) {
    const problems = result.cancelled ? [] : [notSteady(scenario, segment.arm, segment.durationS, test.seen())];
    return { record: { ...record, steady: false }, problems };
  }
  // The window that begins the steady state may begin with a failure.
  const steadyS = Math.max((beganNs - firstStartNs(segment)) / 1e9, seen.firstSuccessS ?? 0);
  return { record: { ...record, steadyS, steady: true }, problems: [] };
}

/** Sees how an endpoint starts, from the outcomes of the first segment that it is given. */
export function watchStart(segment: Segment): {
  readonly add: (outcome: Outcome) => void;
  readonly seen: () => Pick<WarmUpRecord, "firstRequestS" | "firstSuccessS">;
} {
  let firstRequestS: number | undefined;
  let firstSuccessNs: number | undefined;
  return {
    add({ index, intendedNs, endNs, result }) {
      if (result.kind !== "ok") return;
      if (index === 0) firstRequestS = (endNs - intendedNs) / 1e9;
      firstSuccessNs = Math.min(firstSuccessNs ?? endNs, endNs);
    },
    seen: () => ({
      firstRequestS,
      firstSuccessS: firstSuccessNs === undefined ? undefined : (firstSuccessNs - firstStartNs(segment)) / 1e9,
    }),
  };
}

/** The first intended start: a closed loop begins at once. */
const firstStartNs = ({ load }: Segment): number => (load.kind === "open" ? Math.round((load.arrivalsS[0] ?? 0) * 1e9) : 0);
