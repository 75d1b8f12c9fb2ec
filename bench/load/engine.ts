import type { DistributionName } from "../../src/core/metric.ts";
import { makePlan } from "../../src/core/plan/make-plan.ts";
import type { PreparedRequest } from "../../src/core/plan/plan.ts";
import { exponential, stream, uniform } from "../../src/core/plan/random.ts";
import { decodeBins } from "../../src/core/record/distribution.ts";
import type { Outcome } from "../../src/core/record/outcome.ts";
import { openRecorder } from "../../src/core/record/recorder.ts";
import { mergeBins } from "../../src/core/stats/bins.ts";
import { quantileOf } from "../../src/core/stats/quantile.ts";
import { parseSuite } from "../../src/core/suite/parse.ts";
import { calibrate } from "../../src/io/load/calibrate.ts";
import { openDriver } from "../../src/io/load/open-driver.ts";
import { openJournal } from "../../src/outputs.ts";
import type { Load, Request } from "./load.ts";

/** What the engine is to do. Plain JSON: it is handed to a process of its own. */
export type EngineJob = {
  readonly load: Load;
  readonly request: Request;
  readonly protocol: "raw" | "openai-chat";
  readonly threads: number;
  /** Whether the engine is calibrated first, as in every run: against a server of its own, and what it runs is compiled by then. */
  readonly calibrated?: boolean;
  /** Seconds of the same load before, of which nothing is recorded and no request is numbered. */
  readonly warmUpS?: number;
};

/** Times are ns of the monotonic clock that all processes of a machine share, or seconds where the name says nothing. */
export type EngineRun = {
  /** Time zero of the schedule. */
  readonly startedNs: number;
  readonly offered: number;
  readonly ok: number;
  readonly failures: Readonly<Record<string, number>>;
  readonly blocks: number;
  /** Undefined for an empty distribution. */
  readonly quantile: (of: DistributionName, p: number) => number | undefined;
};

/**
 * The load engine, along the path of a run: suite → plan → driver → recorder. The only file of the bench that knows it.
 *
 * @param onOutcome hears each request as the recorder does. Its `index` is the number in the request's path.
 */
export async function drive(job: EngineJob, onOutcome: (outcome: Outcome) => void = () => {}): Promise<EngineRun> {
  const { suite } = parseSuite(JSON.stringify(suiteOf(job)), "bench");
  const plan = makePlan({ suite, digest: "bench", files: new Map(), design: "single" });
  const { segments, requests } = plan.scenarios[0]!;
  const segment = segments.at(-1)!;
  const recorder = openRecorder(segment.blocks, 0, { timeoutS: suite.target.timeoutS });
  const tls = { ca: undefined, cert: undefined, key: undefined };
  const driver = openDriver({ url: new URL(job.request.url).origin, target: suite.target, tls, threads: job.threads });
  const record = (outcome: Outcome) => {
    recorder.add(outcome);
    onOutcome(outcome);
  };
  const { signal } = new AbortController();
  try {
    if (job.calibrated === true) await calibrated(job.load, signal);
    for (const warmUp of segments.slice(0, -1)) await driver.drive(warmUp, requests, { onOutcome: () => {}, signal });
    const [all, picks] = job.request.numbered ? numbered(requests[0]!, segment.picks.length) : [requests, segment.picks];
    const { startedNs, offered } = await driver.drive({ ...segment, picks }, all, {
      onOutcome: record,
      signal,
      onProgress: ({ elapsedS }) => recorder.advance(elapsedS * 1e9),
      onReading: recorder.look,
    });
    const blocks = recorder.finish();
    const ok = blocks.reduce((sum, block) => sum + block.ok, 0);
    const failures: Record<string, number> = {};
    for (const block of blocks) for (const [why, n] of Object.entries(block.failures)) failures[why] = (failures[why] ?? 0) + n;
    const quantile = (of: DistributionName, p: number) =>
      quantileOf(mergeBins(blocks.flatMap(({ histograms }) => (histograms[of] === undefined ? [] : [decodeBins(histograms[of])]))), p);
    return { startedNs: Number(startedNs), offered, ok, failures, blocks: blocks.length, quantile };
  } finally {
    await driver.close();
  }
}

async function calibrated(load: Load, signal: AbortSignal): Promise<void> {
  const answer = await calibrate(load.kind === "open" ? load.ratePerS : 0, signal);
  if (!answer.ok) throw new Error(answer.reason);
}

/** The arrivals that {@link drive} makes of an open loop, in seconds since time zero: the same at every call. */
export function arrivalsOf(job: EngineJob): Float64Array {
  const { suite } = parseSuite(JSON.stringify(suiteOf(job)), "bench");
  const { load } = makePlan({ suite, digest: "bench", files: new Map(), design: "single" }).scenarios[0]!.segments.at(-1)!;
  if (load.kind === "closed") throw new Error("a closed loop has no arrivals");
  return load.arrivalsS;
}

/** What a run does with the outcomes of a long segment: they are folded into blocks, and blocks that are over go to the journal. */
export type SoakRecorder = {
  readonly add: (outcome: Outcome) => Promise<void>;
  /** @returns the number of blocks in the record. */
  readonly finish: () => number;
};

/**
 * The recorder of `ratePerS` for `durationS`, told of the time as often as the driver's progress tells it.
 *
 * @param out folder for the journal.
 */
export function openSoakRecorder(ratePerS: number, durationS: number, out: string): SoakRecorder {
  const request = { url: "http://127.0.0.1/", body: undefined, numbered: false };
  const load = { kind: "open", ratePerS, durationS, arrivals: "constant" } as const;
  const { suite } = parseSuite(JSON.stringify(suiteOf({ load, request, protocol: "raw", threads: 1 })), "bench");
  const { segments, load: recorded } = makePlan({ suite, digest: "bench", files: new Map(), design: "single" }).scenarios[0]!;
  const recorder = openRecorder(segments.at(-1)!.blocks, 0, { timeoutS: suite.target.timeoutS });
  const journal = openJournal(out);
  const warmUp = { durationS: 0, offered: 0, ok: 0, firstRequestS: undefined };
  let toldNs = 0;
  return {
    async add(outcome) {
      recorder.add(outcome);
      if (outcome.intendedNs - toldNs < PROGRESS_NS) return;
      toldNs = outcome.intendedNs;
      const block = recorder.advance(toldNs);
      if (block === undefined) return;
      await journal.keep({ scenario: "bench", load: recorded, arm: "head", part: { warmUp, blocks: [block], examples: {} } });
    },
    finish: () => recorder.finish().length,
  };
}

const PROGRESS_NS = 250e6;

/** Answers as an endpoint of about 20 ms gives them, one in two hundred after a second. */
export function* outcomes(ratePerS: number, durationS: number): Generator<Outcome> {
  const draw = stream(1, "soak");
  for (let index = 0; index < ratePerS * durationS; index++) {
    const intendedNs = Math.round(((index + 0.5) / ratePerS) * 1e9);
    const dispatchedNs = intendedNs + Math.round(100_000 * exponential(draw));
    const wireNs = dispatchedNs + 20_000;
    const endNs = wireNs + Math.round(15e6 + 5e6 * exponential(draw) + (uniform(draw) < 0.005 ? 1e9 : 0));
    yield {
      index,
      intendedNs,
      dispatchedNs,
      attempts: 1,
      attemptNs: dispatchedNs,
      wireNs,
      firstByteNs: endNs - 100_000,
      endNs,
      connectNs: undefined,
      dnsNs: undefined,
      tlsNs: undefined,
      status: 200,
      result: { kind: "ok", stream: undefined },
    };
  }
}

function suiteOf({ load, request, protocol, warmUpS }: EngineJob): object {
  const { pathname } = new URL(request.url);
  return {
    version: 1,
    name: "bench",
    target: {
      protocol,
      path: pathname,
      timeout: "20 s",
      ...(protocol === "raw" ? { method: request.body === undefined ? "GET" : "POST" } : { stream: true }),
      "max-in-flight": 10_000,
    },
    ...(request.body === undefined ? {} : { payloads: { bench: { json: JSON.parse(request.body) as unknown } } }),
    scenarios: [
      {
        name: "bench",
        "warm-up": warmUpS === undefined ? "none" : `${warmUpS} s`,
        load: {
          ...(load.kind === "open" ? { rate: `${load.ratePerS}/s`, arrivals: load.arrivals } : { concurrency: load.concurrency }),
          duration: `${load.durationS} s`,
        },
      },
    ],
  };
}

/** The same request with its number in the path, so that the server's log can be laid beside ours. */
function numbered(request: PreparedRequest, count: number): readonly [readonly PreparedRequest[], Uint32Array] {
  const all = Array.from({ length: count }, (_, i) => ({ ...request, path: `${request.path}?n=${i}` }));
  return [all, Uint32Array.from({ length: count }, (_, i) => i)];
}
