import { expect, test } from "vitest";
import { junitXml } from "../../../src/core/report/junit.ts";
import { buildReport } from "../../../src/core/report/report.ts";
import { CASES } from "./fixtures.ts";

const xml = (name: string) => junitXml(buildReport(CASES[name]!()));
const totals = (text: string) =>
  /<testsuites [^>]*tests="(\d+)" failures="(\d+)" errors="(\d+)" skipped="(\d+)"/.exec(text)?.slice(1).map(Number);

test("each gated metric of each scenario is a test, and the run is one more", () => {
  expect(totals(xml("scenarios"))).toEqual([13, 2, 0, 1]);
  expect(xml("scenarios")).toContain(`<testcase classname="burst" name="latency.p99">\n      <failure type="fail"`);
});

test("a pass is all green", () => {
  expect(totals(xml("pass"))).toEqual([5, 0, 0, 0]);
});

test("what was not decided is skipped, and the run an error as long as it blocks", () => {
  expect(totals(xml("few-blocks"))).toEqual([5, 0, 1, 1]);
  expect(totals(xml("no-baseline"))).toEqual([4, 0, 1, 2]);
});

test("a policy that lets the missing baseline through leaves no error", () => {
  expect(totals(xml("first-run"))).toEqual([4, 0, 0, 3]);
});

test("an invalid metric is an error", () => {
  expect(totals(xml("invalid"))).toEqual([5, 0, 2, 0]);
});

test("hostile names are escaped: the file has only our elements", () => {
  const elements = [...xml("hostile").matchAll(/<\/?([^\s>/]+)/g)].map(([, name]) => name);
  expect(new Set(elements)).toEqual(new Set(["?xml", "testsuites", "testsuite", "testcase", "failure"]));
});

test("counts agree with what is inside", () => {
  for (const name of Object.keys(CASES)) {
    const text = xml(name);
    const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
    expect(totals(text)).toEqual([count(/<testcase /g), count(/<failure /g), count(/<error /g), count(/<skipped /g)]);
  }
});
