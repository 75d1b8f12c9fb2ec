import type { NonceKeys } from "./core/plan/nonce.ts";
import type { Arm, Plan, ScenarioPlan } from "./core/plan/plan.ts";
import { longestThinkingS } from "./core/plan/planned-time.ts";
import { shareOf } from "./core/plan/shard.ts";
import { senderThreads } from "./core/plan/threads.ts";
import { calibrationProblems, calibrationText, uncalibrated } from "./core/record/calibration.ts";
import { driftProblems } from "./core/record/drift.ts";
import { memoryGrowthProblems } from "./core/record/memory-growth.ts";
import type { Problem, RunRecord, ScenarioRecord } from "./core/record/run-record.ts";
import type { LatencySoFar } from "./core/record/so-far.ts";
import { generatorProblems } from "./core/record/validity.ts";
import type { SampledSource } from "./core/telemetry/cut.ts";
import { shownUrl } from "./core/telemetry/scrape.ts";
import { driveSegment } from "./drive-segment.ts";
import { armsOf, awaitEndpoints } from "./endpoints-ready.ts";
import { metadataProblem } from "./model-inputs.ts";
import type { Driver, Ports, Sampler, SamplerSource } from "./ports.ts";
import {
  beginRun,
  cutToBlocks,
  type MeasuredScenario,
  type MeasureInput,
  type Run,
  recordOf,
  scenarioRecord,
  takeOver,
} from "./run-in-progress.ts";
import { type Appointments, openAppointments } from "./shard-start.ts";

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
    if (await endpointsAnswer(run, ports)) {
      await calibrate(run, ports);
      const appointments = input.shard && openAppointments(input.shard, ports, input.signal);
      if (appointments !== undefined && "severity" in appointments) run.problems.push(appointments);
      else await drivePlan(run, ports, appointments);
    }
  } finally {
    ports.progress.done();
  }
  const cancelled = input.signal.aborted;
  const spoiled =
    run.problems.some((problem) => problem.severity === "invalid") && run.measured.every((scenario) => scenario.arms.size === 0);
  return recordOf(run, cancelled ? "cancelled" : spoiled ? "aborted" : "complete", ports.today());
}

async function endpointsAnswer(run: Run, ports: Ports): Promise<boolean> {
  const { obstacle, signal } = run.input;
  const problem =
    obstacle ?? (await awaitEndpoints(run.input, ports)) ?? (await wrongBuild(run, ports)) ?? (await metadataProblem(run.input, ports));
  if (signal.aborted) return false;
  if (problem !== undefined) run.problems.push(problem);
  return problem === undefined;
}

async function wrongBuild(run: Run, ports: Ports): Promise<Problem | undefined> {
  const { suite, endpoints, signal, tls: material } = run.input;
  const { headers, identity, connection, tls } = suite.target;
  if (identity === undefined || signal.aborted) return undefined;
  run.identity = await ports.readIdentity(endpoints.head, identity, headers, signal, { connection, tls, material });
  if (run.identity.matches) return undefined;
  return {
    severity: "invalid",
    code: "wrong-deployment",
    arm: "head",
    headline: otherBuild(run.identity),
    message: `${identity.path} answers ${JSON.stringify(run.identity.observed)}, expected ${JSON.stringify(run.identity.expected)}: this is not the deployment to be measured; wait for the deployment to finish before this step`,
  };
}

/** In parentheses stands why an answer could not be had. */
const otherBuild = ({ path, expected, observed }: NonNullable<RunRecord["identity"]>): string =>
  observed.startsWith("(")
    ? `the preview does not say which build it is: ${path} ${observed}`
    : `the preview is another build: ${path} answers ${observed}, expected ${expected}`;

/** How far this machine's own numbers are off, before anything is made of them. */
async function calibrate(run: Run, ports: Ports): Promise<void> {
  if (!run.input.suite.generator.calibration) return;
  ports.progress.phase("calibrating the load generator");
  const rates = run.input.plan.scenarios.map(({ load }) => (load.kind === "open" ? load.ratePerS : 0));
  const answer = await ports.calibrate(Math.max(...rates) / (run.input.shard?.stripe.of ?? 1), run.input.signal);
  if (run.input.signal.aborted) return;
  if (answer.ok) {
    run.calibration = answer.calibration;
    ports.progress.note(`generator error: ${calibrationText(answer.calibration)}`);
  }
  const problems = answer.ok ? calibrationProblems(answer.calibration) : [uncalibrated(answer.reason)];
  for (const { message } of problems) ports.progress.note(`warning: ${message}`);
  run.problems.push(...problems);
}

async function drivePlan(run: Run, ports: Ports, appointments: Appointments | undefined): Promise<void> {
  const sampler = await openSampler(run, ports);
  const drivers = openDrivers(run, ports);
  try {
    let plans: readonly Plan[] = [run.input.plan];
    while (plans.length > 0 && !run.input.signal.aborted) {
      for (const plan of plans)
        for (const group of groupsOf(run, plan)) await driveGroup(run, ports, { group, drivers, sampler, appointments });
      plans = run.input.signal.aborted ? [] : look(run, ports, sampler);
    }
  } finally {
    await drivers.close();
    conclude(run, (await sampler?.stop(run.input.signal)) ?? []);
  }
}

/** Judges what was measured so far as if it were all, and returns what follows. */
function look(run: Run, ports: Ports, sampler: Sampler | undefined): readonly Plan[] {
  const step = run.input.look?.(soFar(run, sampler?.soFar() ?? [], ports.today()));
  if (step === undefined) return [];
  ports.progress.note(step.text);
  for (const scenario of run.measured) {
    const looks = step.looks.get(scenario.name);
    if (looks !== undefined) scenario.looks = looks;
  }
  for (const { kept } of step.plans) takeOver(run, kept);
  return step.plans.map(({ plan }) => plan);
}

function soFar(run: Run, sampled: readonly SampledSource[], now: Date): RunRecord {
  const sketch = { ...run, problems: [...run.problems], environment: { ...run.environment } };
  conclude(sketch, sampled);
  return recordOf(sketch, "complete", now);
}

/** Adds what is known only when the blocks are complete: their telemetry, and what stands against them. */
function conclude(run: Run, sampled: readonly SampledSource[]): void {
  cutToBlocks(run, sampled);
  run.problems.push(...run.measured.flatMap((scenario) => problemsOf(scenarioRecord(scenario, run))));
}

const problemsOf = (scenario: ScenarioRecord) => [
  ...generatorProblems(scenario),
  ...driftProblems(scenario),
  ...memoryGrowthProblems(scenario),
];

type Member = { readonly plan: ScenarioPlan; readonly into: MeasuredScenario };

/** Scenarios in their order, those that run together as one group. */
function groupsOf({ measured }: Run, { scenarios }: Plan): readonly (readonly Member[])[] {
  const members = scenarios.map((scenario) => ({ plan: scenario, into: measured.find(({ name }) => name === scenario.scenario.name)! }));
  return [...Map.groupBy(members, ({ plan: { scenario } }) => scenario.together ?? scenario).values()];
}

type Driving = {
  readonly group: readonly Member[];
  readonly drivers: Drivers;
  readonly sampler: Sampler | undefined;
  /** Where several machines send one load. */
  readonly appointments: Appointments | undefined;
};

/** Segments of a group match one by one: each step drives one segment of every member, and ends when all of them are over. */
async function driveGroup(run: Run, ports: Ports, { group, drivers, sampler, appointments }: Driving): Promise<void> {
  const failing = new AbortController();
  const signal = AbortSignal.any([run.input.signal, failing.signal]);
  const live = group.map(() => new Map<Arm, LatencySoFar>());
  // Sessions are driven to their end, longer in one shard than in another.
  const beyondS = Math.max(...group.map(({ plan }) => longestThinkingS(plan.requests)));
  for (const [step, { durationS }] of group[0]!.plan.segments.entries()) {
    await appointments?.keep(durationS + beyondS);
    if (signal.aborted) return;
    const driving = group.map(async ({ plan, into }, place) => {
      const segment = plan.segments[step]!;
      const common = { scenario: plan, segment, into, sampler, signal, live: live[place]! };
      const afterS = plan.segments.slice(step + 1).reduce((sum, { durationS }) => sum + durationS, 0);
      try {
        await driveSegment(run, ports, { ...common, afterS, driver: drivers.of(segment.arm, place) });
      } catch (error) {
        // A bug of ours in one of them must not leave the others under load.
        failing.abort();
        throw error;
      }
    });
    const ended = await Promise.allSettled(driving);
    for (const end of ended) if (end.status === "rejected") throw end.reason;
  }
}

/** One driver for each arm and each member of a group that runs at once, kept from one scenario to the next with its connections. */
type Drivers = { readonly of: (arm: Arm, place: number) => Driver; readonly close: () => Promise<void> };

function openDrivers(run: Run, ports: Ports): Drivers {
  const { suite, shard, tls } = run.input;
  const target = shard === undefined ? suite.target : { ...suite.target, maxInFlight: shareOf(suite.target.maxInFlight, shard.stripe) };
  const urls = new Map(armsOf(run.input.endpoints));
  const wanted = run.input.plan.scenarios.map((scenario) => senderThreads(scenario, suite.generator, ports.cores()));
  // Each thread has its part of the requests that may be under way, and a part is one at least.
  const threads = Math.min(Math.max(1, ...wanted), target.maxInFlight);
  const nonces = nonceKeys(run.input, ports);
  const open = new Map<string, Driver>();
  return {
    of: (arm, place) => {
      const key = `${arm} ${place}`;
      const driver = open.get(key) ?? ports.openDriver({ url: urls.get(arm)!, target, tls, threads, nonces });
      open.set(key, driver);
      return driver;
    },
    close: async () => void (await Promise.all([...open.values()].map((driver) => driver.close()))),
  };
}

/** Shards share the nonces of a pass where something names the load that they send together: the workflow's run, or its start. */
function nonceKeys({ shard, plan, provenance: { runId, runAttempt } }: MeasureInput, ports: Ports): NonceKeys {
  if (shard === undefined) return { run: ports.runId(), sender: "1" };
  const { stripe, startAtMs } = shard;
  const isNamed = runId !== undefined || startAtMs !== undefined;
  const run = isNamed ? JSON.stringify([plan.suiteDigest, runId, runAttempt, startAtMs]) : ports.runId();
  return { run, sender: String(stripe.index + 1) };
}

async function openSampler(run: Run, ports: Ports): Promise<Sampler | undefined> {
  const { suite, plan, shard } = run.input;
  // The shards share the endpoint: one of them samples it.
  if (shard !== undefined && shard.stripe.index > 0) return undefined;
  const sources: SamplerSource[] = [];
  for (const source of suite.telemetry) {
    // What tells of the other endpoint only has nothing to tell where that one is not driven.
    if (plan.design === "single" && source.arm === "base") continue;
    if (plan.design === "single" || source.baselineUrl === undefined) {
      sources.push({ source, arm: plan.design === "single" ? "head" : (source.arm ?? "both"), url: source.url });
    } else sources.push({ source, arm: "head", url: source.url }, { source, arm: "base", url: source.baselineUrl });
  }
  if (sources.length === 0) return undefined;
  for (const at of sources) {
    const { source, url, arm } = at;
    const probe = await ports.probeTelemetry(at, run.input.signal);
    if (probe.ok) continue;
    const problem: Problem = {
      severity: "warning",
      code: "telemetry-unreachable",
      ...(arm === "both" ? {} : { arm }),
      message: `telemetry ${source.kind} at ${shownUrl(url)}: ${probe.reason}`,
    };
    run.problems.push(problem);
    run.unanswered.push({ at, problem });
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
