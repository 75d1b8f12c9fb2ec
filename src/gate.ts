import { admitAttempts, type FoundAttempts, isSpoiled, NO_ATTEMPTS } from "./core/compare/attempts.ts";
import type { Baseline, Candidate } from "./core/compare/baseline.ts";
import { chooseBaseline, type FoundRuns } from "./core/compare/choose-baseline.ts";
import { compareRuns } from "./core/compare/compare.ts";
import { baselineNotes } from "./core/decide/baseline-notes.ts";
import { decide } from "./core/decide/decide.ts";
import { phaseNotes } from "./core/decide/phase-notes.ts";
import type { Verdict } from "./core/decide/verdict.ts";
import { InputError } from "./core/errors.ts";
import { makePlan } from "./core/plan/make-plan.ts";
import type { Plan } from "./core/plan/plan.ts";
import { remainingPlan } from "./core/plan/remaining.ts";
import { type Shard, shardOf, shardText } from "./core/plan/shard.ts";
import { endpointClass } from "./core/record/endpoint-class.ts";
import type { JournalEntry } from "./core/record/journal.ts";
import { redactArm, redactRecord } from "./core/record/redact.ts";
import type { Problem, Provenance, RunRecord } from "./core/record/run-record.ts";
import { type Artifacts, buildReport, type Link, type Policy, type Report, type ReportInput } from "./core/report/report.ts";
import { describeConnection } from "./core/suite/describe-connection.ts";
import { secretsOfUrl } from "./core/suite/secrets.ts";
import type { Suite } from "./core/suite/suite.ts";
import type { LoadedSuite } from "./load-suite.ts";
import { measure } from "./measure.ts";
import { resolveInputs } from "./model-inputs.ts";
import { openPasses } from "./passes.ts";
import type { Ports } from "./ports.ts";
import { checkStart } from "./shard-start.ts";

/** What might be compared with, and where runs are kept as workflow artifacts, for the commands of the report. */
export type FoundBaselines = FoundRuns & { readonly artifacts?: Artifacts };

export type GateInput = {
  readonly loaded: LoadedSuite;
  readonly endpoint: string | undefined;
  readonly baselineEndpoint: string | undefined;
  readonly scenarios: readonly string[];
  /** Of a load that several machines send together, the part that this one measures. Its verdict is `invalid`: a part shows nothing. */
  readonly shard?: Shard | undefined;
  /** Which leg of a matrix this is; absent for a suite that runs once. */
  readonly variant?: string;
  /** The file that the record is written to, for the commands of the report; absent where it does not outlive the run. */
  readonly recordPath?: string;
  /** For the words of the report: what an undecided verdict does to the job. */
  readonly policy: Policy;
  /** Resolved before the load starts, so that a broken baseline costs nobody the measuring time. */
  readonly baselines: FoundBaselines;
  /** Earlier runs of the same code: those that are admitted are part of the same test. */
  readonly attempts?: FoundAttempts;
  /** What a reader has to know about this judgement beside its numbers; no part of the record. */
  readonly notes?: readonly Problem[];
  readonly tool: string;
  readonly provenance: Provenance;
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly checkpoint: (record: RunRecord) => Promise<void>;
  readonly keep: (entry: JournalEntry) => Promise<void>;
  /** What the record says of the run from its beginning, whatever comes of it. */
  readonly remarks?: readonly Problem[];
  /** A run of this suite that ended in the middle: what it measured stands, and the rest is measured now. */
  readonly resume?: RunRecord | undefined;
};

export type Judgement = {
  readonly verdict: Verdict;
  readonly baseline: Baseline;
  readonly report: Report;
  /** What the report was made from, for those who learn more about the judgement than its numbers. */
  readonly reportInput: ReportInput;
  /** What people accept of it, where they were asked. */
  readonly acceptance?: ReportInput["acceptance"];
  /** What the verdict stands on, in order of time: the attempts, then the run itself unless it was spoiled. */
  readonly heads: readonly RunRecord[];
  /** The earlier attempts among the heads. */
  readonly attempts: readonly Candidate[];
};

/** The main job, in order: plan, measure, judge. */
export async function gate(input: GateInput, ports: Ports): Promise<Judgement & { readonly record: RunRecord }> {
  const { loaded, baselineEndpoint } = input;
  const { secrets } = loaded;
  const head = endpointOf(input.endpoint ?? loaded.suite.target.endpoint, "--endpoint");
  const base = baselineEndpoint === undefined ? undefined : endpointOf(baselineEndpoint, "--baseline-endpoint");
  const { suite, environment, obstacle } = await resolveInputs(
    { suite: loaded.suite, tls: loaded.tls, endpoints: { head, base }, signal: input.signal },
    ports,
  );
  const { digest, scenarioDigests, files } = loaded;
  const planned = { suite, digest, scenarioDigests, files, design: base === undefined ? "single" : "live" } as const;
  if (input.shard !== undefined) checkStart(input.shard, ports.today());
  const plan = makePlan({ ...planned, scenarios: input.scenarios });
  checkInputs(input.resume, environment);
  const { rest, earlier } = input.shard === undefined ? resumed(plan, input.resume) : partOf(plan, input.shard, input.resume);
  const judging = {
    suite: suiteOfScenarios(loaded.suite, input.scenarios),
    suitePath: loaded.file,
    ...(input.variant === undefined ? {} : { variant: input.variant }),
    ...(input.recordPath === undefined ? {} : { headPaths: [input.recordPath] }),
    found: input.baselines,
    ...(input.attempts === undefined ? {} : { attempts: input.attempts }),
    policy: input.policy,
    notes: input.notes ?? [],
  };
  const hidden = [...secrets, ...[head, base].flatMap((url) => (url === undefined ? [] : secretsOfUrl(url)))];
  const clean = (record: RunRecord): RunRecord =>
    redactRecord({ ...record, problems: [...(input.remarks ?? []), ...record.problems] }, hidden);
  const record = clean(
    await measure(
      {
        suite,
        plan: rest,
        earlier,
        shard: input.shard,
        // A part of a load decides nothing, so that its length is fixed.
        look:
          input.shard === undefined
            ? openPasses({
                suite: judging.suite,
                plan,
                planOf: (pass, scenarios) => makePlan({ ...planned, pass, scenarios, first: plan }),
                judge: (soFar) => judge({ ...judging, heads: [soFar] }).verdict,
                resume: input.resume,
              })
            : undefined,
        tls: loaded.tls,
        endpoints: { head, base },
        obstacle,
        tool: input.tool,
        provenance: input.provenance,
        environment: { ...input.environment, ...workloadEnvironment(suite), ...environment, "endpoint.class": endpointClass(head) },
        signal: input.signal,
        checkpoint: (partial) => input.checkpoint(clean(partial)),
        keep: (entry) => input.keep({ ...entry, part: redactArm(entry.part, hidden) }),
      },
      ports,
    ),
  );
  return {
    record,
    ...judge({ ...judging, heads: [record] }),
  };
}

function partOf(plan: Plan, { stripe }: Shard, resume: RunRecord | undefined): ReturnType<typeof resumed> {
  if (resume === undefined) return { rest: shardOf(plan, stripe), earlier: undefined };
  throw new InputError("a shard cannot be resumed: the others are over", { hint: "start all shards again" });
}

/** @throws {InputError} where the earlier run sent tensors for another model. */
function checkInputs(resume: RunRecord | undefined, environment: Readonly<Record<string, string>>): void {
  const [before, now] = [resume?.environment["model.inputs"], environment["model.inputs"]];
  if (before === undefined || now === undefined || before === now) return;
  throw new InputError("the model takes other inputs than in the run to be resumed", { hint: "start without --resume" });
}

/** @throws {InputError} where the earlier run is not one of this plan, or has nothing left to do. */
function resumed(plan: Plan, record: RunRecord | undefined): { readonly rest: Plan; readonly earlier: RunRecord | undefined } {
  if (record === undefined) return { rest: plan, earlier: undefined };
  const start = "start without --resume to measure from the beginning";
  if (record.status === "complete") throw new InputError("the run to be resumed is complete", { hint: start });
  if (record.suite.digest !== plan.suiteDigest || record.suite.seed !== plan.seed) {
    throw new InputError("the run to be resumed was measured with another suite", { hint: `restore the suite file, or ${start}` });
  }
  // The arms tell nothing: a live run may have been ended before its other arm began.
  const blocks = record.scenarios.flatMap(({ arms }) => Object.values(arms).flatMap((arm) => arm.blocks));
  const isLive = blocks.some(({ pair }) => pair !== undefined);
  if (blocks.length > 0 && isLive !== (plan.design === "live")) {
    throw new InputError(`the run to be resumed had ${isLive ? "a" : "no"} live base endpoint`, {
      hint: isLive ? "pass --baseline-endpoint again" : "leave --baseline-endpoint out",
    });
  }
  const { plan: rest, kept } = remainingPlan(plan, record);
  return { rest, earlier: { ...record, scenarios: kept } };
}

export type JudgeInput = {
  readonly suite: Suite;
  readonly suitePath: string;
  readonly variant?: string;
  /** The measured run, or several runs of the same code; at least one. */
  readonly heads: readonly RunRecord[];
  /** Their files, for the commands of the report. */
  readonly headPaths?: readonly string[];
  readonly found: FoundBaselines;
  /** Earlier runs of the same code as the last head. */
  readonly attempts?: FoundAttempts;
  readonly policy: Policy;
  readonly notes?: readonly Problem[];
  /** Pages about this run elsewhere. */
  readonly links?: readonly Link[];
};

/** Records in, verdict out: the part of the gate that touches nothing but numbers. */
export function judge({
  suite,
  suitePath,
  variant = "",
  heads: measured,
  headPaths,
  found,
  policy,
  notes = [],
  ...input
}: JudgeInput): Judgement {
  const { attempts, notes: told } = admitAttempts(newestOf(measured), input.attempts ?? NO_ATTEMPTS);
  const earlier = attempts.map(({ record }) => record);
  const conclusion = (heads: readonly RunRecord[], more: readonly Problem[]) => {
    const choice = chooseBaseline(heads, newestOf(heads), found);
    const { baseline } = choice;
    const known = [...notes, ...baselineNotes(choice, found), ...phaseNotes(heads, baseline), ...told, ...more];
    return { heads, baseline, verdict: verdictOf({ suite, heads, baseline, notes: known }) };
  };
  const all = conclusion([...earlier, ...measured], []);
  // A run that shows nothing takes no failure back.
  const before =
    all.verdict.verdict !== "fail" && earlier.length > 0 && measured.some(isSpoiled) && conclusion(earlier, spoiledNotes(measured));
  const { heads, baseline, verdict } = before !== false && before.verdict.verdict === "fail" ? before : all;
  const { artifacts } = found;
  const { links } = input;
  const reportInput = { verdict, suite, variant, heads, attempts, baseline, policy, suitePath, headPaths, artifacts, links };
  return { verdict, baseline, heads, attempts, report: buildReport(reportInput), reportInput };
}

function verdictOf({
  suite,
  heads,
  baseline,
  notes,
}: Pick<JudgeInput, "suite" | "heads"> & { baseline: Baseline; notes: readonly Problem[] }): Verdict {
  const { evidence, comparisons, attributions } = compareRuns({ suite, heads, baseline });
  return decide({ suite, comparisons, attributions, evidence, baseline, problems: [...problemsOf(heads), ...notes] });
}

const spoiledNotes = (heads: readonly RunRecord[]): readonly Problem[] =>
  problemsOf(heads)
    .filter(({ severity }) => severity === "invalid")
    .map(({ message, ...problem }) => ({
      ...problem,
      severity: "warning",
      message: `this attempt was spoiled and does not count, so that the failure of earlier ones stands: ${message}`,
    }));

function newestOf(heads: readonly RunRecord[]): RunRecord {
  const newest = heads.at(-1);
  if (newest === undefined) throw new InputError("there is no head run to judge");
  return newest;
}

/** A run that did not come to its end is half a measurement, whatever its numbers are. */
const problemsOf = (heads: readonly RunRecord[]): readonly Problem[] =>
  heads.flatMap(({ status, problems, shard }) => {
    if (shard !== undefined) return [...problems, { severity: "invalid", code: "shard-alone", message: aloneText(shard) }];
    const isExplained = status === "aborted" && problems.some(({ severity, scenario }) => severity === "invalid" && scenario === undefined);
    return status === "complete" || isExplained
      ? problems
      : [...problems, { severity: "invalid", code: status, message: UNFINISHED[status] }];
  });

const aloneText = ({ index, of }: NonNullable<RunRecord["shard"]>): string =>
  `this is ${shardText({ index: index - 1, of })}: a part of a load shows nothing by itself; judge all shards together (mode: merge, or tailgate compare with one --head per shard)`;

const UNFINISHED = {
  cancelled: "the run was cancelled before it was complete",
  aborted: "the run ended before it was complete, and its record says nothing about why: measure again",
} as const;

/** With `--scenario`, the others were left out on purpose: they are not missing. */
const suiteOfScenarios = (suite: Suite, names: readonly string[]): Suite =>
  names.length === 0 ? suite : { ...suite, scenarios: suite.scenarios.filter(({ name }) => names.includes(name)) };

const workloadEnvironment = (suite: Suite): Readonly<Record<string, string>> => ({
  "target.protocol": suite.target.protocol,
  ...(suite.target.model === undefined ? {} : { "target.model": suite.target.model }),
  ...Object.fromEntries(Object.entries(describeConnection(suite.target)).map(([what, text]) => [`client.${what}`, text])),
});

function endpointOf(text: string | undefined, option: "--endpoint" | "--baseline-endpoint"): string {
  if (text === undefined) {
    throw new InputError("there is no endpoint to measure", { hint: `pass ${option} URL, or write target.endpoint in the suite` });
  }
  if (text === "") throw new InputError(`${option} is empty`, { hint: "is the variable set that it was taken from?" });
  const url = URL.parse(text);
  if (url?.protocol === "http:" || url?.protocol === "https:") return text;
  // What stands before an @ may be a password.
  const shown = text.replace(/[^/]*@/, "***@");
  const meant =
    !text.includes("://") && URL.canParse(`http://${text}`) ? `did you mean http://${shown}?` : "write it like https://preview.example.com";
  throw new InputError(`${option}: ${JSON.stringify(shown)} is not a http or https URL`, { hint: meant });
}
