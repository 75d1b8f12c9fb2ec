import { expect, test } from "vitest";
import { parseSuite } from "../../../src/core/suite/parse.ts";
import { DEMO_SUITE, DEMO_VARIABLES } from "../../../src/io/demo/demo-suite.ts";

const { suite } = parseSuite(DEMO_SUITE, "demo.yaml");
const [scenario, ...others] = suite.scenarios;
const load = scenario!.load.kind === "open" ? scenario!.load : undefined;

test("the demo's suite gates the tail of one scenario, errors, throughput and GPU memory", () => {
  expect(others).toEqual([]);
  expect(scenario!.gates.map(({ metric }) => metric).sort()).toEqual([
    "errors.ratio",
    "gpu.memory.peak",
    "latency.p50",
    "latency.p99",
    "throughput",
  ]);
});

test("its two runs of two arms take less than two minutes", () => {
  expect(typeof scenario!.warmUp).toBe("number");
  expect(4 * (load!.durationS + (scenario!.warmUp as number))).toBeLessThan(105);
});

test("its arms hold enough requests beyond p99 for a claim that it did not move", () => {
  expect(load!.ratePerS * load!.durationS * 0.01).toBeGreaterThan(30);
});

test("its telemetry comes from the variables that it names", () => {
  const urls = { url: `\${env:${DEMO_VARIABLES.head}}`, baselineUrl: `\${env:${DEMO_VARIABLES.base}}` };
  expect(suite.telemetry).toMatchObject(["dcgm", "process", "prometheus"].map((kind) => ({ kind, ...urls })));
});
