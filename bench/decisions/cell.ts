import { type Change, describeChange } from "./simulator/change.ts";
import { STEADY_WORLD, type World } from "./simulator/world.ts";

/** Our own rule in its designs: live with planned looks or at a fixed length, or against K stored runs. */
export const RULES = ["live", "live-fixed", "stored-1", "stored-3", "stored-8", "stored-20"] as const;
export type RuleName = (typeof RULES)[number];

export const isLive = (rule: RuleName): boolean => rule === "live" || rule === "live-fixed";
/** K of a stored rule. */
export const storedRuns = (rule: RuleName): number => Number(rule.slice("stored-".length));

/** Gated in every scenario of the laboratory; the order of all triples. */
export const METRICS = ["latency.p50", "latency.p95", "latency.p99"] as const;
export const MARGINS = [0.05, 0.1, 0.1] as const;

/**
 * What a cell is for: our live rule, our stored rules, the others' rules, or the printed margin planted in a fresh pull
 * request to see whether it is blocked. The same replicate of a world is the same pull request whatever the kind.
 */
export type CellKind = "live" | "stored" | "rivals" | "power";

/** One kind of pull request in one world, judged many times. */
export type Cell = {
  /** `live: steady · +10 %`. */
  readonly name: string;
  readonly kind: CellKind;
  readonly worldName: string;
  readonly world: World;
  readonly change: Change;
  readonly rules: readonly RuleName[];
  readonly replicates: number;
  /** Against 8 stored runs: judge the same commit a second time, with head runs of its own. */
  readonly twice: boolean;
};

export function cell(
  kind: CellKind,
  worldName: string,
  change: Change,
  rules: readonly RuleName[],
  replicates: number,
  twice = false,
): Cell {
  const world = WORLDS[worldName];
  if (world === undefined) throw new RangeError(`there is no world "${worldName}"`);
  return { name: `${kind}: ${worldName} · ${describeChange(change)}`, kind, worldName, world, change, rules, replicates, twice };
}

const world = (changes: Partial<World>): World => ({ ...STEADY_WORLD, ...changes });

/** Circumstances by name. What is not said is as in `steady`: 4 scenarios, 10,000 requests, run noise 3 %, one host. */
export const WORLDS: Readonly<Record<string, World>> = {
  steady: STEADY_WORLD,
  bursty: world({ process: "bursty" }),
  bimodal: world({ process: "bimodal" }),
  gap: world({ process: "gap" }),
  queue: world({ process: "queue" }),
  "run noise 1 %": world({ runDeviation: 0.01 }),
  "run noise 5 %": world({ runDeviation: 0.05 }),
  "run noise 5 % calibrated": world({ runDeviation: 0.05, calibration: { betweenRuns: 0.05 } }),
  "bad nodes": world({ badNodes: 0.03 }),
  "two nodes 3 %": world({ hosts: "different" }),
  "two nodes 5 %": world({ hosts: "different", runDeviation: 0.05 }),
  "two nodes 5 % calibrated": world({ hosts: "different", runDeviation: 0.05, calibration: { betweenDeployments: 0.05 } }),
  "two nodes unknown": world({ hosts: "different, unknown" }),
  "two nodes unknown calibrated": world({ hosts: "different, unknown", calibration: { betweenDeployments: 0.03 } }),
  "drift 6 %": world({ environmentDeviation: 0.06 }),
  "500 requests": world({ requests: 500 }),
  "1k requests": world({ requests: 1000 }),
  "2k requests": world({ requests: 2000 }),
  "5k requests": world({ requests: 5000 }),
  "20k requests": world({ requests: 20_000 }),
  "40k requests": world({ requests: 40_000 }),
  "12 scenarios": world({ scenarios: 12 }),
};
