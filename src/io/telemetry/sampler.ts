import { setTimeout as sleep } from "node:timers/promises";
import type { ClockSeen } from "../../core/telemetry/clock.ts";
import { readScrape, type SampledSource, type ScrapeResult, type SourceAt, type TimedScrape } from "../../core/telemetry/scrape.ts";
import { maxGapNs } from "../../core/telemetry/timeline.ts";
import { type KeptConnection, keepConnection } from "./kept-connection.ts";
import { NVIDIA_SMI, PATIENCE_S, probeNvidiaSmi, watchNvidiaSmi } from "./nvidia-smi.ts";
import { reasonOf } from "./prometheus-api.ts";
import { probePrometheus, type Taken, watchPrometheus } from "./promql.ts";

export type Sampler = {
  /** What was sampled until now, in the order of the sources. Grows with every sample. */
  readonly soFar: () => readonly SampledSource[];
  /**
   * Ends the sampling and hands over everything, in the order of the sources. Counters are read once more, because the
   * last block ends between two readings; a Prometheus server is waited for until it has scraped once more.
   *
   * @param signal once aborted, nothing more is read.
   */
  readonly stop: (signal?: AbortSignal) => Promise<readonly SampledSource[]>;
};

/** What is run on this machine. It comes from whoever runs tailgate and never from a suite, which a pull request may have written. */
export type LocalPrograms = { readonly nvidiaSmi: { readonly path: string; readonly patienceS: number } };
export const LOCAL_PROGRAMS: LocalPrograms = { nvidiaSmi: { path: NVIDIA_SMI, patienceS: PATIENCE_S } };

/** An exporter that takes longer than this is too slow to be asked beside a load. */
const TIMEOUT_S = 5;
/** The last reading, when nothing is measured any more. */
const LAST_TIMEOUT_S = 1;

/** When sampling ends: `ending` is aborted when the load is over, `signal` when nothing more is wanted. */
type Until = { readonly ending: AbortSignal; readonly signal: AbortSignal };
/** A source that is sampled; one may turn out to be several. */
type Sampling = { readonly soFar: () => readonly SampledSource[]; readonly ended: Promise<unknown> };

/**
 * Asks every source every `intervalS` seconds until stopped: never two requests to one source at once, and a slow
 * answer makes it skip, not catch up. Only what the suite needs is kept of an answer (some hundred bytes).
 *
 * @param now the monotonic clock that also times the load, in ns.
 * @param heard called after every answer and every failure.
 */
export function startSampler(
  sources: readonly SourceAt[],
  now: () => bigint,
  { nvidiaSmi } = LOCAL_PROGRAMS,
  heard: () => void = () => {},
): Sampler {
  const keep = (own: Sampled, atNs: bigint, result: ScrapeResult) => {
    add(own, atNs, result);
    heard();
  };
  const [ending, aborting] = [new AbortController(), new AbortController()];
  const until: Until = { ending: ending.signal, signal: aborting.signal };
  const running = sources.map((at) => {
    if (at.source.kind === "promql") return samplePrometheus(at, now, until, keep);
    const own = opened(at);
    const take = (atNs: bigint, result: ScrapeResult) => keep(own, atNs, result);
    const ended =
      at.source.kind === "nvidia-smi"
        ? watchNvidiaSmi({ program: nvidiaSmi, at, now, signal: until.ending, take })
        : scrapeOften(at, now, until, take);
    return { soFar: () => [own], ended };
  });
  const soFar = () => running.flatMap((each) => each.soFar());
  return {
    soFar,
    stop: async (signal) => {
      const abort = () => aborting.abort();
      if (signal?.aborted === true) abort();
      signal?.addEventListener("abort", abort, { once: true });
      ending.abort();
      await Promise.all(running.map(({ ended }) => ended));
      signal?.removeEventListener("abort", abort);
      return soFar();
    },
  };
}

/**
 * One request to a source, before any load: is the URL right, and does it hold the expected series?
 *
 * @returns otherwise `reason`, a sentence's end for people: what came instead.
 */
export async function probeTelemetry(
  at: SourceAt,
  signal?: AbortSignal,
  { nvidiaSmi } = LOCAL_PROGRAMS,
): Promise<{ readonly ok: true } | { readonly ok: false; readonly reason: string }> {
  const result = await probed(at, signal, nvidiaSmi);
  return result.kind === "scrape" ? { ok: true } : { ok: false, reason: result.why };
}

async function probed(at: SourceAt, signal: AbortSignal | undefined, nvidiaSmi: LocalPrograms["nvidiaSmi"]): Promise<ScrapeResult> {
  if (at.source.kind === "nvidia-smi") return probeNvidiaSmi(nvidiaSmi, at.url, signal);
  if (at.source.kind === "promql") return probePrometheus(at, signal);
  const connection = keepConnection(at.url);
  const result = await scrapeOnce(at, connection, TIMEOUT_S, signal);
  connection.close();
  return result;
}

type Keep = (own: Sampled, atNs: bigint, result: ScrapeResult) => void;
type Sampled = SourceAt & { readonly scrapes: TimedScrape[]; failures: number; firstFailure: string | undefined };

const opened = (at: SourceAt): Sampled => ({ ...at, scrapes: [], failures: 0, firstFailure: undefined });

async function scrapeOften(
  at: SourceAt,
  now: () => bigint,
  { ending, signal }: Until,
  take: (atNs: bigint, result: ScrapeResult) => void,
): Promise<void> {
  const intervalNs = BigInt(Math.round(at.source.intervalS * 1e9));
  // What is under way when the load ends has a moment to answer, and then there is one more.
  const givingUp = new AbortController();
  const { signal: quiet } = givingUp;
  const giveUp = () => givingUp.abort();
  if (signal.aborted) giveUp();
  signal.addEventListener("abort", giveUp, { once: true });
  ending.addEventListener("abort", () => setTimeout(giveUp, LAST_TIMEOUT_S * 1000).unref(), { once: true });
  const connection = keepConnection(at.url);
  const ask = async (timeoutS: number): Promise<bigint> => {
    const askedNs = now();
    const result = await scrapeOnce(at, connection, timeoutS, quiet);
    const answeredNs = now();
    // An endpoint that has ended with its load has failed nothing.
    if (!quiet.aborted && (result.kind === "scrape" || !ending.aborted)) take(askedNs + (answeredNs - askedNs) / 2n, result);
    return answeredNs;
  };
  let dueNs = now();
  while (!ending.aborted) {
    const answeredNs = await ask(TIMEOUT_S);
    dueNs += intervalNs * ((answeredNs - dueNs) / intervalNs + 1n);
    await sleep(Number(dueNs - now()) / 1e6, undefined, { signal: ending, ref: false }).catch(() => undefined);
  }
  if (!quiet.aborted) await ask(LAST_TIMEOUT_S);
  connection.close();
}

/** The groups of a Prometheus server's targets as sources of their own, each with the interval at which it is scraped. */
function samplePrometheus(at: SourceAt, now: () => bigint, { ending, signal }: Until, keep: Keep): Sampling {
  const groups = new Map<string, { readonly own: Sampled; intervalS: number | undefined }>();
  const none = opened(at);
  const startNs = now();
  let clock: (() => ClockSeen | undefined) | undefined;
  const take = ({ group, atNs, result, intervalS }: Taken) => {
    if (result.kind === "useless") return keep(none, atNs, result);
    const known = groups.get(group) ?? { own: opened(at), intervalS };
    groups.set(group, known);
    known.intervalS = intervalS;
    // Prometheus remembers more of the past than the first block needs.
    if (atNs >= startNs - maxGapNs(intervalS ?? at.source.intervalS)) keep(known.own, atNs, result);
  };
  const soFar = () => {
    const seen = clock?.();
    const all = groups.size === 0 ? [{ own: none, intervalS: undefined }] : [...groups.values()];
    return all.map(({ own, intervalS }) => ({
      ...own,
      source: { ...own.source, intervalS: intervalS ?? own.source.intervalS },
      failures: none.failures,
      firstFailure: none.firstFailure,
      ...(seen === undefined ? {} : { clock: seen }),
    }));
  };
  const ended = watchPrometheus({ at, now, ending, signal, take, hear: (heard) => (clock = heard.seen) });
  return { soFar, ended };
}

function add(at: Sampled, atNs: bigint, result: ScrapeResult): void {
  if (result.kind === "scrape") at.scrapes.push({ atNs, scrape: sharing(at.scrapes.at(-1), result.scrape) });
  else {
    at.failures++;
    at.firstFailure ??= result.why;
  }
}

async function scrapeOnce(
  { source }: SourceAt,
  connection: KeptConnection,
  timeoutS: number,
  signal: AbortSignal | undefined,
): Promise<ScrapeResult> {
  try {
    const { status, body } = await connection.get(timeoutS, signal);
    return status === 200 ? readScrape(source, body) : { kind: "useless", why: `HTTP status ${status}` };
  } catch (error) {
    return { kind: "useless", why: reasonOf(error, timeoutS) };
  }
}

/** The list of GPUs hardly ever changes: successive scrapes share one, so that an hour of samples stays small. */
export function sharing(previous: TimedScrape | undefined, scrape: TimedScrape["scrape"]): TimedScrape["scrape"] {
  const known = previous?.scrape.gpus;
  return known !== undefined && JSON.stringify(known) === JSON.stringify(scrape.gpus) ? { ...scrape, gpus: known } : scrape;
}
