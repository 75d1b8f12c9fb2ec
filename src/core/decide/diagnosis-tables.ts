import type { Examination, GateExamination, GateFinding } from "../doctor/examination.ts";
import type { LeverKind } from "../doctor/levers.ts";
import type { Deviation } from "../doctor/noise.ts";
import { isCaught } from "../doctor/self-test.ts";
import { METRICS } from "../metric.ts";
import { chanceText, gateName, sizeText } from "./diagnosis-words.ts";
import { formatDuration } from "./duration.ts";
import { formatChange, formatDifference, formatPercent, formatQuantity } from "./quantity.ts";

/** A table of words. The first column and `left` ones are text, the others numbers. */
export type Table = {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What the numbers are, what they can show and what they cannot. */
  readonly notes: readonly string[];
  /** For those who want to know more than the terminal shows. */
  readonly isDetail: boolean;
};

type Examined = GateExamination & { readonly finding: GateFinding };

type Content = Omit<Table, "isDetail">;

export function diagnosisTables(examination: Examination): readonly Table[] {
  const gates = examination.gates.filter((gate): gate is Examined => gate.finding !== undefined);
  if (gates.length === 0) return [];
  const details = [aaTable, noiseTable, leverTable, selfTestTable].map((table) => ({ ...table(gates, examination), isDetail: true }));
  return [{ ...reachTable(gates, examination), isDetail: false }, ...details];
}

function reachTable(gates: readonly Examined[], { gates: all, plannedS, budget }: Examination): Content {
  const lengths = gates[0]!.finding.reach.map(({ times }) => formatDuration(times * plannedS));
  return {
    title: "What it can hold",
    columns: ["gate", "asks", ...lengths.map((time) => `holds in ${time}`), `catches in ${lengths[0]}`, "A/A failed", "self-test"],
    rows: gates.map((gate) => {
      const size = (value: number | undefined) => (value === undefined ? NONE : sizeText(gate, gate.finding, value));
      const { reach, margin, fails } = gate.finding;
      return [
        gateName(gate, all),
        size(margin),
        ...reach.map(({ holds }) => size(holds)),
        size(reach[0]?.catches),
        fails === undefined ? NONE : `${fails.count} of ${fails.of}`,
        selfTestWord(gate.finding),
      ];
    }),
    notes: [
      "holds: the tightest gate that an unchanged head passes in 4 of 5 runs, and that noise alone never decides.",
      "catches: the smallest worsening that is blocked in 4 of 5 runs, if the gate is no wider than that.",
      "A/A failed: comparisons of the build with itself that the gate would have blocked. Self-test: the head was made worse by what the gate asks, and judged again.",
      ...(budget.most > 1
        ? [
            "A longer run looks at its evidence more often, and each look has to be surer: where noise does not shrink with time, longer holds no more.",
          ]
        : []),
    ],
  };
}

function aaTable(gates: readonly Examined[], { gates: all, trials, runs }: Examination): Content {
  const words = (tally: NonNullable<Examination["trials"]>["driven"]): string =>
    tally === undefined
      ? "none"
      : [
          tally.pass.count > 0 ? [`${tally.pass.count} passed`] : [],
          tally.undecided.count > 0 ? [`${tally.undecided.count} undecided`] : [],
          [`${chanceText(tally.fail)} failed`],
        ]
          .flat()
          .join(", ");
  return {
    title: "The build against itself (A/A)",
    columns: ["gate", "as driven", "90 % interval", "failed", "interval holds 0", "spread ÷ claimed"],
    rows: gates.map((gate) => {
      const { driven, fails, coverage } = gate.finding;
      const first = driven[0];
      const change = changeOf(gate);
      return [
        gateName(gate, all),
        first === undefined ? NONE : change(first.change),
        first === undefined
          ? NONE
          : `${first.low === undefined ? "unbounded" : change(first.low)} … ${first.high === undefined ? "unbounded" : change(first.high)}`,
        fails === undefined ? NONE : chanceText(fails),
        coverage === undefined ? NONE : formatPercent(coverage.coverage.count / coverage.coverage.of),
        coverage?.errorRatio === undefined ? NONE : ratio(coverage.errorRatio),
      ];
    }),
    notes: [
      `As driven: ${words(trials?.driven)}. With the arms of its block pairs exchanged at random: ${words(trials?.exchanged)}.`,
      "Exchanging arms is allowed because both are one build. It shows how the rule treats the shape of this noise; it shows nothing that all of one run shares, such as a slow day, and its comparisons are no independent runs. The bounds are those of as many independent ones.",
      "Interval holds 0: 90 % is right, and more is cautious (the interval has room for a difference between deployments). Spread ÷ claimed: 1 is right; above 1 intervals would be too narrow.",
      ...(runs > 1
        ? [
            `Over the ${runs} runs as driven, change ÷ its standard error was ${gates
              .flatMap((gate) =>
                gate.finding.runErrorRatio === undefined ? [] : [`${ratio(gate.finding.runErrorRatio)} for ${gateName(gate, all)}`],
              )
              .join(", ")} (root mean square, 1 is right): real repetitions, and ${runs} of them only.`,
          ]
        : []),
    ],
  };
}

function noiseTable(gates: readonly Examined[], { gates: all, apart }: Examination): Content {
  const run = gates[0]!.finding.noise.run;
  return {
    title: "Where the noise comes from (standard deviation of one arm over one planned length)",
    columns: ["gate", "requests", "blocks", "drift", "runs", "deployments"],
    rows: gates.map((gate) => {
      const { request, block, drift, run, deployment } = gate.finding.noise;
      const size = (value: number | undefined) => (value === undefined ? NONE : deviationOf(gate, value));
      const known = (of: Deviation) => `${size(of.deviation)}${of.seen === 0 ? " (assumed)" : ""}`;
      return [gateName(gate, all), size(request), size(block), size(drift), known(run), known(deployment)];
    }),
    notes: [
      "requests: sampling of so many independent requests. blocks: what neighbouring blocks of both arms differ by on top. Both shrink with time.",
      "drift: what both arms share; a live base cancels it, stored runs do not.",
      run.seen === 0
        ? "runs: not seen here; the built-in value is used (or the suite's). Repeat with --runs 3, or pass stored runs with --baseline."
        : `runs: from ${run.seen} runs, blended with the assumed ${gates.map((gate) => deviationOf(gate, gate.finding.noise.run.assumed)).join(", ")} as if that were six. Runs of one deployment, minutes apart, differ by less than runs of weeks.`,
      apart
        ? "deployments: one difference between two deployments, blended with the built-in value as if that were six; one pair can show that they differ by more, and not that they differ by less."
        : "deployments: not seen here, because both arms are one endpoint; the built-in value is used (or the suite's). A second deployment of the same build shows it: --baseline-endpoint URL.",
    ],
  };
}

function leverTable(gates: readonly Examined[], { gates: all }: Examination): Content {
  const kinds = [...new Set(gates.flatMap(({ finding }) => finding.levers.map(({ kind }) => kind)))];
  return {
    title: "What would lower it (the tightest gate that could be held)",
    columns: ["set-up", ...gates.map((gate) => gateName(gate, all))],
    rows: kinds.map((kind) => [
      LEVERS[kind],
      ...gates.map((gate) => {
        const reach = gate.finding.levers.find((lever) => lever.kind === kind)?.reach;
        return reach?.holds === undefined ? NONE : sizeText(gate, gate.finding, reach.holds);
      }),
    ]),
    notes: ["Computed from the noise above, one change at a time; none of these set-ups was measured."],
  };
}

const LEVERS: Readonly<Record<LeverKind, string>> = {
  now: "as it is, live base",
  "time-2": "twice the time",
  "time-4": "four times the time",
  "rate-2": "twice the rate",
  "pairs-2": "twice as many pairs in the same time",
  "one-host": "both arms on one host",
  "other-host": "arms on different hosts",
  "stored-3": "3 stored runs instead of a live base",
  "stored-8": "8 stored runs instead of a live base",
};

const selfTestTable = (gates: readonly Examined[], { gates: all }: Examination): Content => ({
  title: "Self-test (the head changed on purpose, then judged by the whole procedure)",
  columns: ["gate", "worse by", "result", "better by the same"],
  rows: gates.map((gate) => {
    const { selfTest, margin } = gate.finding;
    const name = gateName(gate, all);
    if (selfTest === undefined) return [name, sizeText(gate, gate.finding, margin), "could not be planted", NONE];
    const { margin: planted, caughtFrom, improvement } = selfTest;
    const missed =
      caughtFrom === undefined
        ? "not caught, nor was anything tried above it"
        : `could not have been caught; ${sizeText(gate, gate.finding, caughtFrom)} is`;
    return [
      name,
      sizeText(gate, gate.finding, planted.size),
      isCaught(planted) ? "caught" : missed,
      improvement === undefined ? "cannot get better" : improvement.word === "fail" ? "BLOCKED" : "not blocked",
    ];
  }),
  notes: ["The head's recorded values are scaled so that the planted change is just the margin, whatever chance had made of it."],
});

function changeOf({ metric, finding }: Examined): (size: number) => string {
  return (size) => (finding.scale === "relative" ? formatChange(Math.expm1(size)) : formatDifference(size, METRICS[metric].unit));
}

function deviationOf({ metric, finding }: Examined, size: number): string {
  const { unit } = METRICS[metric];
  if (finding.scale === "relative") return formatPercent(size);
  return unit === "ratio" ? `${formatPercent(size).replace(" %", "")} points` : formatQuantity(size, unit);
}

function selfTestWord({ selfTest }: GateFinding): string {
  if (selfTest === undefined) return NONE;
  if (selfTest.improvement?.word === "fail") return "REVERSED";
  return isCaught(selfTest.margin) ? "caught" : "not caught";
}

const ratio = (value: number): string => String(Number(value.toPrecision(2)));

const NONE = "–";
