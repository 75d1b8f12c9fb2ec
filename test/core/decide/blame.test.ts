import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { blameText } from "../../../src/core/decide/blame.ts";

/** Every code that can make a run invalid, as the page of messages has them. */
const CODES = readFileSync("docs/messages.md", "utf8")
  .split(/^### /m)
  .slice(1)
  .filter((part) => /^\*invalid\b/m.test(part))
  .map((part) => /^`([\w-]+)`/.exec(part)![1]!);

/** These bring a line of their own, since only who finds them knows what it says. */
const OWN = ["endpoint-not-ready", "wrong-deployment", "deployment-failed", "record-refused", "not-measured"];

const problem = (code: string, more: object = {}) => ({ severity: "invalid" as const, code, message: "m", ...more });

test.each(CODES.filter((code) => !OWN.includes(code)))("%s is somebody's fault, in a few words", (code) => {
  const line = blameText(problem(code, { scenario: "steady" }))!;
  expect(line).toMatch(/^.{20,100} in steady$/);
});

test("the pages know more than twenty such codes, and each of those with a line of their own", () => {
  expect(CODES.length).toBeGreaterThan(20);
  expect(CODES).toEqual(expect.arrayContaining(OWN));
});

test("a line of its own comes first, and the endpoint is called what it is", () => {
  expect(blameText(problem("endpoint-not-ready", { headline: "the preview answers 503" }))).toBe("the preview answers 503");
  expect(blameText(problem("rate-not-reached", { arm: "base" }))).toBe("the base endpoint did not keep up with the rate");
  expect(blameText(problem("rate-not-reached", { arm: "head" }))).toBe("the preview did not keep up with the rate");
  expect(blameText(problem("no-such-code"))).toBeUndefined();
});
