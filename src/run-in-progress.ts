import type { MetricName } from "./core/metric.ts";
import type { Arm, Plan } from "./core/plan/plan.ts";
import {
  type ArmRecord,
  type BlockRecord,
  type Calibration,
  type GaugeSummary,
  type Problem,
  type Provenance,
  RUN_RECORD_SCHEMA,
  type RunRecord,
  type ScenarioRecord,
} from "./core/record/run-record.ts";
import type { Suite, TlsMaterial } from "./core/suite/suite.ts";
import { cutTelemetry, type SampledSource, type TelemetryWindow } from "./core/telemetry/cut.ts";
import { gpuEnvironment } from "./core/telemetry/gpu-health.ts";

export type MeasureInput = {
  /** With every `${env:NAME}` replaced. */
  readonly suite: Suite;
  readonly plan: Plan;
  /** Contents of the suite's TLS files. */
  readonly tls: TlsMaterial;
  readonly endpoints: { readonly head: string; readonly base: string | undefined };
  readonly tool: string;
  readonly provenance: Provenance;
  readonly environment: Readonly<Record<string, string>>;
  /** Aborted by a cancel: what was measured so far is kept. */
  readonly signal: AbortSignal;
  /** Called with the record so far, marked `aborted`, before the first request and after every segment: what a crash leaves behind. */
  readonly checkpoint: (record: RunRecord) => Promise<void>;
};

/** A run in progress. The only mutable state of the pipeline; it ends in a {@link RunRecord}. */
export type Run = {
  readonly input: MeasureInput;
  readonly startedAt: Date;
  readonly startNs: bigint;
  readonly problems: Problem[];
  identity: RunRecord["identity"];
  calibration: Calibration | undefined;
  /** Gauges by window key, once the sampler has stopped. */
  telemetry: ReadonlyMap<string, Readonly<Partial<Record<MetricName, GaugeSummary>>>>;
  /** Grows by what the telemetry tells about the GPUs. */
  readonly environment: Record<string, string>;
  readonly measured: readonly MeasuredScenario[];
};
export type MeasuredScenario = {
  readonly name: string;
  readonly load: ScenarioRecord["load"];
  readonly arms: Map<Arm, MeasuredArm>;
};
export type MeasuredArm = {
  warmUp: ArmRecord["warmUp"];
  readonly blocks: { readonly record: BlockRecord; readonly startNs: bigint; readonly endNs: bigint }[];
  examples: ArmRecord["examples"];
};

export const beginRun = (input: MeasureInput, startedAt: Date, startNs: bigint): Run => ({
  input,
  startedAt,
  startNs,
  problems: [],
  identity: undefined,
  calibration: undefined,
  telemetry: new Map(),
  environment: { ...input.environment },
  measured: input.plan.scenarios.map(({ scenario, load }) => ({ name: scenario.name, load, arms: new Map() })),
});

/** Gives every measured block its telemetry, and the record what the telemetry says of the GPUs. */
export function cutToBlocks(run: Run, sampled: readonly SampledSource[]): void {
  if (sampled.length === 0) return;
  const windows: TelemetryWindow[] = run.measured.flatMap((scenario) =>
    [...scenario.arms].flatMap(([arm, { blocks }]) =>
      blocks.map(({ record, startNs, endNs }) => ({
        key: windowKey(scenario.name, arm, record.index),
        arm,
        startNs,
        endNs,
        ok: record.ok,
      })),
    ),
  );
  const cut = cutTelemetry(sampled, windows);
  run.telemetry = cut.gauges;
  run.problems.push(...cut.problems);
  Object.assign(run.environment, gpuEnvironment(sampled));
}

/** Which machines were measured, as far as it can be seen: the GPUs say it best, else the names of the hosts. */
function placesOf({ head, base }: MeasureInput["endpoints"], environment: RunRecord["environment"]): RunRecord["environment"] {
  const isKnown = environment["gpu.uuids.base"] !== undefined && environment["gpu.uuids.head"] !== undefined;
  return base === undefined || isKnown ? {} : { "node.base": new URL(base).hostname, "node.head": new URL(head).hostname };
}

const windowKey = (scenario: string, arm: Arm, index: number) => `${scenario}\n${arm}\n${index}`;

export function scenarioRecord(scenario: MeasuredScenario, run: Run): ScenarioRecord {
  const arms: { [A in Arm]?: ArmRecord } = {};
  for (const [name, arm] of scenario.arms) {
    arms[name] = {
      warmUp: arm.warmUp,
      blocks: arm.blocks.map(({ record }) => ({
        ...record,
        gauges: run.telemetry.get(windowKey(scenario.name, name, record.index)) ?? {},
      })),
      examples: arm.examples,
    };
  }
  return { name: scenario.name, load: scenario.load, arms };
}

/** The record of what was measured until now. */
export const recordOf = (run: Run, status: RunRecord["status"], finishedAt: Date): RunRecord => ({
  schema: RUN_RECORD_SCHEMA,
  tool: run.input.tool,
  suite: { name: run.input.plan.suiteName, digest: run.input.plan.suiteDigest, seed: run.input.plan.seed },
  provenance: run.input.provenance,
  environment: { ...run.environment, ...placesOf(run.input.endpoints, run.environment) },
  startedAt: run.startedAt.toISOString(),
  finishedAt: finishedAt.toISOString(),
  status,
  problems: [...run.problems],
  identity: run.identity,
  ...(run.calibration === undefined ? {} : { calibration: run.calibration }),
  scenarios: run.measured.filter(({ arms }) => arms.size > 0).map((scenario) => scenarioRecord(scenario, run)),
});
