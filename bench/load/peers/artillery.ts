import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { counted, latencies, type Peer } from "./peer.ts";

type Report = {
  readonly aggregate: {
    readonly counters: Readonly<Record<string, number>>;
    readonly summaries: Readonly<Record<string, Readonly<Record<string, number>>>>;
  };
};

/** Requests of one user in a closed loop, by the second that it should take: the loop has a count and no duration. */
const LOOP_PER_S = 30;

/**
 * One user per arrival. By default each has a connection of its own; `pool` lets them share that many.
 *
 * Its response time ends with the first byte and begins after the connection was made.
 */
export const artillery = (pool: number | undefined): Peer => ({
  name: pool === undefined ? "artillery" : `artillery, pool ${pool}`,
  program: "artillery",
  version: ["--version"],
  command(program, load, { url, body }, folder) {
    const { origin, pathname } = new URL(url);
    const step = body === undefined ? { get: { url: pathname } } : { post: { url: pathname, json: JSON.parse(body) as unknown } };
    const script = {
      config: {
        target: origin,
        http: { timeout: 10, ...(pool === undefined ? {} : { pool }) },
        phases: [
          load.kind === "open"
            ? { duration: load.durationS, arrivalRate: load.ratePerS, ...(load.arrivals === "poisson" ? { mode: "poisson" } : {}) }
            : { duration: 1, arrivalCount: load.concurrency },
        ],
      },
      scenarios: [{ flow: load.kind === "open" ? [step] : [{ loop: [step], count: LOOP_PER_S * load.durationS }] }],
    };
    writeFileSync(join(folder, "artillery.json"), JSON.stringify(script));
    return [program, "run", "--quiet", "--output", "report.json", "artillery.json"];
  },
  read({ folder }) {
    const { counters, summaries } = (JSON.parse(readFileSync(join(folder, "report.json"), "utf8")) as Report).aggregate;
    const times = summaries["http.response_time"]!;
    const hid = [...counted(counters["vusers.failed"] ?? 0, "failed"), ...counted(counters["vusers.skipped"] ?? 0, "skipped")];
    const named = { p50: times["median"] ?? times["p50"], p90: times["p90"], p95: times["p95"], p99: times["p99"] };
    return { requests: counters["http.responses"] ?? 0, latencyMs: latencies((q) => named[q]), hid: hid.join(", ") };
  },
});
