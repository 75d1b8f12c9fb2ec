import { chmod } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { serve } from "../io/load/endpoint.ts";
import { counting, sleeping } from "./answers.ts";
import { expectNotPassed } from "./expectations.ts";
import { EASY_LIMIT, SHORT_BLOCKS, suite } from "./suites.ts";
import { type Workplace, workplace } from "./tailgate.ts";

/** Blocks of one second, so that some are whole when the run is cancelled; a gate that they keep. */
const LONG = suite({ load: "rate: 100/s, duration: 1m", gates: EASY_LIMIT, more: SHORT_BLOCKS });

/** Starts a run, and waits until its load has been on for more than a second. */
async function inTheMiddle(place: Workplace, environment?: Readonly<Record<string, string>>) {
  const { listener, count } = counting(sleeping(20));
  const run = place.start(["run", "suite.yaml", "--endpoint", await serve(listener)], environment);
  await expect.poll(count, { timeout: 20_000, interval: 50 }).toBeGreaterThan(125);
  return { run, count };
}

describe("a run that is cancelled in the middle of its load", () => {
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    test(`by ${name} ends within 3 s with exit code 130, keeps its whole blocks and has no verdict but invalid`, async () => {
      const place = await workplace({ "suite.yaml": LONG });
      const { run, count } = await inTheMiddle(place);
      const asked = performance.now();
      run.signal(name);
      const ended = await run.ended;
      expect(performance.now() - asked).toBeLessThan(3000);
      expectNotPassed(place, ended, 130, "invalid");
      expect(ended.stderr).toContain("cancelled: keeping what was measured");
      expect(ended.stdout).toContain("cancelled before it was complete");
      const record = place.record();
      expect(record.status).toBe("cancelled");
      const blocks = record.scenarios[0]!.arms.head!.blocks;
      expect(blocks.length).toBeGreaterThanOrEqual(1);
      expect(blocks.length).toBeLessThan(30);
      expect(blocks.reduce((sum, block) => sum + block.offered, 0)).toBeLessThanOrEqual(count());

      const compared = await place.tailgate(["compare", "--suite", "suite.yaml", "--head", "tailgate-out/run.json"]);
      expectNotPassed(place, compared, 3, "invalid");
    });
  }

  test("is refused as a baseline, and not kept as one", async () => {
    const place = await workplace({ "suite.yaml": LONG });
    const { run } = await inTheMiddle(place);
    run.signal("SIGINT");
    await run.ended;
    const record = place.read("tailgate-out/run.json");
    await place.write("whole.json", record.replace('"status": "cancelled"', '"status": "complete"'));
    await place.write("half.json", record);
    const compared = await place.tailgate(["compare", "--suite", "suite.yaml", "--head", "whole.json", "--base", "half.json"]);
    expect(place.verdict().evidence).toBe("none");
    expect(compared.code).not.toBe(1);
    expect(place.read("tailgate-out/comment.md")).toContain("the run is not complete (cancelled)");
  });

  test("by SIGKILL leaves a record that no comparison calls a pass, and no verdict of an earlier run", async () => {
    const place = await workplace({ "suite.yaml": LONG, "tailgate-out/verdict.json": '{ "verdict": "pass" }' });
    const { run } = await inTheMiddle(place);
    run.signal("SIGKILL");
    expect((await run.ended).code).toBe(null);
    expect(place.record().status).toBe("aborted");
    expect(place.exists("tailgate-out/verdict.json")).toBe(false);
    expectNotPassed(place, await place.tailgate(["compare", "--suite", "suite.yaml", "--head", "tailgate-out/run.json"]), 3, "invalid");
  });
});

describe("a run that is cancelled before its load", () => {
  test("ends within 3 s with exit code 130 while it waits for the endpoint", async () => {
    const place = await workplace({ "suite.yaml": suite({ ready: "timeout: 1m" }) });
    const run = place.start(["run", "suite.yaml", "--endpoint", "http://127.0.0.1:9"]);
    await run.says("waiting for the head endpoint");
    const asked = performance.now();
    run.signal("SIGINT");
    const ended = await run.ended;
    expect(performance.now() - asked).toBeLessThan(3000);
    expectNotPassed(place, ended, 130, "invalid");
    expect(place.record()).toMatchObject({ status: "cancelled", scenarios: [] });
  });

  test("ends at once at the second signal, whatever it waits for", async () => {
    // A git that never answers holds the run up before anything hears of a cancel.
    const place = await workplace({ "suite.yaml": LONG, "bin/git": '#!/bin/sh\ntouch "$HOME/asked"\nexec sleep 4\n' });
    await chmod(place.path("bin/git"), 0o755);
    const run = place.start(["run", "suite.yaml", "--endpoint", await serve(sleeping(1))], {
      PATH: `${place.path("bin")}:${process.env["PATH"]}`,
    });
    await expect.poll(() => place.exists("asked"), { timeout: 20_000 }).toBe(true);
    run.signal("SIGINT");
    await run.says("once more to stop at once");
    const again = performance.now();
    run.signal("SIGTERM");
    const ended = await run.ended;
    expect(performance.now() - again).toBeLessThan(1500);
    expect(ended.code).toBe(130);
    expect(place.exists("tailgate-out/verdict.json")).toBe(false);
  });
});
