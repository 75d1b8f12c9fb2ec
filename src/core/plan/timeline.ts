import { InputError } from "../errors.ts";
import { areaOf, steadyLevel } from "../suite/stages.ts";
import type { ClosedLoad, OpenLoad, Scenario, Stage, ThinkTime, TraceLoad } from "../suite/suite.ts";
import { arrivals, constantRate } from "./arrivals.ts";
import type { SegmentLoad } from "./plan.ts";
import { exponential, stream, uniform } from "./random.ts";
import { curveOf, windowOf } from "./shape.ts";
import { readTrace } from "./trace.ts";
import type { TraceRequest } from "./trace-request.ts";
import { replay } from "./trace-window.ts";
import { stepsWithin, userSteps } from "./user-steps.ts";

/** The part of a measured time from `fromS` to `toS`; `durationS` is their distance, as the blocks have it to the last bit. */
export type Window = { readonly fromS: number; readonly toS: number; readonly durationS: number };

/** A scenario's load laid out over its measured time. The same purpose draws the same random numbers. */
export type Timeline = {
  /** Mean over the whole, 1/s; undefined in a closed loop, where it follows from the endpoint. */
  readonly ratePerS: number | undefined;
  /** Of the warm-up, likewise. */
  readonly warmUpRatePerS: number | undefined;
  readonly measure: (window: Window, purpose: string) => SegmentLoad;
  /**
   * The load before measuring: steady, at the level with which the measured time begins. A ramp or a wave that begins at
   * nothing lends its mean, a pause at the beginning gives way to what follows, and a trace is warmed up for with
   * Poisson arrivals at its mean rate.
   */
  readonly warmUp: (durationS: number, purpose: string) => SegmentLoad;
  /** Of a trace that payloads are made from. */
  readonly trace?: TracedRequests;
};

/** What arrives in a replay, in order, and the number of the first arrival from `fromS` on. */
export type TracedRequests = { readonly requests: readonly TraceRequest[]; readonly firstFrom: (fromS: number) => number };

/** @throws {InputError} on a trace that cannot be read or does not hold what the load asks for. */
export function timelineOf({ name, load }: Scenario, seed: number, files: ReadonlyMap<string, Uint8Array>): Timeline {
  switch (load.kind) {
    case "open":
      return openTimeline(load, seed, name);
    case "closed":
      return closedTimeline(load, seed, name);
    case "trace":
      return traceTimeline(load, seed, name, files);
  }
}

function openTimeline({ stages, arrivals: kind, ratePerS }: OpenLoad, seed: number, name: string): Timeline {
  const steady = steadyLevel(stages);
  const curve = curveOf(stages);
  const opening = openingLevel(stages);
  const draw = (purpose: string) => stream(seed, "arrivals", name, purpose);
  return {
    ratePerS,
    warmUpRatePerS: opening,
    measure: ({ fromS, toS, durationS }, purpose) => {
      const shape = steady === undefined ? windowOf(curve, fromS, toS, durationS) : constantRate(steady, durationS);
      return { kind: "open", arrivalsS: arrivals(kind, shape, draw(purpose)) };
    },
    warmUp: (durationS, purpose) => ({ kind: "open", arrivalsS: arrivals(kind, constantRate(opening, durationS), draw(purpose)) }),
  };
}

/** Pauses of a closed-loop segment, which does not know how many it will need and goes round. */
const THINK_TIMES = 4096;

function closedTimeline({ stages, thinkTime, pacingS }: ClosedLoad, seed: number, name: string): Timeline {
  const steps = userSteps(stages);
  const opening = Math.max(1, Math.round(openingLevel(stages)));
  const thinkS = (purpose: string) => thinkTimes(thinkTime, seed, name, purpose);
  return {
    ratePerS: undefined,
    warmUpRatePerS: undefined,
    measure: ({ fromS, toS }, purpose) => ({ kind: "closed", steps: stepsWithin(steps, fromS, toS), thinkS: thinkS(purpose), pacingS }),
    warmUp: (_, purpose) => ({ kind: "closed", steps: [{ atS: 0, users: opening }], thinkS: thinkS(purpose), pacingS }),
  };
}

function thinkTimes(think: ThinkTime | undefined, seed: number, name: string, purpose: string): Float64Array {
  if (think === undefined) return new Float64Array();
  if (think.kind === "fixed") return Float64Array.of(think.seconds);
  const next = stream(seed, "think", name, purpose);
  const draw =
    think.kind === "uniform" ? () => think.lowS + uniform(next) * (think.highS - think.lowS) : () => think.meanS * exponential(next);
  return Float64Array.from({ length: THINK_TIMES }, draw);
}

function traceTimeline(load: TraceLoad, seed: number, name: string, files: ReadonlyMap<string, Uint8Array>): Timeline {
  const bytes = files.get(load.file);
  if (bytes === undefined) {
    throw new InputError(`scenario "${name}" replays a file that is not there: ${load.file}`, {
      hint: "paths are relative to the suite file",
    });
  }
  const trace = readTrace(bytes, load);
  const { arrivalsS, rows } = replay(trace, load, stream(seed, "trace", name));
  const ratePerS = arrivalsS.length / load.durationS;
  return {
    ratePerS,
    warmUpRatePerS: ratePerS,
    measure: ({ fromS, toS, durationS }) => {
      const latest = durationS * (1 - Number.EPSILON);
      const within = arrivalsS.subarray(firstFrom(arrivalsS, fromS), firstFrom(arrivalsS, toS));
      return { kind: "open", arrivalsS: within.map((atS) => Math.min(atS - fromS, latest)) };
    },
    warmUp: (durationS, purpose) => ({
      kind: "open",
      arrivalsS: arrivals("poisson", constantRate(ratePerS, durationS), stream(seed, "arrivals", name, purpose)),
    }),
    ...(load.requests === undefined
      ? {}
      : {
          trace: {
            requests: Array.from(rows, (row) => trace.requests[row]!),
            firstFrom: (fromS: number) => firstFrom(arrivalsS, fromS),
          },
        }),
  };
}

/** The level with which a shape begins, or the mean of its first piece where that is nothing. Above 0. */
function openingLevel(stages: readonly Stage[]): number {
  const first = stages.find((stage) => areaOf([stage]) > 0);
  if (first === undefined) throw new RangeError("a load has a level above 0");
  const begins = first.kind === "linear" ? first.from : (first.low + first.high) / 2;
  return begins > 0 ? begins : areaOf([first]) / first.durationS;
}

/** The index of the first value ≥ `bound` in an ascending list; its length where there is none. */
function firstFrom(values: Float64Array, bound: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
