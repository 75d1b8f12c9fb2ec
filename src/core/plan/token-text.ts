import { type Generator, integerBetween } from "./random.ts";
import { syntheticWord } from "./text.ts";

/**
 * English-looking sentences of about `tokens` tokens: every word and every full stop counts as one. Byte-pair vocabularies
 * of 32,000 entries and more have nearly all of these words, with the space before them, as one token; docs/traces.md says
 * how far the count is off for some of them.
 *
 * What is drawn does not depend on the length: a shorter text from a generator in the same state is the beginning of a
 * longer one, byte for byte.
 *
 * @param tokens integer ≥ 1.
 */
export function tokenText(next: Generator, tokens: number): string {
  let text = "";
  for (let left = tokens; left > 0; ) {
    const words = integerBetween(next, 6, 16);
    const first = syntheticWord(next);
    text += `${text === "" ? "" : " "}${first.charAt(0).toUpperCase()}${first.slice(1)}`;
    left--;
    for (let i = 1; i < words && left > 0; i++, left--) text += ` ${syntheticWord(next)}`;
    if (left > 0) {
      text += ".";
      left--;
    }
  }
  return text;
}
