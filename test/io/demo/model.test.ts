import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  classify,
  generator,
  makeWeights,
  nextWord,
  openSequence,
  readTokens,
  rereadTokens,
  tokenize,
} from "../../../src/io/demo/model.ts";

const weights = makeWeights(7);
const judged = (text: string, chunk = 16) => {
  const sequence = openSequence(tokenize(text), 0);
  while (sequence.read < sequence.tokens.length) readTokens(weights, sequence, chunk);
  return classify(sequence);
};
const text = fc
  .array(fc.constantFrom("order", "good", "late", "team", "refund"), { minLength: 1, maxLength: 60 })
  .map((words) => words.join(" "));

describe("the model", () => {
  test("hears a mood", () => {
    expect(judged("great friendly support, thanks").label).toBe("positive");
    expect(judged("terrible, rude and slow").label).toBe("negative");
  });

  test("gives the same answer to the same text, in whatever pieces it reads it", () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 70 }), (input, chunk) => {
        expect(judged(input, chunk)).toEqual(judged(input));
      }),
      { numRuns: 30 },
    );
  });

  test("is made by its seed", () => {
    expect(makeWeights(7).embedding).toEqual(weights.embedding);
    expect(makeWeights(8).embedding).not.toEqual(weights.embedding);
  });

  test("attends: the same words in another order are another text", () => {
    expect(judged("order team ticket").score).not.toBe(judged("ticket team order").score);
  });

  test("reads a second time without changing the answer", () => {
    const sequence = openSequence(tokenize("order good late team"), 0);
    readTokens(weights, sequence, 4);
    const before = classify(sequence);
    expect(rereadTokens(weights, sequence, 0, 4)).toBeGreaterThan(0);
    expect(classify(sequence)).toEqual(before);
  });

  test("continues a text the same way with the same randomness, and differently with another", () => {
    const words = (seed: number) => {
      const sequence = openSequence(tokenize("hello there"), 20);
      readTokens(weights, sequence, 16);
      const random = generator(seed);
      return Array.from({ length: 20 }, () => {
        const word = nextWord(weights, sequence, random);
        readTokens(weights, sequence, 1);
        return word;
      });
    };
    expect(words(1)).toEqual(words(1));
    expect(words(1)).not.toEqual(words(2));
  });

  test("makes at least one token of any text", () => {
    expect(tokenize("")).toHaveLength(1);
    expect(tokenize("Zwölf Wörter, 3 Zahlen!")).toHaveLength(4);
    expect(tokenize("Late")).toEqual(tokenize("late"));
  });
});
