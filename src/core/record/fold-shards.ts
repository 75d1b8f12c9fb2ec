import { formatQuantity } from "../decide/quantity.ts";
import type { Arm } from "../plan/plan.ts";
import { driftProblems } from "./drift.ts";
import { foldArms } from "./fold-blocks.ts";
import { memoryGrowthProblems } from "./memory-growth.ts";
import type { Calibration, Problem, RunRecord, ScenarioRecord, ShardRecord } from "./run-record.ts";
import { generatorProblems } from "./validity.ts";

/** The record of one shard. */
export type ShardRun = RunRecord & { readonly shard: ShardRecord };

export const isShard = (record: RunRecord): record is ShardRun => record.shard !== undefined;

/** Blocks of one number may begin this far apart: whichever is more, of the block and in seconds. */
const APART = { share: 0.05, seconds: 1 };

/**
 * The records of a load that several machines sent together, as the one record that a single machine would have written.
 * Blocks of one number are laid over one another: counts are added and histograms merged.
 *
 * The whole is `invalid`, with the reason, where the endpoint did not see the whole load at once, or where it is not one
 * load: a shard is missing, there twice or not complete, was measured with another suite, endpoint, commit or version, or
 * its blocks began more than a second (and 5 % of a block) before or after those of another. Shards that do not fit are
 * not folded in. What spoiled a shard spoils the whole.
 *
 * The order of the records does not matter.
 *
 * @param records at least one.
 */
export function foldShards(records: readonly ShardRun[]): RunRecord {
  const { shards, problems } = fitting(records);
  const [first] = shards;
  const startedMs = Math.min(...shards.map(({ startedAt }) => Date.parse(startedAt)));
  const finishedMs = Math.max(...shards.map(({ finishedAt }) => Date.parse(finishedAt)));
  const { shard: _, calibration: __, ...common } = first!;
  const names = [...new Set(shards.flatMap(({ scenarios }) => scenarios.map(({ name }) => name)))];
  const scenarios = names.map((name) => foldScenario(name, shards, startedMs));
  const calibrations = shards.flatMap(({ calibration }) => calibration ?? []);
  const found = [...problems, ...apartProblems(shards), ...sharedProblems(shards)];
  return {
    ...common,
    environment: foldEnvironments(shards),
    startedAt: new Date(startedMs).toISOString(),
    finishedAt: new Date(finishedMs).toISOString(),
    status: shards.every(({ status }) => status === "complete") ? "complete" : "aborted",
    problems: [...found, ...problemsOfAll(scenarios).filter((problem) => !found.some((known) => isSameFinding(known, problem)))],
    ...(calibrations.length === 0 ? {} : { calibration: worstOf(calibrations) }),
    scenarios,
  };
}

const placeOf = ({ shard }: ShardRun): string => `shard ${shard.index}`;
const spoils = (code: string, message: string): Problem => ({ severity: "invalid", code, message });

/** Those that are parts of one load, each once and in order, and what is said of the others. */
function fitting(records: readonly ShardRun[]): { readonly shards: readonly ShardRun[]; readonly problems: readonly Problem[] } {
  const sorted = records.toSorted((a, b) => a.shard.index - b.shard.index || Date.parse(a.startedAt) - Date.parse(b.startedAt));
  const [first] = sorted;
  if (first === undefined) throw new RangeError("there is no shard to fold");
  const { of } = first.shard;
  const problems: Problem[] = [];
  const shards: ShardRun[] = [];
  for (const record of sorted) {
    const difference = whyAnotherLoad(first, record);
    if (shards.at(-1)?.shard.index === record.shard.index)
      problems.push(spoils("shard-twice", `${placeOf(record)} of ${of} is there twice`));
    else if (difference !== undefined)
      problems.push(spoils("shard-mismatch", `${placeOf(record)} is no part of the same load as ${placeOf(first)}: ${difference}`));
    else shards.push(record);
  }
  const missing = Array.from({ length: of }, (_, i) => i + 1).filter((index) => !sorted.some(({ shard }) => shard.index === index));
  if (missing.length > 0) {
    const which = missing.length === 1 ? `shard ${missing[0]} of ${of} is` : `shards ${missing.join(", ")} of ${of} are`;
    problems.unshift(
      spoils(
        "shard-missing",
        `${which} missing, so that nothing is known of that part of the load: look at its job, and run all jobs again`,
      ),
    );
  }
  for (const record of shards) {
    const isExplained = record.problems.some(({ severity, scenario }) => severity === "invalid" && scenario === undefined);
    if (record.status !== "complete" && !isExplained)
      problems.push(spoils("shard-incomplete", `${placeOf(record)} of ${of} is not complete (${record.status})`));
  }
  return { shards, problems };
}

function whyAnotherLoad(one: ShardRun, other: ShardRun): string | undefined {
  const short = (text: string | undefined): string => text?.slice(0, 12) ?? "unknown";
  if (other.shard.of !== one.shard.of) return `it is one of ${other.shard.of}, not of ${one.shard.of}`;
  const facts = [
    ["suite", one.suite.name, other.suite.name],
    ["suite digest", short(one.suite.digest), short(other.suite.digest)],
    ["seed", String(one.suite.seed), String(other.suite.seed)],
    ["commit", short(one.provenance.commit), short(other.provenance.commit)],
    ["digest of the endpoints", short(one.shard.endpoints), short(other.shard.endpoints)],
    ["version of the tool", one.tool, other.tool],
  ] as const;
  const different = facts.find(([, here, there]) => here !== there);
  return different === undefined ? undefined : `its ${different[0]} is ${different[2]}, not ${different[1]}`;
}

/** One problem per scenario at most, of the two shards that were furthest apart in any of its blocks. */
function apartProblems(shards: readonly ShardRun[]): readonly Problem[] {
  const begun = shards.flatMap((record) =>
    record.scenarios.flatMap(({ name, arms }) =>
      (["base", "head"] as const).flatMap((arm) =>
        (arms[arm]?.blocks ?? []).map(({ index, startS, durationS }) => {
          return { record, scenario: name, key: `${arm} ${index}`, durationS, atS: Date.parse(record.startedAt) / 1000 + startS };
        }),
      ),
    ),
  );
  return [...Map.groupBy(begun, ({ scenario }) => scenario)].flatMap(([scenario, blocks]) => {
    const gaps = [...Map.groupBy(blocks, ({ key }) => key).values()].map((same) => {
      const inOrder = same.toSorted((a, b) => a.atS - b.atS);
      const [early, late] = [inOrder[0]!, inOrder.at(-1)!];
      return { early, late, gapS: late.atS - early.atS };
    });
    const [widest] = gaps.toSorted((a, b) => b.gapS - a.gapS);
    if (widest === undefined || widest.gapS <= Math.max(APART.seconds, APART.share * widest.early.durationS)) return [];
    const gap = formatQuantity(widest.gapS, "s");
    const message = `${placeOf(widest.late.record)} began ${gap} after ${placeOf(widest.early.record)}, so that the endpoint never saw the whole load; give all shards one start-at that leaves each job time to be ready, and run all jobs again`;
    return [{ ...spoils("shard-apart", message), scenario }];
  });
}

/** What is found anew in the whole: of a part it says little. */
const OF_THE_WHOLE = ["no-requests", "all-failed", "drift", "memory-grows"];

/** What the shards say: once where all say the same, else with the shard that says it. */
function sharedProblems(shards: readonly ShardRun[]): readonly Problem[] {
  const said = shards.flatMap((record) =>
    record.problems.filter(({ code }) => !OF_THE_WHOLE.includes(code)).map((problem) => ({ record, problem })),
  );
  return [
    ...Map.groupBy(said, ({ problem }) => JSON.stringify([problem.code, problem.scenario, problem.arm, problem.message])).values(),
  ].flatMap((same) => {
    const { problem } = same[0]!;
    if (same.length === shards.length || /^(gpu|telemetry)-/.test(problem.code)) return [problem];
    return same.map(({ record }) => ({ ...problem, message: `${placeOf(record)}: ${problem.message}` }));
  });
}

const problemsOfAll = (scenarios: readonly ScenarioRecord[]): readonly Problem[] =>
  scenarios.flatMap((scenario) => [...generatorProblems(scenario), ...driftProblems(scenario), ...memoryGrowthProblems(scenario)]);

const isSameFinding = (a: Problem, b: Problem): boolean => a.code === b.code && a.scenario === b.scenario && a.arm === b.arm;

function foldScenario(name: string, shards: readonly ShardRun[], startedMs: number): ScenarioRecord {
  const parts = shards.flatMap((record) => {
    const scenario = record.scenarios.find((one) => one.name === name);
    return scenario === undefined ? [] : [{ scenario, offsetS: (Date.parse(record.startedAt) - startedMs) / 1000 }];
  });
  const folded = (arm: Arm) => {
    const of = parts.flatMap(({ scenario, offsetS }) => (scenario.arms[arm] === undefined ? [] : [{ arm: scenario.arms[arm], offsetS }]));
    return of.length === 0 ? {} : { [arm]: foldArms(of) };
  };
  const { digest, load } = parts[0]!.scenario;
  return { name, ...(digest === undefined ? {} : { digest }), load, arms: { ...folded("base"), ...folded("head") } };
}

/** What all know is said once; where machines differ, all are named. */
function foldEnvironments(shards: readonly ShardRun[]): RunRecord["environment"] {
  const keys = [...new Set(shards.flatMap(({ environment }) => Object.keys(environment)))].sort();
  const values = (key: string): string => [...new Set(shards.flatMap(({ environment }) => environment[key] ?? []))].join(" / ");
  return { ...Object.fromEntries(keys.map((key) => [key, values(key)])), "client.shards": String(shards[0]!.shard.of) };
}

function worstOf(calibrations: readonly Calibration[]): Calibration {
  const most = (of: (calibration: Calibration) => number): number => Math.max(...calibrations.map(of));
  return {
    ratePerS: most(({ ratePerS }) => ratePerS),
    requests: Math.min(...calibrations.map(({ requests }) => requests)),
    releaseP50S: most(({ releaseP50S }) => releaseP50S),
    releaseP99S: most(({ releaseP99S }) => releaseP99S),
    biasP50S: most(({ biasP50S }) => biasP50S),
    biasP99S: most(({ biasP99S }) => biasP99S),
  };
}
