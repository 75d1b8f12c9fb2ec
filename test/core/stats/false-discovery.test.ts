import fc from "fast-check";
import { expect, test } from "vitest";
import { discoveries } from "../../../src/core/stats/false-discovery.ts";
import oracle from "../../oracle/false-discovery.json" with { type: "json" };

test("the discoveries are those whose adjusted p SciPy puts at or below q", () => {
  for (const { p, adjusted } of oracle.cases) {
    for (const q of [0.05, 0.1, 0.3]) expect(discoveries(p, q)).toEqual(adjusted.map((value) => value <= q));
  }
});

test("a smaller p is never left out where a larger one is in", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (ps) => {
      const found = discoveries(ps, 0.1);
      const worst = Math.max(-1, ...ps.filter((_, i) => found[i]));
      expect(ps.every((p, i) => found[i] === p <= worst)).toBe(true);
    }),
  );
});
