import type { DistributionName } from "../../src/core/metric.ts";
import { makePlan } from "../../src/core/plan/make-plan.ts";
import type { PreparedRequest } from "../../src/core/plan/plan.ts";
import { decodeBins } from "../../src/core/record/distribution.ts";
import type { Outcome } from "../../src/core/record/outcome.ts";
import { openRecorder } from "../../src/core/record/recorder.ts";
import { mergeBins } from "../../src/core/stats/bins.ts";
import { quantileOf } from "../../src/core/stats/quantile.ts";
import { parseSuite } from "../../src/core/suite/parse.ts";
import { openDriver } from "../../src/io/load/open-driver.ts";
import type { Load, Request } from "./load.ts";

/** What the engine is to do. Plain JSON: it is handed to a process of its own. */
export type EngineJob = {
  readonly load: Load;
  readonly request: Request;
  readonly protocol: "raw" | "openai-chat";
  readonly threads: number;
};

/** Times are ns of the monotonic clock that all processes of a machine share, or seconds where the name says nothing. */
export type EngineRun = {
  /** Time zero of the schedule. */
  readonly startedNs: number;
  readonly offered: number;
  readonly ok: number;
  readonly failures: Readonly<Record<string, number>>;
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
  const segment = segments.find(({ phase }) => phase === "measure")!;
  const recorder = openRecorder(segment.blocks, 0);
  const tls = { ca: undefined, cert: undefined, key: undefined };
  const driver = openDriver({ url: new URL(job.request.url).origin, target: suite.target, tls, threads: job.threads });
  const record = (outcome: Outcome) => {
    recorder.add(outcome);
    onOutcome(outcome);
  };
  try {
    const [all, picks] = job.request.numbered ? numbered(requests[0]!, segment.picks.length) : [requests, segment.picks];
    const { startedNs, offered } = await driver.drive({ ...segment, picks }, all, record, new AbortController().signal, ({ elapsedS }) =>
      recorder.advance(elapsedS * 1e9),
    );
    const blocks = recorder.finish();
    const ok = blocks.reduce((sum, block) => sum + block.ok, 0);
    const failures: Record<string, number> = {};
    for (const block of blocks) for (const [why, n] of Object.entries(block.failures)) failures[why] = (failures[why] ?? 0) + n;
    const quantile = (of: DistributionName, p: number) =>
      quantileOf(mergeBins(blocks.flatMap(({ histograms }) => (histograms[of] === undefined ? [] : [decodeBins(histograms[of])]))), p);
    return { startedNs: Number(startedNs), offered, ok, failures, quantile };
  } finally {
    await driver.close();
  }
}

/** The arrivals that {@link drive} makes of an open loop, in seconds since time zero: the same at every call. */
export function arrivalsOf(job: EngineJob): Float64Array {
  const { suite } = parseSuite(JSON.stringify(suiteOf(job)), "bench");
  const { load } = makePlan({ suite, digest: "bench", files: new Map(), design: "single" }).scenarios[0]!.segments.at(-1)!;
  if (load.kind === "closed") throw new Error("a closed loop has no arrivals");
  return load.arrivalsS;
}

function suiteOf({ load, request, protocol }: EngineJob): object {
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
        "warm-up": "none",
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
