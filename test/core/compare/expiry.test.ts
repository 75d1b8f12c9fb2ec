import { expect, test } from "vitest";
import { expiryOf } from "../../../src/core/compare/expiry.ts";
import { someRecord } from "../record/some-record.ts";

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 26, 12);
const iso = (days: number) => new Date(NOW + days * DAY).toISOString();

/** Runs that were measured so many days ago, each kept for `keptDays`. */
const runs = (keptDays: number | undefined, ...daysAgo: readonly number[]) =>
  daysAgo.map((ago) => ({
    origin: `${ago} days ago`,
    record: someRecord({ startedAt: iso(-ago) }),
    ...(keptDays === undefined ? {} : { expiresAt: iso(keptDays - ago) }),
  }));
const expiry = (...of: Parameters<typeof runs>) => expiryOf(runs(...of), iso(0));

test("a baseline that is renewed daily is no matter, however short it is kept", () => {
  expect(expiry(90, 0, 1, 2, 3)).toBeUndefined();
  expect(expiry(7, 0, 1, 2, 3, 4)).toBeUndefined();
});

test("a repository that fell silent is told when fewer than three runs are left, and when none is", () => {
  expect(expiry(90, 80, 81, 82, 83)).toEqual({ runs: 4, tooFewAt: iso(8), noneAt: iso(10) });
});

test("not before there is reason to: fourteen days", () => {
  expect(expiry(90, 73, 74, 75)).toBeUndefined();
  expect(expiry(90, 75, 76, 77)).toEqual({ runs: 3, tooFewAt: iso(13), noneAt: iso(15) });
});

test("of fewer than three runs only the last one's end matters", () => {
  expect(expiry(90, 85, 89)).toEqual({ runs: 2, tooFewAt: undefined, noneAt: iso(5) });
  expect(expiry(90, 85)).toEqual({ runs: 1, tooFewAt: undefined, noneAt: iso(5) });
});

test("a pace at which the next run comes too late is said at once", () => {
  expect(expiry(90, 0, 35, 70)).toEqual({ runs: 3, tooFewAt: iso(20), noneAt: iso(90) });
  // Every 25 days: the next one is due in 15, and the third newest goes in 30.
  expect(expiry(90, 10, 35, 60)).toBeUndefined();
});

test("what is kept for ever does not expire", () => {
  expect(expiry(undefined, 300, 301, 302)).toBeUndefined();
  expect(expiryOf([...runs(90, 85), ...runs(undefined, 300)], iso(0))).toBeUndefined();
  expect(expiryOf([], iso(0))).toBeUndefined();
});

test("one that stays while the others go leaves too few, and never none", () => {
  expect(expiryOf([...runs(90, 80, 81), ...runs(undefined, 300)], iso(0))).toEqual({ runs: 3, tooFewAt: iso(9), noneAt: undefined });
});

test("a date that is none is taken for never", () => {
  expect(expiryOf([{ ...runs(90, 89)[0]!, expiresAt: "soon" }], iso(0))).toBeUndefined();
});
