import { quantileOf } from "../stats/quantile.ts";
import { Distribution } from "./distribution.ts";
import { latencyNs, type Outcome, ownDelayNs } from "./outcome.ts";

/** How far a segment of load is. */
export type Tick = {
  /** Time zero of the segment, on the monotonic clock that all threads share. */
  readonly startedNs: bigint;
  readonly elapsedS: number;
  readonly durationS: number;
  readonly offered: number;
  readonly inFlight: number;
  readonly ok: number;
  readonly failed: number;
};

/** What a person who watches a run wants to know of its scenario. Seconds; undefined where nothing was measured yet. */
export type SoFar = {
  readonly p50S: number | undefined;
  readonly p99S: number | undefined;
  /** 99th percentile of the load generator's own delay, only where it is a notable part of the latency's. */
  readonly ownDelayP99S: number | undefined;
  /** Longest latency of each of the last seconds in which something ended, seconds, oldest first; at most 24. */
  readonly recentS: readonly number[];
  /** Until the scenario is over, at most. */
  readonly leftS: number;
};

/** Latency and own delay of all outcomes until now, in as much memory as two histograms. */
export type LatencySoFar = {
  readonly add: (outcome: Outcome) => void;
  /** Costs a few tenths of a millisecond. */
  readonly read: () => Omit<SoFar, "leftS">;
};

/** As for a warning about the whole run; see `generatorProblems`. */
const NOTABLE = { seconds: 0.001, share: 0.05 };

const MOST_RECENT = 24;

export function openLatencySoFar(): LatencySoFar {
  const latency = new Distribution();
  const ownDelay = new Distribution();
  const recentS: number[] = [];
  let second = Number.NaN;
  const remember = (endNs: number, latencyOfNs: number) => {
    const own = Math.floor(endNs / 1e9);
    if (own !== second) {
      second = own;
      recentS.push(0);
      if (recentS.length > MOST_RECENT) recentS.shift();
    }
    recentS[recentS.length - 1] = Math.max(recentS.at(-1)!, latencyOfNs / 1e9);
  };
  const put = (distribution: Distribution, ns: number | undefined) => {
    if (ns !== undefined) distribution.recordNs(ns);
  };
  return {
    add(outcome) {
      const latencyOfNs = latencyNs(outcome);
      put(latency, latencyOfNs);
      if (latencyOfNs !== undefined) remember(outcome.endNs, latencyOfNs);
      put(ownDelay, ownDelayNs(outcome));
    },
    read() {
      const bins = latency.bins();
      const [p50S, p99S] = [quantileOf(bins, 0.5), quantileOf(bins, 0.99)];
      const ownS = quantileOf(ownDelay.bins(), 0.99);
      const notable = ownS !== undefined && p99S !== undefined && ownS > Math.max(NOTABLE.seconds, NOTABLE.share * p99S);
      return { p50S, p99S, ownDelayP99S: notable ? ownS : undefined, recentS: [...recentS] };
    },
  };
}
