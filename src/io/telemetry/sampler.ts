import { setTimeout as sleep } from "node:timers/promises";
import type { TelemetrySource } from "../../core/suite/suite.ts";
import { readScrape, type SampledSource, type ScrapeResult, type SourceAt, type TimedScrape } from "../../core/telemetry/scrape.ts";
import { getText } from "../http.ts";
import { NVIDIA_SMI, PATIENCE_S, probeNvidiaSmi, watchNvidiaSmi } from "./nvidia-smi.ts";

export type Sampler = {
  /** What was sampled until now, in the order of the sources. Grows with every sample. */
  readonly soFar: () => readonly SampledSource[];
  /** Ends the sampling (a request under way is given up) and hands over everything, in the order of the sources. */
  readonly stop: () => Promise<readonly SampledSource[]>;
};

/** What is run on this machine. It comes from whoever runs tailgate and never from a suite, which a pull request may have written. */
export type LocalPrograms = { readonly nvidiaSmi: { readonly path: string; readonly patienceS: number } };
export const LOCAL_PROGRAMS: LocalPrograms = { nvidiaSmi: { path: NVIDIA_SMI, patienceS: PATIENCE_S } };

/** An exporter that takes longer than this is too slow to be asked beside a load. */
const TIMEOUT_S = 5;

/**
 * Asks every source every `intervalS` seconds until stopped: never two requests to one source at once, and a slow
 * answer makes it skip, not catch up. Only what the suite needs is kept of an answer (some hundred bytes).
 *
 * @param now the monotonic clock that also times the load, in ns.
 */
export function startSampler(sources: readonly SourceAt[], now: () => bigint, { nvidiaSmi } = LOCAL_PROGRAMS): Sampler {
  const stopping = new AbortController();
  const sampled = sources.map((source): Sampled => ({ ...source, scrapes: [], failures: 0, firstFailure: undefined }));
  const running = sampled.map((source) =>
    source.source.kind === "nvidia-smi"
      ? watchNvidiaSmi({ program: nvidiaSmi, at: source, now, signal: stopping.signal, take: (atNs, result) => take(source, atNs, result) })
      : sample(source, now, stopping.signal),
  );
  return {
    soFar: () => sampled,
    stop: async () => {
      stopping.abort();
      await Promise.all(running);
      return sampled;
    },
  };
}

/**
 * One request to a source, before any load: is the URL right, and does it hold the expected series?
 *
 * @returns otherwise `reason`, a sentence's end for people: what came instead.
 */
export async function probeTelemetry(
  source: TelemetrySource,
  url: string,
  signal?: AbortSignal,
  { nvidiaSmi } = LOCAL_PROGRAMS,
): Promise<{ readonly ok: true } | { readonly ok: false; readonly reason: string }> {
  const result = source.kind === "nvidia-smi" ? await probeNvidiaSmi(nvidiaSmi, url, signal) : await scrapeOnce(source, url, signal);
  return result.kind === "scrape" ? { ok: true } : { ok: false, reason: result.why };
}

type Sampled = SourceAt & { readonly scrapes: TimedScrape[]; failures: number; firstFailure: string | undefined };

async function sample(at: Sampled, now: () => bigint, signal: AbortSignal): Promise<void> {
  const intervalNs = BigInt(Math.round(at.source.intervalS * 1e9));
  let dueNs = now();
  while (!signal.aborted) {
    const askedNs = now();
    const result = await scrapeOnce(at.source, at.url, signal);
    const answeredNs = now();
    if (signal.aborted) break;
    take(at, askedNs + (answeredNs - askedNs) / 2n, result);
    dueNs += intervalNs * ((answeredNs - dueNs) / intervalNs + 1n);
    await sleep(Number(dueNs - now()) / 1e6, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

function take(at: Sampled, atNs: bigint, result: ScrapeResult): void {
  if (result.kind === "scrape") at.scrapes.push({ atNs, scrape: sharing(at.scrapes.at(-1), result.scrape) });
  else {
    at.failures++;
    at.firstFailure ??= result.why;
  }
}

async function scrapeOnce(source: TelemetrySource, url: string, signal: AbortSignal | undefined): Promise<ScrapeResult> {
  try {
    const { status, body } = await getText(url, { timeoutS: TIMEOUT_S, ...(signal === undefined ? {} : { signal }) });
    return status === 200 ? readScrape(source, body) : { kind: "useless", why: `HTTP status ${status}` };
  } catch (error) {
    return { kind: "useless", why: reasonOf(error) };
  }
}

/** The list of GPUs hardly ever changes: successive scrapes share one, so that an hour of samples stays small. */
function sharing(previous: TimedScrape | undefined, scrape: TimedScrape["scrape"]): TimedScrape["scrape"] {
  const known = previous?.scrape.gpus;
  return known !== undefined && JSON.stringify(known) === JSON.stringify(scrape.gpus) ? { ...scrape, gpus: known } : scrape;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "no answer";
  if (error.name === "TimeoutError") return `no answer within ${TIMEOUT_S} s`;
  const code = (error as { readonly code?: unknown }).code;
  return typeof code === "string" && !error.message.includes(code) ? `${code}: ${error.message}` : error.message || error.name;
}
