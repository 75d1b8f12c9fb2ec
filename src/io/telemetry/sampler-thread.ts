import { Worker } from "node:worker_threads";
import type { SampledSource, SourceAt, TimedScrape } from "../../core/telemetry/scrape.ts";
import { LOCAL_PROGRAMS, type Sampler, sharing } from "./sampler.ts";
import type { SamplerData, SamplerNews, SamplerOrder } from "./sampler-worker.ts";

/**
 * A sampler in a thread of its own: the thread that sends the load reads no exposition, which takes about a millisecond
 * for a large one, and collects none of the garbage that is left of it. `soFar` is a tenth of a second late.
 *
 * @param now the monotonic clock that also times the load, in ns.
 * @returns once the thread has loaded what it runs and asked for the first time, so that it disturbs no request by that.
 */
export async function startSamplerThread(sources: readonly SourceAt[], now: () => bigint, programs = LOCAL_PROGRAMS): Promise<Sampler> {
  const file = import.meta.url.endsWith(".ts") ? "./sampler-worker.ts" : "./sampler-worker.js";
  const workerData: SamplerData = { sources, programs, aheadNs: now() - process.hrtime.bigint() };
  // Flags of the main process are none of this thread's business. A small young generation is enough for it, and cheaper.
  const worker = new Worker(new URL(file, import.meta.url), {
    execArgv: [],
    name: "tailgate-sampler",
    workerData,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  const [ready, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const scrapes = new Map<number, TimedScrape[]>();
  let current: readonly SampledSource[] = sources.map((at) => ({ ...at, scrapes: [], failures: 0, firstFailure: undefined }));
  let isOver = false;
  worker.on("message", ({ kind, sources: told }: SamplerNews) => {
    current = told.map(({ id, ...source }) => ({ ...source, scrapes: appended(scrapes, id, source.scrapes) }));
    ready.resolve();
    if (kind === "last") ended.resolve();
  });
  // What was sampled stays; that there is no more is a failure of every source, which health knows by name.
  const fail = (why: string) => {
    current = current.map((source) => ({ ...source, failures: source.failures + 1, firstFailure: source.firstFailure ?? why }));
    ready.resolve();
    ended.resolve();
  };
  let reason: string | undefined;
  worker.once("error", (error: unknown) => {
    reason = `the thread that reads telemetry ended: ${error instanceof Error ? error.message : String(error)}`;
  });
  worker.once("exit", (code) => {
    if (!isOver) fail(reason ?? `the thread that reads telemetry ended with code ${code}`);
  });
  await ready.promise;
  worker.unref();
  const order = (what: SamplerOrder) => worker.postMessage(what);
  return {
    soFar: () => current,
    stop: async (signal) => {
      worker.ref();
      const abort = () => order("abort");
      if (signal?.aborted === true) abort();
      signal?.addEventListener("abort", abort, { once: true });
      order("end");
      await ended.promise;
      isOver = true;
      signal?.removeEventListener("abort", abort);
      await worker.terminate();
      return current;
    },
  };
}

/** Three times a semi-space, in MiB. */
const YOUNG_MB = 12;

function appended(all: Map<number, TimedScrape[]>, id: number, added: readonly TimedScrape[]): readonly TimedScrape[] {
  const own = all.get(id) ?? [];
  all.set(id, own);
  // What successive scrapes shared, they no longer share after they came from another thread.
  for (const { atNs, scrape } of added) own.push({ atNs, scrape: sharing(own.at(-1), scrape) });
  return own;
}
