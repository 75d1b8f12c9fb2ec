// What V8 optimizes while a load is driven: node --trace-opt test/io/load/optimizer-process.ts REQUESTS|calibration
//
// Drives a server of its own in segments of several kinds, in each of which a function of that name becomes hot. V8 writes
// to stdout what it optimizes. So many requests, or a calibration, are its chance.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { compileFunction } from "node:vm";
import type { Segment } from "../../../src/core/plan/plan.ts";
import { USUAL_ROUTE } from "../../../src/io/connector.ts";
import { calibrate } from "../../../src/io/load/calibrate.ts";
import { openDriver } from "../../../src/io/load/driver.ts";

const server = createServer((_, response) => response.end("ok")).listen(0, "127.0.0.1");
await new Promise((listening) => {
  server.once("listening", listening);
});
const driver = openDriver({
  ...USUAL_ROUTE,
  url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  headers: {},
  timeoutS: 10,
  maxInFlight: 1000,
  retry: undefined,
  openResponse: () => ({ start: () => {}, data: () => {}, end: (endNs) => ({ endNs, result: { kind: "ok", stream: undefined } }) }),
});
const request = { payloadClass: "default", method: "GET", path: "/", headers: {}, body: undefined };

async function drive(name: string, phase: Segment["phase"], load: Segment["load"], enough?: number): Promise<void> {
  // A function of its own, because one that was optimized before needs it no more.
  const code = `let sum = 0; (function ${name}() { for (const value of values) sum += value * value; })(); return sum;`;
  const hot = compileFunction(code, ["values"]) as (values: Float64Array) => number;
  const values = Float64Array.from({ length: 1000 }, (_, i) => i);
  const segment: Segment = {
    arm: "head",
    phase,
    untilSteady: false,
    durationS: enough === undefined ? 1 : 60,
    load,
    picks: new Uint32Array(1),
    blocks: [],
  };
  const ended = new AbortController();
  let outcomes = 0;
  const onOutcome = () => {
    for (let i = 0; i < 20; i++) hot(values);
    if (++outcomes === enough) ended.abort();
  };
  await driver.drive(segment, [request], { onOutcome, signal: new AbortController().signal, enough: ended.signal });
}

const open: Segment["load"] = { kind: "open", arrivalsS: Float64Array.from({ length: 200 }, (_, i) => i / 200) };
const closed: Segment["load"] = { kind: "closed", steps: [{ atS: 0, users: 4 }], thinkS: new Float64Array(), pacingS: undefined };

await drive("measuredTooEarly", "measure", open);
const chance = process.argv[2];
if (chance === "calibration") await calibrate(100, new AbortController().signal);
else await drive("runIn", "warm-up", closed, Number(chance));
await drive("measuredOpen", "measure", open);
await drive("warmUp", "warm-up", open);
await drive("measuredClosed", "measure", closed, 400);
await driver.close();
server.close();
