import { mean } from "simple-statistics";
import { stream } from "../../../src/core/plan/random.ts";
import { NO_CHANGE } from "../simulator/change.ts";
import { openEndpoint } from "../simulator/endpoint.ts";
import { openEnvironment } from "../simulator/environment.ts";
import { normal } from "../simulator/normal.ts";
import { drawRunEffects } from "../simulator/run-effects.ts";
import { column, varianceRatio } from "./ratio.ts";
import type { Study } from "./study.ts";

const STORED = 8;
const REQUESTS = 10_000;
const SHARES = [0.5, 0.95, 0.99] as const;
/** How exactly a pinned kernel, run before the load, tells how fast the host is. */
const PROBE_NOISE = 0.005;
const WORLDS = [
  { name: "runs differ by 3 %, drift 2 %", run: 0.03, drift: 0.02 },
  { name: "runs differ by 5 %, drift 2 %", run: 0.05, drift: 0.02 },
  { name: "runs differ by 1 %, drift 2 %", run: 0.01, drift: 0.02 },
  { name: "runs differ by 3 %, drift 6 %", run: 0.03, drift: 0.06 },
] as const;

/** A fixed piece of work on the same host, whose log time is subtracted from each run's; where the host's speed is what differs. */
export const hostProbe: Study = {
  name: "host-probe",
  about: `Variance of head − mean of ${STORED} stored runs after subtracting a host probe's log time, over that without; equal builds`,
  sample(replicate, seed) {
    return WORLDS.flatMap((world) => {
      const runs = Array.from({ length: STORED + 1 }, (_, k) => runOf(world, seed, replicate, k));
      return SHARES.flatMap((_, p) => {
        const shift = (value: (run: (typeof runs)[number]) => number) => value(runs[STORED]!) - mean(runs.slice(0, STORED).map(value));
        return [shift(({ logs }) => logs[p]!), shift(({ logs, probe }) => logs[p]! - probe)];
      });
    });
  },
  table(samples) {
    const at = (i: number, p: number) => 2 * (p + SHARES.length * i);
    const rows = WORLDS.map(({ name }, i) => [
      name,
      ...SHARES.map((_, p) => varianceRatio(column(samples, at(i, p) + 1), column(samples, at(i, p)))),
    ]);
    return { head: ["steady endpoint", "p50", "p95", "p99"], rows };
  },
};

function runOf({ name, run, drift }: (typeof WORLDS)[number], seed: number, replicate: number, k: number) {
  const next = stream(seed, "host-probe", name, replicate, k);
  const [effect] = drawRunEffects(next, 1, run);
  const environment = openEnvironment(next, drift);
  // The probe meets the host as it is at the start of the run.
  const probe = effect!.level + environment() + PROBE_NOISE * normal(next);
  const endpoint = openEndpoint("steady", { effect: effect!, environment, change: NO_CHANGE, own: next, load: () => next });
  const sorted = endpoint.serve(REQUESTS, 0).sort();
  return { probe, logs: SHARES.map((p) => Math.log(sorted[Math.floor(p * sorted.length)]!)) };
}
