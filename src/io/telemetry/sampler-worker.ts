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

/** Soon enough for a block that has just ended, and long enough for what several sources answer at once. */
const TELL_MS = 100;

const port = parentPort!;
const { sources, programs, aheadNs } = workerData as SamplerData;
const aborting = new AbortController();
let telling: NodeJS.Timeout | undefined;
const sampler = startSampler(
  sources,
  () => process.hrtime.bigint() + aheadNs,
  programs,
  () => (telling ??= setTimeout(tell, TELL_MS, "more")),
);
const told = new Map<readonly TimedScrape[], { readonly id: number; scrapes: number }>();

function tell(kind: SamplerNews["kind"]): void {
  clearTimeout(telling);
  telling = undefined;
  const news = sampler.soFar().map((source) => {
    const known = told.get(source.scrapes) ?? { id: told.size, scrapes: 0 };
    told.set(source.scrapes, known);
    const scrapes = source.scrapes.slice(known.scrapes);
    known.scrapes = source.scrapes.length;
    return { ...source, id: known.id, scrapes };
  });
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  port.postMessage({ kind, sources: news } satisfies SamplerNews);
}

port.on("message", (order: SamplerOrder) => {
  if (order === "abort") return aborting.abort();
  void end();
});

async function end(): Promise<void> {
  await sampler.stop(aborting.signal);
  tell("last");
}

tell("begun");
