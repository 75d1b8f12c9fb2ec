import { describe, expect, test } from "vitest";
import type { Candidate } from "../../../src/core/compare/baseline.ts";
import type { Choice, FoundRuns } from "../../../src/core/compare/choose-baseline.ts";
import { baselineNotes } from "../../../src/core/decide/baseline-notes.ts";
import { someRecord } from "../record/some-record.ts";

const STORE = { asOf: "2026-11-26T12:00:00.000Z", branch: "main", fromName: "the merge base", extended: false };
const FOUND: FoundRuns = { candidates: [], refused: [], absence: "", store: STORE };
const run = (startedAt: string, more: Partial<Candidate> = {}): Candidate => ({
  origin: startedAt,
  record: someRecord({ startedAt }),
  ...more,
});
const notes = (runs: readonly Candidate[], choice: Partial<Choice> = {}, found: Partial<FoundRuns> = {}) =>
  baselineNotes(
    { baseline: { kind: "stored", runs, refused: [] }, unknown: [], unshared: [], pinnedBecause: undefined, ...choice },
    { ...FOUND, ...found },
  ).map(({ severity, code, message }) => `${severity} ${code}: ${message}`);

const YESTERDAY = "2026-11-25T12:00:00.000Z";
/** Four runs of early September, kept for 90 days. */
const ageing = ["03", "04", "05", "06"].map((day) =>
  run(`2026-09-${day}T09:00:00.000Z`, { expiresAt: `2026-12-${day}T09:00:00Z`, distance: 2 }),
);

test("a fresh baseline near the change needs no note", () => {
  expect(notes([run(YESTERDAY, { distance: 0, expiresAt: "2027-02-23T12:00:00Z" })])).toEqual([]);
});

describe("a baseline that dies soon", () => {
  const EXPIRES =
    "warning baseline-expires: the baseline has 4 runs; on 2026-12-04 fewer than 3 are left, on 2026-12-06 none; a push to main or a scheduled run on it renews it";

  test("is a warning with its dates and the remedy", () => {
    expect(notes(ageing)).toEqual([EXPIRES]);
  });

  test.each([
    [2, "the baseline has 2 runs; on 2026-12-04 none is left; a push"],
    [1, "the baseline has 1 run; on 2026-12-03 none is left; a push"],
  ])("is one also of %s", (count, sentence) => {
    expect(notes(ageing.slice(0, count))[0]).toContain(sentence);
  });

  test("loses the last three on one day, which is said once", () => {
    const sameDay = ageing.map((one) => ({ ...one, expiresAt: "2026-12-03T09:00:00Z" }));
    expect(notes(sameDay)[0]).toContain("on 2026-12-03 fewer than 3 are left; a push");
  });

  test("is not the trouble of the run that renews it", () => {
    expect(notes(ageing, {}, { store: { ...STORE, extended: true } })).toEqual([]);
  });
});

describe("the nearest run", () => {
  const FAR =
    "warning baseline-far: the nearest run of the baseline is 51 commits before the merge base, and what those commits changed counts as this change's: run tailgate on every push to main, or on a schedule";

  test("beyond fifty commits is a warning", () => {
    expect(notes([run(YESTERDAY, { distance: 60 }), run(YESTERDAY, { distance: 51 })])).toEqual([FAR]);
  });

  test("of those that are used is what counts, and fifty commits are none", () => {
    expect(notes([run(YESTERDAY, { distance: 60 }), run(YESTERDAY, { distance: 50 })])).toEqual([]);
  });
});

test("pinned files that serve are said to, with the reason", () => {
  const pinned = { place: "baselines", candidates: [], refused: [] };
  const because = "main has no stored run";
  expect(notes([run(YESTERDAY)], { pinnedBecause: because }, { pinned })).toEqual([
    "warning baseline-pinned: compared with the pinned file in baselines, as old as it is: main has no stored run",
  ]);
  expect(notes([run(YESTERDAY), run(YESTERDAY)], { pinnedBecause: because }, { pinned })).toEqual([
    "warning baseline-pinned: compared with the 2 pinned files in baselines, as old as they are: main has no stored run",
  ]);
});

test("what is not known of the environment is one warning, with the values that are", () => {
  const unknown = [
    { key: "gpu.driver", head: "550", bases: ["550"], runs: 1 },
    { key: "client.http", head: "undici 8.12.4 http/1.1", bases: [], runs: 3 },
    { key: "client.runner", head: undefined, bases: ["github-hosted", "self-hosted"], runs: 3 },
  ] as const;
  expect(notes([run(YESTERDAY), run(YESTERDAY), run(YESTERDAY)], { unknown })).toEqual([
    "warning baseline-environment-unknown: whether the baseline was measured in the same environment is not known: " +
      "1 of 3 runs do not say gpu.driver (of the head: 550); the baseline does not say client.http (of the head: undici 8.12.4 http/1.1); " +
      "the head does not say its client.runner (of the baseline: github-hosted, self-hosted)",
  ]);
});

test("what the search found out is passed on, also where there is no baseline", () => {
  const known = [{ severity: "warning", code: "baseline-files-removed", message: "gone" }] as const;
  expect(notes([], { baseline: { kind: "none", reason: "", refused: [] } }, { notes: known })).toEqual([
    "warning baseline-files-removed: gone",
  ]);
});

test.each([
  ["changed", "scenario-changed: it sends something else than in the stored runs"],
  ["new", "scenario-new: no stored run measured it"],
] as const)("a scenario that is %s is named with what is judged of it", (how, sentence) => {
  const rest =
    ", so that it counts as new: whether it got slower is not judged until it is merged and measured on main, only its fixed limits are";
  expect(notes([run(YESTERDAY)], { unshared: [{ name: "burst", how }] })).toEqual([`warning ${sentence}${rest}`]);
});

test("where no store was asked nothing expires and nothing is far", () => {
  const { store: _, ...files } = FOUND;
  expect(
    baselineNotes({ baseline: { kind: "stored", runs: ageing, refused: [] }, unknown: [], unshared: [], pinnedBecause: undefined }, files),
  ).toEqual([]);
});
