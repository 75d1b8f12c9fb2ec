import { counted, latencies, type Peer } from "./peer.ts";

type Report = {
  readonly latency: Readonly<Record<string, number>>;
  readonly "2xx": number;
  readonly errors: number;
  readonly timeouts: number;
};

/**
 * A closed loop; with a rate, each connection sends its share of a second in one burst. Latencies are whole milliseconds.
 *
 * @param correct whether it corrects its latencies for what it did not send, as it does by default.
 */
export const autocannon = (connections: number, correct: boolean): Peer => ({
  name: `autocannon -c ${connections}${correct ? "" : " -C"}`,
  program: "autocannon",
  version: ["--version"],
  command(program, load, { url, body }) {
    const post = body === undefined ? [] : ["-m", "POST", "-H", "content-type=application/json", "-b", body];
    const rate = load.kind === "open" ? ["-R", String(load.ratePerS), ...(correct ? [] : ["-C"])] : [];
    return [program, "-c", String(connections), "-d", String(load.durationS), ...rate, ...post, "--json", url];
  },
  read({ stdout }) {
    const report = JSON.parse(stdout) as Report;
    const hid = [...counted(report.errors - report.timeouts, "failed"), ...counted(report.timeouts, "timed out")];
    return { requests: report["2xx"], latencyMs: latencies((q) => report.latency[q]), hid: hid.join(", ") };
  },
});
