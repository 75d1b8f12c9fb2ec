/**
 * One line of text from outside, made safe to show anywhere: control characters and line breaks become spaces,
 * characters that reorder or hide text (bidirectional overrides, zero-width characters) go, and what is longer than
 * `limit` characters ends in `…`. Escaping for a format comes after this.
 */
export function plainLine(text: string, limit = 400): string {
  const clean = text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, "")
    .trim();
  // Cut by code points, so that no half of a pair is left; a name of a megabyte is not taken apart for that.
  const characters = Array.from(clean.slice(0, 2 * limit + 2));
  return characters.length > limit ? `${characters.slice(0, limit - 1).join("")}…` : clean;
}
