import fc from "fast-check";
import { expect, test } from "vitest";
import { stream } from "../../../src/core/plan/random.ts";
import { tokenText } from "../../../src/core/plan/token-text.ts";

/** Words and full stops. */
const units = (text: string): number => (text.match(/[A-Za-z]+|\./g) ?? []).length;

test("a text has as many words and full stops as it was asked for, and nothing else but single spaces", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3000 }), fc.nat(), (tokens, seed) => {
      const text = tokenText(stream(seed), tokens);
      expect(units(text)).toBe(tokens);
      expect(text).toMatch(/^[A-Z][a-z]*(?:\.? [A-Za-z][a-z]*)*\.?$/);
    }),
    { numRuns: 50 },
  );
});

test("a shorter text is the beginning of a longer one of the same state", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 0, max: 600 }), fc.nat(), (tokens, more, seed) => {
      const [short, long] = [tokenText(stream(seed), tokens), tokenText(stream(seed), tokens + more)];
      expect(long.startsWith(short)).toBe(true);
    }),
    { numRuns: 100 },
  );
});

test("its words are spread over the whole vocabulary", () => {
  const words = tokenText(stream(1), 20_000)
    .toLowerCase()
    .match(/[a-z]+/g)!;
  const counts = [...Map.groupBy(words, (word) => word).values()].map(({ length }) => length);
  expect(counts.length).toBeGreaterThan(450);
  expect(Math.max(...counts)).toBeLessThan(100);
});
