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

/** The engine as a command like the others. */
const engine = (warmUpS: number | undefined): Peer => ({
  name: "tailgate",
  program: "node",
  version: () => (JSON.parse(readFileSync(join(import.meta.dirname, "../../../package.json"), "utf8")) as { version: string }).version,
  command: (_program, load, request) =>
    tailgateCommand({ load, request, protocol: "raw", threads: 1, calibrated: true, ...(warmUpS === undefined ? {} : { warmUpS }) }),
  read({ folder }) {
    const { ok, failures, latencyMs } = tailgateReport(folder);
    const hid = Object.entries(failures).flatMap(([why, n]) => counted(n, why));
    return { requests: ok, latencyMs, hid: hid.join(", ") };
  },
});

/** Our own engine, calibrated as in every run, from its first request to the endpoint on. */
export const tailgate: Peer = engine(undefined);

/** The same with seconds of warm-up before, as every run has. */
export const warmTailgate = (warmUpS: number): Peer => engine(warmUpS);
