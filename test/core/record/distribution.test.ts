import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, HistogramLogReader } from "hdr-histogram-js";
import { describe, expect, test } from "vitest";
import { Distribution, decodeBins, histogramLog, scaleEncoded } from "../../../src/core/record/distribution.ts";

const HOUR_NS = 3.6e12;
const of = (...ns: readonly number[]): Distribution => {
  const distribution = new Distribution();
  for (const each of ns) distribution.recordNs(each);
  return distribution;
};
const durations = fc.array(fc.double({ min: 0, max: HOUR_NS, noNaN: true }), { minLength: 1, maxLength: 200 });

/** What a histogram of the library's own, which nobody used before, makes of the same values. */
function freshly(ns: readonly number[]): string {
  const histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 3.6e9,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 64,
    autoResize: false,
  });
  for (const each of ns) histogram.recordValue(Math.min(Math.floor(each / 1000), 3.6e9));
  return encodeIntoCompressedBase64(histogram);
}

describe("a distribution", () => {
  test("knows every value to a thousandth, or to a microsecond", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: HOUR_NS, noNaN: true }), (ns) => {
        const { low, high, total } = of(ns).bins();
        const value = Math.floor(ns / 1000) / 1e6;
        expect(total).toBe(1);
        expect(low[0]!).toBeLessThanOrEqual(value);
        expect(high[0]!).toBeGreaterThan(value);
        expect(high[0]! - low[0]!).toBeLessThanOrEqual(Math.max(1.000001e-6, value / 1000));
      }),
    );
  });

  test("that is closed leaves nothing of itself to the next one, and takes nothing more", () => {
    fc.assert(
      fc.property(durations, durations, (first, second) => {
        const closed = of(...first);
        const text = closed.encode();
        expect(closed.close()).toBe(text);
        const next = of(...second);
        expect(() => closed.recordNs(1)).toThrow(TypeError);
        expect(next.encode()).toBe(freshly(second));
        expect(next.count).toBe(second.length);
        next.close();
      }),
      { numRuns: 20 },
    );
  });

  test("loses no value and keeps its bins ascending and apart", () => {
    fc.assert(
      fc.property(durations, (ns) => {
        const { low, high, count, total } = of(...ns).bins();
        expect(total).toBe(ns.length);
        expect([...count].reduce((sum, n) => sum + n, 0)).toBe(ns.length);
        low.forEach((edge, i) => {
          expect(edge).toBeLessThan(high[i]!);
          expect(edge).toBeGreaterThanOrEqual(high[i - 1] ?? 0);
          expect(count[i]!).toBeGreaterThan(0);
        });
      }),
    );
  });

  test("does not wrap after many equal values", () => {
    const distribution = new Distribution();
    for (let i = 0; i < 70_000; i++) distribution.recordNs(5000);
    expect(distribution.count).toBe(70_000);
    expect([...decodeBins(distribution.encode()).count]).toEqual([70_000]);
  });

  test("counts more than an hour as an hour, and less than a microsecond as none", () => {
    expect(of(5 * HOUR_NS).bins().low[0]!).toBeCloseTo(3600, -1);
    expect(of(999).bins().low[0]).toBe(0);
  });

  test.each([Number.NaN, -1, -0.001])("refuses %d, which would be a bug of ours", (ns) => {
    expect(() => of(ns)).toThrow(RangeError);
  });

  test("is the same after it was encoded", () => {
    fc.assert(
      fc.property(durations, (ns) => {
        expect(decodeBins(of(...ns).encode())).toEqual(of(...ns).bins());
      }),
    );
  });

  test("plus an encoded one equals all values in one", () => {
    fc.assert(
      fc.property(durations, durations, (some, others) => {
        const sum = of(...some);
        sum.addEncoded(of(...others).encode());
        expect(sum.bins()).toEqual(of(...some, ...others).bins());
      }),
    );
  });

  test("without a value has no bins", () => {
    expect(decodeBins(new Distribution().encode())).toMatchObject({ total: 0 });
  });

  test("is readable by the library itself, in microseconds", () => {
    expect(decodeFromCompressedBase64(of(1e6, 2e6, 3e6).encode()).getValueAtPercentile(50)).toBe(2000);
  });
});

test.each(["", "x", "HISTFAAAABJ42", "aGVsbG8gd29ybGQ="])("%j is not a distribution", (text) => {
  expect(() => decodeBins(text)).toThrow(new RangeError("not an encoded HdrHistogram"));
});

describe("what is no histogram of ours to read is refused:", () => {
  const encoded = Buffer.from(of(1e6, 2e6, 5e9).encode(), "base64");
  /** Of a histogram whose memory is `bytes`. */
  const compressed = (bytes: Uint8Array): Buffer => {
    const deflated = deflateSync(bytes);
    const head = Buffer.alloc(8);
    head.writeUInt32BE(0x1c849314, 0);
    head.writeUInt32BE(deflated.length, 4);
    return Buffer.concat([head, deflated]);
  };
  const flipped = Buffer.from(encoded);
  flipped[12]! ^= 0xff;
  /** Without a single value, and of our settings but for its length. */
  const empty = (length: number): Buffer => {
    const bytes = Buffer.alloc(40 + length);
    bytes.writeUInt32BE(0x1c849313, 0);
    bytes.writeUInt32BE(length, 4);
    bytes.writeUInt32BE(3, 12);
    bytes.writeBigUInt64BE(1n, 16);
    bytes.writeBigUInt64BE(3_600_000_000n, 24);
    return bytes;
  };

  test.each([
    ["nothing", Buffer.alloc(0)],
    ["a header alone", encoded.subarray(0, 8)],
    ["half of one", encoded.subarray(0, encoded.length / 2)],
    ["a damaged byte", flipped],
    ["another cookie", Buffer.concat([Buffer.from([1, 2, 3, 4]), encoded.subarray(4)])],
    ["more counts than there are cells", compressed(empty(1024 * 1024))],
  ])("%s", (_, bytes) => {
    expect(() => decodeBins(bytes.toString("base64"))).toThrow(new RangeError("not an encoded HdrHistogram"));
  });

  test("what unfolds to more than any histogram is, before it is unfolded", () => {
    const bomb = compressed(empty(64 * 1024 * 1024)).toString("base64");
    const cause = { code: "ERR_BUFFER_TOO_LARGE" };
    expect(() => decodeBins(bomb)).toThrow(expect.objectContaining({ name: "RangeError", cause: expect.objectContaining(cause) }));
  });

  test("but not what is short of that", () => {
    expect(decodeBins(compressed(empty(1024)).toString("base64")).total).toBe(0);
  });
});

test("a log of distributions is readable by the library, tag, time and values", () => {
  const histogram = of(1e6, 2e6).encode();
  const text = histogramLog(Date.UTC(2026, 0, 1), [{ tag: "steady, head latency", startS: 10, durationS: 5, histogram }]);
  const read = new HistogramLogReader(text).nextIntervalHistogram()!;
  expect(read).toMatchObject({ tag: "steady_head_latency", totalCount: 2 });
  expect(read.getValueAtPercentile(100)).toBe(2000);
  expect((read.endTimeStampMsec - read.startTimeStampMsec) / 1000).toBeCloseTo(5);
});

test("a scaled distribution has every value times the factor, to the precision of two histograms", () => {
  const scaled = decodeBins(scaleEncoded(of(5e6, 5e6, 80e6, 3e9).encode(), 1.1));
  expect(scaled.total).toBe(4);
  expect([...scaled.count]).toEqual([2, 1, 1]);
  for (const [i, value] of [0.0055, 0.088, 3.3].entries())
    expect(Math.abs((scaled.low[i]! + scaled.high[i]!) / 2 / value - 1)).toBeLessThan(0.002);
  expect(decodeBins(scaleEncoded(of(1e6).encode(), 1e9)).high[0]).toBeGreaterThan(3600);
});
