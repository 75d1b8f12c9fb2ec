import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareClocks } from "../../../src/core/telemetry/clock.ts";

const EPOCH_MS = 1_800_000_000_000;
/** A question that took `rttMs` and was answered after `share` of it, by a clock that is `aheadMs` ahead of our wall clock. */
const reading = (atMs: number, rttMs: number, share: number, aheadMs: number) => ({
  askedNs: BigInt(Math.round(atMs * 1e6)),
  answeredNs: BigInt(Math.round((atMs + rttMs) * 1e6)),
  serverMs: Math.floor(EPOCH_MS + atMs + share * rttMs + aheadMs),
  wallMs: EPOCH_MS + atMs + rttMs,
});

describe("a clock elsewhere", () => {
  test("is known to as much as it says, whenever the answer was made", () => {
    const asked = fc.record({ rttMs: fc.double({ min: 0, max: 500, noNaN: true }), share: fc.double({ min: 0, max: 1, noNaN: true }) });
    fc.assert(
      fc.property(fc.array(asked, { minLength: 1, maxLength: 30 }), fc.integer({ min: -1e7, max: 1e7 }), (answers, aheadMs) => {
        const clock = compareClocks();
        answers.forEach(({ rttMs, share }, i) => clock.hear(reading(i * 2000, rttMs, share, aheadMs)));
        const { aheadS, movedS, uncertaintyS } = clock.seen()!;
        const offMs = Number(clock.toNs(EPOCH_MS + 5000 + aheadMs)! - 5_000_000_000n) / 1e6;
        expect(Math.abs(offMs)).toBeLessThanOrEqual(uncertaintyS * 1000);
        expect(Math.abs(aheadS - aheadMs / 1000)).toBeLessThanOrEqual(0.252);
        expect(movedS).toBe(0);
      }),
    );
  });

  test("is read by the quickest of its last answers", () => {
    const clock = compareClocks();
    clock.hear(reading(0, 400, 1, 0));
    clock.hear(reading(2000, 2, 0.5, 0));
    clock.hear(reading(4000, 300, 0, 0));
    expect(Math.abs(Number(clock.toNs(EPOCH_MS)!) / 1e6)).toBeLessThanOrEqual(2);
    expect(clock.toMs(0n)! - EPOCH_MS).toBeCloseTo(0, -1);
  });

  test("that is set goes on from where it was set, and says by how much", () => {
    const clock = compareClocks();
    for (let i = 0; i < 5; i++) clock.hear(reading(i * 2000, 2, 0.5, 0));
    clock.hear(reading(10_000, 2, 0.5, 3000));
    expect(Number(clock.toNs(EPOCH_MS + 3000)!) / 1e6).toBeCloseTo(0, -1);
    expect(clock.seen()!.movedS).toBeCloseTo(3, 1);
    expect(clock.seen()!.aheadS).toBeCloseTo(0, 1);
  });

  test("is unknown before it was asked", () => {
    expect([compareClocks().toNs(1), compareClocks().toMs(1n), compareClocks().seen()]).toEqual([undefined, undefined, undefined]);
  });
});
