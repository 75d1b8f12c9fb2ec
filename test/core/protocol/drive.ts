import type { ResponseEnd, ResponseReader } from "../../../src/core/protocol/protocol.ts";

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What arrives of a response: text or bytes, each with its time on the virtual clock. */
export type Arrival = readonly [atNs: number, chunk: string | Uint8Array];

type Headers = Readonly<Record<string, string>>;
type Head = { readonly status?: number; readonly endNs?: number; readonly headers?: Headers; readonly trailers?: Headers };

/** Lets a response arrive in a reader: the head at 1, the chunks at their times, the end at `endNs`. */
export function respond(
  reader: ResponseReader,
  arrivals: readonly Arrival[],
  { status = 200, endNs = 1000, headers = {}, trailers }: Head = {},
): ResponseEnd {
  reader.start(status, headers, 1);
  for (const [atNs, chunk] of arrivals) reader.data(typeof chunk === "string" ? bytes(chunk) : chunk, atNs);
  return reader.end(endNs, trailers);
}

/** Cuts bytes at the given places, which need be neither sorted nor inside. */
export function cut(whole: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const sorted = [0, ...new Set(places.map((place) => Math.min(place, whole.length)).toSorted((a, b) => a - b)), whole.length];
  return sorted.slice(1).map((end, i) => whole.subarray(sorted[i], end));
}
