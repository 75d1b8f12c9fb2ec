import fc from "fast-check";
import { expect, test } from "vitest";
import {
  abbaOrder,
  contiguousBlocks as blocksOf,
  commonExtent,
  extentOf,
  pairLayout as layoutOf,
  warmUpOf as warmUpAt,
} from "../../../src/core/plan/blocks.ts";
import { stream } from "../../../src/core/plan/random.ts";
import { steadyRate, steadyUsers } from "../../../src/core/suite/load.ts";
import type { Scenario } from "../../../src/core/suite/suite.ts";
import { scenario } from "./fixtures.ts";

const open = (ratePerS: number, durationS: number, block: Partial<Scenario["block"]> = {}): Scenario =>
  scenario({ load: steadyRate(ratePerS, "poisson", durationS), block: { durationS: 10, requests: 100, ...block } });
const closed = (durationS: number): Scenario => scenario({ load: steadyUsers(8, durationS) });

const rateOf = ({ load }: Scenario) => (load.kind === "open" ? load.ratePerS : undefined);
const extent = (any: Scenario) => extentOf(any.block, any.load.durationS, rateOf(any));
const pairLayout = (any: Scenario) => layoutOf(extent(any));
const contiguousBlocks = (any: Scenario) => blocksOf(extent(any));
const warmUpOf = (any: Scenario) => warmUpAt(any, rateOf(any));

const equal = (count: number, seconds: number): number[] => Array.from({ length: count }, () => seconds);

const anyScenario = fc
  .record({
    rate: fc.double({ min: 0.05, max: 2000, noNaN: true }),
    durationS: fc.double({ min: 0.5, max: 7200, noNaN: true }),
    blockS: fc.double({ min: 0.1, max: 120, noNaN: true }),
    requests: fc.integer({ min: 1, max: 1000 }),
    isOpen: fc.boolean(),
  })
  .map(({ rate, durationS, blockS, requests, isOpen }) => ({
    ...(isOpen ? open(rate, durationS) : closed(durationS)),
    block: { durationS: blockS, requests },
  }));

test("pairs fill the duration of an arm exactly, are even in number and at least two", () => {
  fc.assert(
    fc.property(anyScenario, (any) => {
      const { pairs, blockS } = pairLayout(any);
      expect(pairs % 2).toBe(0);
      expect(pairs).toBeGreaterThanOrEqual(2);
      expect(pairs * blockS).toBeCloseTo(any.load.durationS, 6);
    }),
  );
});

test("blocks are as long as asked where that leaves twelve pairs", () => {
  expect(pairLayout(open(50, 120))).toEqual({ pairs: 12, blockS: 10 });
  expect(pairLayout(open(50, 600))).toEqual({ pairs: 60, blockS: 10 });
  expect(pairLayout(open(50, 139))).toEqual({ pairs: 12, blockS: 139 / 12 });
  expect(pairLayout(open(2, 1200))).toEqual({ pairs: 24, blockS: 50 });
  expect(pairLayout(closed(240))).toEqual({ pairs: 24, blockS: 10 });
});

test("blocks shrink to make twelve pairs, but not below 1 s and 100 requests", () => {
  expect(pairLayout(open(50, 60))).toEqual({ pairs: 12, blockS: 5 });
  expect(pairLayout(open(50, 12))).toEqual({ pairs: 6, blockS: 2 });
  expect(pairLayout(open(50, 9))).toEqual({ pairs: 4, blockS: 9 / 4 });
  expect(pairLayout(open(2, 60))).toEqual({ pairs: 2, blockS: 30 });
  expect(pairLayout(closed(30))).toEqual({ pairs: 12, blockS: 2.5 });
});

test("shorter blocks that a suite asks for are not made longer", () => {
  expect(pairLayout(open(50, 5, { durationS: 0.5, requests: 10 }))).toEqual({ pairs: 10, blockS: 0.5 });
});

test("a soak grows its blocks instead of storing more than 240", () => {
  expect(pairLayout(open(50, 7200))).toEqual({ pairs: 240, blockS: 30 });
  expect(contiguousBlocks(open(50, 7200)).map(({ durationS }) => durationS)).toEqual(equal(240, 30));
});

test("however short, there are two pairs", () => {
  expect(pairLayout(open(1, 10))).toEqual({ pairs: 2, blockS: 5 });
});

test("arms run in quads of ABBA or BAAB, each base beside its head", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.integer(), (quads, seed) => {
      const order = abbaOrder(quads * 2, stream(seed));
      expect(order).toHaveLength(quads * 4);
      for (let i = 0; i < order.length; i += 4) {
        expect(["base,head,head,base", "head,base,base,head"]).toContain(order.slice(i, i + 4).join());
      }
    }),
  );
});

test("either arm starts about half of the quads", () => {
  const order = abbaOrder(2000, stream(42));
  const baseFirst = order.filter((arm, i) => i % 4 === 0 && arm === "base").length;
  expect(Math.abs(baseFirst - 500)).toBeLessThan(60);
});

test("the blocks of one arm are contiguous and fill the duration", () => {
  fc.assert(
    fc.property(anyScenario, (any) => {
      const blocks = contiguousBlocks(any);
      expect(blocks[0]!.startS).toBe(0);
      for (const [i, block] of blocks.entries()) {
        expect(block.index).toBe(i);
        expect(block.durationS).toBeGreaterThan(0);
        expect(block.startS + block.durationS).toBeCloseTo(blocks[i + 1]?.startS ?? any.load.durationS, 6);
      }
    }),
  );
});

test("blocks of one arm have the length asked for or a little more", () => {
  expect(contiguousBlocks(open(50, 120)).map(({ durationS }) => durationS)).toEqual(equal(12, 10));
  expect(contiguousBlocks(open(50, 45)).map(({ durationS }) => durationS)).toEqual(equal(4, 11.25));
});

test("a duration of less than four blocks is cut into four, or into seconds", () => {
  expect(contiguousBlocks(open(50, 39)).map(({ durationS }) => durationS)).toEqual(equal(4, 9.75));
  expect(contiguousBlocks(open(50, 16)).map(({ durationS }) => durationS)).toEqual([4, 4, 4, 4]);
  expect(contiguousBlocks(open(50, 3))).toHaveLength(3);
  expect(contiguousBlocks(open(50, 1.5))).toHaveLength(1);
});

test("the last bits of a quotient cost no block", () => {
  expect(contiguousBlocks(open(10_000, 0.3, { durationS: 0.1 }))).toHaveLength(3);
});

test("a warm-up that the suite fixes has that length, whatever the answers are", () => {
  expect(warmUpOf({ ...open(50, 120), warmUp: "none" })).toEqual({ durationS: 0, untilSteady: false });
  expect(warmUpOf({ ...open(50, 120), warmUp: 7 })).toEqual({ durationS: 7, untilSteady: false });
});

test("an automatic warm-up lasts until the answers are steady, for half of the duration and a minute at most", () => {
  expect(warmUpOf(open(50, 120))).toEqual({ durationS: 60, untilSteady: true });
  expect(warmUpOf(open(50, 3600))).toEqual({ durationS: 60, untilSteady: true });
  expect(warmUpOf(open(50, 30))).toEqual({ durationS: 15, untilSteady: true });
  expect(warmUpOf(open(1, 120))).toEqual({ durationS: 60, untilSteady: true });
  expect(warmUpOf(closed(60))).toEqual({ durationS: 30, untilSteady: true });
  expect(warmUpOf(open(50, 10))).toEqual({ durationS: 5, untilSteady: true });
});

test("where the test would have no time to speak, the warm-up is a tenth, at least 2 s and ten requests", () => {
  expect(warmUpOf(open(50, 9.9))).toEqual({ durationS: 2, untilSteady: false });
  expect(warmUpOf(open(1, 119))).toEqual({ durationS: 11.9, untilSteady: false });
  expect(warmUpOf(open(1, 60))).toEqual({ durationS: 10, untilSteady: false });
  expect(warmUpOf(open(0.1, 600))).toEqual({ durationS: 30, untilSteady: false });
  expect(warmUpOf(open(0.5, 3600))).toEqual({ durationS: 30, untilSteady: false });
});

test("scenarios that run at once get blocks that are long enough for the slowest of them", () => {
  const all = commonExtent([extent(open(50, 120)), extent(open(2, 120)), extent(closed(120))]);
  expect(all).toEqual({ durationS: 120, blockS: 50, shortestS: 50 });
  expect(layoutOf(all)).toEqual({ pairs: 2, blockS: 60 });
});
