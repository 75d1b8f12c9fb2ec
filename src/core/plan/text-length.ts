import type { Length, TextUnit } from "../suite/input-content.ts";
import { standardNormal } from "./gamma.ts";
import { type Generator, integerBetween } from "./random.ts";
import { syntheticText } from "./text.ts";
import { tokenText } from "./token-text.ts";

/** The 99th percentile of the standard normal distribution. */
const Z99 = 2.326_347_874_040_841;
/** A lognormal length is cut here, times its 99th percentile: one that is longer would fill the memory and say nothing of the rest. */
const CUT = 10;

/** A length of at least 1: uniform in a range with both ends, or lognormal. */
export function drawLength(length: Length, next: Generator): number {
  if (!("median" in length)) return integerBetween(next, ...length);
  const { median, p99 } = length;
  const deviation = Math.log(p99 / median) / Z99;
  return Math.min(longest(length), Math.max(1, Math.round(median * Math.exp(deviation * standardNormal(next)))));
}

/** The greatest length that can be drawn. */
export const longest = (length: Length): number => ("median" in length ? Math.ceil(CUT * length.p99) : length[1]);

/** English-looking sentences of exactly so many words or characters, or about so many tokens (see {@link tokenText}). */
export function sentences(unit: TextUnit, length: number, next: Generator): string {
  switch (unit) {
    case "words":
      return syntheticText(next, [length, length]);
    case "tokens":
      return tokenText(next, length);
    case "characters": {
      let text = "";
      // A sentence of sixteen words is about eighty characters long.
      while (text.length < length) text += `${text === "" ? "" : " "}${syntheticText(next, [6, 16])}`;
      return text.slice(0, length).replace(/ $/, ".");
    }
  }
}
