import type { Sample } from "./exposition.ts";
import type { Scrape } from "./scrape.ts";
import { filledBy, namesOf, readServer, type ServerField } from "./server-fields.ts";

/**
 * What Prometheus's client libraries tell of the process that they are part of. Of a server that works in several
 * processes it is the one that answers for metrics: with vLLM, that of the API and not of the engine.
 *
 * Where process-exporter tells of groups of processes, its own process is none of them, and the groups add up: its
 * configuration should name the server's.
 */
const FIELDS: readonly ServerField[] = [
  { metrics: ["cpu.cores"], total: "namedprocess_namegroup_cpu_seconds_total" },
  {
    metrics: ["memory.resident", "memory.resident.peak"],
    gauge: { names: ["namedprocess_namegroup_memory_bytes"], where: { memtype: /^resident$/ } },
    over: "sum",
    valid: [0, 1e14],
  },
  { metrics: ["cpu.cores"], total: "process_cpu_seconds_total" },
  { metrics: ["memory.resident", "memory.resident.peak"], gauge: "process_resident_memory_bytes", over: "sum", valid: [0, 1e14] },
];

const NAMES = namesOf(FIELDS);
export const PROCESS_METRICS = filledBy(FIELDS);

export const isProcessField = (name: string): boolean => NAMES.has(name);
export const readProcess = (samples: readonly Sample[]): Scrape => readServer(FIELDS, samples);
