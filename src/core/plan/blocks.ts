import { InputError } from "../errors.ts";
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

/**
 * Number and length of the base/head pairs of a live comparison; `durationS` is the measured time *per arm*.
 *
 * A block is as long as the scenario asks (`block.durationS`, and long enough for `block.requests`). If that leaves
 * fewer than 12 pairs, blocks shrink until there are 12, but not below 1 s and 100 requests: an interval over pairs has
 * pairs − 1 degrees of freedom, so a handful of long blocks says less about the spread between blocks than a dozen of
 * short ones, while a block of a few requests holds no percentile. The number is even, because blocks run in quads
 * (ABBA or BAAB), and at least 2, whatever the length: with fewer no spread exists at all. The duration is divided
 * evenly, so blocks are as long as asked or a little longer, and base and head get exactly the duration. From 240 pairs
 * on blocks grow instead.
 */
export function pairLayout(scenario: Scenario): { readonly pairs: number; readonly blockS: number } {
  const { durationS } = scenario.load;
  const wanted = even(durationS / blockLengthS(scenario));
  const possible = even(durationS / shortestS(scenario));
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
export function contiguousBlocks(scenario: Scenario): readonly BlockSlot[] {
  const { durationS } = scenario.load;
  const wanted = wholes(durationS / blockLengthS(scenario));
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
 * @returns `durationS` 0 for none.
 */
export function warmUpOf({ warmUp, load }: Scenario): { readonly durationS: number; readonly untilSteady: boolean } {
  if (warmUp === "none") return { durationS: 0, untilSteady: false };
  if (warmUp !== "auto") return { durationS: warmUp, untilSteady: false };
  const secondsFor = (requests: number): number => (load.kind === "open" ? requests / load.ratePerS : 0);
  const longestS = Math.min(60, load.durationS / 2);
  if (longestS >= Math.max(TEST_S, secondsFor(TEST_REQUESTS))) return { durationS: longestS, untilSteady: true };
  return { durationS: Math.min(30, Math.max(2, load.durationS / 10, secondsFor(10))), untilSteady: false };
}

/** The steady-state test needs 2.4 s and 48 requests to speak; of an endpoint with some noise it asks for more. */
const TEST_S = 5;
const TEST_REQUESTS = 60;

/**
 * @throws {InputError} if an open load is so slow or short that a segment of `durationS` would offer no request.
 */
export function assertRequests({ name, load }: Scenario, durationS: number): void {
  if (load.kind === "open" && Math.round(load.ratePerS * durationS) < 1) {
    throw new InputError(`scenario "${name}" sends no request: ${load.ratePerS}/s for ${durationS} s is less than one`, {
      hint: "raise its rate or its duration",
    });
  }
}

const blockLengthS = ({ block, load }: Scenario): number =>
  load.kind === "open" ? Math.max(block.durationS, block.requests / load.ratePerS) : block.durationS;

const shortestS = ({ load }: Scenario): number =>
  load.kind === "open" ? Math.max(SHORTEST_S, FEWEST_REQUESTS / load.ratePerS) : SHORTEST_S;

/** Whole times, forgiving the last bits of a quotient such as 0.3 / 0.1. */
const wholes = (quotient: number): number => Math.floor(quotient * (1 + 1e-12));

const even = (quotient: number): number => 2 * Math.floor(wholes(quotient) / 2);
