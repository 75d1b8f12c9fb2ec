import type { Segment } from "./plan.ts";

/** Part `index` of `of` equal parts of a load, 0 ≤ index < of. */
export type Stripe = { readonly index: number; readonly of: number };

/**
 * What one of several senders takes of a segment: the arrivals (and with them the picks) i ≡ index (mod of), and of the
 * users of a closed loop as near to an equal share as whole users allow. All stripes together are the segment, request
 * by request; the i-th request of a stripe is {@link indexInSegment} of the whole.
 */
export function stripeOf(segment: Segment, stripe: Stripe): Segment {
  const { load } = segment;
  const mine = (_: unknown, i: number) => i % stripe.of === stripe.index;
  if (load.kind === "open") {
    return { ...segment, picks: segment.picks.filter(mine), load: { kind: "open", arrivalsS: load.arrivalsS.filter(mine) } };
  }
  const steps = load.steps.map(({ atS, users }) => ({ atS, users: Math.floor((users + stripe.of - 1 - stripe.index) / stripe.of) }));
  // What is taken in turn, again and again, may be shorter than there are stripes: then all take all of it.
  const thinkS = load.thinkS.filter(mine);
  return {
    ...segment,
    picks: everyTurn(segment.picks, stripe),
    load: { ...load, steps, thinkS: thinkS.length > 0 ? thinkS : load.thinkS },
  };
}

/** The i-th pick of a stripe is that of {@link indexInSegment}, also where the whole list has been gone through and begins again. */
function everyTurn(picks: Uint32Array, stripe: Stripe): Uint32Array {
  const length = picks.length / commonDivisor(picks.length, stripe.of);
  return Uint32Array.from({ length }, (_, i) => picks[indexInSegment(i, stripe) % picks.length]!);
}

const commonDivisor = (a: number, b: number): number => (b === 0 ? Math.max(1, a) : commonDivisor(b, a % b));

/** The position in the whole segment of a stripe's i-th request. */
export const indexInSegment = (index: number, stripe: Stripe): number => stripe.index + index * stripe.of;
