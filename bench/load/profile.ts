// Where the engine's time goes: node bench/load/profile.ts [USERS | RATE/s] [SECONDS] [ROWS]
//
// Drives the fast server in a closed loop (64 users) or an open one (`1000/s`) with the V8 profiler running in this
// thread and prints the functions with the most time of their own. Other threads, the pacer's among them, show only in
// the CPU of the process. The whole profile is left in .cache/bench-load.cpuprofile, for the browser's developer tools.
import { mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { Session } from "node:inspector/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { drive, type EngineJob } from "./engine.ts";
import { SMALL_POST } from "./payload.ts";
import { openFastServer } from "./servers/fast-server.ts";
import { printTable } from "./table.ts";

const FILE = ".cache/bench-load.cpuprofile";
const [, , what = "64", seconds = "6", rows = "40"] = process.argv;

const folder = await mkdtemp(join(tmpdir(), "tailgate-profile-"));
const server = await openFastServer(folder);
const job = (durationS: number): EngineJob => ({
  load: what.endsWith("/s")
    ? { kind: "open", ratePerS: Number.parseFloat(what), durationS, arrivals: "constant" }
    : { kind: "closed", concurrency: Number(what), durationS },
  request: { url: server.url, body: SMALL_POST, numbered: false },
  protocol: "raw",
  threads: 1,
});
const session = new Session();
session.connect();
try {
  // What is compiled in the first seconds belongs to no request.
  await drive(job(2));
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: 500 });
  const before = process.cpuUsage();
  await session.post("Profiler.start");
  const { offered, ok } = await drive(job(Number(seconds)));
  const { profile } = await session.post("Profiler.stop");
  const { user, system } = process.cpuUsage(before);
  mkdirSync(".cache", { recursive: true });
  writeFileSync(FILE, JSON.stringify(profile));

  const selfUs = new Map<string, number>();
  const byId = new Map(profile.nodes.map((node) => [node.id, node]));
  for (const [i, id] of (profile.samples ?? []).entries()) {
    const { functionName, url, lineNumber } = byId.get(id)!.callFrame;
    const file = url.startsWith("file:") ? relative(process.cwd(), fileURLToPath(url)) : url;
    const where = `${functionName || "(anonymous)"} ${file === "" ? "" : `${file}:${lineNumber + 1}`}`.trim();
    selfUs.set(where, (selfUs.get(where) ?? 0) + (profile.timeDeltas?.[i] ?? 0));
  }
  const busyUs = [...selfUs].reduce((sum, [where, us]) => sum + (where === "(idle)" ? 0 : us), 0);
  const each = (us: number) => `${(us / offered).toFixed(1)} µs`;
  console.log(`${what.endsWith("/s") ? what : `${what} users`} for ${seconds} s: ${offered} requests, ${ok} ok, ${server.name}`);
  console.log(
    `CPU per request: ${each(user + system)} in all threads (${each(user)} user, ${each(system)} system), ${each(busyUs)} busy in this one\n`,
  );
  const top = [...selfUs].sort(([, a], [, b]) => b - a).slice(0, Number(rows));
  printTable({
    title: "self time",
    head: ["function", "share of busy time", "µs per request"],
    rows: top.map(([where, us]) => [where, where === "(idle)" ? "–" : `${((100 * us) / busyUs).toFixed(1)} %`, (us / offered).toFixed(2)]),
  });
  console.log(`\nThe whole profile: ${FILE}`);
} finally {
  session.disconnect();
  await server.close();
  await rm(folder, { recursive: true });
}
