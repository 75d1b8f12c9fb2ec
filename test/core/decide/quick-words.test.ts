import { expect, test } from "vitest";
import { admitBaselines } from "../../../src/core/compare/admit.ts";
import { quickRun } from "../../../src/core/decide/quick-words.ts";
import { readRunRecord, writeRunRecord } from "../../../src/core/record/read.ts";
import { judge, NONE } from "../compare/judge.ts";
import { makeRecord, makeSuite } from "../compare/records.ts";

const gate = (metric: "latency.p50" | "errors.ratio", rest: { regression?: number; limit?: number }) => ({
  regression: undefined,
  floor: undefined,
  limit: undefined,
  ...rest,
  metric,
});
const quick = [quickRun(15, 250)];
const SMALL = { blocks: 24, requestsPerBlock: 250 } as const;
const suite = makeSuite({ gates: [gate("latency.p50", { regression: 0.1 })] });
const limits = makeSuite({ gates: [gate("errors.ratio", { limit: 0.05 })] });

test("what would have passed is undecided in a quick run, and says why", () => {
  const heads = [makeRecord(SMALL)];
  expect(judge({ heads, suite }).verdict).toBe("pass");
  const { verdict, reasons } = judge({ heads, suite, problems: quick });
  expect(verdict).toBe("inconclusive");
  expect(reasons.join("\n")).toContain("that is what a quick run saw, which passes nothing");
});

test("a limit that is kept is undecided as well", () => {
  const heads = [makeRecord(SMALL)];
  expect(judge({ heads, suite: limits, baseline: NONE }).verdict).toBe("pass");
  expect(judge({ heads, suite: limits, baseline: NONE, problems: quick }).verdict).toBe("inconclusive");
});

test("a failure is a failure", () => {
  expect(judge({ heads: [makeRecord({ ...SMALL, head: { factor: 1.4 } })], suite, problems: quick }).verdict).toBe("fail");
  expect(
    judge({ heads: [makeRecord({ ...SMALL, head: { errorRatio: 0.2 } })], suite: limits, baseline: NONE, problems: quick }).verdict,
  ).toBe("fail");
});

test("its record is no baseline, not even of another quick run, and says so after it was stored", () => {
  const record = { ...makeRecord({ design: "single", blocks: 4, requestsPerBlock: 20 }), problems: quick };
  const stored = readRunRecord(writeRunRecord(record), "run.json");
  const { runs, refused } = admitBaselines(record, [{ origin: "run 7", record: stored }]);
  expect(runs).toEqual([]);
  expect(refused).toEqual([{ origin: "run 7", reason: "it is a quick run, which saw a part of the load" }]);
});
