import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { EngineJob } from "../engine.ts";
import type { EngineReport } from "../engine-process.ts";
import { counted, type Peer } from "./peer.ts";

const PROCESS = join(import.meta.dirname, "../engine-process.ts");
const FILE = "report.json";

export const tailgateReport = (folder: string): EngineReport => JSON.parse(readFileSync(join(folder, FILE), "utf8")) as EngineReport;

/** The engine in a process of its own; its report lies in that process's folder. */
export const tailgateCommand = (job: EngineJob): readonly string[] => [process.execPath, PROCESS, JSON.stringify(job), FILE];

/** Our own engine, as a command like the others. */
export const tailgate: Peer = {
  name: "tailgate",
  program: "node",
  version: () => (JSON.parse(readFileSync(join(import.meta.dirname, "../../../package.json"), "utf8")) as { version: string }).version,
  command: (_program, load, request) => tailgateCommand({ load, request, protocol: "raw", threads: 1 }),
  read({ folder }) {
    const { ok, failures, latencyMs } = tailgateReport(folder);
    const hid = Object.entries(failures).flatMap(([why, n]) => counted(n, why));
    return { requests: ok, latencyMs, hid: hid.join(", ") };
  },
};
