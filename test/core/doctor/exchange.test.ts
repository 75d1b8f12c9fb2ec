import { expect, test } from "vitest";
import { exchangePairs, fewestPairs, inOrderOfTime } from "../../../src/core/doctor/exchange.ts";
import { makeRecord } from "../compare/records.ts";

const record = makeRecord({ blocks: 6, requestsPerBlock: 20, scenarios: ["steady", "busy"] });
const pairsOf = (of: typeof record) =>
  of.scenarios.map(({ arms }) => [arms.base, arms.head].map((arm) => arm!.blocks.map(({ pair }) => pair)));

test("arms change places pair by pair, and twice is not at all", () => {
  const some = exchangePairs(record, ({ base, scenario }) => scenario === "busy" && base.pair! % 3 === 0);
  expect(some.scenarios[0]).toEqual(record.scenarios[0]);
  expect(some.scenarios[1]!.arms.head!.blocks[3]).toEqual(record.scenarios[1]!.arms.base!.blocks[3]);
  expect(some.scenarios[1]!.arms.head!.blocks[1]).toEqual(record.scenarios[1]!.arms.head!.blocks[1]);
  expect(pairsOf(some)).toEqual(pairsOf(record));
  expect(exchangePairs(some, ({ base, scenario }) => scenario === "busy" && base.pair! % 3 === 0)).toEqual(record);
});

test("in order of time every base comes before its head", () => {
  for (const { arms } of inOrderOfTime(record).scenarios)
    for (const [i, block] of arms.base!.blocks.entries()) expect(block.index).toBeLessThan(arms.head!.blocks[i]!.index);
});

test("pairs are counted where they are fewest", () => {
  expect(fewestPairs(record)).toBe(6);
  expect(fewestPairs({ ...record, scenarios: [] })).toBe(0);
  expect(fewestPairs(makeRecord({ design: "single", blocks: 3, requestsPerBlock: 5 }))).toBe(0);
});
