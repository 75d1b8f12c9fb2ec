import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { workplace } from "../end-to-end/tailgate.ts";
import { EXAMPLE, installExample, type SileroServer, startSilero } from "./silero-server.ts";

const SUITE = join(EXAMPLE, "suite.yaml");
/** Of a fixed length, so that it ends in time; what the generator adds on this machine is measured by tests of its own. */
const SHORT = ["scenarios.steady.load.duration=6s", "scenarios.steady.warm-up=2s", "decision.budget=1", "generator.calibration=no"].flatMap(
  (change) => ["--set", change],
);

let base: SileroServer;
let equal: SileroServer;
let slower: SileroServer;
beforeAll(async () => {
  installExample();
  [base, equal, slower] = await Promise.all([startSilero(), startSilero(), startSilero("--slow", "6")]);
});
afterAll(() => {
  for (const server of [base, equal, slower]) server?.stop();
});

describe("tailgate run against the Silero model", () => {
  test("stores runs, says what grade of evidence they are, and does not block an equal head", { timeout: 240_000 }, async () => {
    const place = await workplace();
    const measure = (server: SileroServer, ...more: string[]) =>
      place.tailgate(["run", SUITE, "--endpoint", server.url, ...SHORT, ...more]);

    expect((await measure(base, "--save-baseline", "baselines")).code).toBe(3);
    expect(place.verdict().evidence).toBe("none");
    expect(place.verdict().reasons.join("\n")).toMatch(/undecided without a baseline: .*latency\.p50/);
    expect(place.record().scenarios[0]!.arms.head!.blocks.reduce((sum, { ok }) => sum + ok, 0)).toBe(180);

    await measure(base, "--baseline", "baselines", "--save-baseline", "baselines");
    expect(place.verdict().evidence).toBe("single");
    await measure(base, "--baseline", "baselines", "--save-baseline", "baselines");
    await measure(equal, "--baseline", "baselines");
    expect(place.verdict().evidence).toBe("stored");
    expect(place.verdict().verdict).not.toBe("fail");
    const p50 = place.verdict().scenarios[0]!.metrics.find(({ metric }) => metric === "latency.p50")!;
    expect(p50.base!.value).toBeGreaterThan(0.001);
    expect(p50.resolvable_margin).toBeGreaterThan(0);
  });

  test("live: an equal head does not fail, and one that hears long audio six times does not pass", { timeout: 240_000 }, async () => {
    const place = await workplace();
    const against = (head: SileroServer, duration: string) =>
      place.tailgate([
        "run",
        SUITE,
        "--endpoint",
        head.url,
        "--baseline-endpoint",
        base.url,
        ...SHORT,
        "--set",
        `scenarios.steady.load.duration=${duration}`,
      ]);

    expect((await against(equal, "8s")).code).not.toBe(1);
    expect(place.verdict().evidence).toBe("live");
    expect(place.verdict().verdict).not.toBe("fail");

    // Enough for a huge change to show, on a machine that other work disturbs.
    const { code } = await against(slower, "16s");
    const p95 = place.verdict().scenarios[0]!.metrics.find(({ metric }) => metric === "latency.p95")!;
    // Long audio is a tenth of the requests and takes six times as long: p95 lies in its middle.
    expect(p95.delta!.relative).toBeGreaterThan(0.5);
    expect(code, place.read("tailgate-out/comment.md")).not.toBe(0);
    expect(place.verdict().verdict).not.toBe("pass");
  });
});
