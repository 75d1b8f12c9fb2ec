import { lengthOf } from "./stages.ts";
import type { Load, Scenario, Suite } from "./suite.ts";

/** Seconds of load in a quick run, over all scenarios and both arms; with what comes before and after an answer in half a minute. */
const QUICK_S = 15;
const WARM_UP_S = 2;
const SHORTEST_S = 2;
/** Of a slow load a run has to see something at all. */
const FEWEST_REQUESTS = 10;

/**
 * The same suite for a first look: every scenario at its own rates and with its own payloads, for a few seconds. A load that
 * changes over time is pressed together, a trace is cut off. It goes on for no second pass. What is short already stays as
 * it is. Its digest is another one.
 *
 * @param arms how many endpoints are driven.
 * @param names the scenarios that are measured; empty for all.
 */
export function quickSuite(suite: Suite, arms: 1 | 2, names: readonly string[] = []): Suite {
  const measured = suite.scenarios.filter(({ name }) => names.length === 0 || names.includes(name));
  const turns = new Set(measured.map(({ name, together }) => (together === undefined ? `alone ${name}` : `together ${together}`))).size;
  const eachS = Math.max(SHORTEST_S, QUICK_S / Math.max(1, turns * arms) - WARM_UP_S);
  // Scenarios that run together have one duration.
  const groups = Map.groupBy(suite.scenarios, ({ name, together }) => together ?? `\0${name}`);
  const durations = new Map([...groups].map(([group, members]) => [group, Math.max(...members.map(({ load }) => shortS(load, eachS)))]));
  const scenarios = suite.scenarios.map((scenario) => shortened(scenario, durations.get(scenario.together ?? `\0${scenario.name}`)!));
  return { ...suite, scenarios, decision: { ...suite.decision, budget: { passes: 1 } } };
}

function shortS(load: Load, eachS: number): number {
  const needed = load.kind === "open" ? FEWEST_REQUESTS / load.ratePerS : 0;
  return Math.min(load.durationS, Math.max(eachS, needed));
}

function shortened(scenario: Scenario, durationS: number): Scenario {
  if (scenario.load.durationS <= durationS) return scenario;
  const { warmUp } = scenario;
  return {
    ...scenario,
    load: pressed(scenario.load, durationS),
    warmUp: warmUp === "none" ? "none" : warmUp === "auto" ? WARM_UP_S : Math.min(warmUp, WARM_UP_S),
  };
}

function pressed(load: Load, durationS: number): Load {
  if (load.kind === "trace") return { ...load, durationS };
  const factor = durationS / load.durationS;
  const stages = load.stages.map((stage) =>
    stage.kind === "sine"
      ? { ...stage, durationS: stage.durationS * factor, periodS: stage.periodS * factor }
      : { ...stage, durationS: stage.durationS * factor },
  );
  return { ...load, stages, durationS: lengthOf(stages) };
}
