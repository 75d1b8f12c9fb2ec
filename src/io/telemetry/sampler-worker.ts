import { parentPort, workerData } from "node:worker_threads";
import type { SampledSource, SourceAt, TimedScrape } from "../../core/telemetry/scrape.ts";
import { type LocalPrograms, startSampler } from "./sampler.ts";

/** What the collecting thread is started with. `aheadNs`: by how much the clock of the load is ahead of the process's. */
export type SamplerData = { readonly sources: readonly SourceAt[]; readonly programs: LocalPrograms; readonly aheadNs: bigint };

/** `end`: the load is over. `abort`: nothing more is wanted. */
export type SamplerOrder = "end" | "abort";

/** All sources in their order, each under a number that it keeps, with the scrapes that have not been told before. */
export type SamplerNews = {
  readonly kind: "begun" | "more" | "last";
  readonly sources: readonly (SampledSource & { readonly id: number })[];
};

/** Soon enough for a block that has just ended. Where there is nothing new, nothing is told. */
const TELL_MS = 100;

const port = parentPort!;
const { sources, programs, aheadNs } = workerData as SamplerData;
const aborting = new AbortController();
const sampler = startSampler(sources, () => process.hrtime.bigint() + aheadNs, programs);
const told = new Map<readonly TimedScrape[], { readonly id: number; scrapes: number; failures: number }>();

function tell(kind: SamplerNews["kind"]): void {
  let isNews = kind !== "more";
  const news = sampler.soFar().map((source) => {
    const known = told.get(source.scrapes) ?? { id: told.size, scrapes: 0, failures: 0 };
    told.set(source.scrapes, known);
    const scrapes = source.scrapes.slice(known.scrapes);
    isNews ||= scrapes.length > 0 || source.failures > known.failures;
    known.scrapes = source.scrapes.length;
    known.failures = source.failures;
    return { ...source, id: known.id, scrapes };
  });
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  if (isNews) port.postMessage({ kind, sources: news } satisfies SamplerNews);
}

const telling = setInterval(() => tell("more"), TELL_MS);
port.on("message", (order: SamplerOrder) => {
  if (order === "abort") return aborting.abort();
  void end();
});

async function end(): Promise<void> {
  await sampler.stop(aborting.signal);
  clearInterval(telling);
  tell("last");
}

tell("begun");
