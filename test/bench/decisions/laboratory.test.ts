import { afterAll, expect, test } from "vitest";
import { type Cell, cell } from "../../../bench/decisions/cell.ts";
import { allCells, FULL, QUICK } from "../../../bench/decisions/cells.ts";
import { claimsOf } from "../../../bench/decisions/claims.ts";
import { efficiencyOf, neededFor } from "../../../bench/decisions/efficiency.ts";
import type { Observation } from "../../../bench/decisions/observation.ts";
import { pageOf } from "../../../bench/decisions/page/page.ts";
import { recordedSection } from "../../../bench/decisions/page/recorded.ts";
import { openPool } from "../../../bench/decisions/pool.ts";
import { observe } from "../../../bench/decisions/replicate.ts";
import { type Results, renew } from "../../../bench/decisions/results.ts";
import { NO_CHANGE, slower } from "../../../bench/decisions/simulator/change.ts";
import { lowerBound, tally, upperBound } from "../../../bench/decisions/tally.ts";
import clopperPearson from "../../oracle/clopper-pearson.json" with { type: "json" };

const small = (of: Cell): Cell => ({ ...of, world: { ...of.world, requests: 1200, scenarios: 2 } });
const unchanged = small(cell("live", "steady", NO_CHANGE, ["live", "live-fixed"], 5));
const slow = small(cell("live", "steady", slower(40), ["live", "live-fixed"], 5));
const stored = small(cell("stored", "steady", slower(60), ["stored-3"], 5));
const rivals = small(cell("rivals", "steady", NO_CHANGE, [], 3));
const pools = [openPool(1), openPool(2)] as const;
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
});

test("the same cell, replicate and seed give the same observation, whoever works it off", async () => {
  const fixed = { ...unchanged, rules: ["live-fixed"] as const };
  const [one, two] = await Promise.all(pools.map((pool) => pool.judge(fixed, 7)));
  expect(one!.results).toEqual(two!.results);
  expect(one!.results[3]).toEqual(observe(fixed, 3, 7));
  expect(one!.results[3]).not.toEqual(observe(fixed, 3, 8));
});

test("no false block in a few unchanged pull requests; 40 % slower is blocked at the first look", () => {
  for (let replicate = 0; replicate < 3; replicate++) {
    expect(observe(unchanged, replicate, 1).rules.live!.word).not.toBe("fail");
    const { word, requests, stopped } = observe(slow, replicate, 1).rules.live!;
    expect([word, requests, stopped]).toEqual(["fail", 2 * 2 * 1200, "failed"]);
  }
});

test("three stored runs block what is 60 % slower, and every rival has a score", () => {
  expect(observe(stored, 0, 1).rules["stored-3"]!.word).toBe("fail");
  const { rivals: scores } = observe(rivals, 0, 1);
  expect(Object.keys(scores).length).toBeGreaterThan(10);
  expect(Object.values(scores).filter(Number.isNaN)).toEqual([]);
});

test("rates are bounded as SciPy bounds them", () => {
  const known = clopperPearson.cases.filter(({ confidence }) => confidence === 0.9);
  expect(known.length).toBeGreaterThan(3);
  for (const { k, n, low, high } of known) {
    expect(lowerBound({ k, n })).toBeCloseTo(low, 9);
    expect(upperBound({ k, n })).toBeCloseTo(high, 9);
  }
  expect(upperBound({ k: 0, n: 600 })).toBeLessThan(0.005);
});

test("the requests for a power lie between the sizes around it", () => {
  const point = (requests: number, k: number) => ({
    world: "",
    requests,
    unchanged: 2 * requests,
    falseBlocks: { k: 0, n: 10 },
    detected: { k, n: 10 },
  });
  expect(neededFor([point(1000, 1), point(4000, 5)])).toBeNull();
  expect(neededFor([point(1000, 10)])).toEqual({ requests: 1000, unchanged: 2000, atMost: true });
  const { requests, unchanged } = neededFor([point(1000, 8), point(4000, 10)])!;
  expect(requests).toBeCloseTo(2000, 6);
  expect(unchanged).toBeCloseTo(4000, 6);
});

test("names of cells are unique, and no quick cell is missing from the full run", () => {
  const names = allCells(FULL).map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(allCells(QUICK).map(({ name }) => name)).toEqual(names);
});

const results = (cells: readonly Cell[], observations: (of: Cell) => readonly Observation[]): Results => ({
  schema: 1,
  date: "2026-11-26",
  machine: "a test",
  seed: 1,
  threads: 1,
  wallS: 60,
  full: false,
  cells: cells.map((of) => tally(of, observations(of), 1)),
  efficiency: efficiencyOf(cells.map((of) => ({ cell: of, observations: observations(of) }))),
  studies: [{ name: "a study", about: "about", replicates: 3, table: { head: ["a", "b"], rows: [["1", "2"]] } }],
});

test("the page says what held and what did not, from counts alone", () => {
  const seen = observe(unchanged, 0, 1);
  const word = (of: "fail" | "pass"): Observation => ({ ...seen, rules: { live: { ...seen.rules.live!, word: of } } });
  const cells = [{ ...unchanged, rules: ["live"] as const }];
  const claim = (failed: number) => {
    const observations = Array.from({ length: 600 }, (_, i) => word(i < failed ? "fail" : "pass"));
    return claimsOf(
      results(cells, () => observations),
      undefined,
    ).find(({ claim }) => claim.startsWith("unchanged pull requests that are blocked, live"))!;
  };
  expect(claim(0)).toMatchObject({ answer: "holds", measured: expect.stringContaining("0 of 600") });
  expect(claim(2)).toMatchObject({ answer: "measured" });
  expect(claim(9)).toMatchObject({ answer: "no", measured: expect.stringContaining("1.5 %") });
});

test("cells that are made again replace their forerunners, and those that are none any more are left out", () => {
  const seen = [observe(unchanged, 0, 1)];
  const first = results([{ ...unchanged, name: "gone" }, unchanged, slow], (of) => (of === slow ? [observe(slow, 0, 1)] : seen));
  const again = { ...results([unchanged], () => [...seen, ...seen]), date: "2026-12-01", machine: "another" };
  const both = renew({ ...first, full: true }, again, [slow.name, unchanged.name, "never made"]);
  expect(both.cells.map(({ name, rules }) => [name, rules.live?.words.fail.n])).toEqual([
    [slow.name, 1],
    [unchanged.name, 2],
  ]);
  expect(both).toMatchObject({ full: true, date: "2026-11-26", wallS: 120, studies: first.studies });
  const thrice = renew(both, { ...again, date: "2026-12-02", machine: "a third" }, [slow.name, unchanged.name]);
  expect(pageOf(thrice, undefined)["README.md"]).toMatch(
    /of 2 cells some were made again after .*: 1 on 2026-12-01 on another; 1 on 2026-12-02 on a third\./,
  );
});

test("a page of a small run names what is missing, and its plots are well-formed", () => {
  const all = [unchanged, slow, stored, rivals];
  const files = pageOf(
    results(all, (of) => [observe(of, 0, 1), observe(of, 1, 1)]),
    {
      generatedOn: "2026-11-26",
      machine: "a test",
      comparisons: [
        {
          id: "a-aa-1",
          server: "a",
          kind: "A/A",
          change: "none",
          verdict: "pass",
          evidence: "live",
          requests: 100,
          rivals: { "p99 > +5 %": "fail" },
        },
        { id: "a-ab-1", server: "a", kind: "A/B", change: "more layers", verdict: "fail", evidence: "live", requests: 100 },
      ],
    },
  );
  const page = files["README.md"]!;
  expect(page).toContain("This is a small run");
  expect(page).toContain("not run");
  expect(page).toContain("**0 of 1** comparisons of a server with itself were blocked");
  expect(page).not.toMatch(/NaN|undefined|\[object|Infinity/);
  expect(Object.keys(files)).toContain("coverage.svg");
  for (const [name, text] of Object.entries(files)) {
    if (!name.endsWith(".svg")) continue;
    expect(text).toMatch(/^<svg [^>]+>[\s\S]+<\/svg>\n$/);
    expect(text).not.toMatch(/NaN|undefined/);
  }
});

test("both arms of one comparison, each blocked against stored runs, are said to have met another time", () => {
  const of = (id: string, verdict: string, evidence = "stored") =>
    ({ id, server: "a", kind: "A/A", change: "nothing", verdict, evidence, requests: 100 }) as const;
  const pageWith = (...comparisons: readonly ReturnType<typeof of>[]) =>
    recordedSection({ generatedOn: "2026-11-28", machine: "a test", comparisons });
  const slower = [of("a-aa-1", "inconclusive", "live"), of("a-aa-1-stored-base", "fail"), of("a-aa-1-stored-head", "fail")];
  const one = [of("a-aa-2", "pass", "live"), of("a-aa-2-stored-base", "fail"), of("a-aa-2-stored-head", "pass")];
  expect(pageWith(...slower, ...one)).toContain(
    "Of the 3 unchanged ones that were blocked against stored runs, 2 are both arms of one comparison (`a-aa-1`)",
  );
  expect(pageWith(...one)).not.toContain("not the build");
  const differing = [of("a-aa-1", "fail", "live"), ...slower.slice(1)];
  expect(pageWith(...differing)).not.toContain("not the build");
});
