import fc from "fast-check";
import { expect, test } from "vitest";
import { payloadPool } from "../../../src/core/plan/payloads.ts";
import { drawPicks, type MixPart } from "../../../src/core/plan/picks.ts";
import { stream } from "../../../src/core/plan/random.ts";
import { payloadClass } from "./fixtures.ts";

const none = new Map<string, Uint8Array>();
const tensor = { name: "x", shape: [8], datatype: "FP32", range: undefined, data: undefined };

test("text has as many words as asked, all lengths occurring, 64 different ones", () => {
  const pool = payloadPool(payloadClass("t", { kind: "text", words: [5, 20] }), none, 42);
  const texts = pool.map((payload) => (payload.kind === "text" ? payload.text : ""));
  const words = texts.map((text) => text.split(" ").length);
  expect(new Set(texts).size).toBe(64);
  expect(Math.min(...words)).toBe(5);
  expect(Math.max(...words)).toBe(20);
});

test("text of a fixed number of words has it", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.integer(), (n, seed) => {
      const pool = payloadPool(payloadClass("t", { kind: "text", words: [n, n] }), none, seed);
      expect(pool.every((payload) => payload.kind === "text" && payload.text.split(" ").length === n)).toBe(true);
    }),
    { numRuns: 20 },
  );
});

test("a pool depends on its seed and its name, and on nothing else", () => {
  const text = { kind: "text", words: [5, 20] } as const;
  expect(payloadPool(payloadClass("a", text), none, 1)).toEqual(payloadPool(payloadClass("a", text, 7), none, 1));
  expect(payloadPool(payloadClass("a", text), none, 1)).not.toEqual(payloadPool(payloadClass("b", text), none, 1));
  expect(payloadPool(payloadClass("a", text), none, 1)).not.toEqual(payloadPool(payloadClass("a", text), none, 2));
});

test("what is not random is one payload", () => {
  const fixed = [
    { kind: "empty" },
    { kind: "json", value: { a: 1 } },
    { kind: "messages", messages: [{ role: "user", content: "hi" }] },
    { kind: "tensors", tensors: [{ ...tensor, shape: [2], data: [1, 2] }] },
  ] as const;
  for (const content of fixed) expect(payloadPool(payloadClass("x", content), none, 1)).toHaveLength(1);
  expect(payloadPool(payloadClass("x", { kind: "body", text: "é", contentType: "text/x" }), none, 1)).toEqual([
    { kind: "body", bytes: Uint8Array.of(0xc3, 0xa9), contentType: "text/x" },
  ]);
});

test("tensors come in 64 variants, large ones in fewer", () => {
  const pool = (shape: number[]) => payloadPool(payloadClass("x", { kind: "tensors", tensors: [{ ...tensor, shape }] }), none, 1);
  expect(new Set(pool([8]).map((payload) => JSON.stringify(payload))).size).toBe(64);
  expect(pool([1, 3, 224, 224])).toHaveLength(13);
  expect(pool([2 ** 21 + 1])).toHaveLength(1);
});

test("a file that is not there is told by name", () => {
  const file = payloadClass("tickets", { kind: "file", path: "data/t.txt" });
  expect(() => payloadPool(file, none, 1)).toThrow('payload "tickets" names a file that is not there: data/t.txt');
  expect(payloadPool(file, new Map([["data/t.txt", new TextEncoder().encode("a\nb")]]), 1)).toHaveLength(2);
});

test("picks follow the weights and reach every request of a class alike", () => {
  const mix: MixPart[] = [
    { weight: 60, first: 0, count: 4 },
    { weight: 30, first: 4, count: 1 },
    { weight: 10, first: 5, count: 2 },
  ];
  const seen = Array.from({ length: 7 }, () => 0);
  for (const pick of drawPicks(100_000, mix, stream(3, "picks"))) seen[pick]!++;
  const shares = [0.15, 0.15, 0.15, 0.15, 0.3, 0.05, 0.05];
  for (const [i, share] of shares.entries()) expect(Math.abs(seen[i]! / 100_000 - share)).toBeLessThan(0.006);
});

test("picks never leave the list, whatever the weights", () => {
  const parts = fc.array(fc.tuple(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), fc.integer({ min: 1, max: 5 })), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(parts, fc.integer(), (drawn, seed) => {
      let first = 0;
      const mix = drawn.map(([weight, count]) => ({ weight, count, first: (first += count) - count }));
      expect(drawPicks(100, mix, stream(seed)).every((pick) => pick < first)).toBe(true);
    }),
  );
});

test("the largest draw belongs to the last class", () => {
  const mix = [
    { weight: 1, first: 0, count: 1 },
    { weight: Number.EPSILON, first: 1, count: 1 },
  ];
  expect(drawPicks(1, mix, () => 0xffffffff)).toEqual(Uint32Array.of(1));
});

test("tensors beyond any request's size are refused instead of filling the memory", () => {
  const huge = { ...tensor, shape: [1, [1, 100_000], 100_000] } as const;
  expect(() => payloadPool(payloadClass("x", { kind: "tensors", tensors: [huge] }), none, 1)).toThrow(
    'payload "x" would hold up to 10000000000 values',
  );
});
