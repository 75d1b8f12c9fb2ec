import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { counted, latencies, type Peer } from "./peer.ts";

type Report = {
  readonly latencies: Readonly<Record<"50th" | "90th" | "95th" | "99th", number>>;
  readonly requests: number;
  readonly status_codes: Readonly<Record<string, number>>;
};

const NAMES = { p50: "50th", p90: "90th", p95: "95th", p99: "99th" } as const;

/** Starts a worker for every request that finds none free. Its report is made afterwards and costs nothing here. */
export const vegeta: Peer = {
  name: "vegeta",
  program: "vegeta",
  version: ["-version"],
  command(program, load, { url, body }, folder) {
    const target = body === undefined ? `GET ${url}\n` : `POST ${url}\nContent-Type: application/json\n@body.json\n`;
    if (body !== undefined) writeFileSync(join(folder, "body.json"), body);
    writeFileSync(join(folder, "targets"), target);
    const pace =
      load.kind === "open"
        ? ["-rate", `${load.ratePerS}/1s`]
        : ["-rate", "0", "-workers", String(load.concurrency), "-max-workers", String(load.concurrency)];
    return [program, "attack", ...pace, "-duration", `${load.durationS}s`, "-timeout", "10s", "-targets", "targets", "-output", "results"];
  },
  read({ folder, program }) {
    const { stdout } = spawnSync(program, ["report", "-type", "json", "results"], { cwd: folder, encoding: "utf8" });
    const report = JSON.parse(stdout) as Report;
    const ok = report.status_codes["200"] ?? 0;
    const latencyMs = latencies((q) => report.latencies[NAMES[q]] / 1e6);
    return { requests: ok, latencyMs, hid: counted(report.requests - ok, "failed").join("") };
  },
};
