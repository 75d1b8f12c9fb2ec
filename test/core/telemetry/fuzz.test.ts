import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isMetricName, METRICS, type MetricName } from "../../../src/core/metric.ts";
import { cutTelemetry } from "../../../src/core/telemetry/cut.ts";
import { gpuEnvironment } from "../../../src/core/telemetry/gpu-health.ts";
import { EXPOSITION_KINDS } from "../../../src/core/telemetry/kinds.ts";
import { knownFields, nvidiaSmiFields, readNvidiaSmi, readProcesses, readRow, readRows } from "../../../src/core/telemetry/nvidia-smi.ts";
import { readScrape, type Scrape } from "../../../src/core/telemetry/scrape.ts";
import { sampled, source, window } from "./sampled.ts";

const FIXTURES = new URL("../../fixtures/telemetry/", import.meta.url);
const fixture = (name: string) => readFileSync(new URL(name, FIXTURES), "utf8");
/** Every fixture that is an exposition, whole and with any part left out. */
const EXPOSITIONS = readdirSync(FIXTURES).filter((name) => /\.(prom|json)$/.test(name));
const VALUES = ["NaN", "+Inf", "-Inf", "-1", "0", "1e308", "9223372036854775794", "140737488355328", "99999999", "x", ""];

/** A real text with some of its lines changed: other values, other labels, cut off, doubled, or nonsense. */
const damaged = (texts: readonly string[]) =>
  fc
    .tuple(
      fc.constantFrom(...texts),
      fc.nat(7),
      fc.array(
        fc.tuple(
          fc.nat(200),
          fc.oneof(
            fc.constantFrom(...VALUES).map((value) => (line: string) => line.replace(/[^ ,]*$/, value)),
            fc.nat(120).map((at) => (line: string) => line.slice(0, at)),
            fc.string({ unit: "binary", maxLength: 40 }).map((noise) => (line: string) => `${line}${noise}`),
            fc.string({ maxLength: 20 }).map((noise) => (line: string) => line.replace(/"[^"]*"/, `"${noise}"`)),
            fc.constant((line: string) => `${line}\n${line}`),
          ),
        ),
        { maxLength: 12 },
      ),
    )
    .map(([text, without, changes]) => {
      const all = text.split("\n");
      // Every so many lines one is missing, or with 0 and 1 none.
      const lines = without < 2 ? all : all.filter((_, at) => at % without > 0);
      for (const [at, change] of changes) lines[at % lines.length] = change(lines[at % lines.length]!);
      return lines.join("\n");
    });

/** Whatever was read can be used: finite numbers in the range of known metrics, and it can be cut and described. */
function isUsable(scrapes: readonly Scrape[]): void {
  for (const { gauges, energyJ, quotients = {}, totals = {} } of scrapes) {
    for (const [metric, value] of Object.entries(gauges))
      expect([metric, isMetricName(metric), Number.isFinite(value)]).toEqual([metric, true, true]);
    const counters = [energyJ, ...Object.values(totals), ...Object.values(quotients).flatMap((sides) => Object.values(sides))];
    expect(counters.flatMap((each) => Object.values(each)).every((count) => Number.isFinite(count) && count >= 0)).toBe(true);
  }
  const told = sampled({ scrapes: scrapes.map((scrape, second) => ({ atNs: BigInt(second) * 1_000_000_000n, scrape })) });
  const { gauges, problems } = cutTelemetry([told], [window("a", 0, Math.max(1, scrapes.length - 1), { tokens: 10 })]);
  for (const [metric, summary] of Object.entries(gauges.get("a")!)) {
    expect(Object.values(summary).every(Number.isFinite), metric).toBe(true);
    const { unit } = METRICS[metric as MetricName];
    const isInside = unit === "°C" || (summary.min >= 0 && (unit !== "ratio" || summary.max <= 1.05));
    expect([metric, summary.min, summary.max, isInside]).toEqual([metric, summary.min, summary.max, true]);
  }
  expect(problems.every(({ message }) => message.length > 0)).toBe(true);
  expect(gpuEnvironment([told])).toBeTypeOf("object");
}

test("a damaged exposition is read as far as it can be, and never makes a number that is none", () => {
  const texts = fc.array(damaged(EXPOSITIONS.map(fixture)), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(texts, fc.constantFrom("auto", ...EXPOSITION_KINDS), (answers, named) => {
      const results = answers.flatMap((text) => (["auto", named] as const).map((kind) => readScrape(source({ kind }), text)));
      isUsable(results.flatMap((result) => (result.kind === "scrape" ? [result.scrape] : [])));
    }),
  );
});

test("a damaged answer of nvidia-smi, too", () => {
  const [header = "", ...lines] = fixture("nvidia-smi-session.csv").trim().split("\n");
  const fields = header.split(", ");
  fc.assert(
    fc.property(damaged([lines.join("\n"), fixture("nvidia-smi-help.txt")]), fc.integer({ min: 1, max: 3 }), (text, gpus) => {
      const reader = readRows(gpus);
      const scrapes = text.split("\n").flatMap((line) => {
        const row = readRow(fields, line);
        const rows = row && reader.push(row);
        return rows === undefined ? [] : [readNvidiaSmi(rows)];
      });
      isUsable(scrapes);
      expect(readProcesses(text, scrapes[0]?.gpus ?? [])).toBeTypeOf("object");
      for (const field of knownFields(text) ?? []) expect(fields.concat(nvidiaSmiFields)).toContain(field);
    }),
  );
});

test("an exposition may hold more series than a function takes arguments", () => {
  const text = Array.from({ length: 130_000 }, (_, i) => `vllm:kv_cache_usage_perc{i="${i}"} 1\n`).join("");
  expect(readScrape(source({ kind: "vllm" }), text)).toMatchObject({ scrape: { gauges: { "kv_cache.utilization": 1 } } });
});

test("long texts are read in a time that grows with their length", () => {
  const label = `gpu="0",UUID="GPU-1",x="${"\\".repeat(50_000)}"`;
  const texts = [
    `DCGM_FI_DEV_POWER_USAGE{${label}} 1\n`.repeat(20),
    `DCGM_FI_DEV_POWER_USAGE{${"a".repeat(1_000_000)}`,
    `${"{".repeat(200_000)}\n`,
    `${'"x" or '.repeat(50_000)}\n`,
    `nvidia_smi_power_draw_watts{uuid="1"} 1\n`.repeat(50_000),
    ", ".repeat(300_000),
  ];
  const started = performance.now();
  for (const text of texts) {
    for (const kind of ["auto", "dcgm", "amd"] as const) readScrape(source({ kind }), text);
    knownFields(text);
    readRow(nvidiaSmiFields, text);
    readProcesses(text, []);
  }
  expect(performance.now() - started).toBeLessThan(10_000);
}, 60_000);
