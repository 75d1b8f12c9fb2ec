import { counted, latencies, type Peer } from "./peer.ts";

type Report = {
  readonly latencyPercentiles: Readonly<Record<QuantileKey, number | null>>;
  readonly statusCodeDistribution: Readonly<Record<string, number>>;
  readonly errorDistribution: Readonly<Record<string, number>>;
};
type QuantileKey = "p50" | "p90" | "p95" | "p99";

/** A queue of arrivals before a fixed number of connections. Without correction the time in that queue is not counted. */
export const oha = (connections: number, correct: boolean): Peer => ({
  name: `oha -c ${connections}${correct ? " --latency-correction" : ""}`,
  program: "oha",
  version: ["--version"],
  command(program, load, { url, body }) {
    const post = body === undefined ? [] : ["-m", "POST", "-T", "application/json", "-d", body];
    const rate = load.kind === "open" ? ["-q", String(load.ratePerS), "-w", ...(correct ? ["--latency-correction"] : [])] : [];
    const report = ["--no-tui", "--output-format", "json", "-t", "10s"];
    return [program, "-z", `${load.durationS}s`, "-c", String(connections), ...rate, ...post, ...report, url];
  },
  read({ stdout }) {
    const report = JSON.parse(stdout) as Report;
    const times = report.latencyPercentiles;
    const hid = Object.entries(report.errorDistribution).flatMap(([what, n]) => counted(n, what));
    const latencyMs = latencies((q) => (times[q] ?? Number.NaN) * 1000);
    return { requests: report.statusCodeDistribution["200"] ?? 0, latencyMs, hid: hid.join(", ") };
  },
});
