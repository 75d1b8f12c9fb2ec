import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { PreparedRequest, Segment, SegmentLoad } from "../../core/plan/plan.ts";
import { stream } from "../../core/plan/random.ts";
import { type CalibrationSample, calibrationOf } from "../../core/record/calibration.ts";
import type { Outcome } from "../../core/record/outcome.ts";
import type { Calibration } from "../../core/record/run-record.ts";
import { DEFAULT_CONNECTION, DEFAULT_TLS } from "../../core/suite/defaults.ts";
import type { Target } from "../../core/suite/suite.ts";
import type { Driver } from "./driver.ts";
import { openDriver } from "./open-driver.ts";
import { RUN_IN_REQUESTS } from "./optimizer.ts";
import type { ReferenceJob } from "./reference-server-worker.ts";

/** Slower than this, enough requests would take too long; faster, the server in this process would need its own share of a core. */
const RATE = { least: 100, most: 300 };
const LEAST_REQUESTS = 150;
const MEASURE_S = 1;
/** Until the code is compiled, it is not the load generator of the run that is measured: these are sent as fast as they are answered, */
const RUN_IN = { requests: RUN_IN_REQUESTS, users: 16, mostS: 2 };
/** and these at the rate, so that it finds its place again. */
const WARM_UP_S = 0.3;
const TIMEOUT_MS = 5_000;

/**
 * Measures the load generator itself: drives a server in a thread of this process, which stamps on the same clock when
 * each request came and when it was answered, and compares. Takes about two seconds, of which the first half compiles the code of
 * the run as well.
 *
 * @param ratePerS of the run; calibrated at the nearest rate between 100/s and 300/s.
 */
export async function calibrate(
  ratePerS: number,
  signal: AbortSignal,
): Promise<{ readonly ok: true; readonly calibration: Calibration } | { readonly ok: false; readonly reason: string }> {
  const rate = Math.min(Math.max(ratePerS, RATE.least), RATE.most);
  const requests = Math.max(LEAST_REQUESTS, Math.round(rate * MEASURE_S));
  // Held here and asked itself: once it has ended, what was made of it only knows while it exists.
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  const bounded = AbortSignal.any([signal, limit]);
  try {
    const samples = await sample(rate, Math.round(rate * WARM_UP_S), requests, bounded);
    return { ok: true, calibration: calibrationOf(rate, samples) };
  } catch (error) {
    const late = limit.aborted && !signal.aborted;
    return { ok: false, reason: late ? `it did not end within ${TIMEOUT_MS / 1000} s` : (error as Error).message };
  }
}

async function sample(rate: number, warmUps: number, requests: number, bounded: AbortSignal): Promise<readonly CalibrationSample[]> {
  const count = warmUps + requests;
  // One more, which takes no time, to run in.
  const job: ReferenceJob = {
    originNs: process.hrtime.bigint(),
    body: BODY,
    serviceMs: serviceTimesMs(count),
    stampsNs: sharedArray(2 * (count + 1)),
  };
  const worker = openServer(job);
  const broken = new AbortController();
  worker.on("error", (error) => broken.abort(error));
  const signal = AbortSignal.any([bounded, broken.signal]);
  let driver: Driver | undefined;
  try {
    const [port] = (await once(worker, "message", { signal })) as [number];
    driver = openDriver({ url: `http://127.0.0.1:${port}`, target: TARGET, tls: NO_TLS, threads: 1 });
    await runIn(driver, { ...POST, path: `/${count}` }, signal);
    await driveRange(driver, { from: 0, to: warmUps, rate, phase: "warm-up", signal });
    const { startedNs, outcomes } = await driveRange(driver, { from: warmUps, to: count, rate, phase: "measure", signal });
    const failed = outcomes.flatMap(({ result }) => (result.kind === "ok" ? [] : [result.detail]));
    if (failed.length > 0) throw new Error(`${failed.length} of ${requests} requests failed: ${failed[0]}`);
    const zeroNs = Number(startedNs - job.originNs);
    return outcomes.map(({ index, intendedNs, endNs }) => {
      const [arrivedNs, answeredNs] = job.stampsNs.subarray(2 * (warmUps + index)) as unknown as [number, number];
      return { releaseS: (arrivedNs - zeroNs - intendedNs) / 1e9, biasS: (endNs - intendedNs - (answeredNs - arrivedNs)) / 1e9 };
    });
  } finally {
    await driver?.close();
    await worker.terminate();
  }
}

function openServer(job: ReferenceJob): Worker {
  const file = import.meta.url.endsWith(".ts") ? "./reference-server-worker.ts" : "./reference-server-worker.js";
  return new Worker(new URL(file, import.meta.url), { execArgv: [], name: "tailgate-reference-server", workerData: job });
}

async function runIn(driver: Driver, request: PreparedRequest, signal: AbortSignal): Promise<void> {
  const enough = new AbortController();
  let left = RUN_IN.requests;
  const onOutcome = () => {
    if (--left === 0) enough.abort();
  };
  const load: SegmentLoad = { kind: "closed", steps: [{ atS: 0, users: RUN_IN.users }], thinkS: new Float64Array(), pacingS: undefined };
  const segment: Segment = { ...SEGMENT, phase: "warm-up", durationS: RUN_IN.mostS, load, picks: new Uint32Array(1) };
  await driver.drive(segment, [request], { onOutcome, signal, enough: enough.signal });
  signal.throwIfAborted();
}

type Range = {
  readonly from: number;
  readonly to: number;
  readonly rate: number;
  readonly phase: Segment["phase"];
  readonly signal: AbortSignal;
};

async function driveRange(driver: Driver, { from, to, rate, phase, signal }: Range) {
  const outcomes: Outcome[] = [];
  const arrivalsS = Float64Array.from({ length: to - from }, (_, i) => i / rate);
  const picks = Uint32Array.from(arrivalsS, (_, i) => i);
  const requests = Array.from(picks, (i): PreparedRequest => ({ ...POST, path: `/${from + i}` }));
  const segment: Segment = { ...SEGMENT, phase, durationS: (to - from) / rate, load: { kind: "open", arrivalsS }, picks };
  const { startedNs } = await driver.drive(segment, requests, { onOutcome: (outcome) => outcomes.push(outcome), signal });
  signal.throwIfAborted();
  return { startedNs, outcomes };
}

const BODY = "{}";
/** As model endpoints are asked: code that was compiled for requests without a body is compiled anew for those with one. */
const POST = {
  payloadClass: "calibration",
  method: "POST",
  headers: { "content-type": "application/json" },
  body: Buffer.from(BODY),
} as const;
const SEGMENT = { arm: "head", untilSteady: false, blocks: [] } as const;
const NO_TLS = { ca: undefined, cert: undefined, key: undefined };

const TARGET: Target = {
  protocol: "raw",
  endpoint: undefined,
  method: POST.method,
  path: "/",
  model: undefined,
  stream: false,
  maxTokens: undefined,
  tensorEncoding: "json",
  headers: {},
  timeoutS: TIMEOUT_MS / 1000,
  maxInFlight: 1000,
  ready: { path: undefined, timeoutS: 0 },
  identity: undefined,
  check: { status: undefined, contains: undefined },
  connection: DEFAULT_CONNECTION,
  tls: DEFAULT_TLS,
  retry: undefined,
};

/** Log-normal around 5 ms, between 2 and 20 ms: like the answers of a small model. The same in every run. And one of 0. */
function serviceTimesMs(count: number): Float64Array {
  const next = stream(1, "calibration");
  const uniform = () => (next() + 0.5) / 2 ** 32;
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  const times = sharedArray(count + 1);
  for (let i = 0; i < count; i++) times[i] = Math.min(Math.max(5 * Math.exp(0.6 * normal()), 2), 20);
  return times;
}

const sharedArray = (length: number): Float64Array => new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT));
