import { beforeAll, describe, expect, test } from "vitest";
import { serve } from "../io/load/endpoint.ts";
import { counting, sleeping } from "./answers.ts";
import { expectNotPassed, expectRefused } from "./expectations.ts";
import { samplesCsv } from "./samples.ts";
import { CALM_LOAD, suite } from "./suites.ts";
import { openWorkplace, workplace } from "./tailgate.ts";

const SUITE = suite({ load: CALM_LOAD, gates: "latency.p50: { regression: 10% }" });

const FOR = ["--suite", "suite.yaml", "--scenario", "steady", "--out"];

/** A stored run of the suite, made from samples; `latency.p50` is 20 ms, a fifth of what the endpoint of these tests takes. */
let stored = "";
beforeAll(async () => {
  const place = await openWorkplace({ "suite.yaml": SUITE, "a.csv": samplesCsv({ seed: 1 }) });
  const ended = await place.tailgate(["import", "samples", "a.csv", ...FOR, "a.json"]);
  expect(ended.code, ended.stderr).toBe(0);
  stored = place.read("a.json");
  await place.close();
});

describe("a baseline that is no run record exits 2, before any request", () => {
  /** The words on stderr for a baseline file with this text. */
  async function refused(text: string, ...words: readonly (string | RegExp)[]): Promise<void> {
    const { listener, count } = counting(sleeping(1));
    const place = await workplace({ "suite.yaml": SUITE, "base.json": text });
    const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", await serve(listener), "--baseline", "base.json"]);
    expectRefused(place, ended, "base.json", ...words);
    expect(count()).toBe(0);
  }

  test("when it is cut short", async () => {
    await refused(stored.slice(0, stored.length / 2), "JSON", "record the run again");
  });

  test("when it is another JSON file", async () => {
    await refused('{ "name": "package" }', "is not a run record", "no schema number", "run.json");
  });

  test("when a histogram in it is damaged", async () => {
    await refused(stored.replace(/("latency": ")[^"]{40}/, "$1AAAA"), "is not a run record", "record the run again");
  });

  test("when it was written by a newer or an older version", async () => {
    await refused(stored.replace('"schema": 1', '"schema": 2'), "written by a newer tailgate", "the same version of tailgate");
    await refused(stored.replace('"schema": 1', '"schema": 0'), "written by an older tailgate", "record the run again");
  });

  test("when it does not exist", async () => {
    const { listener, count } = counting(sleeping(1));
    const place = await workplace({ "suite.yaml": SUITE, "base.json": stored });
    const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", await serve(listener), "--baseline", "bse.json"]);
    expectRefused(place, ended, "there is no baseline bse.json", "base.json");
    expect(count()).toBe(0);
  });
});

describe("a baseline that does not fit", () => {
  test("is refused with both digests when it was measured with another workload, and there is no baseline", async () => {
    const place = await workplace({ "suite.yaml": SUITE, "base.json": stored });
    const run = ["run", "suite.yaml", "--endpoint", await serve(sleeping(100)), "--baseline", "base.json", "--set", "seed=7"];
    const ended = await place.tailgate(run);
    expectNotPassed(place, ended, 3, "no-baseline");
    const theirs = (JSON.parse(stored) as { suite: { digest: string } }).suite.digest.slice(0, 12);
    const ours = place.record().suite.digest.slice(0, 12);
    expect(ours).not.toBe(theirs);
    for (const digest of [ours, theirs]) {
      expect(ended.stdout).toContain(digest);
      expect(place.verdict().reasons.join("\n")).toContain(digest);
    }
  });

  test("in a folder does not keep the others from serving, and is named", async () => {
    const place = await workplace({ "suite.yaml": SUITE, "runs/good.json": stored, "runs/bad.json": "{" });
    const run = ["run", "suite.yaml", "--endpoint", await serve(sleeping(100)), "--baseline", "runs"];
    expect((await place.tailgate(run)).code).not.toBe(2);
    expect(place.verdict().evidence).toBe("single");
    expect(place.read("tailgate-out/comment.md")).toContain("bad.json");
  });
});

describe("stored baselines", () => {
  test("are kept by --save-baseline, and one run of an equal endpoint decides nothing yet", async () => {
    const url = await serve(sleeping(100));
    const place = await workplace({ "suite.yaml": SUITE });
    const first = await place.tailgate(["run", "suite.yaml", "--endpoint", url, "--save-baseline", "runs"]);
    expectNotPassed(place, first, 3, "no-baseline");
    expect(first.stderr).toMatch(/kept as a baseline: runs\/small\/.*\.json/);
    const second = await place.tailgate(["run", "suite.yaml", "--endpoint", url, "--baseline", "runs"]);
    expectNotPassed(place, second, 3, "inconclusive");
    expect(place.verdict().evidence).toBe("single");
    expect(second.stdout).toContain("learning: one stored run, 2 more to go");
  });

  test("of three runs are evidence enough to see an endpoint that takes five times as long", async () => {
    const samples = Object.fromEntries([1, 2, 3].map((seed) => [`${seed}.csv`, samplesCsv({ seed })]));
    const place = await workplace({ "suite.yaml": SUITE.replace("duration: 1s", "duration: 3s"), ...samples });
    await place.tailgate(["import", "samples", ...Object.keys(samples), ...FOR, "runs/base.json"]);
    const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", await serve(sleeping(100)), "--baseline", "runs"]);
    expectNotPassed(place, ended, 1, "fail");
    expect(place.verdict().evidence).toBe("stored");
    expect(ended.stdout).toMatch(/^FAIL {2}latency\.p50 in steady got worse by [45]\d\d %/);
  });
});

describe("policies", () => {
  test("say what an inconclusive verdict does to the exit code, and never change the verdict", async () => {
    const place = await workplace({ "suite.yaml": SUITE, "base.json": stored, "head.json": stored });
    const compare = async (policy: string) => {
      const files = ["--suite", "suite.yaml", "--base", "base.json", "--head", "head.json", "--out", policy];
      const { code, stdout } = await place.tailgate(["compare", ...files, "--on-inconclusive", policy]);
      expect(stdout).toContain(`on-inconclusive: ${policy}`);
      return { code, verdict: place.verdict(policy).verdict };
    };
    const ended = await Promise.all(["fail", "warn", "pass"].map(compare));
    expect(ended).toEqual([1, 0, 0].map((code) => ({ code, verdict: "inconclusive" })));
  });

  test("say the same of an invalid run, and of no other doubt than the one they name", async () => {
    const place = await workplace({ "suite.yaml": SUITE });
    const run = async (out: string, ...policies: readonly string[]) => {
      const { code } = await place.tailgate(["run", "suite.yaml", "--endpoint", "http://127.0.0.1:9", "--out", out, ...policies]);
      return { code, verdict: place.verdict(out).verdict };
    };
    const ended = await Promise.all([
      run("a", "--on-invalid", "fail"),
      run("b", "--on-invalid", "pass"),
      run("c", "--on-inconclusive", "pass", "--on-no-baseline", "pass"),
    ]);
    expect(ended).toEqual([1, 0, 3].map((code) => ({ code, verdict: "invalid" })));
  });
});
