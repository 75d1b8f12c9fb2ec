// How truly the load engine measures, on this machine, in a minute: node bench/load/accuracy.ts
//
// 1. The stall: a server answers in 5 ms, except that everything arriving within one second of fifteen waits for the end
//    of that second. 1/15 of 1,500 requests are then delayed evenly by 0 to 1 s, so the true quantiles are known.
// 2. Release: how late requests leave at 50, 200 and 1000 per second, as the engine itself records it, and how evenly
//    they arrive, as the server sees it.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { cpus, loadavg } from "node:os";
import { text } from "node:stream/consumers";
import type { DistributionName } from "../../src/core/metric.ts";
import type { PreparedRequest, Segment } from "../../src/core/plan/plan.ts";
import { decodeBins } from "../../src/core/record/distribution.ts";
import { openRecorder } from "../../src/core/record/recorder.ts";
import type { BlockRecord } from "../../src/core/record/run-record.ts";
import { generatorProblems } from "../../src/core/record/validity.ts";
import { quantileOf } from "../../src/core/stats/quantile.ts";
import { USUAL_ROUTE } from "../../src/io/connector.ts";
import { openDriver } from "../../src/io/load/driver.ts";

const SERVICE_MS = 5;
const STALL = { fromS: 10, toS: 11, durationS: 15, ratePerS: 100 };

/** The server, in a process of its own: `/stall?at=MS` stalls from then on, `/arrivals` tells when requests came and forgets. */
function serve(): void {
  let [stallFrom, stallTo] = [0, 0];
  let arrivals: number[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url!, "http://server");
    if (url.pathname === "/arrivals") return response.end(JSON.stringify(arrivals.splice(0)));
    const now = performance.now();
    if (url.pathname === "/stall") {
      [stallFrom, stallTo] = [now + STALL.fromS * 1000, now + STALL.toS * 1000];
      arrivals = [];
      return response.end();
    }
    arrivals.push(now);
    const wait = now >= stallFrom && now < stallTo ? stallTo - now : 0;
    setTimeout(() => response.end("ok"), wait + SERVICE_MS);
    return undefined;
  });
  server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
}

async function measure(url: string, ratePerS: number, durationS: number): Promise<BlockRecord> {
  const request: PreparedRequest = { payloadClass: "x", method: "GET", path: "/", headers: {}, body: undefined };
  const arrivalsS = Float64Array.from({ length: ratePerS * durationS }, (_, i) => i / ratePerS);
  const blocks = [{ index: 0, pair: undefined, startS: 0, durationS }];
  const segment: Segment = {
    arm: "head",
    phase: "measure",
    untilSteady: false,
    durationS,
    load: { kind: "open", arrivalsS },
    picks: new Uint32Array(arrivalsS.length),
    blocks,
  };
  const driver = openDriver({
    ...USUAL_ROUTE,
    retry: undefined,
    url,
    headers: {},
    timeoutS: 10,
    maxInFlight: 2000,
    openResponse: () => ({ start: () => {}, data: () => {}, end: (endNs) => ({ endNs, result: { kind: "ok", stream: undefined } }) }),
  });
  const recorder = openRecorder(blocks, 0, { timeoutS: 10 });
  await driver.drive(segment, [request], { onOutcome: recorder.add, signal: new AbortController().signal });
  await driver.close();
  return recorder.finish()[0]!;
}

const ms = (seconds: number | undefined): string => (seconds === undefined ? "–" : (seconds * 1000).toFixed(seconds < 0.01 ? 2 : 0));
const quantiles = (block: BlockRecord, name: DistributionName, ps: readonly number[]): readonly string[] => {
  const bins = decodeBins(block.histograms[name]!);
  return ps.map((p) => ms(quantileOf(bins, p)));
};
const row = (...cells: readonly (string | number)[]): void =>
  console.log(cells.map((cell, i) => String(cell)[i === 0 ? "padEnd" : "padStart"](i === 0 ? 34 : 9)).join(" "));
const fetchText = async (url: string): Promise<string> => {
  const [response] = (await once(get(url), "response")) as [Parameters<typeof text>[0]];
  return text(response);
};

async function bench(server: ChildProcess): Promise<void> {
  const [port] = (await once(server.stdout!, "data")) as [Buffer];
  const url = `http://127.0.0.1:${String(port).trim()}`;
  console.log(
    `${cpus().length} × ${cpus()[0]!.model.trim()}, load average ${loadavg()[0]!.toFixed(1)}, Node ${process.versions.node}; milliseconds\n`,
  );

  await measure(url, 50, 2);
  await fetchText(`${url}/stall`);
  const stall = await measure(url, STALL.ratePerS, STALL.durationS);
  const ps = [0.5, 0.9, 0.95, 0.99];
  row(`stall of ${STALL.toS - STALL.fromS} s, ${stall.offered} requests`, "p50", "p90", "p95", "p99");
  row("truth", ...ps.map((p) => ms(trueStallQuantile(p))));
  row("latency, from the intended start", ...quantiles(stall, "latency", ps));
  row("service, from the wire", ...quantiles(stall, "service", ps));

  console.log();
  row("release, requests per second", "p50", "p99", "p999", "valid", "cpu/req");
  for (const rate of [50, 200, 1000]) {
    await fetchText(`${url}/arrivals`);
    const before = process.cpuUsage();
    const block = await measure(url, rate, 8);
    const { user, system } = process.cpuUsage(before);
    const seen = (JSON.parse(await fetchText(`${url}/arrivals`)) as number[]).toSorted((a, b) => a - b);
    if (seen.length !== block.offered) throw new Error(`the server saw ${seen.length} of ${block.offered} requests`);
    const load = { kind: "open", ratePerS: rate, arrivals: "constant", durationS: 8 } as const;
    const arm = { warmUp: { durationS: 0, offered: 0, ok: 0, firstRequestS: undefined }, blocks: [block], examples: {} };
    const problems = generatorProblems({ name: "bench", load, arms: { head: arm } });
    const word = problems.length === 0 ? "yes" : problems.some(({ severity }) => severity === "invalid") ? "no" : "warned";
    const three = [0.5, 0.99, 0.999];
    row(`${rate}: lateness`, ...quantiles(block, "lateness", three));
    row(
      `${rate}: lateness + client queue`,
      ...quantiles(block, "generator", three),
      word,
      `${Math.round((user + system) / block.offered)} µs`,
    );
    row(`${rate}: latency of ${SERVICE_MS} ms`, ...quantiles(block, "latency", three));
    const offs = seen
      .slice(1)
      .map((at, i) => Math.abs(at - seen[i]! - 1000 / rate))
      .toSorted((a, b) => a - b);
    row(`${rate}: gap error at the server`, ...three.map((p) => ms(offs[Math.floor(p * (offs.length - 1))]! / 1000)));
  }
}

/** Quantile of the constructed truth: a share `1/15` waits evenly up to one second, on top of everybody's service time. */
function trueStallQuantile(p: number): number {
  const share = (STALL.toS - STALL.fromS) / STALL.durationS;
  return SERVICE_MS / 1000 + Math.max(0, ((p - (1 - share)) / share) * (STALL.toS - STALL.fromS));
}

if (process.argv[2] === "serve") serve();
else {
  const server = spawn(process.execPath, [import.meta.filename, "serve"], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    await bench(server);
  } finally {
    server.kill();
  }
}
