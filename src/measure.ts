import type { Arm, ScenarioPlan, Segment } from "./core/plan/plan.ts";
import { openRecorder } from "./core/record/recorder.ts";
import type { Problem, RunRecord } from "./core/record/run-record.ts";
import { generatorProblems } from "./core/record/validity.ts";
import { shownUrl } from "./core/telemetry/scrape.ts";
import type { Driver, Ports, Sampler, SamplerSource } from "./ports.ts";
import { beginRun, cutToBlocks, type MeasuredScenario, type MeasureInput, type Run, recordOf, scenarioRecord } from "./run-in-progress.ts";

/**
 * Plays a plan against the endpoints and records what happened. Whatever the world does is in the record: an endpoint
 * that never answers makes a record with a problem and without blocks, a cancel one with the blocks that were complete.
 */
export async function measure(input: MeasureInput, ports: Ports): Promise<RunRecord> {
  const run = beginRun(input, ports.today(), ports.now());
  run.problems.push(...trustProblems(input));
  // Before the first request, so that a folder that cannot be written costs nobody the measuring time.
  await input.checkpoint(recordOf(run, "aborted", ports.today()));
  try {
    if (await endpointsAnswer(run, ports)) await drivePlan(run, ports);
  } finally {
    ports.progress.done();
  }
  const cancelled = input.signal.aborted;
  const spoiled =
    run.problems.some((problem) => problem.severity === "invalid") && run.measured.every((scenario) => scenario.arms.size === 0);
  return recordOf(run, cancelled ? "cancelled" : spoiled ? "aborted" : "complete", ports.today());
}

async function endpointsAnswer(run: Run, ports: Ports): Promise<boolean> {
  const { suite, endpoints, signal } = run.input;
  const { ready, headers, identity, connection, tls } = suite.target;
  const route = { connection, tls, material: run.input.tls };
  for (const [arm, url] of armsOf(run.input)) {
    ports.progress.phase(`waiting for the ${arm} endpoint`);
    const answer = await ports.awaitReady(url, ready, headers, signal, route);
    if (signal.aborted) return false;
    if (!answer.ready) {
      const message = `the ${arm} endpoint ${shown(url)} never became ready: ${answer.reason}`;
      run.problems.push({ severity: "invalid", code: "endpoint-not-ready", arm, message });
      return false;
    }
  }
  if (identity === undefined) return true;
  run.identity = await ports.readIdentity(endpoints.head, identity, headers, signal, route);
  if (!run.identity.matches && !signal.aborted) {
    run.problems.push({
      severity: "invalid",
      code: "wrong-deployment",
      arm: "head",
      message: `${identity.path} answers ${JSON.stringify(run.identity.observed)}, expected ${JSON.stringify(run.identity.expected)}: this is not the deployment to be measured; wait for the deployment to finish before this step`,
    });
    return false;
  }
  return true;
}

async function drivePlan(run: Run, ports: Ports): Promise<void> {
  const { suite, plan, signal, checkpoint } = run.input;
  const sampler = await openSampler(run, ports);
  const drivers = new Map<Arm, Driver>();
  for (const [arm, url] of armsOf(run.input))
    drivers.set(arm, ports.openDriver({ url, target: suite.target, tls: run.input.tls, threads: 1 }));
  try {
    for (const [index, scenario] of plan.scenarios.entries()) {
      for (const segment of scenario.segments) {
        if (signal.aborted) return;
        await driveSegment(run, ports, { scenario, segment, driver: drivers.get(segment.arm)!, into: run.measured[index]! });
        await checkpoint(recordOf(run, "aborted", ports.today()));
      }
    }
  } finally {
    await Promise.all([...drivers.values()].map((driver) => driver.close()));
    const sampled = (await sampler?.stop()) ?? [];
    cutToBlocks(run, sampled);
    run.problems.push(...run.measured.flatMap((scenario) => generatorProblems(scenarioRecord(scenario, run))));
  }
}

async function driveSegment(
  run: Run,
  ports: Ports,
  step: { scenario: ScenarioPlan; segment: Segment; driver: Driver; into: MeasuredScenario },
): Promise<void> {
  const { scenario, segment, driver, into } = step;
  const arm = into.arms.get(segment.arm) ?? {
    warmUp: { durationS: 0, offered: 0, ok: 0, firstRequestS: undefined },
    blocks: [],
    examples: {},
  };
  into.arms.set(segment.arm, arm);
  const what =
    segment.phase === "warm-up" ? "warm-up" : segment.blocks.length === 1 ? `block ${segment.blocks[0]!.index + 1}` : "measuring";
  ports.progress.phase(`${scenario.scenario.name} · ${segment.arm} · ${what}`);

  const segmentStartS = Number(ports.now() - run.startNs) / 1e9;
  const recorder = openRecorder(segment.blocks, segmentStartS, run.input.suite.target.retry !== undefined);
  let warm = { ok: 0, firstRequestS: undefined as number | undefined };
  const result = await driver.drive(
    segment,
    scenario.requests,
    (outcome) => {
      if (segment.phase === "measure") recorder.add(outcome);
      else {
        const first =
          warm.firstRequestS ??
          (outcome.index === 0 && outcome.result.kind === "ok" ? (outcome.endNs - outcome.intendedNs) / 1e9 : undefined);
        warm = { ok: warm.ok + (outcome.result.kind === "ok" ? 1 : 0), firstRequestS: first };
      }
    },
    run.input.signal,
    (tick) => {
      if (segment.phase === "measure") recorder.advance(tick.elapsedS * 1e9);
      ports.progress.tick(tick);
    },
  );
  if (segment.phase === "warm-up") {
    arm.warmUp = {
      durationS: arm.warmUp.durationS + segment.durationS,
      offered: arm.warmUp.offered + result.offered,
      ok: arm.warmUp.ok + warm.ok,
      firstRequestS: arm.warmUp.firstRequestS ?? warm.firstRequestS,
    };
    return;
  }
  // A cancelled segment keeps the blocks that were over when it ended: half a block would be compared with a whole one.
  const elapsedS = Number(result.endedNs - result.startedNs) / 1e9;
  const slots = new Map(segment.blocks.map((slot) => [slot.index, slot]));
  for (const record of recorder.finish()) {
    const slot = slots.get(record.index)!;
    const end = slot.startS + slot.durationS;
    if (result.cancelled && end > elapsedS) continue;
    const startNs = result.startedNs + nanoseconds(slot.startS);
    arm.blocks.push({
      record: { ...record, startS: Number(startNs - run.startNs) / 1e9 },
      startNs,
      endNs: startNs + nanoseconds(slot.durationS),
    });
  }
  arm.examples = { ...recorder.examples, ...arm.examples };
}

async function openSampler(run: Run, ports: Ports): Promise<Sampler | undefined> {
  const { suite, plan } = run.input;
  const sources: SamplerSource[] = [];
  for (const source of suite.telemetry) {
    if (plan.design === "single" || source.baselineUrl === undefined) {
      sources.push({ source, arm: plan.design === "single" ? "head" : "both", url: source.url });
    } else sources.push({ source, arm: "head", url: source.url }, { source, arm: "base", url: source.baselineUrl });
  }
  if (sources.length === 0) return undefined;
  for (const { source, url, arm } of sources) {
    const probe = await ports.probeTelemetry(source, url, run.input.signal);
    if (probe.ok) continue;
    run.problems.push({
      severity: "warning",
      code: "telemetry-unreachable",
      ...(arm === "both" ? {} : { arm }),
      message: `telemetry ${source.kind} at ${shownUrl(url)}: ${probe.reason}`,
    });
  }
  return ports.startSampler(sources, ports.now);
}

/** Whoever answers without a verified certificate may be anybody. */
const trustProblems = ({ suite, endpoints }: MeasureInput): readonly Problem[] =>
  suite.target.tls.verify || ![endpoints.head, endpoints.base].some((url) => url !== undefined && /^https:/i.test(url))
    ? []
    : [
        {
          severity: "warning",
          code: "tls-not-verified",
          message: "certificates were not verified (target.tls.verify: no): nobody knows who answered",
        },
      ];

const armsOf = ({ endpoints }: MeasureInput): readonly (readonly [Arm, string])[] =>
  endpoints.base === undefined
    ? [["head", endpoints.head]]
    : [
        ["base", endpoints.base],
        ["head", endpoints.head],
      ];

/** A URL without what may be secret in it. */
const shown = (url: string): string => {
  const { origin, pathname } = new URL(url);
  return pathname === "/" ? origin : origin + pathname;
};

const nanoseconds = (seconds: number): bigint => BigInt(Math.round(seconds * 1e9));
