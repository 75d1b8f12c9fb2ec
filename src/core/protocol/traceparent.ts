import { stream } from "../plan/random.ts";
import { indexInSegment, type Stripe } from "../plan/stripe.ts";

/** Where the trace ids of a segment come from. */
export type TraceSource = {
  /** The run's own id: 16 random hexadecimal digits, not all zero. Two runs of one seed send the same requests under other ids. */
  readonly run: string;
  /** Which segment of the run it is, counted from 0 over all scenarios and arms; below 2²⁵. */
  readonly segment: number;
  readonly sampled: boolean;
};

/** Ids of the requests of one segment, by their index in it. */
export type TraceIds = {
  /** 32 hexadecimal digits: the same for all attempts of a request. */
  readonly traceId: (index: number) => string;
  /**
   * The value of the header `traceparent`, of which every attempt has its own.
   *
   * @param attempt 1 for the first time that the request is sent; below 128.
   */
  readonly traceparent: (index: number, attempt: number) => string;
};

/**
 * Computes ids instead of keeping one per request: the run's id, then segment and index through a permutation of the
 * 64-bit numbers that depends on the run. Ids of one run therefore never repeat, and those of different runs no sooner than
 * 64 random bits do. The half that varies looks random, because samplers decide by it.
 *
 * Neither id is ever all zero.
 *
 * Source: W3C Trace Context, level 1 (2021), §3.2: version 00, trace-id, parent-id, trace-flags.
 *
 * @param stripe where `index` counts the requests of one of several senders.
 */
export function openTraceIds({ run, segment, sampled }: TraceSource, stripe: Stripe = WHOLE): TraceIds {
  const next = stream(0, "traceparent", run);
  const keys = (): Keys => [next(), next(), next(), next()];
  const [traceKeys, parentKeys] = [keys(), keys()];
  const flags = sampled ? "-01" : "-00";
  const traceId = (index: number) => run + permuted(traceKeys, segment, index);
  return {
    traceId: (index) => traceId(indexInSegment(index, stripe)),
    traceparent: (index, attempt) => {
      const position = indexInSegment(index, stripe);
      return `00-${traceId(position)}-${permuted(parentKeys, (segment << 7) | attempt, position)}${flags}`;
    },
  };
}

const WHOLE: Stripe = { index: 0, of: 1 };

type Keys = readonly [number, number, number, number];

/** A Feistel network is a permutation whatever its rounds do: no two inputs have one output. 16 hexadecimal digits, not all zero. */
function permuted(keys: Keys, left: number, right: number): string {
  let [a, b] = [left | 0, right | 0];
  for (let round = 0; round < 4; round++) [a, b] = [b, a ^ mixed(b ^ keys[round]!)];
  // One input leads to zero. Its place is taken by what an input leads to that no request has.
  return a === 0 && b === 0 ? permuted(keys, -1, -1) : hex(a) + hex(b);
}

/** The finalizer of MurmurHash3, a bijection of 32-bit words in which every bit of the input moves half of the output. */
function mixed(word: number): number {
  let hash = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

const PAIRS: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

const hex = (word: number): string => PAIRS[word >>> 24]! + PAIRS[(word >>> 16) & 255]! + PAIRS[(word >>> 8) & 255]! + PAIRS[word & 255]!;
