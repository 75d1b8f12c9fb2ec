import { expect, test } from "vitest";
import { oncePerNumbers } from "../../../src/core/stats/remember.ts";

test("a function of numbers works once for the same ones, and is right after it had to forget", () => {
  const asked: string[] = [];
  const difference = oncePerNumbers((a: number, b: number) => {
    asked.push(`${a} ${b}`);
    return a - b;
  });
  expect([difference(3, 1), difference(1, 3), difference(3, 1), difference(31, 1), difference(3, 11)]).toEqual([2, -2, 2, 30, -8]);
  expect(asked).toEqual(["3 1", "1 3", "31 1", "3 11"]);
  for (let i = 0; i < 2500; i++) expect(difference(i, 0.5)).toBe(i - 0.5);
  expect([difference(3, 1), asked.at(-1)]).toEqual([2, "3 1"]);
});
