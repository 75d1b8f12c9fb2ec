import type { Examination, GateExamination, GateFinding, Hindrance } from "../doctor/examination.ts";
import { isCaught } from "../doctor/self-test.ts";
import { METRICS } from "../metric.ts";
import { calibrationText } from "../record/calibration.ts";
import { diagnosisTables, type Table } from "./diagnosis-tables.ts";
import { chanceText, gateName, sizeText } from "./diagnosis-words.ts";
import { formatDuration } from "./duration.ts";
import { formatChange, formatDifference, formatPercent, formatQuantity } from "./quantity.ts";

/** What the doctor tells a person. Nothing in it has to be computed or compared any more. */
export type Diagnosis = {
  /** `unknown`: nothing could be judged. `poor`: something is wrong, or a gate cannot be held. */
  readonly state: "good" | "poor" | "unknown";
  readonly headline: string;
  /** What was done, and what it rests on. */
  readonly context: readonly string[];
  /** What is wrong, worst first. */
  readonly findings: readonly string[];
  readonly tables: readonly Table[];
  readonly advice: readonly string[];
};

export function diagnose(examination: Examination): Diagnosis {
  const { hindrance, gates } = examination;
  const context = contextOf(examination);
  if (hindrance !== undefined) {
    return {
      state: "unknown",
      headline: `Could not judge this set-up: ${hindranceText(hindrance)}`,
      context,
      findings: warningsOf(examination),
      tables: [],
      advice: [],
    };
  }
  const serious = gates.flatMap((gate) => seriousOf(gate, examination));
  const unheld = gates.filter(({ finding }) => finding !== undefined && finding.suggestion.kind !== "keep");
  const unseen = gates.flatMap((gate) =>
    gate.hindrance === undefined ? [] : [`${gateName(gate, gates)} could not be examined: ${hindranceText(gate.hindrance)}`],
  );
  const blocked = falseBlocks(examination);
  const findings = [
    ...blocked,
    ...serious,
    ...unheld.map((gate) => unheldText(gate, examination)),
    ...unseen,
    ...limitsText(examination),
    ...warningsOf(examination),
  ];
  return {
    state: findings.length > warningsOf(examination).length ? "poor" : "good",
    headline: headlineOf(examination, [...blocked, ...serious][0]),
    context,
    findings,
    tables: diagnosisTables(examination),
    advice: adviceOf(examination),
  };
}

/** Why nothing can be said, as the end of a sentence. */
function hindranceText(hindrance: Hindrance): string {
  switch (hindrance.code) {
    case "spoiled":
      return hindrance.problem.message;
    case "too-few-pairs":
      return `only ${hindrance.pairs} ${hindrance.pairs === 1 ? "pair" : "pairs"} of blocks were measured, and ${hindrance.needed} are needed to see how they vary; measure for longer, or make blocks shorter`;
    case "not-measured":
      return "neither arm has data for it";
    case "seen-once":
      return "it is seen once a run, so that its spread within a run does not exist; three stored runs and more can judge it, or a limit";
    case "errors":
      return `${formatPercent(hindrance.share)} of the requests fail, and the limit is ${formatPercent(hindrance.limit)}; what is left says little about the endpoint`;
    case "nothing-gated":
      return "no scenario of the suite gates a change (`regression`), so there is no margin to examine";
    case "cancelled":
      return "it was cancelled before the measurement was complete";
  }
}

function headlineOf(examination: Examination, worst: string | undefined): string {
  const { gates, trials } = examination;
  if (worst !== undefined) return `Do not trust this set-up yet: ${worst}`;
  const hardest = gates
    .flatMap((gate) => (gate.finding === undefined ? [] : [{ gate, finding: gate.finding }]))
    .toSorted((a, b) => strain(b.finding) - strain(a.finding))[0]!;
  const { gate, finding } = hardest;
  const held = finding.reach[0]?.holds;
  const time = formatDuration(examination.plannedS);
  const fails = trials?.all?.fail;
  const blocks = fails === undefined ? "" : `; ${chanceText(fails)} A/A comparisons failed`;
  if (finding.suggestion.kind === "keep") {
    const others = gates.length > 1 ? ", the hardest of its gates," : "";
    return `This set-up can hold ${gateName(gate, gates)}${others} at ${sizeText(gate, finding, held!)} in ${time}${blocks}`;
  }
  return `${unheldText(gate, examination)}${blocks}`;
}

/** How hard a gate is to hold: above 1 it is not held in one planned length. */
const strain = ({ reach, margin }: GateFinding): number => (reach[0]?.holds ?? Number.POSITIVE_INFINITY) / margin;

function unheldText(gate: GateExamination, { plannedS, gates }: Pick<Examination, "plannedS" | "gates">): string {
  const finding = gate.finding!;
  const { reach, margin, suggestion } = finding;
  const reached = reach.flatMap(({ times, holds }) =>
    holds === undefined ? [] : [`${sizeText(gate, finding, holds)} in ${formatDuration(times * plannedS)}`],
  );
  const what = `${gateName(gate, gates)} at ${sizeText(gate, finding, margin)}`;
  if (suggestion.kind === "longer") {
    return `This set-up holds ${what} only after ${formatDuration(suggestion.times * plannedS)} (${reached.join(", ")})`;
  }
  const can = reached.length === 0 ? "too few requests lie beyond the percentile for any margin" : `it can hold ${reached.join(", ")}`;
  return `This set-up cannot hold ${what}: ${can}`;
}

/** A build that fails against itself. */
function falseBlocks({ trials, gates }: Examination): readonly string[] {
  const driven = trials?.driven;
  const exchanged = trials?.exchanged;
  const failed = gates.filter(({ finding }) => finding?.driven.some(({ word }) => word === "fail")).map((gate) => gateName(gate, gates));
  return [
    ...(driven !== undefined && driven.fail.count > 0
      ? [
          `${driven.fail.count} of ${driven.fail.of} ${driven.fail.of === 1 ? "comparison" : "comparisons"} of the build with itself, as driven, failed (${failed.join(", ")})`,
        ]
      : []),
    ...(exchanged !== undefined && exchanged.fail.low > PROMISED
      ? [`${chanceText(exchanged.fail)} A/A comparisons failed, more than the ${formatPercent(PROMISED)} that a gate promises`]
      : []),
  ];
}

function seriousOf(gate: GateExamination, { gates, apart }: Examination): readonly string[] {
  const { finding } = gate;
  if (finding === undefined) return [];
  const name = gateName(gate, gates);
  const { hidden, selfTest } = finding;
  const change = (size: number): string =>
    finding.scale === "relative" ? formatChange(Math.expm1(size)) : formatDifference(size, METRICS[gate.metric].unit);
  const found: string[] = [];
  if (hidden.arms.isReal) {
    found.push(
      `${name} differs between the arms by ${change(hidden.arms.change)} beyond chance (p = ${pText(hidden.arms.p)}), although ${apart ? "both deployments are said to be one build" : "both arms are one endpoint"}`,
    );
  }
  if (hidden.order?.isReal === true) {
    found.push(
      `${name} depends on the order of the arms: the second block of a pair is ${change(hidden.order.change)} beyond chance (p = ${pText(hidden.order.p)}), so the endpoint remembers what came before; the order is turned in every second pair, which cancels it from the change and leaves it in the noise`,
    );
  }
  if (hidden.neighbours?.isReal === true) {
    found.push(
      `${name} changes in the same way in neighbouring pairs (correlation ${formatQuantity(hidden.neighbours.correlation, "1")}), so pairs are no independent evidence and intervals are too narrow; longer blocks help`,
    );
  }
  if (selfTest?.improvement?.word === "fail")
    found.push(`${name} fails when the head is made better: its direction is reversed, which is a bug of ours`);
  if (selfTest !== undefined && !isCaught(selfTest.margin) && finding.suggestion.kind === "keep") {
    found.push(`${name} was made worse by its margin of ${sizeText(gate, finding, finding.margin)}, and that was not caught`);
  }
  return found;
}

const limitsText = ({ brokenLimits, gates }: Examination): readonly string[] =>
  brokenLimits.map(({ scenario, metric, limit, value }) => {
    const { unit } = METRICS[metric];
    const several = new Set(gates.map((gate) => gate.scenario)).size > 1 ? ` in ${scenario}` : "";
    return `the limit on ${metric}${several} is broken already, by the build that nobody changed: ${formatQuantity(value, unit)} instead of ${formatQuantity(limit, unit)}`;
  });

const warningsOf = ({ problems }: Examination): readonly string[] => [
  ...new Set(problems.filter(({ severity }) => severity === "warning").map(({ message }) => `warning: ${message}`)),
];

function contextOf({ runs, pairs, plannedS, apart, calibration, hindrance }: Examination): readonly string[] {
  const endpoint = apart ? "two deployments of one build" : "one endpoint on both arms";
  const load = `${runs === 1 ? "One run" : `${runs} runs`} of ${formatDuration(plannedS)} with ${endpoint}, ${pairs} pairs of blocks${runs === 1 ? "" : " in all"}.`;
  return [
    ...(hindrance?.code === "nothing-gated" ? [] : [load]),
    ...(calibration === undefined ? [] : [`Load generator on this machine: ${calibrationText(calibration)}.`]),
  ];
}

function adviceOf({ gates, plannedS, budget }: Examination): readonly string[] {
  return gates.flatMap((gate): readonly string[] => {
    const { finding } = gate;
    if (finding === undefined) return [];
    const name = gateName(gate, gates);
    const { suggestion, margin } = finding;
    switch (suggestion.kind) {
      case "keep":
        return suggestion.tightest === undefined
          ? []
          : [`${name}: keep ${sizeText(gate, finding, margin)}; it could be as tight as ${sizeText(gate, finding, suggestion.tightest)}`];
      case "longer":
        return [
          suggestion.times > budget.most
            ? `${name}: keep ${sizeText(gate, finding, margin)} and allow ${suggestion.times} planned lengths (decision.budget: ${suggestion.times}), ${formatDuration(suggestion.times * plannedS)} at the most`
            : `${name}: keep ${sizeText(gate, finding, margin)}; the budget of ${budget.most} planned lengths is enough, a run needs up to ${formatDuration(suggestion.times * plannedS)}`,
        ];
      case "widen":
        return [
          `${name}: widen ${sizeText(gate, finding, margin)} to ${sizeText(gate, finding, suggestion.margin)}, the tightest that ${formatDuration(budget.most * plannedS)} can hold, or lower the noise (see above)`,
        ];
      case "none":
        return [
          `${name}: nothing tried here holds ${sizeText(gate, finding, margin)}; it needs more requests, or a set-up with less noise`,
        ];
    }
  });
}

/** False alarms that every gate promises to stay below, whatever the suite asks for. */
const PROMISED = 0.01;

const pText = (p: number): string => (p < 0.001 ? "< 0.001" : String(Number(p.toPrecision(2))));
