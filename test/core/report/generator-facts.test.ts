import { expect, test } from "vitest";
import { generatorFacts } from "../../../src/core/report/generator-facts.ts";
import { makeRecord } from "./fixtures.ts";

const valueOf = (label: string, record: ReturnType<typeof makeRecord>) =>
  generatorFacts([record]).find((fact) => fact.label === label)?.value;
const record = makeRecord(["steady"], { head: { blocks: 4 } });

test("the generator's state is told over all blocks", () => {
  expect(valueOf("Generator's state", record)).toBe(
    "paused in 1 of 40 s, longest turn of the event loop 34 ms, sender busy 8 %, garbage collection 0.11 %, machine busy 35 %, steal 0.2 %",
  );
  expect(valueOf("Generator error", record)).toMatch(
    /^release p99 800 µs, latency bias p50 310 µs, p99 1\.1 ms \(150 requests at 100\/s\)/,
  );
});

test("what a machine does not tell is not called zero", () => {
  const [scenario] = record.scenarios;
  const blocks = scenario!.arms.head!.blocks.map(({ generator, ...block }) => ({
    ...block,
    generator: { ...generator!, stealRatio: undefined, machineBusyRatio: undefined },
  }));
  const silent = { ...record, scenarios: [{ ...scenario!, arms: { head: { ...scenario!.arms.head!, blocks } } }] };
  expect(valueOf("Generator's state", silent)).toMatch(/machine busy not known, steal not known$/);
});

test("a record without readings or calibration, from before or from another tool, has no such facts", () => {
  const { calibration, ...rest } = record;
  const [scenario] = record.scenarios;
  const blocks = scenario!.arms.head!.blocks.map(({ generator, ...block }) => block);
  const old = { ...rest, scenarios: [{ ...scenario!, arms: { head: { ...scenario!.arms.head!, blocks } } }] };
  expect(generatorFacts([old]).map(({ label }) => label)).toEqual(["Measured time", "Generator's own delay", "Generator error"]);
});
