import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makePlan } from "../../../src/core/plan/make-plan.ts";
import type { Segment, SegmentLoad } from "../../../src/core/plan/plan.ts";
import { indexInSegment, stripeOf } from "../../../src/core/plan/stripe.ts";
import { senderThreads } from "../../../src/core/plan/threads.ts";
import { steadyRate, steadyUsers } from "../../../src/core/suite/load.ts";
import { scenario, suite } from "./fixtures.ts";

const planOf = (load: Parameters<typeof scenario>[0]) =>
  makePlan({ suite: suite({ scenarios: [scenario(load)] }), digest: "d", files: new Map(), design: "single" }).scenarios[0]!;
const measured = (load: Parameters<typeof scenario>[0]): Segment => planOf(load).segments.at(-1)!;
const open = (load: SegmentLoad) => (load.kind === "open" ? load.arrivalsS : new Float64Array());

describe("the stripes of an open loop", () => {
  test("are together the segment, request by request", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 300 }), (of, rate) => {
        const whole = measured({ load: steadyRate(rate, "poisson", 3) });
        const seen = new Map<number, readonly [number, number]>();
        for (let index = 0; index < of; index++) {
          const part = stripeOf(whole, { index, of });
          open(part.load).forEach((atS, i) => seen.set(indexInSegment(i, { index, of }), [atS, part.picks[i]!]));
        }
        const all = [...open(whole.load)].map((atS, i) => [i, [atS, whole.picks[i]!]]);
        expect([...seen].toSorted(([a], [b]) => a - b)).toEqual(all);
      }),
      { numRuns: 30 },
    );
  });
});

describe("the stripes of a closed loop", () => {
  test("have all of its users, none more than one above another", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 100 }), (of, users) => {
        const whole = measured({ load: steadyUsers(users, 10) });
        const counts = Array.from({ length: of }, (_, index) => {
          const { load } = stripeOf(whole, { index, of });
          return load.kind === "closed" ? load.steps[0]!.users : Number.NaN;
        });
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(users);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

test("the requests of a closed loop are those of the whole at their places, also where the list begins again", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(9), { maxLength: 40 }), fc.integer({ min: 1, max: 12 }), (list, of) => {
      const picks = Uint32Array.from(list);
      const whole = { ...measured({ load: steadyUsers(12, 10) }), picks };
      for (let index = 0; index < of; index++) {
        const part = stripeOf(whole, { index, of }).picks;
        const places = Array.from({ length: list.length === 0 ? 0 : 100 }, (_, i) => i);
        const own = places.map((i) => part[i % part.length]);
        expect(own).toEqual(places.map((i) => picks[indexInSegment(i, { index, of }) % picks.length]));
      }
    }),
  );
});

describe("the number of threads", () => {
  const threads = (ratePerS: number, cores: number, policy: "auto" | number = "auto") =>
    senderThreads(planOf({ load: steadyRate(ratePerS, "constant", 10), warmUp: "none" }), { threads: policy, calibration: true }, cores);

  test("is one for the rates that model endpoints see, however large the machine", () => {
    expect([threads(50, 64), threads(2400, 64)]).toEqual([1, 1]);
  });

  test("grows with the rate, and leaves a processor for the rest", () => {
    expect([threads(6000, 64), threads(6000, 3), threads(6000, 2), threads(6000, 1)]).toEqual([3, 2, 1, 1]);
  });

  test("is what the suite says, if it says so", () => {
    expect(threads(50, 2, 4)).toBe(4);
  });

  test("is one for a closed loop", () => {
    expect(senderThreads(planOf({ load: steadyUsers(500, 10) }), { threads: "auto", calibration: true }, 16)).toBe(1);
  });
});
