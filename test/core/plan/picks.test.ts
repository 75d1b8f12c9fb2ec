import fc from "fast-check";
import { expect, test } from "vitest";
import { makePlan } from "../../../src/core/plan/make-plan.ts";
import { drawPicks, type MixPart, openTurns } from "../../../src/core/plan/picks.ts";
import { stream } from "../../../src/core/plan/random.ts";
import type { Order } from "../../../src/core/suite/input-content.ts";
import { steadyRate, steadyUsers } from "../../../src/core/suite/load.ts";
import type { Load } from "../../../src/core/suite/suite.ts";
import { payloadClass, scenario, suite } from "./fixtures.ts";

const part = (count: number, order: Order, first = 0): MixPart => ({ weight: 1, first, count, name: "a", order });
const turnsOf = (mix: readonly MixPart[], seed = 1) => openTurns(mix, (name) => stream(seed, name));

test("as-is goes through the requests in their order and begins again", () => {
  const mix = [part(3, "as-is", 10)];
  const turns = turnsOf(mix);
  expect([...drawPicks(4, mix, stream(1), { turns })]).toEqual([10, 11, 12, 10]);
  // A second call goes on where the first one stopped.
  expect([...drawPicks(3, mix, stream(2), { turns })]).toEqual([11, 12, 10]);
});

test("shuffle sends each request once before any comes again, in another order each time", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 5 }), fc.integer(), (count, rounds, seed) => {
      const mix = [part(count, "shuffle")];
      const picks = drawPicks(count * rounds, mix, stream(seed), { turns: turnsOf(mix, seed) });
      for (let round = 0; round < rounds; round++) {
        const sent = picks.slice(round * count, (round + 1) * count);
        expect([...sent].toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
      }
    }),
  );
  const mix = [part(50, "shuffle")];
  const [first, second] = [turnsOf(mix, 1), turnsOf(mix, 2)].map((turns) => [...drawPicks(50, mix, stream(1), { turns })]);
  expect(first).not.toEqual(second);
  expect(first).not.toEqual(first!.toSorted((a, b) => a - b));
});

test("an order of one class leaves the choice of classes where it was", () => {
  const mix = (order: Order): readonly MixPart[] => [
    { weight: 3, first: 0, count: 5, name: "a", order },
    { weight: 1, first: 5, count: 1, name: "b" },
  ];
  const isFirst = (order: Order) => [...drawPicks(200, mix(order), stream(9), { turns: turnsOf(mix(order)) })].map((pick) => pick < 5);
  expect(isFirst("as-is")).toEqual(isFirst("shuffle"));
});

const rows = new Map([["rows.txt", new TextEncoder().encode(Array.from({ length: 30 }, (_, i) => `row ${i}`).join("\n"))]]);
const planned = (order: Order, design: "single" | "live", load: Load = steadyRate(4, "constant", 240)) =>
  makePlan({
    suite: suite({
      payloads: [{ ...payloadClass("rows", { kind: "file", path: "rows.txt" }), order }],
      scenarios: [scenario({ load, warmUp: "auto" })],
    }),
    digest: "d",
    files: rows,
    design,
  }).scenarios[0]!;

test("the pairs of a live run go on where the last one stopped, and both arms send the same", () => {
  const { segments } = planned("as-is", "live");
  const pairs = Map.groupBy(
    segments.filter(({ phase }) => phase === "measure"),
    ({ blocks }) => blocks[0]!.pair!,
  );
  const sent: number[] = [];
  for (const pair of [...pairs.keys()].toSorted((a, b) => a - b)) {
    const [one, other] = pairs.get(pair)!;
    expect(one!.picks).toEqual(other!.picks);
    sent.push(...one!.picks);
  }
  expect(sent).toEqual(sent.map((_, i) => i % 30));
});

test("a warm-up and each segment of a closed loop begin anew", () => {
  const { segments } = planned("as-is", "single");
  expect(segments.map(({ phase, picks }) => [phase, picks[0]])).toEqual([
    ["warm-up", 0],
    ["measure", 0],
  ]);
  const closed = planned("as-is", "live", steadyUsers(2, 240)).segments.filter(({ phase }) => phase === "measure");
  expect(new Set(closed.map(({ picks }) => picks[0]))).toEqual(new Set([0]));
});
