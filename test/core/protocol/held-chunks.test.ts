import fc from "fast-check";
import { expect, test } from "vitest";
import { holdChunks, MOST_HELD } from "../../../src/core/protocol/held-chunks.ts";

test("every chunk comes once, in order, with its own time, and no more than some are held", () => {
  const sizes = fc.array(fc.oneof(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 40_000 })), { maxLength: 100 });
  fc.assert(
    fc.property(sizes, (lengths) => {
      const heard: (readonly [number, number])[] = [];
      const held = holdChunks((chunk, atNs) => heard.push([chunk.length, atNs]));
      for (const [i, length] of lengths.entries()) {
        held.add(new Uint8Array(length), i);
        const waiting = lengths.slice(heard.length, i + 1);
        expect(waiting.length).toBeLessThan(MOST_HELD.chunks);
        expect(waiting.reduce((sum, each) => sum + each, 0)).toBeLessThan(MOST_HELD.bytes);
      }
      held.flush();
      held.flush();
      expect(heard).toEqual(lengths.map((length, i) => [length, i]));
    }),
  );
});
