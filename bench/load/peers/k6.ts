import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { counted, latencies, type Peer } from "./peer.ts";

type Metrics = Readonly<Record<string, { readonly values: Readonly<Record<string, number>> } | undefined>>;

/**
 * Its users are virtual machines; an arrival that finds none free is dropped, and with `most` above `allocated` more of
 * them are made on the way. Latency begins after the connection was made, when a user sends.
 */
export const k6 = ({ allocated, most = allocated }: { readonly allocated: number; readonly most?: number }): Peer => ({
  name: most === allocated ? `k6, ${allocated} VUs` : `k6, ${allocated} to ${most} VUs`,
  program: "k6",
  version: ["version"],
  command(program, load, { url, body }, folder) {
    const duration = `${load.durationS}s`;
    const scenario =
      load.kind === "closed"
        ? { executor: "constant-vus", vus: load.concurrency, duration }
        : { executor: "constant-arrival-rate", rate: load.ratePerS, timeUnit: "1s", duration, preAllocatedVUs: allocated, maxVUs: most };
    const options = {
      discardResponseBodies: true,
      summaryTrendStats: ["count", "p(50)", "p(90)", "p(95)", "p(99)"],
      scenarios: { bench: { ...scenario, gracefulStop: "10s" } },
    };
    const call =
      body === undefined
        ? `http.get(${JSON.stringify(url)})`
        : `http.post(${JSON.stringify(url)}, ${JSON.stringify(body)}, { headers: { "content-type": "application/json" } })`;
    const script = `import http from "k6/http";
export const options = ${JSON.stringify(options)};
export default function () { ${call}; }
export function handleSummary({ metrics }) { return { "summary.json": JSON.stringify(metrics) }; }
`;
    writeFileSync(join(folder, "script.js"), script);
    return [program, "run", "--quiet", "--no-color", "script.js"];
  },
  read({ folder }) {
    const metrics = JSON.parse(readFileSync(join(folder, "summary.json"), "utf8")) as Metrics;
    const times = metrics["http_req_duration"]!.values;
    const of = (name: string, value: string) => metrics[name]?.values[value] ?? 0;
    const failed = Math.round(of("http_req_failed", "rate") * of("http_reqs", "count"));
    const hid = [...counted(of("dropped_iterations", "count"), "dropped"), ...counted(failed, "failed")];
    return { requests: of("http_reqs", "count"), latencyMs: latencies((q) => times[`p(${q.slice(1)})`]), hid: hid.join(", ") };
  },
});
