/**
 * The tables of decision 0005, on seeded simulations: when the steady-state test ends a warm-up, and how often the drift
 * rule is wrong. `node bench/decisions/warm-up.ts`, about three minutes.
 */
import { type Generator, stream, uniform } from "../../src/core/plan/random.ts";
import { driftingChange } from "../../src/core/record/drift.ts";
import { openSteadyState } from "../../src/core/record/steady-state.ts";
import { answers, type Settling } from "../../test/core/record/settling.ts";

const MINUTE = 60;
const NOISES = [
  { deviation: 0.02 },
  { deviation: 0.2, spikes: 0.02 },
  { deviation: 0.2, correlation: 0.9, spikes: 0.02 },
  { deviation: 0.5, correlation: 0.5, spikes: 0.02 },
] as const;

console.log(
  "| requests/s | deviation, correlation, spikes | warm: released after, s (p50, p90, p99) | not within 60 s | settling: released after, s (p5, p50, p90) | began, s (p50) | of the excess left (p50, p95) |",
);
console.log("| - | - | - | - | - | - | - |");
for (const ratePerS of [1, 5, 20, 50, 500, 3000]) {
  for (const noise of NOISES) {
    const runs = Array.from({ length: ratePerS >= 500 ? 40 : 200 }, (_, seed) => seed);
    const warm = runs.map((seed) => release({ seed, ratePerS, ...noise }).releasedS).sort(ascending);
    const settling = runs.map((seed) => release({ seed, ratePerS, ...noise, excess: 2 }));
    const released = settling.map(({ releasedS }) => releasedS).sort(ascending);
    const began = settling.flatMap(({ beganS }) => beganS ?? []).sort(ascending);
    const left = (p: number) => percent(Math.exp(-at(released, p) / 2));
    console.log(
      `| ${ratePerS} | ${noise.deviation}, ${"correlation" in noise ? noise.correlation : 0}, ${"spikes" in noise ? noise.spikes : 0} ` +
        `| ${seconds(warm, 0.5, 0.9, 0.99)} | ${percent(warm.filter((s) => s >= MINUTE).length / warm.length)} ` +
        `| ${seconds(released, 0.05, 0.5, 0.9)} | ${began.length === 0 ? "–" : seconds(began, 0.5)} | ${left(0.5)}, ${left(0.05)} |`,
    );
  }
}

console.log("\n| blocks | deviation | correlation | marked without a drift | +20 % | +50 % |");
console.log("| - | - | - | - | - | - |");
for (const blocks of [10, 12, 16, 24, 60, 120]) {
  for (const deviation of [0.03, 0.1]) {
    for (const correlation of [0, 0.3, 0.5, 0.7]) {
      const next = stream(3, "drift", blocks, deviation, correlation);
      const marked = (drift: number) => {
        const runs = Array.from({ length: blocks > 60 ? 300 : 2000 }, () =>
          [0, 1].some(() => series(next, blocks, deviation, correlation, drift).some(isMarked)),
        );
        return percent(runs.filter(Boolean).length / runs.length);
      };
      console.log(`| ${blocks} | ${deviation} | ${correlation} | ${marked(0)} | ${marked(0.2)} | ${marked(0.5)} |`);
    }
  }
}

function release(endpoint: Settling): { readonly releasedS: number; readonly beganS: number | undefined } {
  const state = openSteadyState();
  const last = answers(endpoint, MINUTE).find((outcome) => state.add(outcome));
  return last === undefined ? { releasedS: MINUTE, beganS: undefined } : { releasedS: last.endNs / 1e9, beganS: state.beganNs()! / 1e9 };
}

/** Medians and 95th percentiles of the blocks of one arm: AR(1) on the log scale, the tail with as much noise of its own. */
function series(next: Generator, blocks: number, deviation: number, correlation: number, drift: number): readonly (readonly number[])[] {
  const step = (latent: number) => correlation * latent + Math.sqrt(1 - correlation ** 2) * normal(next);
  let [body, tail] = [normal(next), normal(next)];
  const medians: number[] = [];
  const tails: number[] = [];
  for (let i = 0; i < blocks; i++) {
    [body, tail] = [step(body), step(tail)];
    const trend = 1 + (drift * i) / (blocks - 1);
    medians.push(0.02 * trend * Math.exp(deviation * body));
    tails.push(0.04 * trend * Math.exp(deviation * (body + tail)));
  }
  return [medians, tails];
}

function isMarked(values: readonly number[]): boolean {
  return driftingChange([...values.keys()], values) !== undefined;
}

function normal(next: Generator): number {
  return Math.sqrt(-2 * Math.log(1 - uniform(next))) * Math.cos(2 * Math.PI * uniform(next));
}

function at(sorted: readonly number[], p: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))]!;
}

function seconds(sorted: readonly number[], ...shares: readonly number[]): string {
  return shares.map((p) => at(sorted, p).toFixed(1)).join(", ");
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function ascending(a: number, b: number): number {
  return a - b;
}
