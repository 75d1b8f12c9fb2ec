import fc from "fast-check";
import { expect, test } from "vitest";
import { checkFailure } from "../../../src/core/protocol/answer-checks.ts";
import { excerpt, failed, inBandError, statusAccepted } from "../../../src/core/protocol/failure.ts";

const check = (contains: string | undefined, status?: readonly number[]) => ({ contains, status });

test("whatever came, a detail is one line of at most 200 characters without control characters", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
      const { detail } = failed("body", `expected JSON, got ${excerpt(text)}`);
      expect(detail.length).toBeLessThanOrEqual(200);
      expect(detail).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
      expect(detail.isWellFormed()).toBe(true);
    }),
  );
});

test("an excerpt shows the first 120 characters, line ends and controls escaped", () => {
  expect(excerpt("a\nb\r\t\u0007\u202e")).toBe(String.raw`"a\nb\r\t\u{7}\u{202e}"`);
  expect(excerpt("x".repeat(121))).toBe(`"${"x".repeat(120)}…"`);
  expect(excerpt("")).toBe("an empty body");
});

test("any 2xx is accepted, or exactly what the suite names", () => {
  expect([199, 200, 204, 299, 300, 404].map((status) => statusAccepted(check(undefined), status))).toEqual([
    false,
    true,
    true,
    true,
    false,
    false,
  ]);
  expect([200, 404].map((status) => statusAccepted(check(undefined, [404]), status))).toEqual([false, true]);
});

test("a check looks for its text", () => {
  expect(checkFailure(check(undefined), "", true)).toBeUndefined();
  expect(checkFailure(check("ok"), "all ok", true)).toBeUndefined();
  expect(checkFailure(check("ok"), "bad", true)).toEqual({
    kind: "failed",
    why: "check",
    detail: 'expected "ok" in the answer, got "bad"',
  });
});

test("a text that was not kept whole cannot fail the check, only the reading", () => {
  expect(checkFailure(check("ok"), "bad", false)).toMatchObject({ why: "body" });
  expect(checkFailure(check("ok"), "ok b", false)).toBeUndefined();
});

test("errors inside an answer are recognised in all their forms", () => {
  const details = [
    { error: "model not ready" },
    { error: { message: "out of memory", type: "server_error", code: 500 } },
    { object: "error", message: "too long" },
    { object: "error" },
  ].map((answer) => inBandError(answer));
  expect(details.every((result) => result?.why === "in-band")).toBe(true);
  expect(details[0]!.detail).toBe('the answer holds an error: "model not ready"');
  expect(details[1]!.detail).toContain("out of memory");
  expect(details[2]!.detail).toContain("too long");
});

test("an empty error field is no error", () => {
  for (const answer of [{ error: null }, { error: "" }, { error: false }, {}, [], null, "error", 7, undefined])
    expect(inBandError(answer)).toBeUndefined();
});

test("a cut never leaves half a character", () => {
  const smiles = "😀".repeat(150);
  expect(failed("body", `a${smiles}`).detail).toHaveLength(200);
  expect(failed("body", smiles).detail.isWellFormed()).toBe(true);
  expect(excerpt(`a${smiles}`).isWellFormed()).toBe(true);
});
