import { expect, test } from "vitest";
import { isCoarse, isRegression } from "../../../src/core/decide/grounds.ts";
import { gateOf, makeComparison } from "../report/fixtures.ts";

const compared = (head: number, spread: number) =>
  makeComparison("steady", "latency.p99", { base: 1, head, spread }, gateOf("latency.p99"));

test("a regression is at least the margin and beyond chance", () => {
  expect([compared(1.3, 0.05), compared(1.08, 0.01), compared(1.3, 0.5)].map(isRegression)).toEqual([true, false, false]);
});

test("a comparison is coarse if its upper bound reaches the margin", () => {
  expect([compared(1, 0.05), compared(1, 0.2)].map(isCoarse)).toEqual([false, true]);
});

test("what was not compared is neither", () => {
  const nothing = makeComparison("steady", "latency.p99", { base: 1, head: 2, spread: 0.5 }, gateOf("latency.p99"), { margin: undefined });
  expect([isRegression(nothing), isCoarse(nothing)]).toEqual([false, false]);
});
