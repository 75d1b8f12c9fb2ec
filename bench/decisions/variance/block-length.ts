import { mean, sampleCorrelation, sampleVariance } from "simple-statistics";
import { stream } from "../../../src/core/plan/random.ts";
import { mergeBins } from "../../../src/core/stats/bins.ts";
import { exceedance, logQuantile } from "../../../src/core/stats/quantile.ts";
import { NO_CHANGE } from "../simulator/change.ts";
import { openEndpoint, type ProcessName } from "../simulator/endpoint.ts";
import { openEnvironment } from "../simulator/environment.ts";
import { NO_EFFECT } from "../simulator/run-effects.ts";
import { logRatio, unitsOf } from "./arms.ts";
import { drivePairs } from "./common-load.ts";
import { column, percentOf, varianceRatio } from "./ratio.ts";
import type { Study } from "./study.ts";

const REQUESTS = 10_000;
const LENGTHS = [50, 100, 250, 500, 1000] as const;
const WORLDS: readonly ProcessName[] = ["steady", "bursty", "queue"];
const P = 0.99;
/** The length that the others are compared with. */
const USUAL = LENGTHS.indexOf(250);

/** The same ten thousand requests an arm, in turns of different length. */
export const blockLength: Study = {
  name: "block-length",
  about: "p99 of equal endpoints, 10,000 requests an arm in blocks of different length",
  sample(replicate, seed) {
    return WORLDS.flatMap((world) =>
      LENGTHS.flatMap((length) => {
        const draw = (...names: readonly (string | number)[]) => stream(seed, "block-length", world, replicate, length, ...names);
        const environment = openEnvironment(draw("environment"), 0.02);
        const open = (arm: string) =>
          openEndpoint(world, {
            effect: NO_EFFECT,
            environment,
            change: NO_CHANGE,
            own: draw("own", arm),
            load: (block) => draw("load", block),
          });
        const units = unitsOf(drivePairs(open("base"), open("head"), REQUESTS / length, length));
        const { estimate, holdsZero, width } = logRatio(units, P);
        const [base, head] = [mergeBins(units.map((unit) => unit.base)), mergeBins(units.map((unit) => unit.head))];
        const [logBase, logHead] = [logQuantile(base, P)!, logQuantile(head, P)!];
        const moved = units.map((unit) => exceedance(unit.head, logHead) - exceedance(unit.base, logBase));
        const neighbours = sampleVariance(moved) === 0 ? 0 : sampleCorrelation(moved.slice(1), moved.slice(0, -1));
        return [estimate, holdsZero ? 1 : 0, width, neighbours];
      }),
    );
  },
  table(samples) {
    const at = (world: number, length: number) => 4 * (length + LENGTHS.length * world);
    const rows = WORLDS.flatMap((world, w) =>
      LENGTHS.map((length, l) => [
        world,
        `${length}`,
        varianceRatio(column(samples, at(w, l)), column(samples, at(w, USUAL))),
        percentOf(mean([...column(samples, at(w, l) + 1)]), 0),
        percentOf(mean([...column(samples, at(w, l) + 2)])),
        mean([...column(samples, at(w, l) + 3)]).toFixed(2),
      ]),
    );
    const head = [
      "endpoint",
      "requests a block",
      "variance over that of 250",
      "90 % intervals hold",
      "their mean width",
      "correlation of neighbouring units",
    ];
    return { head, rows };
  },
};
