import { mean } from "simple-statistics";
import { type Generator, stream } from "../../../src/core/plan/random.ts";
import { mergeBins } from "../../../src/core/stats/bins.ts";
import { exceedance, logQuantile } from "../../../src/core/stats/quantile.ts";
import { NO_CHANGE } from "../simulator/change.ts";
import type { Endpoint } from "../simulator/endpoint.ts";
import { openEnvironment } from "../simulator/environment.ts";
import { openQueue, QUEUES, type Queue } from "../simulator/queue.ts";
import { NO_EFFECT } from "../simulator/run-effects.ts";
import { unitsOf } from "./arms.ts";
import { drivePairs } from "./common-load.ts";
import { column, varianceRatio } from "./ratio.ts";
import type { Study } from "./study.ts";

const PAIRS = 24;
const REQUESTS = 417;
const SHARES = [0.5, 0.95, 0.99] as const;
const CASES = [
  { name: "same payloads, answers vary (log sd 0.3)", common: true, lengthSpread: 0.3 },
  { name: "same payloads, answers vary much (log sd 0.8)", common: true, lengthSpread: 0.8 },
  { name: "payloads of their own", common: false, lengthSpread: 0.3 },
] as const;

/** Whether regressing on the mean length of the answers, unit by unit, takes anything out of the noise. */
export const outputLength: Study = {
  name: "output-length",
  about: "Variance of the log ratio after regression on the mean output length of the units, over that without; equal endpoints",
  sample(replicate, seed) {
    return CASES.flatMap((each) => {
      const { units, lengths } = drive(each, replicate, seed);
      const [base, head] = [mergeBins(units.map((unit) => unit.base)), mergeBins(units.map((unit) => unit.head))];
      return SHARES.flatMap((p) => {
        const [logBase, logHead] = [logQuantile(base, p)!, logQuantile(head, p)!];
        const moved = units.map((unit) => exceedance(unit.head, logHead) - exceedance(unit.base, logBase));
        const step = (1 - p) / 2;
        const slope = (logQuantile(head, p + step)! - logQuantile(head, p - step)!) / (2 * step);
        const estimate = logHead - logBase;
        return [estimate, estimate - slopeOf(lengths, moved) * mean([...lengths]) * slope];
      });
    });
  },
  table(samples) {
    const at = (i: number, p: number) => 2 * (p + SHARES.length * i);
    const rows = CASES.map(({ name }, i) => [
      name,
      ...SHARES.map((_, p) => varianceRatio(column(samples, at(i, p) + 1), column(samples, at(i, p)))),
    ]);
    return { head: ["queue", "p50", "p95", "p99"], rows };
  },
};

function drive({ common, lengthSpread }: (typeof CASES)[number], replicate: number, seed: number) {
  const draw = (...names: readonly (string | number)[]): Generator =>
    stream(seed, "output-length", replicate, lengthSpread, String(common), ...names);
  const environment = openEnvironment(draw("environment"), 0.02);
  const queue: Queue = { ...QUEUES.queue, lengthSpread };
  const sums = { base: [] as number[], head: [] as number[] };
  const open = (arm: "base" | "head"): Endpoint => {
    let sum = 0;
    const endpoint = openQueue(
      queue,
      {
        effect: NO_EFFECT,
        environment,
        change: NO_CHANGE,
        own: draw("own", arm),
        load: (block) => (common ? draw("load", block) : draw("load", block, arm)),
      },
      () => Number.POSITIVE_INFINITY,
      (length) => {
        sum += length;
      },
    );
    return {
      rest: endpoint.rest,
      serve(requests, block) {
        sum = 0;
        const latencies = endpoint.serve(requests, block);
        sums[arm].push(sum / requests);
        return latencies;
      },
    };
  };
  const units = unitsOf(drivePairs(open("base"), open("head"), PAIRS, REQUESTS));
  const byPair = sums.head.map((length, pair) => length - sums.base[pair]!);
  const each = byPair.length / units.length;
  const lengths = units.map((_, unit) => mean(byPair.slice(each * unit, each * (unit + 1))));
  return { units, lengths };
}

/** Least-squares slope of y on x. */
function slopeOf(x: readonly number[], y: readonly number[]): number {
  const [mx, my] = [mean([...x]), mean([...y])];
  const along = x.reduce((sum, value, i) => sum + (value - mx) * (y[i]! - my), 0);
  const spread = x.reduce((sum, value) => sum + (value - mx) ** 2, 0);
  return spread === 0 ? 0 : along / spread;
}
