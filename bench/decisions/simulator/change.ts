/** What the head does differently, in the one scenario that it touches. */
export type Change = {
  /** Service times times this: 1.1 is 10 % slower. */
  readonly factor: number;
  /** The slowest 2 % of the requests times this on top. */
  readonly tail: number;
};

export const NO_CHANGE: Change = { factor: 1, tail: 1 };

/** The share of requests that {@link Change.tail} slows down. */
export const TAIL_SHARE = 0.02;

export const slower = (percent: number): Change => ({ factor: 1 + percent / 100, tail: 1 });
export const slowerTail = (tail: number): Change => ({ factor: 1, tail });

/** `A/A`, `+10 %`, `slowest 2 % × 1.3`. */
export function describeChange({ factor, tail }: Change): string {
  const parts = [
    ...(factor === 1 ? [] : [`${factor > 1 ? "+" : "−"}${Number((100 * Math.abs(factor - 1)).toFixed(2))} %`]),
    ...(tail === 1 ? [] : [`slowest 2 % × ${Number(tail.toFixed(3))}`]),
  ];
  return parts.length === 0 ? "no change" : parts.join(" and ");
}
