import type { Counters } from "./accelerator.ts";
import type { ResultCache } from "./result-cache.ts";
import { PHASES, type ServerTimes } from "./server-times.ts";

/**
 * What the demo server tells of itself in Prometheus's format: its queue, its batches, where its time goes, its cache, and
 * of its process what every client library tells.
 */
export function serverExposition(server: {
  readonly queueDepth: number;
  readonly counters: Counters;
  readonly times: ServerTimes;
  readonly cache: ReturnType<ResultCache["counts"]>;
}): string {
  const { counters, times, cache } = server;
  const { user, system } = process.cpuUsage();
  return [
    single("tailgate_demo_queue_depth", "gauge", "Requests waiting for a place in the batch.", server.queueDepth),
    single("tailgate_demo_running", "gauge", "Requests in the batch.", counters.active),
    single("tailgate_demo_steps_total", "counter", "Steps of the accelerator.", counters.steps),
    single("tailgate_demo_sequences_total", "counter", "Sequences in these steps.", counters.sequences),
    ...PHASES.map((phase) => {
      const { seconds, count } = times.total(phase);
      const name = `tailgate_demo_${phase}_seconds`;
      return `${about(name, "summary", `Time in ${phase}.`)}\n${name}_sum ${seconds}\n${name}_count ${count}`;
    }),
    single("tailgate_demo_cache_queries_total", "counter", "Texts looked up in the cache.", cache.queries),
    single("tailgate_demo_cache_hits_total", "counter", "Texts found there.", cache.hits),
    single("process_cpu_seconds_total", "counter", "Total user and system CPU time spent in seconds.", (user + system) / 1e6),
    single("process_resident_memory_bytes", "gauge", "Resident memory size in bytes.", process.memoryUsage.rss()),
    "",
  ].join("\n");
}

const about = (name: string, type: string, help: string): string => `# HELP ${name} ${help}\n# TYPE ${name} ${type}`;

const single = (name: string, type: string, help: string, value: number | bigint): string => `${about(name, type, help)}\n${name} ${value}`;
