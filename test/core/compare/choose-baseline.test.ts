import { describe, expect, test } from "vitest";
import { chooseBaseline, type FoundRuns } from "../../../src/core/compare/choose-baseline.ts";
import type { RunRecord } from "../../../src/core/record/run-record.ts";
import { makeRecord } from "./records.ts";

const head = makeRecord({ design: "single", blocks: 2, requestsPerBlock: 20 });
const otherWorkload: RunRecord = { ...head, suite: { ...head.suite, digest: "f".repeat(64) } };
const candidate = (origin: string, record: RunRecord = head) => ({ origin, record });
const EMPTY: FoundRuns = { candidates: [], refused: [], absence: "main has no stored run" };
const choose = (found: Partial<FoundRuns>) => chooseBaseline([head], head, { ...EMPTY, ...found });
const pinned = (...candidates: readonly ReturnType<typeof candidate>[]) => ({ place: "baselines", candidates, refused: [] });
const origins = ({ baseline }: ReturnType<typeof choose>) =>
  baseline.kind === "stored" ? baseline.runs.map(({ origin }) => origin) : baseline.kind;

describe("pinned files", () => {
  test("do not serve beside a single stored run that can be used: ages are never mixed", () => {
    const choice = choose({ candidates: [candidate("run 1")], pinned: pinned(candidate("a.json"), candidate("b.json")) });
    expect(origins(choice)).toEqual(["run 1"]);
    expect(choice.pinnedBecause).toBeUndefined();
  });

  test("serve where nothing is stored", () => {
    const choice = choose({ pinned: pinned(candidate("a.json"), candidate("b.json")) });
    expect(origins(choice)).toEqual(["a.json", "b.json"]);
    expect(choice.pinnedBecause).toBe("main has no stored run");
  });

  test("serve also where stored runs were found and all are refused, which is said and listed", () => {
    const choice = choose({
      candidates: [candidate("run 2", otherWorkload)],
      refused: [{ origin: "run 1", reason: "expired on 2026-11-01" }],
      pinned: pinned(candidate("a.json")),
    });
    expect(origins(choice)).toEqual(["a.json"]);
    expect(choice.pinnedBecause).toMatch(/^none of the 2 baselines found can be used; the nearest: it was measured with another workload/);
    expect(choice.baseline.refused.map(({ origin }) => origin)).toEqual(["run 2", "run 1"]);
  });

  test("are judged like any other run", () => {
    const choice = choose({ pinned: pinned(candidate("a.json", otherWorkload), candidate("b.json")) });
    expect(origins(choice)).toEqual(["b.json"]);
    expect(choice.baseline.refused.map(({ origin }) => origin)).toEqual(["a.json"]);
  });

  test("that cannot be used either leave no baseline, with both reasons", () => {
    const refused = [{ origin: "a.json", reason: "this pull request adds it" }];
    expect(choose({ pinned: { place: "baselines", candidates: [], refused } }).baseline).toEqual({
      kind: "none",
      reason: "main has no stored run; the only pinned file found cannot be used: this pull request adds it",
      refused,
    });
    const two = [...refused, { origin: "b.json", reason: "this pull request adds it" }];
    expect(
      choose({ refused: [{ origin: "run 1", reason: "it is gone" }], pinned: { place: "baselines", candidates: [], refused: two } })
        .baseline,
    ).toMatchObject({
      reason: "the only baseline found cannot be used: it is gone; none of the 2 pinned files found can be used: this pull request adds it",
    });
  });

  test("that are not there change no sentence", () => {
    expect(choose({ pinned: pinned() }).baseline).toMatchObject({ kind: "none", reason: "main has no stored run" });
  });
});

test("what is not known is told of the chosen runs alone", () => {
  const { ["gpu.models"]: _, ...environment } = head.environment;
  const silent = { ...head, environment };
  expect(choose({ candidates: [candidate("run 1")], pinned: pinned(candidate("a.json", silent)) }).unknown).toEqual([]);
  expect(choose({ pinned: pinned(candidate("a.json", silent)) }).unknown).toEqual([
    { key: "gpu.models", head: "1 × NVIDIA L4", bases: [], runs: 1 },
  ]);
});

test("a live base beats everything that is stored or pinned", () => {
  const live = makeRecord({ design: "live", blocks: 2, requestsPerBlock: 20 });
  const choice = chooseBaseline([live], live, { ...EMPTY, candidates: [candidate("run 1")], pinned: pinned(candidate("a.json")) });
  expect(choice.baseline).toEqual({
    kind: "live",
    refused: [{ origin: "run 1", reason: "not used: the base endpoint was driven live" }],
  });
});
