import { beforeAll, describe, expect, test } from "vitest";
import { expectNotPassed } from "./expectations.ts";
import { samplesCsv } from "./samples.ts";
import { suite } from "./suites.ts";
import { openWorkplace, type Workplace } from "./tailgate.ts";

const COMPARED = { load: "rate: 100/s, duration: 10s", gates: "latency.p50: { regression: 10% }, latency.p95: { regression: 15% }" };
const SUITE = suite(COMPARED);
const IMPORT = ["import", "samples"];
const FOR = ["--suite", "suite.yaml", "--scenario", "steady", "--out"];

/** Eight runs of the base, `base-1.json` to `base-8.json`; two heads that are equal to it, and two that are slower. */
let place: Workplace;
beforeAll(async () => {
  const opened = await openWorkplace({ "suite.yaml": SUITE });
  place = opened;
  const csv = async (name: string, seed: number, factor: number) => {
    await place.write(name, samplesCsv({ seed, factor }));
    return name;
  };
  const bases = await Promise.all(Array.from({ length: 8 }, (_, i) => csv(`base-${i + 1}.csv`, i + 1, 1)));
  const imported = await Promise.all([
    place.tailgate([...IMPORT, ...bases, ...FOR, "base.json"]),
    place.tailgate([...IMPORT, await csv("a.csv", 100, 1), await csv("b.csv", 101, 1), ...FOR, "equal.json"]),
    place.tailgate([...IMPORT, await csv("c.csv", 100, 1.3), await csv("d.csv", 101, 1.3), ...FOR, "slower.json"]),
  ]);
  for (const { code, stderr } of imported) expect(code, stderr).toBe(0);
  expect(imported[0]?.stderr).toContain("base-8.csv → base-8.json");
  return opened.close;
});

const bases = (count: number) => Array.from({ length: count }, (_, i) => ["--base", `base-${i + 1}.json`]).flat();
const heads = (...names: readonly string[]) => names.flatMap((name) => ["--head", `${name}.json`]);
const compare = (...args: readonly (readonly string[])[]) => place.tailgate(["compare", "--suite", "suite.yaml", ...args.flat()]);

describe("stored runs are compared", () => {
  test("a head 30 % slower than eight base runs fails", async () => {
    const ended = await compare(bases(8), heads("slower-1"));
    expectNotPassed(place, ended, 1, "fail");
    const verdict = place.verdict();
    expect(verdict.evidence).toBe("stored");
    const p50 = verdict.scenarios[0]!.metrics.find(({ metric }) => metric === "latency.p50")!;
    expect(p50).toMatchObject({ gated: true, verdict: "fail" });
    expect(p50.delta!.relative).toBeCloseTo(0.3, 1);
    expect(p50.delta!.low).toBeGreaterThan(0.2);
    expect(ended.stdout).toContain("slower");
  });

  test("a head 30 % slower fails with a confirmation run too", async () => {
    expectNotPassed(place, await compare(bases(8), heads("slower-1", "slower-2")), 1, "fail");
  });

  test("an equal head passes, with one run or two", async () => {
    const ended = await compare(bases(8), heads("equal-1"));
    expect(ended.code, ended.stdout).toBe(0);
    expect(place.verdict()).toMatchObject({ verdict: "pass", evidence: "stored" });
    const both = await compare(bases(8), heads("equal-1", "equal-2"));
    expect(both.code, both.stdout).toBe(0);
    expect(place.verdict().scenarios[0]!.metrics[0]!.head!.n).toBe(2000);
  });

  test("a second head that is not slower keeps a failure from being certain", async () => {
    expectNotPassed(place, await compare(bases(8), heads("slower-1", "equal-1")), 3, "inconclusive");
  });

  test("one base run is a beginning, and passes nothing", async () => {
    const ended = await compare(bases(1), heads("equal-1"));
    expectNotPassed(place, ended, 3, "inconclusive");
    expect(place.verdict().evidence).toBe("single");
    expect(ended.stdout).toContain("learning: one stored run, 2 more to go");
  });

  test("without a base there is no baseline", async () => {
    const ended = await compare(heads("equal-1"));
    expectNotPassed(place, ended, 3, "no-baseline");
    expect(ended.stdout).toContain("--base RUN.json");
  });

  test("gates may be changed for one comparison, since they are not part of the workload", async () => {
    const gates = ["p50", "p95"].flatMap((p) => ["--set", `scenarios.steady.gates.latency.${p}.regression=60%`]);
    const ended = await compare(bases(8), heads("slower-1"), gates);
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
  });

  test("a head of a suite that gained another scenario is compared in the one that stayed", async () => {
    const burst = "  - { name: burst, load: { concurrency: 4, duration: 10s }, gates: { errors.ratio: { limit: 1% } } }\n";
    const more = suite({ ...COMPARED, more: burst });
    await place.write("more.yaml", more);
    await place.write("e.csv", samplesCsv({ seed: 100, factor: 1.3 }));
    const again = await place.tailgate([...IMPORT, "e.csv", "--suite", "more.yaml", "--scenario", "steady", "--out", "more.json"]);
    expect(again.code, again.stderr).toBe(0);
    const ended = await place.tailgate(["compare", "--suite", "more.yaml", ...bases(8), ...heads("more")]);
    expectNotPassed(place, ended, 1, "fail");
    expect(place.verdict().evidence).toBe("stored");
  });

  test("a head of another workload is refused with both digests", async () => {
    const ended = await compare(bases(8), heads("equal-1"), ["--set", "seed=7"]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/equal-1\.json was measured with another suite \(digest [0-9a-f]{12}, this one is [0-9a-f]{12}\)/);
  });
});

describe("samples", () => {
  test("with a mistake are refused by line and column", async () => {
    await place.write("bad.csv", "at_ms,latency_ms,outcome\n0,20,ok\n10,fast,ok\n");
    const ended = await place.tailgate([...IMPORT, "bad.csv", ...FOR, "bad.json"]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/^bad\.csv:3:4: latency_ms is not a number/m);
    expect(place.exists("bad.json")).toBe(false);
  });
});

describe("attempts of one head", () => {
  const problemCodes = () => place.verdict().problems.map(({ code }) => code);

  test("count once where a run is named twice, with a warning and the same numbers", async () => {
    await compare(bases(8), heads("slower-1"));
    const once = place.verdict();
    const ended = await compare(bases(8), heads("slower-1", "slower-1"));
    expectNotPassed(place, ended, 1, "fail");
    expect({ ...place.verdict(), problems: once.problems }).toEqual(once);
    expect(problemCodes()).toEqual([...once.problems.map(({ code }) => code), "attempt-refused"]);
    expect(ended.stdout).toContain("slower-1.json: it is a copy of a run that counts already");
  });

  test("give the same verdict in whatever order they are named, and are told of", async () => {
    await compare(bases(8), heads("slower-1", "slower-2"));
    const verdict = place.verdict();
    expect(verdict.attempts).toMatchObject([{ origin: "slower-1.json", requests: 1000 }]);
    expect(place.read("tailgate-out/comment.md")).toContain("1 earlier attempt of this code counts into this verdict");
    await compare(bases(8), heads("slower-2", "slower-1"));
    expect(place.verdict()).toEqual(verdict);
  });
});
