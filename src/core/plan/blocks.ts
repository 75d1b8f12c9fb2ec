import type { Scenario } from "../suite/suite.ts";
import type { Arm, BlockSlot } from "./plan.ts";
import type { Generator } from "./random.ts";

/** Pairs a live comparison is planned with where its duration allows. */
const ENOUGH_PAIRS = 12;
/** Blocks a run on one arm is planned with where its duration allows. */
const FEW_BLOCKS = 4;
/** Blocks are never shrunk below this for the sake of their number. */
const SHORTEST_S = 1;
/** With 40 to 80 requests a block, 90 % intervals of a median were seen to cover 85 to 88 % (decision 0003). */
const FEWEST_REQUESTS = 100;
/** Blocks of one arm of one scenario. With more the interval gets no narrower, and every block is stored. */
const MOST_BLOCKS = 240;

/** What decides how a measured time is cut into blocks. */
export type Extent = {
  /** Measured time per arm. */
  readonly durationS: number;
  /** A block as the suite asks for it, seconds. */
  readonly blockS: number;
  /** And as short as it may become for the sake of the number of blocks. */
  readonly shortestS: number;
};

/** @param ratePerS mean over the duration; undefined in a closed loop, where it follows from the endpoint. */
export function extentOf(block: Scenario["block"], durationS: number, ratePerS: number | undefined): Extent {
  if (ratePerS === undefined) return { durationS, blockS: block.durationS, shortestS: SHORTEST_S };
  return {
    durationS,
    blockS: Math.max(block.durationS, block.requests / ratePerS),
    shortestS: Math.max(SHORTEST_S, FEWEST_REQUESTS / ratePerS),
  };
}

/** Blocks that suit all of several loads which run at once. @param extents at least one, with one duration. */
export const commonExtent = (extents: readonly Extent[]): Extent => ({
  durationS: extents[0]!.durationS,
  blockS: Math.max(...extents.map(({ blockS }) => blockS)),
  shortestS: Math.max(...extents.map(({ shortestS }) => shortestS)),
});

/**
 * Number and length of the base/head pairs of a live comparison; the duration is the measured time *per arm*.
 *
 * A block is as long as the scenario asks (`block.durationS`, and on average long enough for `block.requests`). If that leaves
 * fewer than 12 pairs, blocks shrink until there are 12, but not below 1 s and 100 requests: an interval over pairs has
 * pairs − 1 degrees of freedom, so a handful of long blocks says less about the spread between blocks than a dozen of
 * short ones, while a block of a few requests holds no percentile. The number is even, because blocks run in quads
 * (ABBA or BAAB), and at least 2, whatever the length: with fewer no spread exists at all. The duration is divided
 * evenly, so blocks are as long as asked or a little longer, and base and head get exactly the duration. From 240 pairs
 * on blocks grow instead.
 */
export function pairLayout({ durationS, blockS, shortestS }: Extent): { readonly pairs: number; readonly blockS: number } {
  const wanted = even(durationS / blockS);
  const possible = even(durationS / shortestS);
  const pairs = wanted >= ENOUGH_PAIRS ? Math.min(wanted, MOST_BLOCKS) : Math.max(2, wanted, Math.min(ENOUGH_PAIRS, possible));
  return { pairs, blockS: durationS / pairs };
}

/**
 * The order of arms of a live comparison, two entries per pair. Each quad of two pairs is ABBA or BAAB by a coin: what
 * drifts linearly within a quad cancels, and nothing periodic in the environment can follow the order.
 *
 * @param pairs an even number.
 */
export function abbaOrder(pairs: number, next: Generator): readonly Arm[] {
  return Array.from({ length: pairs / 2 }, () => (next() >= 2 ** 31 ? QUADS[0] : QUADS[1])).flat();
}

const QUADS: readonly [readonly Arm[], readonly Arm[]] = [
  ["base", "head", "head", "base"],
  ["head", "base", "base", "head"],
];

/**
 * The blocks of a run on one arm: contiguous, of equal length, as long as the scenario asks or a little longer, so that
 * they fill the duration. Where it holds fewer than four such blocks it is cut into four, or into as many as have 1 s,
 * because the spread of two or three blocks says next to nothing; under 2 s it stays one. There are never more than 240.
 */
export function contiguousBlocks({ durationS, blockS }: Extent): readonly BlockSlot[] {
  const wanted = wholes(durationS / blockS);
  const count =
    wanted >= FEW_BLOCKS ? Math.min(wanted, MOST_BLOCKS) : Math.max(1, wanted, Math.min(FEW_BLOCKS, wholes(durationS / SHORTEST_S)));
  const startS = (index: number): number => (index * durationS) / count;
  return Array.from({ length: count }, (_, index) => ({
    index,
    pair: undefined,
    startS: startS(index),
    durationS: startS(index + 1) - startS(index),
  }));
}

/**
 * The load before measuring. `auto` ends when the answers have come to a steady state, after half of the duration and a
 * minute at the latest. Where that leaves the test less than {@link TEST_S} or {@link TEST_REQUESTS} requests, it is not
 * asked: the warm-up is then a tenth of the duration and at least ten requests (lazy initialisation often happens per
 * request, not per second), between 2 s and 30 s.
 *
 * @param ratePerS of the warm-up itself; undefined in a closed loop.
 * @returns `durationS` 0 for none.
 */
export function warmUpOf({ warmUp, load }: Pick<Scenario, "warmUp" | "load">, ratePerS: number | undefined): WarmUp {
  if (warmUp === "none") return { durationS: 0, untilSteady: false };
  if (warmUp !== "auto") return { durationS: warmUp, untilSteady: false };
  const secondsFor = (requests: number): number => (ratePerS === undefined ? 0 : requests / ratePerS);
  const longestS = Math.min(60, load.durationS / 2);
  if (longestS >= Math.max(TEST_S, secondsFor(TEST_REQUESTS))) return { durationS: longestS, untilSteady: true };
  return { durationS: Math.min(30, Math.max(2, load.durationS / 10, secondsFor(10))), untilSteady: false };
}

export type WarmUp = { readonly durationS: number; readonly untilSteady: boolean };

/** The steady-state test needs 2.4 s and 48 requests to speak; of an endpoint with some noise it asks for more. */
const TEST_S = 5;
const TEST_REQUESTS = 60;

/** Whole times, forgiving the last bits of a quotient such as 0.3 / 0.1. */
const wholes = (quotient: number): number => Math.floor(quotient * (1 + 1e-12));

const even = (quotient: number): number => 2 * Math.floor(wholes(quotient) / 2);
