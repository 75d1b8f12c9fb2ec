import { type Cell, cell } from "./cell.ts";
import { type Change, NO_CHANGE, slower, slowerTail } from "./simulator/change.ts";

/** Pull requests per cell: enough for "0 of n is below 0.5 %" where a false block is counted, fewer where a large share is estimated. */
export type Sizes = {
  readonly unchanged: number;
  readonly changed: number;
  readonly stored: number;
  readonly rivals: number;
  readonly power: number;
};

export const FULL: Sizes = { unchanged: 600, changed: 300, stored: 300, rivals: 400, power: 300 };
export const QUICK: Sizes = { unchanged: 8, changed: 4, stored: 4, rivals: 8, power: 4 };

/** The worlds in which every claim must hold. */
export const CORE_WORLDS = ["steady", "bursty", "bimodal"] as const;
/** Worlds that differ from `steady` in the number of requests alone, fewest first: how much data a rule needs. */
export const SIZE_WORLDS = ["1k requests", "2k requests", "5k requests", "steady", "20k requests"] as const;
const MAIN_WORLDS = [...CORE_WORLDS, "queue"];

/** p50 at its margin and p95, p99 at theirs, all at once. */
export const AT_THE_MARGIN: Change = { factor: 1.05, tail: 1.1 / 1.05 };
/** Percentages of the power curves. */
export const CURVE = [2, 5, 7.5, 10, 15, 20] as const;

export function allCells(sizes: Sizes): readonly Cell[] {
  return [...liveCells(sizes), ...storedCells(sizes), ...powerCells(sizes), ...rivalCells(sizes)];
}

function liveCells({ unchanged, changed }: Sizes): readonly Cell[] {
  const live = (world: string, change: Change, replicates: number) => cell("live", world, change, ["live"], replicates);
  const stress = [
    "run noise 1 %",
    "run noise 5 %",
    "bad nodes",
    "drift 6 %",
    "2k requests",
    "40k requests",
    "12 scenarios",
    "queue without common load",
    "gap",
    "two nodes 3 %",
    "two nodes 5 %",
    "two nodes 5 % calibrated",
    "two nodes unknown",
    "two nodes unknown calibrated",
  ];
  const changes = [slower(5), slower(10), slower(20), slowerTail(1.1), slowerTail(1.2), slowerTail(1.3)];
  return [
    ...[NO_CHANGE, slower(10)].map((change) => cell("live", "steady", change, ["live", "live-fixed"], unchanged)),
    ...[...MAIN_WORLDS, ...stress].filter((world) => world !== "steady").map((world) => live(world, NO_CHANGE, unchanged)),
    ...MAIN_WORLDS.flatMap((world) =>
      changes.filter(({ factor }) => world !== "steady" || factor !== 1.1).map((change) => live(world, change, changed)),
    ),
    ...CORE_WORLDS.map((world) => live(world, AT_THE_MARGIN, unchanged)),
    ...CURVE.filter((percent) => ![5, 10, 20].includes(percent)).map((percent) => live("steady", slower(percent), changed)),
    live("2k requests", slower(10), changed),
    live("2k requests", slowerTail(1.3), changed),
    live("40k requests", slowerTail(1.1), changed),
    live("40k requests", slowerTail(1.3), changed),
    live("drift 6 %", slower(10), changed),
    live("12 scenarios", slower(10), changed),
    live("two nodes 3 %", slower(20), changed),
  ];
}

function storedCells({ stored }: Sizes): readonly Cell[] {
  const noisy = ["bursty", "bimodal", "queue", "run noise 1 %", "run noise 5 %", "run noise 5 % calibrated", "bad nodes", "drift 6 %"];
  return [
    ...[NO_CHANGE, ...CURVE.map(slower), slowerTail(1.3)].map((change) =>
      cell("stored", "steady", change, ["stored-1", "stored-3", "stored-8", "stored-20"], stored),
    ),
    ...noisy.map((world) => cell("stored", world, NO_CHANGE, ["stored-8"], stored)),
    ...["run noise 5 %", "run noise 5 % calibrated", "bad nodes"].map((world) => cell("stored", world, slower(20), ["stored-8"], stored)),
  ];
}

function powerCells({ power }: Sizes): readonly Cell[] {
  return [
    cell("power", "steady", NO_CHANGE, ["live-fixed", "stored-8"], power),
    cell("power", "bursty", NO_CHANGE, ["live-fixed"], power),
    cell("power", "bimodal", NO_CHANGE, ["live-fixed"], power),
  ];
}

function rivalCells({ rivals }: Sizes): readonly Cell[] {
  const changes = [...CURVE.map(slower), slowerTail(1.1), slowerTail(1.3)];
  return [
    ...["steady", "bursty", "queue", "run noise 5 %", "drift 6 %"].map((world) => cell("rivals", world, NO_CHANGE, [], rivals)),
    ...changes.map((change) => cell("rivals", "steady", change, [], rivals / 2)),
    ...SIZE_WORLDS.filter((world) => world !== "steady").flatMap((world) => [
      cell("rivals", world, NO_CHANGE, ["live-fixed"], rivals),
      cell("rivals", world, slower(10), ["live-fixed"], rivals / 2),
    ]),
  ];
}
