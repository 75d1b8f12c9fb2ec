import { HistogramLogReader } from "hdr-histogram-js";
import { expect, test } from "vitest";
import { latencyLog } from "../../../src/core/report/hlog.ts";
import { makeRecord } from "./fixtures.ts";

test("another reader of the format finds every block, its tag and its counts, in order of time", () => {
  const record = makeRecord(["steady", "long prompts"], { base: { blocks: 2 }, head: { blocks: 2, failures: { status: 3 } } });
  const reader = new HistogramLogReader(latencyLog(record));
  const found: string[] = [];
  for (let next = reader.nextIntervalHistogram(); next !== null; next = reader.nextIntervalHistogram()) {
    found.push(`${next.tag} ${"totalCount" in next ? next.totalCount : 0}`);
  }
  expect(found).toEqual([
    "steady.base 500",
    "steady.head 497",
    "steady.head 497",
    "steady.base 500",
    "long_prompts.base 500",
    "long_prompts.head 497",
    "long_prompts.head 497",
    "long_prompts.base 500",
  ]);
});

test("a record without blocks is a log without intervals", () => {
  expect(latencyLog(makeRecord([], { head: {} }))).toMatch(/^#/);
});
