import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, type TestContext, test } from "vitest";
import { cutTelemetry } from "../../../src/core/telemetry/cut.ts";
import { localGpus, type SampledSource } from "../../../src/core/telemetry/scrape.ts";
import { probeTelemetry, startSampler } from "../../../src/io/telemetry/sampler.ts";
import { source } from "../../core/telemetry/sampled.ts";
import { type Behaviour, standIn } from "./stand-in.ts";

const now = () => process.hrtime.bigint();
const local = (gpus = "all") => source({ kind: "nvidia-smi", url: localGpus(gpus), intervalS: 0.1 });

/** Samples a stand-in until `until` is true of what was sampled. */
async function play(
  test: Pick<TestContext, "onTestFinished">,
  behaviour: Behaviour,
  until: (sampled: SampledSource) => boolean,
  gpus = "all",
) {
  const { program, calls } = standIn(test, behaviour);
  const sampler = startSampler([{ source: local(gpus), arm: "both", url: localGpus(gpus) }], now, {
    nvidiaSmi: { path: program, patienceS: behaviour.after?.does === "hang" ? 3 : 10 },
  });
  test.onTestFinished(async () => void (await sampler.stop()));
  const startNs = now();
  while (!until(sampler.soFar()[0]!)) {
    if (Number(now() - startNs) > 20e9) throw new Error(`it never came so far: ${JSON.stringify(sampler.soFar()[0]!.firstFailure)}`);
    await sleep(20);
  }
  const [sampled] = await sampler.stop();
  return { sampled: sampled!, startNs, endNs: now(), calls: readFileSync(calls, "utf8").trim().split("\n") };
}

const has = (scrapes: number) => (sampled: SampledSource) => sampled.scrapes.length >= scrapes;
const GPUS = ["/GPU-00000000-aaaa-bbbb-cccc-000000000000", "/GPU-00000001-aaaa-bbbb-cccc-000000000000"];

describe.concurrent("a recorded session of nvidia-smi, played back", () => {
  test("becomes our metrics, moment by moment, of all GPUs", async (context) => {
    const { sampled, calls, startNs, endNs } = await play(context, { processes: [`${GPUS[0]!.slice(1)}, 10309, ./gpu_burn, -d`] }, has(7));
    // The first answer is that of a single query; the loop begins with the same moment.
    const [first, idle, loaded, capped] = sampled.scrapes.map(({ scrape }) => scrape);
    expect(idle!.gauges).toEqual(first!.gauges);
    expect(idle!.gauges).toMatchObject({ "gpu.utilization": 0, "gpu.power": expect.closeTo(155.42), "gpu.temperature": 28 });
    expect(loaded!.gauges).toEqual({
      "gpu.utilization": 0.5,
      "gpu.memory.utilization": 0.035,
      "gpu.memory.used": 32_362 * 1024 ** 2,
      "gpu.memory.peak": 32_362 * 1024 ** 2,
      "gpu.power": expect.closeTo(705.11),
      "gpu.temperature": 52,
      "gpu.sm_clock": 1_162_500_000,
    });
    expect(capped).toMatchObject({
      throttleBits: { [GPUS[0]!]: 4, [GPUS[1]!]: 0 },
      powerCappedNs: { [GPUS[0]!]: 8e8, [GPUS[1]!]: 0 },
      errorCounts: { [`uncorrected ECC errors on ${GPUS[0]}`]: 0 },
    });
    expect(capped!.gpus).toEqual(GPUS.map((key) => ({ key, uuid: key.slice(1), model: "NVIDIA H200", driver: "590.48.01" })));
    expect(sampled.scrapes.some(({ scrape }) => scrape.processes?.[GPUS[0]!]?.[0] === "10309 ./gpu_burn, -d")).toBe(true);
    expect(sampled).toMatchObject({ failures: 0, firstFailure: undefined });
    // One process for the list of fields, one for the first answer, one for all others, one that looks for processes.
    expect(calls.map((call) => call.replace(/[= ].*/, "")).toSorted()).toEqual([
      "--help-query-gpu",
      "--query-compute-apps",
      "--query-gpu",
      "--query-gpu",
    ]);
    const { gauges, problems } = cutTelemetry([sampled], [{ key: "a", arm: "head", startNs, endNs, ok: 10 }]);
    expect(gauges.get("a")!["gpu.memory.peak"]!.max).toBe(64_724 * 1024 ** 2);
    expect(problems.map(({ code }) => code)).toEqual(expect.arrayContaining(["gpu-power-capped", "gpu-energy-integrated"]));
  });

  test("of one GPU of several asks for that one", async (context) => {
    const { sampled, calls } = await play(context, {}, has(3), "1");
    expect(sampled.scrapes.at(-1)!.scrape.gpus.map(({ key }) => key)).toEqual([GPUS[1]]);
    expect(calls.filter((call) => call.startsWith("--query")).every((call) => / -i 1( |$)/.test(call))).toBe(true);
  });

  test("that dies in the middle is started again, and the failure is kept with its reason", async (context) => {
    const { sampled } = await play(context, { after: { answers: 2, does: "die" } }, has(7));
    expect(sampled).toMatchObject({
      failures: 1,
      firstFailure:
        'nvidia-smi stopped: it ended with status 15 and said "Unable to determine the device handle for GPU 0000:83:00.0: GPU is lost."',
    });
  });

  test("that prints garbage is not believed, and what it says is kept", async (context) => {
    const { sampled } = await play(context, { after: { answers: 2, does: "garbage" } }, ({ failures }) => failures >= 3);
    expect(sampled.scrapes).toHaveLength(3);
    expect(sampled.firstFailure).toBe('nvidia-smi said "Failed to initialize NVML: Driver/library version mismatch"');
  });

  test("that floods us with a line without end is ended", async (context) => {
    const { sampled } = await play(context, { after: { answers: 1, does: "flood" } }, has(5));
    expect(sampled.firstFailure).toMatch(/^nvidia-smi stopped: it printed more than \d+ characters without a line's end$/);
  });

  test("that hangs is ended after a while and started again", async (context) => {
    const { sampled } = await play(context, { after: { answers: 1, does: "hang" } }, has(4));
    expect(sampled).toMatchObject({ failures: 1, firstFailure: "nvidia-smi stopped: it gave no sample for 3 s" });
  });

  test("that hangs does not hold up the end of the run", async (context) => {
    const { program } = standIn(context, { after: { answers: 1, does: "hang" } });
    const sampler = startSampler([{ source: local(), arm: "both", url: localGpus("all") }], now, {
      nvidiaSmi: { path: program, patienceS: 10 },
    });
    while (sampler.soFar()[0]!.scrapes.length < 2) await sleep(20);
    const startMs = performance.now();
    const [sampled] = await sampler.stop();
    expect(performance.now() - startMs).toBeLessThan(2000);
    expect([sampled!.scrapes.length, sampled!.failures]).toEqual([2, 0]);
  });

  test("that loses a GPU tells of the others, and the run is invalid", async (context) => {
    const { sampled, startNs, endNs } = await play(context, { after: { answers: 3, does: "lose-a-gpu" } }, has(7));
    expect(sampled.scrapes.at(-1)!.scrape.gpus).toHaveLength(1);
    const { problems } = cutTelemetry([sampled], [{ key: "a", arm: "head", startNs, endNs, ok: 10 }]);
    expect(problems).toContainEqual(expect.objectContaining({ severity: "invalid", code: "gpu-set-changed" }));
  });
});

describe.concurrent("an nvidia-smi that does not know every field", () => {
  const capped = (sampled: SampledSource) => sampled.scrapes.some(({ scrape }) => Object.values(scrape.throttleBits).includes(4));

  test("is not asked for those that it does not list", async (context) => {
    const unknown = ["clocks_event_reasons_counters.sw_power_cap", "power.draw.instant", "mig.mode.current"];
    const { sampled, calls } = await play(context, { unknown }, has(3));
    expect(calls.filter((call) => unknown.some((field) => call.includes(field)))).toEqual([]);
    expect(sampled).toMatchObject({ failures: 0 });
    expect(sampled.scrapes.at(-1)!.scrape.powerCappedNs).toEqual({});
  });

  test("is asked again without those that it lists and refuses", async (context) => {
    const { sampled, calls } = await play(context, { refused: ["utilization.memory", "clocks.sm"] }, has(3));
    expect(calls.filter((call) => call.startsWith("--query-gpu"))).toHaveLength(4);
    expect(Object.keys(sampled.scrapes.at(-1)!.scrape.gauges)).toEqual([
      "gpu.utilization",
      "gpu.memory.used",
      "gpu.memory.peak",
      "gpu.power",
      "gpu.temperature",
    ]);
  });

  test("and is older than the word event is asked by the older names", async (context) => {
    const { sampled, calls } = await play(context, { old: true }, capped);
    expect(calls.some((call) => call.includes("clocks_throttle_reasons.active"))).toBe(true);
    expect(sampled.failures).toBe(0);
  });

  test("and lists none is asked by names that all know", async (context) => {
    const { sampled } = await play(context, { help: "none", refused: ["ecc.errors.uncorrected.volatile.total"] }, capped);
    expect(sampled.failures).toBe(0);
  });
});

describe("the probe of nvidia-smi", () => {
  test("accepts one that answers", async (context) => {
    expect(
      await probeTelemetry({ source: local(), arm: "both", url: localGpus("all") }, undefined, {
        nvidiaSmi: { path: standIn(context).program, patienceS: 10 },
      }),
    ).toEqual({ ok: true });
  });

  test("says that there is none", async () => {
    expect(
      await probeTelemetry({ source: local(), arm: "both", url: localGpus("all") }, undefined, {
        nvidiaSmi: { path: "/nowhere/nvidia-smi", patienceS: 10 },
      }),
    ).toEqual({
      ok: false,
      reason: "nvidia-smi: there is no such program on this machine",
    });
  });

  test("says what another program answers", async () => {
    expect(
      await probeTelemetry({ source: local(), arm: "both", url: localGpus("all") }, undefined, {
        nvidiaSmi: { path: "true", patienceS: 10 },
      }),
    ).toEqual({
      ok: false,
      reason: 'nvidia-smi: it said "", which is no answer',
    });
    const result = await probeTelemetry({ source: local(), arm: "both", url: localGpus("all") }, undefined, {
      nvidiaSmi: { path: "false", patienceS: 10 },
    });
    expect(result).toEqual({ ok: false, reason: "nvidia-smi: it ended with status 1" });
  });

  test("does not hand the secrets of this process to a program", async (context) => {
    process.env["TAILGATE_TEST_TOKEN"] = "hunter2hunter2";
    context.onTestFinished(() => void delete process.env["TAILGATE_TEST_TOKEN"]);
    const { program } = standIn(context);
    writeFileSync(program, `#!${process.execPath}\nconsole.log(JSON.stringify(Object.keys(process.env)));`);
    chmodSync(program, 0o755);
    const result = await probeTelemetry({ source: local(), arm: "both", url: localGpus("all") }, undefined, {
      nvidiaSmi: { path: program, patienceS: 10 },
    });
    expect(result).toMatchObject({ ok: false, reason: expect.stringContaining("PATH") });
    expect(JSON.stringify(result)).not.toContain("TAILGATE_TEST_TOKEN");
  });
});
