import { formatDuration } from "../decide/duration.ts";
import { formatPercent, formatQuantity } from "../decide/quantity.ts";
import type { Arm } from "../plan/plan.ts";
import { mergedBins } from "../record/block-bins.ts";
import { calibrationText } from "../record/calibration.ts";
import type { BlockRecord, GeneratorRecord, RunRecord } from "../record/run-record.ts";
import { quantileOf } from "../stats/quantile.ts";
import type { Fact } from "./provenance.ts";

/** A block in which the load generator paused. */
export type PausedBlock = {
  readonly scenario: string;
  readonly arm: Arm;
  readonly block: string;
  readonly start: string;
  /** `3 of 10`. */
  readonly pausedSeconds: string;
  readonly arrivals: string;
  readonly longest: string;
  readonly loopDelay: string;
  readonly garbage: string;
  readonly steal: string;
};

/** How much of the latency is our own, and how our own machine did: what a reader who doubts the numbers asks first. */
export function generatorFacts(heads: readonly RunRecord[]): readonly Fact[] {
  const blocks = heads.flatMap((run) => armBlocks(run).map(({ block }) => block));
  const measuredS = blocks.reduce((sum, { durationS }) => sum + durationS, 0);
  const bins = mergedBins(blocks, "generator");
  const looks = blocks.flatMap(({ generator }) => generator ?? []);
  // A run of another tool has no such distribution; one that could not be calibrated says so in its warnings.
  const uncalibrated = bins.total > 0 ? [{ label: "Generator error", value: "not measured before this run" }] : [];
  return [
    ...(measuredS > 0 ? [{ label: "Measured time", value: `${formatDuration(measuredS)} over all arms and scenarios` }] : []),
    ...(bins.total > 0
      ? [
          {
            label: "Generator's own delay",
            value: `p50 ${seconds(quantileOf(bins, 0.5) ?? Number.NaN)}, p99 ${seconds(quantileOf(bins, 0.99) ?? Number.NaN)} (late release and client queue; part of every latency above)`,
          },
        ]
      : []),
    ...(looks.length > 0 ? [{ label: "Generator's state", value: stateText(looks) }] : []),
    ...heads.flatMap(({ calibration }, index) =>
      calibration === undefined
        ? uncalibrated
        : [
            {
              label: heads.length > 1 ? `Generator error ${index + 1}` : "Generator error",
              value: `${calibrationText(calibration)}, against a server of known times just before the run`,
            },
          ],
    ),
  ];
}

/** Only blocks that had pauses, in the order of time within an arm. */
export const pausedBlocks = (heads: readonly RunRecord[]): readonly PausedBlock[] =>
  heads.flatMap(armBlocks).flatMap(({ scenario, arm, block: { index, startS, generator } }) =>
    generator === undefined || generator.pausedSeconds === 0
      ? []
      : [
          {
            scenario,
            arm,
            block: String(index + 1),
            start: formatDuration(startS),
            pausedSeconds: `${generator.pausedSeconds} of ${generator.seconds}`,
            arrivals: String(generator.pausedArrivals),
            longest: seconds(generator.pauseMaxS),
            loopDelay: seconds(generator.loopDelayMaxS),
            garbage: seconds(generator.gcS),
            steal: ratio(generator.stealRatio),
          },
        ],
  );

const armBlocks = (run: RunRecord): readonly { readonly scenario: string; readonly arm: Arm; readonly block: BlockRecord }[] =>
  run.scenarios.flatMap(({ name, arms }) =>
    (["base", "head"] satisfies Arm[]).flatMap((arm) => (arms[arm]?.blocks ?? []).map((block) => ({ scenario: name, arm, block }))),
  );

function stateText(looks: readonly GeneratorRecord[]): string {
  const sum = (of: (look: GeneratorRecord) => number) => looks.reduce((total, look) => total + of(look), 0);
  const most = (of: (look: GeneratorRecord) => number) => Math.max(...looks.map(of));
  const looked = sum((look) => look.seconds);
  const mean = (of: (look: GeneratorRecord) => number | undefined): number | undefined => {
    const known = looks.flatMap((look) => of(look) ?? []);
    return known.length === 0 ? undefined : known.reduce((total, value) => total + value, 0) / known.length;
  };
  return [
    `paused in ${sum((look) => look.pausedSeconds)} of ${looked} s`,
    `longest turn of the event loop ${seconds(most((look) => look.loopDelayMaxS))}`,
    `sender busy ${formatPercent(sum((look) => look.utilization * look.seconds) / looked)}`,
    `garbage collection ${formatPercent(sum((look) => look.gcS) / looked)}`,
    `machine busy ${ratio(mean((look) => look.machineBusyRatio))}`,
    `steal ${ratio(mean((look) => look.stealRatio))}`,
  ].join(", ");
}

const seconds = (value: number): string => formatQuantity(value, "s");
const ratio = (value: number | undefined): string => (value === undefined ? "not known" : formatPercent(value));
