import type { Edge, SizedText } from "../suite/input-content.ts";
import { type Generator, integerBetween } from "./random.ts";
import { drawLength, longest, sentences } from "./text-length.ts";

/**
 * A text that breaks what has only seen plain English. `empty` has no character, `longest` is sentences of the greatest
 * length; any other is made of pieces of its kind, so many characters long (code points), or with another unit so many
 * pieces with spaces between them.
 */
export function edgeText(edge: Edge, { unit, length }: SizedText, next: Generator): string {
  if (edge === "empty") return "";
  if (edge === "longest") return sentences(unit, longest(length), next);
  const pieces = PIECES[edge];
  const count = drawLength(length, next);
  const draw = () => pieces[integerBetween(next, 0, pieces.length - 1)]!;
  if (unit !== "characters") return Array.from({ length: count }, draw).join(" ");
  const characters: string[] = [];
  while (characters.length < count) characters.push(...draw());
  return characters.slice(0, count).join("");
}

/** As escapes where an editor would not show them, or would show something else. */
// biome-ignore format: a table reads best in rows
const PIECES: Readonly<Record<Exclude<Edge, "empty" | "longest">, readonly string[]>> = {
  blank: [" ", "\n", "\t", "\r\n", "\u00a0", "\u2003", "\u3000"],
  // Scripts of two, three and four bytes a character, the last ones beyond the basic plane.
  unicode: ["naïve ", "Ελλάδα ", "Москва ", "東京 ", "한국어 ", "ไทย ", "हिन्दी ", "\u{20bb7}野家 ", "\u{1d518}\u{1d52b}\u{1d526} ", "\u{1f130} "],
  // Families, flags and skin tones are several code points that are drawn as one.
  emoji: ["\u{1f600}", "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u200d\u{1f466}", "\u{1f1e9}\u{1f1ea}", "\u{1f44d}\u{1f3fd}", "\u2764\ufe0f", "1\ufe0f\u20e3"],
  // The same letters composed and decomposed, and stacks of marks.
  combining: ["e\u0301", "\u00e9", "n\u0303", "\u1e69", "s\u0323\u0307", "a\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307", "\u0e01\u0e33\u0e49"],
  "right-to-left": ["\u0634\u0643\u0631\u0627 ", "\u05e9\u05dc\u05d5\u05dd ", "abc ", "123 ", "\u202eevil\u202c ", "\u2067x\u2069 "],
  invisible: ["\u200b", "\u200d", "\ufeff", "\u00ad", "\u2060", "\u202a", "a", "\u180e"],
  control: ["\u0000", "\u0001", "\u0007", "\b", "\u000b", "\f", "\u001b[31m", "\u007f", "\u0085", "a"],
  "json-hostile": ['"', "\\", '\\"', "{", "}", "[", "]", ",", ":", "\\u0000", "\\ud800", "null", "NaN", "1e999", '"}]}', "\u2028", "/*", "'"],
  markup: ["<script>alert(1)</script>", "<!--", "]]>", "&amp;", "&#0;", "{{x}}", "${x}", "%s%n", "<|im_end|>", "<|endoftext|>", "[INST]", "</s>", "`", "'; --"],
  // Halves of pairs, which only JSON can carry (as \ud800); in any other body they become U+FFFD.
  surrogate: ["\ud800", "\udfff", "a", "\udc00\ud800"],
};
