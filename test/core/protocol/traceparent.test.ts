import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stream } from "../../../src/core/plan/random.ts";
import { openTraceIds } from "../../../src/core/protocol/traceparent.ts";

const RUN = "3f2a9c0d11e45b67";
const ids = (segment: number, run = RUN, sampled = true) => openTraceIds({ run, segment, sampled });
const LEVEL_1 = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-0[01]$/;

describe("the traceparent of a request", () => {
  test("is what it was: an id that was told must be found again", () => {
    expect([ids(0).traceparent(0, 1), ids(0).traceparent(1, 1), ids(7).traceparent(4095, 2)]).toMatchInlineSnapshot(`
      [
        "00-3f2a9c0d11e45b67d38569421d2fa39e-a250615742d0716a-01",
        "00-3f2a9c0d11e45b6723ff9da88f44080c-b1f8241b79d4c228-01",
        "00-3f2a9c0d11e45b67afdbb7b62f753c74-d49cf6307659ed5b-01",
      ]
    `);
    expect(ids(0).traceId(0)).toBe(ids(0).traceparent(0, 1).slice(3, 35));
  });

  test("has the form of level 1, with the flag that the suite wants", () => {
    const numbers = fc.tuple(fc.nat(2 ** 25 - 1), fc.nat(2 ** 32 - 1), fc.integer({ min: 1, max: 100 }));
    fc.assert(
      fc.property(numbers, fc.boolean(), ([segment, index, attempt], sampled) => {
        const value = ids(segment, RUN, sampled).traceparent(index, attempt);
        expect(value).toMatch(LEVEL_1);
        expect(value.endsWith(sampled ? "-01" : "-00")).toBe(true);
      }),
    );
  });

  test("has ids of its own for each request and attempt of a run, and one trace for all attempts", () => {
    const traces = new Set<string>();
    const parents = new Set<string>();
    const [segments, requests, attempts] = [8, 2_000, 3];
    for (let segment = 0; segment < segments; segment++) {
      const { traceId, traceparent } = ids(segment);
      for (let index = 0; index < requests; index++) {
        traces.add(traceId(index));
        for (let attempt = 1; attempt <= attempts; attempt++) {
          const [, trace, parent] = traceparent(index, attempt).split("-");
          expect(trace).toBe(traceId(index));
          parents.add(parent!);
        }
      }
    }
    expect([traces.size, parents.size]).toEqual([segments * requests, segments * requests * attempts]);
  });

  test("shares no id with those of another run of the same suite", () => {
    const of = (run: string) => Array.from({ length: 500 }, (_, index) => ids(0, run).traceparent(index, 1).split("-").slice(1, 3));
    const [here, there] = [of(RUN), of("3f2a9c0d11e45b68")];
    const all = new Set([...here, ...there].flat());
    expect(all.size).toBe(2_000);
  });

  test("looks random where samplers look: half of all bits are set, in every place", () => {
    const { traceId } = ids(3);
    const ones = Array<number>(64).fill(0);
    for (let index = 0; index < 4_000; index++) {
      const half = BigInt(`0x${traceId(index).slice(16)}`);
      for (let bit = 0; bit < 64; bit++) ones[bit]! += Number((half >> BigInt(bit)) & 1n);
    }
    // Five standard deviations of a fair coin.
    for (const count of ones) expect(Math.abs(count - 2_000)).toBeLessThan(5 * Math.sqrt(1_000));
  });

  test("is the same whoever of several senders computes it", () => {
    const whole = ids(5);
    for (const of of [2, 3, 7]) {
      for (let index = 0; index < of; index++) {
        const part = openTraceIds({ run: RUN, segment: 5, sampled: true }, { index, of });
        expect(part.traceparent(11, 2)).toBe(whole.traceparent(index + 11 * of, 2));
        expect(part.traceId(11)).toBe(whole.traceId(index + 11 * of));
      }
    }
  });

  test("is never all zero, not even for the one request that would lead there", () => {
    const next = stream(0, "traceparent", RUN);
    const keys = [next(), next(), next(), next()];
    // The network backwards, from an output of zero.
    let [a, b] = [0, 0];
    for (const key of keys.toReversed()) [a, b] = [b ^ mixed(a ^ key), a];
    const { traceId, traceparent } = ids(a >>> 0);
    const half = traceId(b >>> 0).slice(16);
    expect(half).not.toBe("0".repeat(16));
    expect(traceId(b >>> 0)).not.toBe(traceId((b + 1) >>> 0));
    expect(traceparent(b >>> 0, 1)).toMatch(LEVEL_1);
    // What takes the place of zero is no other request's.
    expect(half).toBe(
      ids(2 ** 32 - 1)
        .traceId(2 ** 32 - 1)
        .slice(16),
    );
  });
});

function mixed(word: number): number {
  let hash = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
