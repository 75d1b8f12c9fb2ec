import { onTestFinished } from "vitest";
import type { PreparedRequest, Segment } from "../../../src/core/plan/plan.ts";
import type { ResponseReader } from "../../../src/core/protocol/protocol.ts";
import type { Outcome } from "../../../src/core/record/outcome.ts";
import { USUAL_ROUTE } from "../../../src/io/connector.ts";
import { type DriveResult, type Driver, type DriverOptions, openDriver } from "../../../src/io/load/driver.ts";

/** Accepts any complete 2xx. */
export function plainReader(): ResponseReader {
  let status = 0;
  return {
    start: (code) => {
      status = code;
    },
    data: () => {},
    end: (endNs) => ({
      endNs,
      result: status < 300 ? { kind: "ok", stream: undefined } : { kind: "failed", why: "status", detail: `answered ${status}` },
    }),
  };
}

export const GET: PreparedRequest = { payloadClass: "default", method: "GET", path: "/", headers: {}, body: undefined };

export function open(url: string, options: Partial<DriverOptions> = {}): Driver {
  const driver = openDriver({
    ...USUAL_ROUTE,
    url,
    headers: {},
    timeoutS: 10,
    maxInFlight: 1000,
    retry: undefined,
    openResponse: plainReader,
    ...options,
  });
  onTestFinished(() => driver.close());
  return driver;
}

const segment = (durationS: number, load: Segment["load"]): Segment => ({
  arm: "head",
  phase: "measure",
  untilSteady: false,
  durationS,
  load,
  picks: new Uint32Array(load.kind === "open" ? load.arrivalsS.length : 1),
  blocks: [],
});

/** Arrivals at even distances. */
export const steady = (ratePerS: number, durationS: number): Segment =>
  segment(durationS, { kind: "open", arrivalsS: Float64Array.from({ length: ratePerS * durationS }, (_, i) => i / ratePerS) });

/** A single arrival, at once. */
export const one: Segment = segment(0.01, { kind: "open", arrivalsS: Float64Array.of(0) });

export const closed = (
  concurrency: number,
  durationS: number,
  more: Partial<Extract<Segment["load"], { readonly kind: "closed" }>> = {},
): Segment =>
  segment(durationS, { kind: "closed", steps: [{ atS: 0, users: concurrency }], thinkS: new Float64Array(), pacingS: undefined, ...more });

export type Drive = DriveResult & { readonly outcomes: readonly Outcome[] };

/** Drives and keeps all outcomes, in the order of their indices. */
export async function drive(
  driver: Driver,
  load: Segment,
  more: {
    readonly requests?: readonly PreparedRequest[];
    readonly signal?: AbortSignal;
    readonly enough?: AbortSignal;
    readonly onOutcome?: (outcome: Outcome) => void;
  } = {},
): Promise<Drive> {
  const outcomes: Outcome[] = [];
  const keep = (outcome: Outcome) => {
    outcomes.push(outcome);
    more.onOutcome?.(outcome);
  };
  const signal = more.signal ?? new AbortController().signal;
  const enough = more.enough === undefined ? {} : { enough: more.enough };
  const result = await driver.drive(load, more.requests ?? [GET], { onOutcome: keep, signal, ...enough });
  return { ...result, outcomes: outcomes.sort((a, b) => a.index - b.index) };
}

/** Keeps this thread busy, as a garbage collection or a greedy neighbour would. */
export function block(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until; );
}

/** The kind of each outcome: `ok` or why it failed. */
export const kinds = (outcomes: readonly Outcome[]): readonly string[] =>
  outcomes.map(({ result }) => (result.kind === "ok" ? "ok" : result.why));

export const details = (outcomes: readonly Outcome[]): readonly string[] =>
  outcomes.flatMap(({ result }) => (result.kind === "ok" ? [] : [result.detail]));

export const latenciesMs = (outcomes: readonly Outcome[]): readonly number[] =>
  outcomes.map(({ intendedNs, endNs }) => (endNs - intendedNs) / 1e6).sort((a, b) => a - b);

export const median = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length / 2)]!;
