import { PHASES, type PhaseName } from "../metric.ts";
import { PHASE_UNITS, type PhasePolicy } from "../suite/correlation.ts";
import { numberIn, readServerTiming } from "./server-timing.ts";

/** How long an endpoint says that parts of a request took, nanoseconds ≥ 0; only the parts that it told. */
export type ServerPhases = { readonly [P in PhaseName]?: number };

/** Reads the phases out of an answer's headers or trailers; undefined where there are none. Never throws. */
export type PhaseReader = (headers: Readonly<Record<string, string>>) => ServerPhases | undefined;

/** Usual names, the one that counts first: of several in one answer the others are parts of it, or the same under another name. */
const USUAL_NAMES: Readonly<Record<PhaseName, readonly string[]>> = {
  preprocess: ["preprocess", "preprocessing", "pre-process", "pre", "tokenize", "tokenization"],
  queue: ["queue", "queueing", "queuing", "queued", "wait", "waiting"],
  infer: ["infer", "inference", "model", "predict", "forward", "compute"],
  postprocess: ["postprocess", "postprocessing", "post-process", "post", "detokenize", "detokenization"],
};

/** A longer time is none that a request of ours took: a broken clock, or another unit. */
const LONGEST_MS = 3_600_000;

/**
 * The reader for a target. Durations are taken from `Server-Timing` by name, case apart: of the usual names the first
 * that has one counts, of names that the suite gives their sum. What it does not tell is looked for in the headers that the
 * suite names. A duration that is negative, not a number or longer than an hour is none.
 */
export function openPhaseReader({ serverTiming, headers }: PhasePolicy = { serverTiming: {}, headers: [] }): PhaseReader {
  const meanings = meaningsOf(serverTiming);
  return (received) => {
    const { "server-timing": timing } = received;
    if (timing === undefined && headers.length === 0) return undefined;
    const phases: { [P in PhaseName]?: number } = {};
    if (timing !== undefined) readTiming(timing, meanings, phases);
    for (const { phase, name, unit } of headers) {
      const { [name]: text } = received;
      if (text === undefined || phases[phase] !== undefined) continue;
      const ns = nanoseconds((numberIn(text) ?? Number.NaN) * PHASE_UNITS[unit]);
      if (ns !== undefined) phases[phase] = ns;
    }
    for (const _ in phases) return phases;
    return undefined;
  };
}

/** What the trailers of an answer tell, and its headers tell not. */
export const joinPhases = (headers: ServerPhases | undefined, trailers: ServerPhases | undefined): ServerPhases | undefined =>
  headers === undefined || trailers === undefined ? (headers ?? trailers) : { ...trailers, ...headers };

/** What a name means; of several names for a phase those with the least rank count. */
type Meaning = { readonly phase: PhaseName; readonly rank: number };

function meaningsOf(given: PhasePolicy["serverTiming"]): ReadonlyMap<string, Meaning> {
  const usual = PHASES.filter((phase) => given[phase] === undefined).flatMap((phase) =>
    USUAL_NAMES[phase].map((name, rank) => [name, { phase, rank }] as const),
  );
  const own = PHASES.flatMap((phase) => (given[phase] ?? []).map((name) => [name.toLowerCase(), { phase, rank: 0 }] as const));
  return new Map([...usual, ...own]);
}

function readTiming(text: string, meanings: ReadonlyMap<string, Meaning>, phases: { [P in PhaseName]?: number }): void {
  const ranks: { [P in PhaseName]?: number } = {};
  for (const { name, durationMs } of readServerTiming(text)) {
    const meaning = meanings.get(name.toLowerCase());
    const ns = durationMs === undefined ? undefined : nanoseconds(durationMs);
    if (meaning === undefined || ns === undefined) continue;
    const { phase, rank } = meaning;
    const before = ranks[phase] ?? Number.POSITIVE_INFINITY;
    if (rank > before) continue;
    phases[phase] = rank === before ? phases[phase]! + ns : ns;
    ranks[phase] = rank;
  }
}

const nanoseconds = (ms: number): number | undefined => (ms >= 0 && ms <= LONGEST_MS ? ms * 1e6 : undefined);
