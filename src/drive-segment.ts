import type { Arm, ScenarioPlan, Segment } from "./core/plan/plan.ts";
import { openTraceIds, type TraceSource } from "./core/protocol/traceparent.ts";
import type { Outcome } from "./core/record/outcome.ts";
import { type CountedClasses, openRecorder } from "./core/record/recorder.ts";
import type { BlockRecord } from "./core/record/run-record.ts";
import { asFields, joined, ofBlocks, placedAt } from "./core/record/slowest.ts";
import { type LatencySoFar, openLatencySoFar, type Tick } from "./core/record/so-far.ts";
import { recordedClasses } from "./core/suite/class-scenario.ts";
import type { Suite } from "./core/suite/suite.ts";
import { cutTelemetry } from "./core/telemetry/cut.ts";
import type { DriveResult, Driver, Ports, Sampler } from "./ports.ts";
import { armOf, type MeasuredArm, type MeasuredScenario, type Run } from "./run-in-progress.ts";
import { driveWarmUp, watchStart } from "./warm-up.ts";

export type Step = {
  readonly scenario: ScenarioPlan;
  readonly segment: Segment;
  readonly driver: Driver;
  readonly into: MeasuredScenario;
  readonly sampler: Sampler | undefined;
  readonly signal: AbortSignal;
  /** Measured so far in this scenario, for whoever watches. */
  readonly live: Map<Arm, LatencySoFar>;
  /** Duration of the segments that follow. */
  readonly afterS: number;
};

/** Drives one segment into the run. */
export async function driveSegment(run: Run, ports: Ports, step: Step): Promise<void> {
  const { scenario, segment, into } = step;
  const arm = armOf(into, segment.arm);
  ports.progress.phase(`${scenario.scenario.name} · ${segment.arm} · ${phaseOf(segment)}`);
  await (segment.phase === "warm-up" ? warmUp(run, ports, step, arm) : measureBlocks(run, ports, step, arm));
}

function phaseOf({ phase, untilSteady, blocks }: Segment): string {
  if (phase === "warm-up") return untilSteady ? "warm-up until steady" : "warm-up";
  return blocks.length === 1 ? `block ${blocks[0]!.index + 1}` : "measuring";
}

async function warmUp(run: Run, ports: Ports, step: Step, arm: MeasuredArm): Promise<void> {
  const { scenario, segment, driver, signal } = step;
  const soFar = openLatencySoFar();
  const onOutcome = soFar.add;
  const onProgress = showing(ports, step, soFar);
  const driven = { scenario: scenario.scenario.name, segment, requests: scenario.requests, driver, signal, onOutcome, onProgress };
  const { record, problems } = await driveWarmUp({ ...driven, trace: nextTrace(run, ports) });
  // An arm starts once: of a run that is resumed, the earlier process saw it.
  if (arm.blocks.length === 0) arm.warmUp = record;
  run.problems.push(...problems);
}

/** Blocks are kept as soon as they are complete, so that a crash after an hour costs a minute. */
async function measureBlocks(run: Run, ports: Ports, step: Step, arm: MeasuredArm): Promise<void> {
  const { scenario, segment, driver, signal, live } = step;
  const { timeoutS, retry } = run.input.suite.target;
  const classes = countedClasses(scenario, segment, run.input.suite);
  const trace = nextTrace(run, ports);
  const classOf = (index: number): string => scenario.requests[segment.picks[index % segment.picks.length]!]!.payloadClass;
  const requests = { classOf, traceIdOf: trace && openTraceIds(trace).traceId };
  const recorder = openRecorder(segment.blocks, secondsOf(run, ports.now()), {
    timeoutS,
    mayRetry: retry !== undefined,
    ...classes,
    requests,
  });
  const seenIn = (startedNs: bigint) => placedAt(recorder.seen(), secondsOf(run, startedNs));
  const kept = new Set<number>();
  const keep = (block: BlockRecord, startedNs: bigint) => {
    kept.add(block.index);
    const { examples } = recorder;
    const seen = ofBlocks(seenIn(startedNs), (index) => index === block.index);
    return keepBlock(run, step, { ...arm, examples: { ...examples, ...arm.examples }, seen }, placed(run, segment, block, startedNs));
  };
  const keeping: Promise<void>[] = [];
  // Without a warm-up the endpoint starts under the first measured requests.
  const start = arm.warmUp.offered === 0 && arm.blocks.length === 0 ? watchStart(segment) : undefined;
  const soFar = live.get(segment.arm) ?? openLatencySoFar();
  live.set(segment.arm, soFar);
  const show = showing(ports, step, soFar);
  const onOutcome = (outcome: Outcome) => {
    recorder.add(outcome);
    soFar.add(outcome);
    start?.add(outcome);
  };
  const onProgress = (tick: Tick) => {
    const complete = recorder.advance(tick.elapsedS * 1e9);
    if (complete !== undefined) keeping.push(keep(complete, tick.startedNs));
    show(tick);
  };
  const result = await driver.drive(segment, scenario.requests, { onOutcome, signal, onProgress, onReading: recorder.look, trace });
  if (start !== undefined) arm.warmUp = { ...arm.warmUp, ...start.seen() };
  arm.examples = { ...recorder.examples, ...arm.examples };
  const whole = recorder.finish().filter((block) => isWhole(segment, block, result));
  const indices = new Set(whole.map(({ index }) => index));
  arm.seen = joined([arm.seen, ofBlocks(seenIn(result.startedNs), (index) => indices.has(index))]);
  arm.blocks.push(...whole.map((block) => placed(run, segment, block, result.startedNs)));
  await Promise.all(keeping);
  for (const block of whole) if (!kept.has(block.index)) await keep(block, result.startedNs);
}

/** Of requests it is known by their place which class they are of: nothing about it is sent along with them. */
function countedClasses({ scenario, requests }: ScenarioPlan, { picks }: Segment, { payloads }: Suite): { classes?: CountedClasses } {
  const names = recordedClasses(scenario, payloads).map(({ name }) => name);
  if (names.length === 0) return {};
  const classOf = Int32Array.from(requests, ({ payloadClass }) => names.indexOf(payloadClass));
  return { classes: { names, of: (index) => classOf[picks[index % picks.length]!]! } };
}

/** What makes the ids of one segment's requests; undefined where the suite asks for none. */
function nextTrace(run: Run, ports: Ports): TraceSource | undefined {
  const { trace } = run.input.suite.target;
  if (trace === undefined) return undefined;
  run.traceRun ??= ports.runId();
  return { run: run.traceRun, segment: run.tracedSegments++, sampled: trace.sampled };
}

const showing =
  (ports: Ports, { afterS }: Step, soFar: LatencySoFar) =>
  (tick: Tick) =>
    ports.progress.tick(tick, () => ({ ...soFar.read(), leftS: afterS + Math.max(0, tick.durationS - tick.elapsedS) }));

/** A cancelled segment keeps the blocks that were over when it ended: half a block would be compared with a whole one. */
function isWhole(segment: Segment, { index }: BlockRecord, result: DriveResult): boolean {
  const slot = segment.blocks.find((candidate) => candidate.index === index)!;
  return !result.cancelled || slot.startS + slot.durationS <= Number(result.endedNs - result.startedNs) / 1e9;
}

/** A block with its place in time, as it really began. */
function placed(run: Run, segment: Segment, block: BlockRecord, startedNs: bigint): MeasuredArm["blocks"][number] & { window: object } {
  const slot = segment.blocks.find(({ index }) => index === block.index)!;
  const startNs = startedNs + nanoseconds(slot.startS);
  const window = { startNs, endNs: startNs + nanoseconds(slot.durationS) };
  return { record: { ...block, startS: secondsOf(run, startNs) }, window };
}

async function keepBlock(
  run: Run,
  { into, segment, sampler }: Step,
  arm: MeasuredArm,
  { record, window }: ReturnType<typeof placed>,
): Promise<void> {
  const near = sampler === undefined ? [] : sampler.soFar().map((source) => ({ ...source, scrapes: around(source.scrapes, window) }));
  const { gauges } = cutTelemetry(near, [{ key: "block", arm: segment.arm, ...window, ok: record.ok }]);
  const { warmUp, examples, seen } = arm;
  const blocks = [{ ...record, gauges: { ...record.gauges, ...gauges.get("block") } }];
  const part = { warmUp, blocks, examples, ...asFields(seen) };
  try {
    await run.input.keep({ scenario: into.name, load: into.load, arm: segment.arm, part });
  } catch (error) {
    // The measurement goes on: what cannot be kept now may still be written at the end.
    if (run.problems.some(({ code }) => code === "journal-lost")) return;
    const message = `blocks could not be kept while the run went on, and a crash would have lost them: ${(error as Error).message}`;
    run.problems.push({ severity: "warning", code: "journal-lost", message });
  }
}

/** More than any gap that is bridged between two samples. */
const NEAR_NS = 60_000_000_000n;

const around = <S extends { readonly atNs: bigint }>(scrapes: readonly S[], { startNs, endNs }: { startNs: bigint; endNs: bigint }) =>
  scrapes.filter(({ atNs }) => atNs >= startNs - NEAR_NS && atNs <= endNs + NEAR_NS);

const secondsOf = (run: Run, ns: bigint): number => run.startS + Number(ns - run.startNs) / 1e9;

const nanoseconds = (seconds: number): bigint => BigInt(Math.round(seconds * 1e9));
