import type { Suite } from "../../../src/core/suite/suite.ts";
import { makeSuite } from "../../../test/core/compare/records.ts";
import type { ProcessName } from "./endpoint.ts";

/** The circumstances under which pull requests are judged. */
export type World = {
  readonly process: ProcessName;
  /** Requests per scenario and arm in one run, or in one pass of a live run. */
  readonly requests: number;
  readonly scenarios: number;
  /** Standard deviation between runs of one build, log units; the tail varies by hardly more. */
  readonly runDeviation: number;
  /** Standard deviation of the host's drift inside a run. */
  readonly environmentDeviation: number;
  /** Share of runs that meet a node which is 10 % slower. */
  readonly badNodes: number;
  /** Where the arms of a live run stand, and whether their environment says so. */
  readonly hosts: "same" | "different" | "different, unknown";
  /** Standard deviation between two deployments on one host. */
  readonly deploymentDeviation: number;
  /** Whether both arms of a live run replay the same arrivals and payloads, as the product does. */
  readonly commonLoad: boolean;
  /** What the suite was told about its own noise, as standard deviations of the median; undefined: the built-in priors. */
  readonly calibration: { readonly betweenRuns?: number; readonly betweenDeployments?: number } | undefined;
};

export const STEADY_WORLD: World = {
  process: "steady",
  requests: 10_000,
  scenarios: 4,
  runDeviation: 0.03,
  environmentDeviation: 0.02,
  badNodes: 0,
  hosts: "same",
  deploymentDeviation: 0.005,
  commonLoad: true,
  calibration: undefined,
};

/** The scenario that a pull request makes slower; the others stay as they are. */
export const CHANGED = "scenario 1";

export const scenarioNames = ({ scenarios }: World): readonly string[] => Array.from({ length: scenarios }, (_, i) => `scenario ${i + 1}`);

/** The suite of a world: p50 at 5 %, p95 and p99 at 10 % in every scenario, everything else as built in. */
export function suiteOf(world: World, decision: Partial<Suite["decision"]> = {}): Suite {
  return makeSuite({ scenarios: scenarioNames(world), decision: { ...world.calibration, ...decision } });
}
