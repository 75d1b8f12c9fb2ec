import fc from "fast-check";
import { expect, test } from "vitest";
import { edgeText } from "../../../src/core/plan/edge-text.ts";
import { payloadPool } from "../../../src/core/plan/payloads.ts";
import { stream } from "../../../src/core/plan/random.ts";
import { drawLength, sentences } from "../../../src/core/plan/text-length.ts";
import { EDGES, type SizedText } from "../../../src/core/suite/input-content.ts";
import { payloadClass } from "./fixtures.ts";

test("texts of any number of characters have exactly as many, and end in no space", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3000 }), fc.integer(), (length, seed) => {
      const text = sentences("characters", length, stream(seed));
      expect(text).toHaveLength(length);
      expect(text.endsWith(" ")).toBe(false);
    }),
  );
});

test("a token is a word or a full stop", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.integer(), (length, seed) => {
      expect(sentences("tokens", length, stream(seed)).match(/[A-Za-z]+|\./g)).toHaveLength(length);
    }),
  );
});

test("a lognormal length has its median and its 99th percentile, and is never beyond ten times that", () => {
  const next = stream(1, "lognormal");
  const drawn = Array.from({ length: 50_000 }, () => drawLength({ median: 200, p99: 2000 }, next)).toSorted((a, b) => a - b);
  expect(drawn[25_000]! / 200).toBeCloseTo(1, 1);
  expect(drawn[49_500]! / 2000).toBeGreaterThan(0.9);
  expect(drawn[49_500]! / 2000).toBeLessThan(1.1);
  expect(drawn.at(-1)).toBeLessThanOrEqual(20_000);
  expect(drawn[0]).toBeGreaterThanOrEqual(1);
});

const characters = (length: readonly [number, number], edges?: SizedText["edges"]): SizedText => ({
  unit: "characters",
  length,
  ...(edges && { edges }),
});

test("edge texts have the length that was asked for, in code points", () => {
  for (const edge of EDGES) {
    const text = edgeText(edge, characters([5, 40]), stream(3, edge));
    if (edge === "empty") expect(text).toBe("");
    else if (edge === "longest") expect(text).toHaveLength(40);
    else {
      expect(Array.from(text).length, edge).toBeGreaterThanOrEqual(5);
      expect(Array.from(text).length, edge).toBeLessThanOrEqual(40);
    }
    expect(edgeText(edge, { unit: "words", length: [3, 3] }, stream(3, edge)) === "").toBe(edge === "empty");
  }
});

test("edge texts hold what they are called", () => {
  const long = (edge: (typeof EDGES)[number]) => edgeText(edge, characters([400, 400]), stream(1, edge));
  expect(long("unicode")).toMatch(/[\u{10000}-\u{10ffff}]/u);
  expect(long("emoji")).toMatch(/\p{Extended_Pictographic}/u);
  expect(long("combining")).toMatch(/\p{M}{3}/u);
  expect(long("right-to-left")).toMatch(/[\u0590-\u06ff]/);
  expect(long("invisible")).toMatch(/\u200b/);
  expect(long("control")).toContain("\0");
  expect(long("blank").trim()).toBe("");
  expect(long("json-hostile")).toContain('"');
  expect(long("surrogate").isWellFormed()).toBe(false);
  for (const edge of EDGES) if (edge !== "surrogate") expect(long(edge).isWellFormed(), edge).toBe(true);
});

test("several edges take turns, and nothing but the empty text is one request", () => {
  const pool = (edges: SizedText["edges"]) =>
    payloadPool(payloadClass("e", { kind: "sized-text", ...characters([20, 20], edges) }), new Map(), 1).map((one) =>
      one.kind === "text" ? one.text : "?",
    );
  expect(pool(["empty"])).toEqual([""]);
  const turns = pool(["empty", "longest"]);
  expect(turns).toHaveLength(64);
  expect(turns.map((text) => text.length)).toEqual(turns.map((_, i) => (i % 2 === 0 ? 0 : 20)));
});
