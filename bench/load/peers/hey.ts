import { counted, latencies, numberIn, type Peer } from "./peer.ts";

const SECONDS_OF = {
  p50: /50%+ in ([\d.]+) secs/,
  p90: /90%+ in ([\d.]+) secs/,
  p95: /95%+ in ([\d.]+) secs/,
  p99: /99%+ in ([\d.]+) secs/,
};

/** Its rate is a pause in each of its workers: no open loop. */
export const hey = (workers: number): Peer => ({
  name: `hey -c ${workers}`,
  program: "hey",
  version: ["-h"],
  command(program, load, { url, body }) {
    const post = body === undefined ? [] : ["-m", "POST", "-T", "application/json", "-d", body];
    const rate = load.kind === "open" ? ["-q", String(load.ratePerS / workers)] : [];
    return [program, "-z", `${load.durationS}s`, "-c", String(workers), "-t", "10", ...rate, ...post, url];
  },
  read({ stdout }) {
    const requests = numberIn(stdout, /\[200\]\s+(\d+) responses/);
    const errors = [...stdout.matchAll(/^\s+\[(\d+)\]\s+(?:Get|Post) /gm)].reduce((sum, [, n]) => sum + Number(n), 0);
    return { requests, latencyMs: latencies((q) => numberIn(stdout, SECONDS_OF[q]) * 1000), hid: counted(errors, "failed").join("") };
  },
});
