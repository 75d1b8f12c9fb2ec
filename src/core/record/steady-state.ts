import { mean, median } from "simple-statistics";
import { formatQuantity } from "../decide/quantity.ts";
import type { Arm } from "../plan/plan.ts";
import { mserTruncation } from "../stats/mser.ts";
import { theilSenSlope } from "../stats/trend.ts";
import { latencyNs, type Outcome } from "./outcome.ts";
import type { Problem } from "./run-record.ts";

/**
 * Watches the answers of a warm-up and says when they have come to a steady state. Answers are gathered in windows, in
 * the order of their ends, and each window is told by its median and its 95th percentile. The state is steady when
 *
 * - MSER truncates both series in their first half: what is left has no transient beyond its noise;
 * - eight windows are left, and their medians have not moved by more than 15 % from the first to the last (Theil–Sen):
 *   with fewer, or with noise, MSER keeps a transient that it cannot see;
 * - both hold at three windows in a row, because a look that is repeated until it succeeds succeeds by chance.
 *
 * A window in which at least half of the requests failed ends what came before it: the steady state begins later.
 * Memory does not grow with time: from 96 windows on, neighbours are joined and windows are twice as long.
 */
export type SteadyStateTest = {
  /**
   * @param outcome of one segment, in the order of their ends.
   * @returns whether the state is steady; once true, always true.
   */
  readonly add: (outcome: Outcome) => boolean;
  /** End of the first answer of the steady state, in ns since the start of the segment; undefined until it is steady. */
  readonly beganNs: () => number | undefined;
  /** What there is to say of an endpoint that did not come to a steady state. */
  readonly seen: () => SeenWindows;
};

export type SeenWindows = {
  /** Windows of answers since the last failing one. */
  readonly windows: number;
  /** Windows so far in which at least half of the requests failed. */
  readonly failing: number;
  /** Median latency of the first and of the last quarter of `windows`, seconds; undefined for fewer than four. */
  readonly medians: { readonly firstS: number; readonly lastS: number } | undefined;
};

/** A window is at least this long and holds at least so many requests: 0.2 s at 20 requests/s and above, 4 s at one a second. */
const WINDOW_NS = 0.2e9;
const WINDOW_REQUESTS = 4;
/** The test cannot speak before so many windows are over: ten that MSER needs, and two more looks. */
const FEWEST_WINDOWS = 12;

const LEAST_KEPT = 8;
const MOST_CHANGE = 0.15;
const LOOKS = 3;
const MOST_WINDOWS = 96;
/** Medians that differ by less than this share say nothing about a transient. */
const NEGLIGIBLE = 0.02;

type Window = { readonly startNs: number; readonly medianNs: number; readonly tailNs: number };

export function openSteadyState(): SteadyStateTest {
  let windows: Window[] = [];
  let failing = 0;
  let looks = 0;
  let beganNs: number | undefined;
  /** The window that is open. */
  let [startNs, requests, joined] = [0, 0, 1];
  let latencies: number[] = [];

  const close = () => {
    if (2 * latencies.length <= requests) {
      failing++;
      windows = [];
    } else {
      latencies.sort((a, b) => a - b);
      windows.push({ startNs, medianNs: rank(latencies, 0.5), tailNs: rank(latencies, 0.95) });
    }
    [requests, latencies] = [0, []];
    const transient = transientOf(windows);
    looks = transient === undefined ? 0 : looks + 1;
    if (looks === LOOKS) beganNs = windows[transient!]!.startNs;
    if (windows.length < MOST_WINDOWS) return;
    joined *= 2;
    windows = Array.from({ length: windows.length / 2 }, (_, i) => join(windows[2 * i]!, windows[2 * i + 1]!));
  };
  return {
    add(outcome) {
      if (beganNs !== undefined) return true;
      if (requests >= WINDOW_REQUESTS * joined && outcome.endNs - startNs >= WINDOW_NS * joined) close();
      if (requests === 0) startNs = outcome.endNs;
      requests++;
      const latency = latencyNs(outcome);
      if (latency !== undefined) latencies.push(latency);
      return beganNs !== undefined;
    },
    beganNs: () => beganNs,
    seen() {
      const quarter = Math.floor(windows.length / 4);
      const medianS = (some: readonly Window[]) => median(some.map(({ medianNs }) => medianNs)) / 1e9;
      const medians = quarter === 0 ? undefined : { firstS: medianS(windows.slice(0, quarter)), lastS: medianS(windows.slice(-quarter)) };
      return { windows: windows.length, failing, medians };
    },
  };
}

/** What to say of a warm-up that ended without a steady state. */
export function notSteady(scenario: string, arm: Arm, durationS: number, { windows, failing, medians }: SeenWindows): Problem {
  const [first, last] = [medians?.firstS ?? Number.NaN, medians?.lastS ?? Number.NaN].map((value) => formatQuantity(value, "s"));
  const moved = medians !== undefined && Math.abs(medians.lastS - medians.firstS) > MOST_CHANGE * medians.lastS;
  const why =
    failing > 0 && windows < FEWEST_WINDOWS
      ? `at least half of the requests failed in ${failing} of ${failing + windows} stretches of it`
      : windows < FEWEST_WINDOWS
        ? `it gave too few answers to tell (${windows} stretches of ${WINDOW_REQUESTS} and more, and ${FEWEST_WINDOWS} are needed)`
        : moved
          ? `its median latency was ${first} in the first quarter and ${last} in the last`
          : `its latency varies too much to tell in this time (a median of ${first} in the first quarter and of ${last} in the last)`;
  const message = `the ${arm} endpoint was not seen to come to a steady state within ${formatQuantity(durationS, "s")} of warm-up: ${why}; what was measured may hold a part of its start, so give it a longer one, such as warm-up: 2m`;
  return { severity: "warning", code: "not-steady", message, scenario, arm };
}

/** The number of windows before the steady state; undefined while there is none. */
function transientOf(windows: readonly Window[]): number | undefined {
  if (windows.length < LEAST_KEPT) return undefined;
  const medians = windows.map(({ medianNs }) => medianNs);
  const tails = windows.map(({ tailNs }) => tailNs);
  const [body, tail] = [medians, tails].map((series) => mserTruncation(series, { batch: 1, leastDeviation: NEGLIGIBLE * median(series) }));
  if (body === undefined || tail === undefined) return undefined;
  const transient = Math.max(body, tail);
  const kept = medians.slice(transient);
  if (kept.length < LEAST_KEPT) return undefined;
  const change = theilSenSlope([...kept.keys()], kept) * (kept.length - 1);
  return Math.abs(change) > MOST_CHANGE * mean(kept) ? undefined : transient;
}

const join = (a: Window, b: Window): Window => ({
  startNs: a.startNs,
  medianNs: (a.medianNs + b.medianNs) / 2,
  tailNs: (a.tailNs + b.tailNs) / 2,
});

/** The value below or at which a share p of sorted values lies. */
const rank = (sorted: readonly number[], p: number): number => sorted[Math.ceil(p * sorted.length) - 1]!;
