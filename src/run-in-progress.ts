import type { MetricName } from "./core/metric.ts";
import type { Arm, Plan } from "./core/plan/plan.ts";
import type { Remaining } from "./core/plan/remaining.ts";
import { endpointsDigest, type Shard } from "./core/plan/shard.ts";
import { type FirstAnswers, openFirstAnswers } from "./core/record/first-answers.ts";
import type { JournalEntry } from "./core/record/journal.ts";
import {
  type ArmRecord,
  type BlockRecord,
  type Calibration,
  type GaugeSummary,
  type LooksRecord,
  type Problem,
  type Provenance,
  RUN_RECORD_SCHEMA,
  type RunRecord,
  type ScenarioRecord,
} from "./core/record/run-record.ts";
import { asFields, joined, NOTHING_SEEN, seenOf, type WorthLookingAt } from "./core/record/slowest.ts";
import type { Suite, TlsMaterial } from "./core/suite/suite.ts";
import { cutTelemetry, type SampledSource, type TelemetryWindow } from "./core/telemetry/cut.ts";
import { gpuEnvironment } from "./core/telemetry/gpu-health.ts";
import type { SourceAt } from "./core/telemetry/scrape.ts";
import type { Look } from "./passes.ts";

export type MeasureInput = {
  /** With every `${env:NAME}` replaced. */
  readonly suite: Suite;
  /** What is still to be done of the first pass. */
  readonly plan: Plan;
  /** Whether the run goes on when that has been measured; undefined where its length is fixed. */
  readonly look: Look | undefined;
  /** A run of this plan that ended in the middle, with the blocks of it that stand. */
  readonly earlier: RunRecord | undefined;
  /** Of a load that several machines send together, this one's part, which `plan` holds; undefined where it sends all. */
  readonly shard?: Shard | undefined;
  /** Contents of the suite's TLS files. */
  readonly tls: TlsMaterial;
  readonly endpoints: { readonly head: string; readonly base: string | undefined };
  /** What was found before that keeps the plan from being sent. */
  readonly obstacle?: Problem | undefined;
  readonly tool: string;
  readonly provenance: Provenance;
  readonly environment: Readonly<Record<string, string>>;
  /** Aborted by a cancel: what was measured so far is kept. */
  readonly signal: AbortSignal;
  /**
   * Called with the record, marked `aborted`, before the first request; then {@link MeasureInput.keep} with each block as
   * soon as it is complete. Together they are what a crash leaves behind.
   */
  readonly checkpoint: (record: RunRecord) => Promise<void>;
  readonly keep: (entry: JournalEntry) => Promise<void>;
};

/** A run in progress. The only mutable state of the pipeline; it ends in a {@link RunRecord}. */
export type Run = {
  readonly input: MeasureInput;
  readonly startedAt: Date;
  /** The start of this process's part of the run on the monotonic clock, and how many seconds after `startedAt` it was. */
  readonly startNs: bigint;
  readonly startS: number;
  readonly problems: Problem[];
  /** Telemetry that told nothing before the load, with what was said of it. */
  readonly unanswered: { readonly at: SourceAt; readonly problem: Problem }[];
  /** By which its requests are found among the endpoint's traces; made when the first of them is sent. */
  traceRun: string | undefined;
  /** Segments that were driven under it. */
  tracedSegments: number;
  identity: RunRecord["identity"];
  calibration: Calibration | undefined;
  /** Gauges by window key, once the sampler has stopped. */
  telemetry: ReadonlyMap<string, Gauges>;
  /** Grows by what the telemetry tells about the GPUs. */
  readonly environment: Record<string, string>;
  readonly measured: readonly MeasuredScenario[];
};
export type MeasuredScenario = {
  readonly name: string;
  readonly digest: string | undefined;
  readonly load: ScenarioRecord["load"];
  readonly arms: Map<Arm, MeasuredArm>;
  /** With what answers are compared where the suite asks whether both arms give the same. */
  readonly firstAnswers: FirstAnswers;
  looks?: LooksRecord;
};
export type MeasuredArm = {
  warmUp: ArmRecord["warmUp"];
  readonly blocks: MeasuredBlock[];
  examples: ArmRecord["examples"];
  seen: WorthLookingAt;
};
/** Blocks of an earlier process have no window on this one's clock, and their telemetry is what it was. */
export type MeasuredBlock = { readonly record: BlockRecord; readonly window: Pick<TelemetryWindow, "startNs" | "endNs"> | undefined };

type Gauges = Readonly<Partial<Record<MetricName, GaugeSummary>>>;

export function beginRun(input: MeasureInput, now: Date, startNs: bigint): Run {
  const { earlier } = input;
  const startedAt = earlier === undefined ? now : new Date(Date.parse(earlier.startedAt));
  return {
    input,
    startedAt,
    startNs,
    startS: Math.max(0, now.getTime() - startedAt.getTime()) / 1000,
    problems: earlier === undefined ? [] : resumedProblems(earlier, now),
    unanswered: [],
    traceRun: undefined,
    tracedSegments: 0,
    identity: undefined,
    calibration: undefined,
    telemetry: new Map(),
    environment: { ...input.environment },
    measured: input.plan.scenarios.map(({ scenario: { name }, digest, load }) => ({
      name,
      digest,
      load,
      arms: armsSoFar(earlier, name),
      firstAnswers: openFirstAnswers(),
    })),
  };
}

/**
 * What the earlier process saw of its blocks and nobody can see again: the state of GPUs and telemetry, and whether the
 * warm-up had done its work. The rest is found anew, over all blocks, when they are complete.
 */
function resumedProblems(earlier: RunRecord, now: Date): Problem[] {
  const blocks = earlier.scenarios.flatMap(({ arms }) => Object.values(arms).flatMap((arm) => arm.blocks));
  const message = `${blocks.length} ${blocks.length === 1 ? "block was" : "blocks were"} measured by an earlier process that began at ${earlier.startedAt} and ended in the middle; this one went on at ${now.toISOString()}`;
  const old = earlier.problems.filter(({ code }) => /^(gpu-|telemetry-|not-steady$)/.test(code));
  return [...old, { severity: "warning", code: "resumed", message }];
}

function armsSoFar(earlier: RunRecord | undefined, name: string): Map<Arm, MeasuredArm> {
  const arms = earlier?.scenarios.find((scenario) => scenario.name === name)?.arms ?? {};
  return new Map(
    (["base", "head"] as const).flatMap((arm) => {
      const known = arms[arm];
      if (known === undefined) return [];
      const { warmUp, examples } = known;
      const blocks = known.blocks.map((record) => ({ record, window: undefined }));
      return [[arm, { warmUp, blocks, examples, seen: seenOf(known) }] as const];
    }),
  );
}

/** Takes over the blocks that an earlier process measured of a pass. */
export function takeOver({ measured }: Run, kept: Remaining["kept"]): void {
  for (const { name, arms } of kept) {
    const into = measured.find((scenario) => scenario.name === name);
    if (into === undefined) continue;
    for (const arm of ["base", "head"] as const) {
      const known = arms[arm];
      // An arm that is begun has measured something: a run on one arm has no other.
      if (known === undefined || known.blocks.length === 0) continue;
      const begun = armOf(into, arm);
      begun.blocks.push(...known.blocks.map((record) => ({ record, window: undefined })));
      begun.seen = joined([begun.seen, seenOf(known)]);
    }
  }
}

/** The arm of a scenario, begun if this is its first segment. */
export function armOf({ arms }: MeasuredScenario, name: Arm): MeasuredArm {
  const arm = arms.get(name) ?? {
    warmUp: { durationS: 0, offered: 0, ok: 0, firstRequestS: undefined },
    blocks: [],
    examples: {},
    seen: NOTHING_SEEN,
  };
  arms.set(name, arm);
  return arm;
}

/** Gives every measured block its telemetry, and the record what the telemetry says of the GPUs. */
export function cutToBlocks(run: Run, sampled: readonly SampledSource[]): void {
  if (sampled.length === 0) return;
  const windows: TelemetryWindow[] = run.measured.flatMap((scenario) =>
    [...scenario.arms].flatMap(([arm, { blocks }]) =>
      blocks.flatMap(({ record, window }) =>
        window === undefined
          ? []
          : [{ key: windowKey(scenario.name, arm, record.index), arm, ...window, ok: record.ok, tokens: record.tokens?.output }],
      ),
    ),
  );
  const cut = cutTelemetry(sampled, windows);
  run.telemetry = cut.gauges;
  // Many servers expose a series from the first request on: what tells something after all was never unreachable.
  for (const { at, problem } of run.unanswered) {
    const answered = sampled.some((source) => identityOf(source) === identityOf(at) && source.scrapes.length > 0);
    if (answered && run.problems.includes(problem)) run.problems.splice(run.problems.indexOf(problem), 1);
  }
  run.problems.push(...cut.problems);
  Object.assign(run.environment, gpuEnvironment(sampled));
}

/** The interval of a Prometheus server is learned on the way. */
const identityOf = ({ source, arm, url }: SourceAt): string => JSON.stringify([arm, url, { ...source, intervalS: 0 }]);

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
        gauges: { ...record.gauges, ...run.telemetry.get(windowKey(scenario.name, name, record.index)) },
      })),
      examples: arm.examples,
      ...asFields(arm.seen),
    };
  }
  const { name, digest, load, looks } = scenario;
  return { name, ...(digest === undefined ? {} : { digest }), load, arms, ...(looks === undefined ? {} : { looks }) };
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
  ...(run.input.shard === undefined ? {} : { shard: shardRecord(run.input.shard, run.input) }),
  scenarios: run.measured.filter(({ arms }) => arms.size > 0).map((scenario) => scenarioRecord(scenario, run)),
});

const shardRecord = ({ stripe, startAtMs }: Shard, { endpoints }: MeasureInput): NonNullable<RunRecord["shard"]> => ({
  index: stripe.index + 1,
  of: stripe.of,
  ...(startAtMs === undefined ? {} : { startAt: new Date(startAtMs).toISOString() }),
  endpoints: endpointsDigest(endpoints),
});
