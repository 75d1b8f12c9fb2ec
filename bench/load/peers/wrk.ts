import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Load, Request } from "../load.ts";
import { counted, latencies, numberIn, type Peer, type Said } from "./peer.ts";

const SCRIPT = "wrk.lua";

/** A closed loop on a fixed number of connections, whatever was asked. */
export const wrk = (connections: number): Peer => ({
  name: `wrk -c ${connections}`,
  program: "wrk",
  version: ["--version"],
  command: (program, load, request, folder) => command(program, load, request, folder, connections, []),
  read,
});

/** wrk with a schedule for each of its connections. Its first ten seconds calibrate and are not recorded. */
export const wrk2 = (connections: number): Peer => ({
  name: `wrk2 -c ${connections}`,
  program: "wrk2",
  version: ["--version"],
  command(program, load, request, folder) {
    if (load.kind === "closed") throw new Error("wrk2 has no closed loop");
    return command(program, load, request, folder, connections, ["-R", String(load.ratePerS)]);
  },
  read,
});

function command(program: string, load: Load, { url, body }: Request, folder: string, connections: number, more: readonly string[]) {
  const post = body === undefined ? "" : `wrk.method = "POST"\nwrk.headers["content-type"] = "application/json"\nwrk.body = '${body}'\n`;
  const percentiles = ["50", "90", "95", "99"].map((p) => `io.write(string.format("p${p}=%f ", latency:percentile(${p}) / 1000))`);
  const done = `done = function(summary, latency)\n${percentiles.join("\n")}\nlocal e = summary.errors\nio.write(string.format("requests=%d failed=%d timeout=%d\\n", summary.requests, e.connect + e.read + e.write + e.status, e.timeout))\nend\n`;
  writeFileSync(join(folder, SCRIPT), `${post}${done}`);
  return [program, "-t1", `-c${connections}`, `-d${load.durationS}s`, "--timeout", "10s", ...more, "-s", SCRIPT, url];
}

function read({ stdout }: Said) {
  const value = (name: string) => numberIn(stdout, new RegExp(`\\b${name}=([\\d.]+)`));
  const hid = [...counted(value("failed"), "failed"), ...counted(value("timeout"), "timed out")];
  return { requests: value("requests"), latencyMs: latencies(value), hid: hid.join(", ") };
}
