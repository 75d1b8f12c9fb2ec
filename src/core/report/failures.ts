import { formatPercent } from "../decide/quantity.ts";
import { FAILURE_KINDS, type FailureKind } from "../record/outcome.ts";
import type { ArmRecord, RunRecord } from "../record/run-record.ts";
import type { ReportInput } from "./report-input.ts";
import { NOTHING } from "./row.ts";

/** Failed requests of one kind in one scenario. `example` is the endpoint's own words, redacted by the recorder. */
export type FailureRow = {
  readonly scenario: string;
  readonly kind: FailureKind;
  readonly base: string;
  readonly head: string;
  readonly example: string;
};

/** All kinds that occurred, most frequent in the head first within a scenario. */
export function collectFailures({ heads, baseline }: ReportInput): readonly FailureRow[] {
  const names = [...new Set(heads.flatMap((run) => run.scenarios.map((scenario) => scenario.name)))];
  return names.flatMap((scenario) => {
    const head = tally(heads, scenario, "head");
    const base =
      baseline.kind === "stored"
        ? tally(
            baseline.runs.map((run) => run.record),
            scenario,
            "head",
          )
        : tally(heads, scenario, "base");
    return FAILURE_KINDS.filter((kind) => head.count(kind) + base.count(kind) > 0)
      .toSorted((a, b) => head.count(b) - head.count(a))
      .map((kind) => ({
        scenario,
        kind,
        base: base.text(kind),
        head: head.text(kind),
        example: head.example(kind) ?? base.example(kind) ?? "",
      }));
  });
}

function tally(runs: readonly RunRecord[], scenario: string, arm: "base" | "head") {
  const arms: ArmRecord[] = runs.flatMap((run) => run.scenarios.find(({ name }) => name === scenario)?.arms[arm] ?? []);
  const blocks = arms.flatMap((armRecord) => armRecord.blocks);
  const offered = blocks.reduce((sum, block) => sum + block.offered, 0);
  const count = (kind: FailureKind) => blocks.reduce((sum, block) => sum + (block.failures[kind] ?? 0), 0);
  return {
    count,
    text: (kind: FailureKind): string =>
      offered === 0
        ? NOTHING
        : `${count(kind).toLocaleString("en-US")} of ${offered.toLocaleString("en-US")} (${formatPercent(count(kind) / offered)})`,
    example: (kind: FailureKind): string | undefined => arms.map(({ examples }) => examples[kind]).find((text) => text !== undefined),
  };
}
