import { type Cell, cell } from "./cell.ts";
import { type Change, NO_CHANGE, slower, slowerTail } from "./simulator/change.ts";

/**
 * Pull requests per cell: `claim` where a rate near 0 or 1 is promised ("0 of 600" is below 0.5 %, and one of 120 would be
 * above it by itself), `power` where 80 ± 5 % is, `half` and `share` where nothing is and a rate is shown.
 */
export type Sizes = { readonly claim: number; readonly power: number; readonly half: number; readonly share: number };

export const FULL: Sizes = { claim: 600, power: 300, half: 120, share: 60 };
export const QUICK: Sizes = { claim: 8, power: 4, half: 4, share: 2 };

/** The worlds in which every claim must hold. */
export const CORE_WORLDS = ["steady", "bursty", "bimodal"] as const;
/** Worlds that differ from `steady` in the number of requests alone, fewest first: how much data a rule needs. */
export const SIZE_WORLDS = ["500 requests", "1k requests", "2k requests", "5k requests", "steady", "20k requests"] as const;
const MAIN_WORLDS = [...CORE_WORLDS, "queue"];

/** p50 at its margin and p95, p99 at theirs, all at once. */
export const AT_THE_MARGIN: Change = { factor: 1.05, tail: 1.1 / 1.05 };
/** Percentages of the power curves. */
export const CURVE = [2, 5, 7.5, 10, 15, 20] as const;

export function allCells(sizes: Sizes): readonly Cell[] {
  return [...liveCells(sizes), ...storedCells(sizes), ...powerCells(sizes), ...rivalCells(sizes)];
}

function liveCells({ claim, half, share }: Sizes): readonly Cell[] {
  const live = (world: string, change: Change, replicates: number) => cell("live", world, change, ["live"], replicates);
  const oneHost = ["bad nodes", "drift 6 %", "2k requests", "40k requests", "run noise 1 %", "run noise 5 %", "12 scenarios"];
  const told = ["two nodes 5 % calibrated", "two nodes unknown calibrated"];
  const notTold = ["gap", "two nodes 3 %", "two nodes 5 %", "two nodes unknown"];
  const promised = [slower(10), slowerTail(1.3), slower(5)];
  return [
    ...[NO_CHANGE, slower(10)].map((change) => cell("live", "steady", change, ["live", "live-fixed"], claim)),
    ...MAIN_WORLDS.filter((world) => world !== "steady").map((world) => live(world, NO_CHANGE, claim)),
    ...[...oneHost, ...told].map((world) => live(world, NO_CHANGE, claim)),
    ...notTold.map((world) => live(world, NO_CHANGE, half)),
    ...MAIN_WORLDS.flatMap((world) => [
      ...promised
        .filter((change) => world !== "steady" || change.factor !== 1.1)
        .map((change) => live(world, change, world === "queue" ? half : claim)),
      live(world, slowerTail(1.2), half),
      ...[slower(20), slowerTail(1.1)].map((change) => live(world, change, share)),
    ]),
    ...CORE_WORLDS.map((world) => live(world, AT_THE_MARGIN, claim)),
    ...CURVE.filter((percent) => ![5, 10, 20].includes(percent)).map((percent) => live("steady", slower(percent), share)),
    ...[slower(10), slowerTail(1.3)].map((change) => live("2k requests", change, share)),
    ...[slowerTail(1.1), slowerTail(1.3)].map((change) => live("40k requests", change, share)),
    live("drift 6 %", slower(10), share),
    live("12 scenarios", slower(10), share),
    live("two nodes 3 %", slower(20), share),
  ];
}

function storedCells({ claim, half, share }: Sizes): readonly Cell[] {
  const all = ["stored-1", "stored-3", "stored-8", "stored-20"] as const;
  const stored = (world: string, change: Change, replicates: number) => cell("stored", world, change, ["stored-8"], replicates);
  const promised = ["bursty", "bimodal", "queue", "run noise 1 %", "run noise 5 % calibrated", "bad nodes"];
  return [
    ...[NO_CHANGE, slower(20)].map((change) => cell("stored", "steady", change, all, claim, change === NO_CHANGE)),
    ...[slower(10), slowerTail(1.3)].map((change) => cell("stored", "steady", change, all, share)),
    ...CURVE.filter((percent) => ![10, 20].includes(percent)).map((percent) => stored("steady", slower(percent), share)),
    ...promised.map((world) => stored(world, NO_CHANGE, claim)),
    ...["run noise 5 %", "drift 6 %"].map((world) => stored(world, NO_CHANGE, half)),
    ...["run noise 5 %", "run noise 5 % calibrated", "bad nodes"].map((world) => stored(world, slower(20), share)),
  ];
}

function powerCells({ power }: Sizes): readonly Cell[] {
  return [
    cell("power", "steady", NO_CHANGE, ["live-fixed", "stored-8"], power),
    ...["bursty", "bimodal"].map((world) => cell("power", world, NO_CHANGE, ["live-fixed"], power)),
  ];
}

function rivalCells({ half, share }: Sizes): readonly Cell[] {
  const ours = ["live-fixed", "live"] as const;
  const changes = [...CURVE.map(slower), slowerTail(1.1), slowerTail(1.3)];
  return [
    cell("rivals", "steady", NO_CHANGE, [], half),
    ...["bursty", "queue", "run noise 5 %", "drift 6 %"].map((world) => cell("rivals", world, NO_CHANGE, [], half)),
    ...changes.map((change) => cell("rivals", "steady", change, [], share)),
    ...SIZE_WORLDS.filter((world) => world !== "steady").flatMap((world) => [
      cell("rivals", world, NO_CHANGE, ours, half),
      cell("rivals", world, slower(10), ours, half),
    ]),
  ];
}
