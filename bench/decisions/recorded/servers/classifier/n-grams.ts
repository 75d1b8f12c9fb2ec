/** Words of one passage; a longer text is several. */
const PASSAGE_WORDS = 32;
/** Shortest n-gram, in characters. */
const SHORTEST = 3;

/**
 * The preprocessing of the classifier: Unicode normalisation (NFKC), lower case, words, passages of 32 words, and of each
 * word between two boundary marks its n-grams of 3 to `longest` characters, each hashed (FNV-1a) to one of `buckets`.
 *
 * @returns one list of buckets a passage, at least one passage; a text without a word is one empty passage.
 *
 * Source: Bojanowski et al. (2017), Enriching Word Vectors with Subword Information, TACL 5 (fastText's n-grams).
 */
export function nGrams(text: string, longest: number, buckets: number): readonly (readonly number[])[] {
  const words =
    text
      .normalize("NFKC")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  const passages = Array.from({ length: Math.max(1, Math.ceil(words.length / PASSAGE_WORDS)) }, (_, i) =>
    words.slice(i * PASSAGE_WORDS, (i + 1) * PASSAGE_WORDS),
  );
  return passages.map((passage) => passage.flatMap((word) => nGramsOfWord(word, longest, buckets)));
}

function nGramsOfWord(word: string, longest: number, buckets: number): readonly number[] {
  const characters = [...`<${word}>`];
  const found: number[] = [];
  for (let length = SHORTEST; length <= longest; length++) {
    for (let start = 0; start + length <= characters.length; start++) found.push(hash(characters.slice(start, start + length)) % buckets);
  }
  return found;
}

function hash(characters: readonly string[]): number {
  let value = 0x811c9dc5;
  for (const character of characters) value = Math.imul(value ^ character.codePointAt(0)!, 0x01000193);
  return value >>> 0;
}
