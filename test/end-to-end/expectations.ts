import { expect } from "vitest";
import type { VerdictWord } from "../../src/core/decide/verdict.ts";
import type { Ended, Workplace } from "./tailgate.ts";

/** The run ended with this code and this verdict, and nothing that it printed or wrote says that it passed. */
export function expectNotPassed(place: Workplace, ended: Ended, code: number, verdict: Exclude<VerdictWord, "pass">): void {
  expect(place.exists("tailgate-out/verdict.json"), ended.stdout + ended.stderr).toBe(true);
  expect({ code: ended.code, verdict: place.verdict().verdict }, ended.stdout + ended.stderr).toEqual({ code, verdict });
  const { scenarios, reasons } = place.verdict();
  expect(reasons).not.toEqual([]);
  expect(scenarios.filter((scenario) => scenario.verdict === "pass")).toEqual([]);
  expect(ended.stdout).not.toMatch(/^PASS/);
  expect(place.read("tailgate-out/comment.md")).not.toMatch(/\bpassed\b|May be merged/);
}

/** As {@link expectNotPassed}; and no gate by itself did, because there was nothing to see. */
export function expectNothingPassed(place: Workplace, ended: Ended, code: number, verdict: Exclude<VerdictWord, "pass">): void {
  expectNotPassed(place, ended, code, verdict);
  const gates = place.verdict().scenarios.flatMap(({ metrics }) => metrics.filter(({ gated }) => gated));
  expect(gates.filter((metric) => metric.verdict === "pass")).toEqual([]);
}

/** Wrong input: exit code 2, these words on stderr, nothing on stdout, no folder of results, and no stack. */
export function expectRefused(place: Workplace, ended: Ended, ...words: readonly (string | RegExp)[]): void {
  expect(ended.code, ended.stderr).toBe(2);
  for (const word of words) {
    if (typeof word === "string") expect(ended.stderr).toContain(word);
    else expect(ended.stderr).toMatch(word);
  }
  expect(ended.stderr).not.toMatch(/^\s+at /m);
  expect(ended.stdout).toBe("");
  expect(place.exists("tailgate-out/verdict.json")).toBe(false);
}
