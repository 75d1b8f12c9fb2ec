import fc from "fast-check";
import { expect, test } from "vitest";
import { nearest, suggest } from "../../../src/core/suite/nearest.ts";

test("a typing error finds its word", () => {
  expect(nearest("protocl", ["endpoint", "protocol", "path"])).toBe("protocol");
});

test("case and separators do not count", () => {
  expect(nearest("maxInFlight", ["max-tokens", "max-in-flight"])).toBe("max-in-flight");
  expect(nearest("LATENCY_P99", ["latency.p50", "latency.p99"])).toBe("latency.p99");
});

test("nothing is better than a wild guess", () => {
  expect(nearest("zzz", ["endpoint", "path"])).toBeUndefined();
  expect(nearest("x", ["ab"])).toBeUndefined();
  expect(nearest("anything", [])).toBeUndefined();
});

test("without a near word, the words there are are shown, and many of them are cut", () => {
  expect(suggest("zzz", ["endpoint", "path"])).toBe("known are endpoint, path");
  expect(suggest("zzz", [])).toBe("there are none");
  expect(
    suggest(
      "zzzzzzzz",
      Array.from({ length: 40 }, (_, i) => `w${i}`),
    ),
  ).toMatch(/^known are w0, .*, w15, …$/);
});

test("a word is always nearest to itself", () => {
  const words = fc.uniqueArray(fc.stringMatching(/^[a-z]{3,10}$/), { minLength: 1 });
  fc.assert(
    fc.property(words, fc.nat(), (candidates, i) => {
      const word = candidates[i % candidates.length]!;
      expect(nearest(word, candidates)).toBe(word);
    }),
  );
});
