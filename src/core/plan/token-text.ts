import type { Generator } from "./random.ts";
import { WORDS } from "./text.ts";

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
  const bytes = Buffer.allocUnsafe(tokens * (LONGEST + 1));
  let at = 0;
  for (let left = tokens; left > 0; left--) {
    const length = Math.min(left, 6 + (next() % 11));
    for (let i = 0; i < length; i++) {
      if (at > 0) bytes[at++] = SPACE;
      // Some words are likelier than others by less than one in a million.
      const word = BYTES[next() % BYTES.length]!;
      for (let j = 0; j < word.length; j++) bytes[at + j] = word[j]!;
      if (i === 0) bytes[at]! -= SPACE;
      at += word.length;
    }
    left -= length;
    if (left > 0) bytes[at++] = FULL_STOP;
  }
  return bytes.toString("latin1", 0, at);
}

// As bytes, and not joined as strings: a trace has tens of millions of tokens, and its texts must not take longer to make than to send.
const BYTES = WORDS.map((word) => Buffer.from(word, "latin1"));
const LONGEST = Math.max(...WORDS.map(({ length }) => length));
/** Also the distance from a small letter to its capital. */
const SPACE = 0x20;
const FULL_STOP = 0x2e;
