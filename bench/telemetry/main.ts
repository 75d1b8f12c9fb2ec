// What telemetry costs beside a load: npm run bench:telemetry [-- --seconds 60 --pairs 4]
//
// Ten endpoints are asked once a second. Prints the collector's CPU, what it keeps in memory, and the load engine's own
// delay with and without it, in alternating order.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { describeMachine, loadAverage, sentenceOf } from "../load/machine.ts";
import { median } from "../load/sample.ts";
import { openServer } from "../load/servers/server-process.ts";
import { markdownOf } from "../load/table.ts";
import type { CollectorJob, Measured } from "./collector-process.ts";
import { ENDPOINTS } from "./expositions.ts";

const { values } = parseArgs({ options: { seconds: { type: "string", default: "60" }, pairs: { type: "string", default: "4" } } });
const [durationS, pairs] = [Number(values.seconds), Number(values.pairs)];
if (!(durationS > 0 && pairs > 0)) {
  console.error("usage: bench:telemetry -- [--seconds 60] [--pairs 4]");
  process.exit(2);
}
const HEAD_S = 5;
const LOAD_S = Math.min(30, durationS);
const RATE = 200;

const endpoints = spawn(process.execPath, [new URL("./endpoints-process.ts", import.meta.url).pathname], {
  stdio: ["pipe", "pipe", "inherit"],
});
const [line] = (await once(createInterface({ input: endpoints.stdout }), "line")) as [string];
const urls = JSON.parse(line) as readonly string[];
const sizes = ENDPOINTS.map(({ textAt }) => Buffer.byteLength(textAt(1)));
const answering = await openServer(new URL("../load/servers/answer-server.ts", import.meta.url), { kind: "json" });
console.log(`${sentenceOf(describeMachine())}. Load average ${loadAverage().toFixed(1)} before.`);
console.log(
  `${urls.length} endpoints, ${Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1000)} kB a second: ${ENDPOINTS.map(({ name }, i) => `${name} ${Math.round(sizes[i]! / 1000)} kB`).join(", ")}\n`,
);

try {
  const alone = await alternating(pairs, { headS: HEAD_S, durationS, load: undefined });
  const load = {
    load: { kind: "open", ratePerS: RATE, durationS: HEAD_S + LOAD_S, arrivals: "poisson" },
    request: { url: answering.url, body: undefined, numbered: false },
    protocol: "raw",
    threads: 1,
  } as const;
  const beside = await alternating(pairs, { headS: HEAD_S, durationS: LOAD_S, load });
  const rows = [
    row("CPU of the process, % of a core", alone, ({ cores }) => cores * 100, 2),
    row(`the same beside ${RATE} requests/s`, beside, ({ cores }) => cores * 100, 2),
    row("engine's own delay p50, ms", beside, ({ delayMs }) => delayMs!.p50, 3),
    row("engine's own delay p99, ms", beside, ({ delayMs }) => delayMs!.p99, 3),
    row("engine's own delay max, ms", beside, ({ delayMs }) => delayMs!.max, 3),
  ];
  console.log(`Medians of ${pairs} runs each of ${durationS} s, ${LOAD_S} s beside the load:\n`);
  console.log(markdownOf({ title: "", head: ["", "without", "with", "difference", "ratio"], rows }));
  const collected = alone.filter(({ isWith }) => isWith).map(({ measured }) => measured);
  const asked = collected.map(({ samples, failures }) => `${samples} samples, ${failures} failures`).join("; ");
  const perSample = median(collected.map(({ keptBytes, samples }) => keptBytes / samples))!;
  console.log(
    `\nKept: ${Math.round(perSample)} B of heap a sample, ${((perSample * urls.length * 3600) / 1e6).toFixed(0)} MB for an hour of ${urls.length} endpoints. ${asked}.`,
  );
  console.log(`Load average ${loadAverage().toFixed(1)} after.`);
} finally {
  await answering.close();
  endpoints.kill();
}

type Run = { readonly isWith: boolean; readonly measured: Measured };

/** With and without in turn; which comes first alternates. */
async function alternating(times: number, job: Omit<CollectorJob, "urls">): Promise<readonly Run[]> {
  const runs: Run[] = [];
  for (let i = 0; i < times; i++)
    for (const isWith of i % 2 === 0 ? [false, true] : [true, false])
      runs.push({ isWith, measured: await measure({ ...job, urls: isWith ? urls : [] }) });
  return runs;
}

async function measure(job: CollectorJob): Promise<Measured> {
  const file = new URL("./collector-process.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, ["--expose-gc", file, JSON.stringify(job)], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const [code] = (await once(child, "close")) as [number];
  if (code !== 0) throw new Error(`the measurement ended with code ${code}`);
  return JSON.parse(text) as Measured;
}

function row(name: string, runs: readonly Run[], of: (measured: Measured) => number, digits: number): readonly string[] {
  const side = (wanted: boolean) => median(runs.filter(({ isWith }) => isWith === wanted).map(({ measured }) => of(measured)))!;
  const [without, collecting] = [side(false), side(true)];
  return [
    name,
    without.toFixed(digits),
    collecting.toFixed(digits),
    (collecting - without).toFixed(digits),
    (collecting / without).toFixed(2),
  ];
}
