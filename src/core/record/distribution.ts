import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
  HistogramLogWriter,
  type JsHistogram,
} from "hdr-histogram-js";
import { type Bins, countsOf, EMPTY_BINS } from "../stats/bins.ts";
import { binsOfPayload, payloadOf } from "./hdr-payload.ts";

/** 1 µs to 1 hour: a longer value counts as one hour. */
const HIGHEST_US = 3_600_000_000;

/**
 * A distribution of durations: an HdrHistogram of whole microseconds, three significant digits (a value is known to
 * 0.1 %), 1 µs to 1 h. The only place that knows the library. Settings are the library's safe ones: the JavaScript
 * build with 64-bit counts never wraps (8-bit counts do, silently) and `packed` is ten times slower.
 */
export class Distribution {
  #histogram: Histogram;

  constructor() {
    this.#histogram =
      SPARE.pop() ??
      build({
        lowestDiscernibleValue: 1,
        highestTrackableValue: HIGHEST_US,
        numberOfSignificantValueDigits: 3,
        bitBucketSize: 64,
        autoResize: false,
        useWebAssembly: false,
      });
  }

  get count(): number {
    return this.#histogram.totalCount;
  }

  /**
   * @param ns a duration in nanoseconds, ≥ 0. Under 1 µs counts as 0 µs, over an hour as an hour.
   * @param times how often, a whole number ≥ 1.
   * @throws {RangeError} on NaN or a negative value: both are bugs in the caller, and the library would count NaN as 0.
   */
  recordNs(ns: number, times = 1): void {
    if (!(ns >= 0)) throw new RangeError(`a duration must be ≥ 0 ns, got ${ns}`);
    const us = Math.min(Math.floor(ns / 1000), HIGHEST_US);
    if (times === 1) this.#histogram.recordValue(us);
    else this.#histogram.recordValueWithCount(us, times);
  }

  /**
   * Adds what another distribution's {@link encode} wrote.
   *
   * @throws {RangeError} if the text is not an encoded histogram.
   */
  addEncoded(encoded: string): void {
    this.#histogram.add(decode(encoded));
  }

  /** HdrHistogram V2, compressed, base64: the interchange format of all HdrHistogram libraries. */
  encode(): string {
    return encodeIntoCompressedBase64(this.#histogram);
  }

  /** What {@link encode} returns. Its memory goes to the next one: whatever else is asked of this one throws. */
  close(): string {
    const encoded = this.encode();
    this.#histogram.reset();
    if (SPARE.length < MOST_SPARE) SPARE.push(this.#histogram);
    this.#histogram = undefined as unknown as Histogram;
    return encoded;
  }

  bins(): Bins {
    return binsOf(this.#histogram);
  }
}

/**
 * Each takes 190 kB outside of the heap, and a block of load has a dozen: left to the garbage collector, which does not
 * see them, they would be most of what a long run holds.
 */
const SPARE: Histogram[] = [];
const MOST_SPARE = 64;

/**
 * Reads what {@link Distribution.encode} (or any HdrHistogram library, in µs) wrote.
 *
 * @throws {RangeError} if the text is not an encoded histogram.
 */
export function decodeBins(encoded: string): Bins {
  return orRefuse(() => binsOfPayload(payloadOf(Buffer.from(encoded, "base64"))) ?? binsOf(decode(encoded)));
}

const decode = (encoded: string): JsHistogram => orRefuse(() => decodeFromCompressedBase64(encoded, 64, false) as JsHistogram);

function orRefuse<Read>(read: () => Read): Read {
  try {
    return read();
  } catch (cause) {
    // The library throws strings, RangeErrors of buffers and zlib's own errors: one kind for our callers.
    throw new RangeError("not an encoded HdrHistogram", { cause });
  }
}

/**
 * The distribution of every value times `factor`, in the same encoding: values are placed anew, so each is known to 0.1 %
 * once more, and under 1 ms to a microsecond.
 *
 * @param factor > 0.
 * @throws {RangeError} if the text is not an encoded histogram.
 */
export function scaleEncoded(encoded: string, factor: number): string {
  const { low, high, count } = decodeBins(encoded);
  const scaled = new Distribution();
  for (let i = 0; i < count.length; i++) scaled.recordNs(((low[i]! + high[i]!) / 2) * factor * 1e9, count[i]);
  return scaled.encode();
}

/**
 * The distribution of all values of several, in the same encoding: exactly what one that had recorded them all would write.
 *
 * @param parts at least one.
 * @throws {RangeError} if a text is not an encoded histogram.
 */
export function mergeEncoded(parts: readonly string[]): string {
  if (parts.length === 1) return parts[0]!;
  const whole = new Distribution();
  for (const part of parts) whole.addEncoded(part);
  return whole.encode();
}

/** One interval of a standard HdrHistogram log file. Seconds count from the log's start; `histogram` is as encoded. */
export type LogInterval = { readonly tag: string; readonly startS: number; readonly durationS: number; readonly histogram: string };

/** A standard HdrHistogram log (format 1.3, values in µs), readable by every HdrHistogram tool. */
export function histogramLog(startedAtMs: number, intervals: readonly LogInterval[]): string {
  let text = "";
  const writer = new HistogramLogWriter((line) => {
    text += line;
  });
  writer.outputComment("[Logged with tailgate; values in microseconds]");
  writer.outputLogFormatVersion();
  writer.outputStartTime(startedAtMs);
  writer.outputLegend();
  for (const { tag, startS, durationS, histogram } of intervals) {
    const decoded = decodeFromCompressedBase64(histogram, 64, false);
    // The format forbids white space and commas in a tag.
    decoded.tag = tag.replace(/[\s,]+/g, "_");
    writer.outputIntervalHistogram(decoded, startS, startS + durationS, 1);
  }
  return text;
}

function binsOf(histogram: Histogram): Bins {
  const { totalCount } = histogram;
  if (totalCount === 0) return EMPTY_BINS;
  const source = histogram as JsHistogram;
  const low: number[] = [];
  const high: number[] = [];
  const count: number[] = [];
  for (let index = 0, seen = 0; seen < totalCount && index < source.countsArrayLength; index++) {
    const n = source.getCountAtIndex(index);
    if (n === 0) continue;
    const value = source.valueFromIndex(index);
    low.push(value / 1e6);
    high.push(source.nextNonEquivalentValue(value) / 1e6);
    count.push(n);
    seen += n;
  }
  return { low: Float64Array.from(low), high: Float64Array.from(high), count: countsOf(count, totalCount), total: totalCount };
}
