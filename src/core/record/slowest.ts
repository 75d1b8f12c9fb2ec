import { blockAt } from "./block-at.ts";
import { type FailureKind, latencyNs, type Outcome, serviceNs } from "./outcome.ts";
import type { ArmRecord, RequestRecord } from "./run-record.ts";

/** Slowest first, and by time. */
export type WorthLookingAt = { readonly slowest: readonly RequestRecord[]; readonly failed: readonly RequestRecord[] };

/** Requests that an arm keeps by themselves, of its slowest. */
export const SLOWEST = 10;

/** What is known of a request beside its outcome, by its index in the segment. */
export type RequestLookup = {
  readonly classOf: (index: number) => string;
  /** Undefined where no trace ids were sent. */
  readonly traceIdOf: ((index: number) => string) | undefined;
};

/** Keeps the slowest requests of a segment and of each kind of failure the first, in memory that does not grow with it. */
export type Slowest = {
  readonly add: (outcome: Outcome) => void;
  /** Times count from the start of the segment; see {@link placedAt}. */
  readonly seen: () => WorthLookingAt;
};

/** A block as far as it is needed to name it. */
type Place = { readonly startNs: number; readonly slot: { readonly index: number } };

/** @param blocks ascending; none for a segment of which nothing is kept. */
export function openSlowest(blocks: readonly Place[], { classOf, traceIdOf }: RequestLookup): Slowest {
  /** A heap whose least latency is at 0: it leaves when a slower request comes. */
  const heap: Entry[] = [];
  const failed = new Map<FailureKind, Outcome>();

  const add = (outcome: Outcome) => {
    const { result } = outcome;
    if (result.kind === "failed" && outcome.index < (failed.get(result.why)?.index ?? Number.POSITIVE_INFINITY))
      failed.set(result.why, outcome);
    const latency = latencyNs(outcome);
    if (latency === undefined) return;
    if (heap.length < SLOWEST) {
      heap.push({ latency, outcome });
      rise(heap, heap.length - 1);
    } else if (latency >= heap[0]!.latency && isFaster(heap[0]!, { latency, outcome })) {
      heap[0] = { latency, outcome };
      sink(heap, 0);
    }
  };
  const recordOf = (outcome: Outcome): RequestRecord => {
    const { index, intendedNs, wireNs, firstByteNs, result, status, attempts } = outcome;
    const [latency, service] = [latencyNs(outcome), serviceNs(outcome)];
    const firstTokenNs = result.kind === "ok" ? result.stream?.firstTokenNs : undefined;
    return {
      block: blockAt(blocks, intendedNs).slot.index,
      index,
      atS: intendedNs / 1e9,
      payloadClass: classOf(index),
      ...(traceIdOf === undefined ? {} : { traceId: traceIdOf(index) }),
      ...(latency === undefined ? {} : { latencyS: latency / 1e9 }),
      ...(service === undefined ? {} : { serviceS: service / 1e9 }),
      ...(firstByteNs === undefined || wireNs === undefined ? {} : { firstByteS: (firstByteNs - wireNs) / 1e9 }),
      ...(firstTokenNs === undefined ? {} : { ttftS: (firstTokenNs - intendedNs) / 1e9 }),
      ...(status === undefined ? {} : { status }),
      ...(attempts === 1 ? {} : { attempts }),
      ...(result.kind === "ok" ? { result: "ok" } : { result: result.why, detail: result.detail }),
    };
  };
  return {
    add,
    seen: () => {
      if (blocks.length === 0) return NOTHING_SEEN;
      return joined([{ slowest: heap.map(({ outcome }) => recordOf(outcome)), failed: [...failed.values()].map(recordOf) }]);
    },
  };
}

type Entry = { readonly latency: number; readonly outcome: Outcome };

/** Of requests that took the same time the later one goes first. */
const isFaster = (a: Entry, b: Entry): boolean => a.latency < b.latency || (a.latency === b.latency && a.outcome.index > b.outcome.index);

function rise(heap: Entry[], from: number): void {
  for (let at = from; at > 0; ) {
    const parent = (at - 1) >> 1;
    if (!isFaster(heap[at]!, heap[parent]!)) return;
    [heap[parent], heap[at]] = [heap[at]!, heap[parent]!];
    at = parent;
  }
}

function sink(heap: Entry[], from: number): void {
  for (let at = from; ; ) {
    const left = 2 * at + 1;
    const right = left + 1;
    const faster = right < heap.length && isFaster(heap[right]!, heap[left]!) ? right : left;
    if (faster >= heap.length || !isFaster(heap[faster]!, heap[at]!)) return;
    [heap[faster], heap[at]] = [heap[at]!, heap[faster]!];
    at = faster;
  }
}

export const NOTHING_SEEN: WorthLookingAt = { slowest: [], failed: [] };

/** The slowest of all parts, slowest first, and of each kind of failure the first: what one that saw all would have kept. */
export function joined(parts: readonly WorthLookingAt[]): WorthLookingAt {
  const failed = new Map<RequestRecord["result"], RequestRecord>();
  const inOrder = parts.flatMap((part) => part.failed).toSorted((a, b) => a.atS - b.atS || byPlace(a, b));
  for (const request of inOrder) if (!failed.has(request.result)) failed.set(request.result, request);
  return {
    slowest: parts
      .flatMap((part) => part.slowest)
      .toSorted((a, b) => (b.latencyS ?? 0) - (a.latencyS ?? 0) || byPlace(a, b))
      .slice(0, SLOWEST),
    failed: [...failed.values()],
  };
}

const byPlace = (a: RequestRecord, b: RequestRecord): number => a.block - b.block || a.index - b.index;

/** The same requests with their times moved, from those of a segment to those of the run. */
export const placedAt = ({ slowest, failed }: WorthLookingAt, startS: number): WorthLookingAt => {
  const placed = (request: RequestRecord): RequestRecord => ({ ...request, atS: startS + request.atS });
  return { slowest: slowest.map(placed), failed: failed.map(placed) };
};

/** Those of some blocks: the others did not come to their end, or are measured again. */
export const ofBlocks = ({ slowest, failed }: WorthLookingAt, isKept: (block: number) => boolean): WorthLookingAt => {
  const kept = ({ block }: RequestRecord): boolean => isKept(block);
  return { slowest: slowest.filter(kept), failed: failed.filter(kept) };
};

/** As an arm holds them: a list is absent where nothing was seen. */
export const asFields = ({ slowest, failed }: WorthLookingAt): Pick<ArmRecord, "slowest" | "failed"> => ({
  ...(slowest.length === 0 ? {} : { slowest }),
  ...(failed.length === 0 ? {} : { failed }),
});

export const seenOf = ({ slowest = [], failed = [] }: Pick<ArmRecord, "slowest" | "failed">): WorthLookingAt => ({ slowest, failed });
