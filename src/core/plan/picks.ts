import type { Order } from "../suite/input-content.ts";
import { type Generator, integerBetween, uniform } from "./random.ts";

/** One class of a scenario's mix: where its requests lie in the scenario's list, and in which order they are sent (`random` where nothing is said). `ofTrace`: one for each row that is replayed. */
export type MixPart = {
  readonly weight: number;
  readonly first: number;
  readonly count: number;
  readonly name?: string;
  readonly order?: Order | undefined;
  readonly ofTrace?: boolean;
};

/** Which of its requests a class sends next, for each class that goes by an order; undefined for the others. */
export type Turns = readonly ((() => number) | undefined)[];

/**
 * Indices of `count` requests: a class by its weight, then one of its requests: in the class's order, or all equally
 * likely; each independent of the others.
 *
 * @param mix at least one part; weights > 0 and finite, counts ≥ 1.
 * @param options.firstRow the row of the trace that arrives first: the i-th request is then that of the i-th row from there
 *   on. Undefined: no row arrives, and all rows are equally likely.
 * @param options.turns of the same classes; they go on where an earlier call left them.
 */
export function drawPicks(
  count: number,
  mix: readonly MixPart[],
  next: Generator,
  { firstRow, turns = [] }: { readonly firstRow?: number | undefined; readonly turns?: Turns } = {},
): Uint32Array {
  let total = 0;
  const upTo = mix.map(({ weight }) => (total += weight));
  return Uint32Array.from({ length: count }, (_, i) => {
    const at = uniform(next) * total;
    // The last bound is the total, and a number below 1 times the total rounds to less than it: some bound lies above.
    const place = upTo.findIndex((bound) => at < bound);
    const part = mix[place]!;
    if (part.ofTrace === true && firstRow !== undefined) return part.first + firstRow + i;
    return part.first + (turns[place]?.() ?? integerBetween(next, 0, part.count - 1));
  });
}

/** Turns from the beginning. `streamOf` gives each class that shuffles its own words. */
export const openTurns = (mix: readonly MixPart[], streamOf: (payloadClass: string) => Generator): Turns =>
  mix.map(({ count, name = "", order }) => {
    if (order === "as-is") return inOrder(count);
    return order === "shuffle" ? shuffled(count, streamOf(name)) : undefined;
  });

function inOrder(count: number): () => number {
  let next = 0;
  return () => next++ % count;
}

/** Fisher and Yates, one step a turn: each once, then all of them in another order. */
function shuffled(count: number, next: Generator): () => number {
  const cards = Uint32Array.from({ length: count }, (_, i) => i);
  let left = count;
  return () => {
    if (left === 0) left = count;
    const drawn = integerBetween(next, 0, left - 1);
    left--;
    const card = cards[drawn]!;
    cards[drawn] = cards[left]!;
    cards[left] = card;
    return card;
  };
}
