import { join } from "node:path";
import { admitBaselines } from "../core/compare/admit.ts";
import { diagnose } from "../core/decide/diagnosis.ts";
import { formatDuration } from "../core/decide/duration.ts";
import { type Examination, examine } from "../core/doctor/examination.ts";
import { regressionGates } from "../core/doctor/gated.ts";
import { suiteEdits } from "../core/doctor/suite-edits.ts";
import { doctoredSuite } from "../core/doctor/suite-text.ts";
import { InputError } from "../core/errors.ts";
import { allowanceOf } from "../core/plan/allowance.ts";
import { makePlan } from "../core/plan/make-plan.ts";
import { withStandIns } from "../core/plan/model-tensors.ts";
import { plannedTime } from "../core/plan/planned-time.ts";
import type { RunRecord } from "../core/record/run-record.ts";
import { doctorJson } from "../core/report/doctor-json.ts";
import { doctorMarkdown } from "../core/report/doctor-markdown.ts";
import { doctorText } from "../core/report/doctor-text.ts";
import { lineDiff } from "../core/report/line-diff.ts";
import { STRICT_POLICY } from "../core/report/report.ts";
import { gate } from "../gate.ts";
import { readTextFile } from "../io/files/read.ts";
import { writeFileAtomic } from "../io/files/write.ts";
import { readProvenance } from "../io/git.ts";
import { openProgress } from "../io/terminal/progress.ts";
import { type LoadedSuite, loadSuite } from "../load-suite.ts";
import { openJournal, writeRecord } from "../outputs.ts";
import { TOOL } from "../tool.ts";
import { clientEnvironment, filePorts, world } from "../world.ts";
import { readBaselines } from "./baselines.ts";
import { type Command, EXIT, type Invocation, parseArguments } from "./command.ts";
import { isInteractive, progressKind } from "./print.ts";

const OUT = join("tailgate-out", "doctor");
/** Comparisons of the build with itself, in all: with no failure among them its chance is below 1.5 %. */
const COMPARISONS = 200;
const MOST_RUNS = 50;

export const doctor: Command = {
  name: "doctor",
  summary: "measure an endpoint against itself: which gates this set-up can hold, and what would lower its noise",
  usage: `tailgate doctor SUITE [options]

  --endpoint URL            the endpoint to drive, as both arms (default: target.endpoint of the suite)
  --baseline-endpoint URL   a second deployment of the same build as the other arm: shows what deployments differ by
  --baseline PATH           stored runs of the suite, or a folder of them: show what runs differ by
  --runs N                  drive the suite N times (default: 1); from 3 on they show what runs differ by
  --out DIR                 where the results go (default: ${OUT})
  --scenario NAME           only this scenario; may be given several times
  --set path=value          change the suite for this run, like --set scenarios.steady.load.duration=30s
  --write                   write what it suggests into the suite file: wider margins, a longer budget, measured spreads
  --json                    print doctor.json on stdout

Drives the suite with one build on both arms, in turn, as a gate with a live base does. Nothing changed, so whatever the
gate then sees is noise. Writes doctor.json, doctor.md and the runs to DIR; without --write the suite file stays as it is.
Exit codes: ${EXIT.pass} done, whatever was found · ${EXIT.input} wrong input · ${EXIT.undecided} could not judge · ${EXIT.cancelled} cancelled`,
  run: async (invocation) => {
    const { args, environment, signal, stdout, stderr } = invocation;
    const { values, positionals } = parseArguments(
      args,
      {
        endpoint: { type: "string" },
        "baseline-endpoint": { type: "string" },
        baseline: { type: "string", multiple: true },
        runs: { type: "string" },
        out: { type: "string" },
        scenario: { type: "string", multiple: true },
        set: { type: "string", multiple: true },
        write: { type: "boolean" },
        json: { type: "boolean" },
      },
      ["SUITE"],
    );
    const file = positionals[0]!;
    const out = values.out ?? OUT;
    const runs = runsOf(values.runs);
    if (values.write === true && values.set !== undefined) {
      throw new InputError("--write and --set do not go together: what was measured is not what the file says", {
        hint: "change the suite file first, or leave --write out",
      });
    }
    const loaded = await loadSuite(file, values.set ?? [], environment, filePorts);
    const scenarios = values.scenario ?? [];
    const plan = makePlan({ ...loaded, suite: withStandIns(loaded.suite), design: "live", scenarios });
    const suite = { ...loaded.suite, scenarios: plan.scenarios.map(({ scenario }) => scenario) };
    const baselines = await readBaselines(values.baseline ?? [], suite.name, "pass --baseline PATH");
    const { measuredS, wholeS } = plannedTime(plan);
    const common = {
      suite,
      tool: TOOL,
      apart: values["baseline-endpoint"] !== undefined,
      plannedS: measuredS,
      allowance: allowanceOf(suite.decision.budget, plan),
      comparisons: COMPARISONS,
    };

    const records: RunRecord[] = [];
    if (regressionGates(suite).length > 0) {
      stderr.write(`drives ${runs === 1 ? "the suite once" : `the suite ${runs} times`}, about ${formatDuration(runs * wholeS)}\n`);
      for (let run = 1; run <= runs && !signal.aborted; run++) {
        const record = await drive(invocation, { loaded, scenarios, out: join(out, `run-${run}`), ...values });
        records.push(record);
        if (record.problems.some(({ severity }) => severity === "invalid")) break;
      }
    }
    const { runs: stored, refused } =
      records[0] === undefined ? { runs: [], refused: [] } : admitBaselines(records[0], baselines.candidates);
    for (const { origin, reason } of [...refused, ...baselines.refused]) stderr.write(`not used: ${origin}: ${reason}\n`);
    const examination = examine({ ...common, records, stored, cancelled: signal.aborted });
    const diagnosis = diagnose(examination);
    const edits = suiteEdits(examination, suite);
    await writeFileAtomic(join(out, "doctor.json"), doctorJson(examination, diagnosis, edits));
    await writeFileAtomic(join(out, "doctor.md"), doctorMarkdown(diagnosis, suite.name));
    if (values.json === true) stdout(doctorJson(examination, diagnosis, edits));
    else stdout(`${doctorText(diagnosis, { color: isInteractive(process.stdout, environment) })}\n`);
    stderr.write(`\nthe noise, what would lower it and every comparison: ${join(out, "doctor.md")}\n`);
    if (edits.length > 0) await offerEdits(file, examination, values.write === true, stderr);
    return signal.aborted ? EXIT.cancelled : examination.hindrance === undefined ? EXIT.pass : EXIT.undecided;
  },
};

/** One run of fixed length with one build on both arms. */
async function drive(
  { environment, signal, stderr }: Invocation,
  {
    loaded,
    endpoint,
    "baseline-endpoint": baselineEndpoint,
    scenarios,
    out,
  }: {
    readonly loaded: LoadedSuite;
    readonly endpoint?: string | undefined;
    readonly "baseline-endpoint"?: string | undefined;
    readonly scenarios: readonly string[];
    readonly out: string;
  },
): Promise<RunRecord> {
  const progress = openProgress(stderr, { kind: progressKind(stderr, environment), now: performance.now.bind(performance) });
  const { suite } = loaded;
  // One deployment has one telemetry, and a run that ended early would tell less of the noise.
  const telemetry =
    baselineEndpoint === undefined ? suite.telemetry.map((source) => ({ ...source, baselineUrl: undefined })) : suite.telemetry;
  const { record } = await gate(
    {
      loaded: { ...loaded, suite: { ...suite, telemetry, decision: { ...suite.decision, budget: { passes: 1 } } } },
      endpoint,
      baselineEndpoint: baselineEndpoint ?? endpoint ?? suite.target.endpoint,
      scenarios,
      policy: STRICT_POLICY,
      baselines: { candidates: [], refused: [], absence: "the doctor always has a live base" },
      tool: TOOL,
      provenance: await readProvenance(environment, process.cwd()),
      environment: clientEnvironment(suite),
      signal,
      ...openJournal(out),
    },
    world(progress),
  );
  await writeRecord(out, record);
  return record;
}

/** Shows what would change in the suite file, and changes it where that is wished. */
async function offerEdits(file: string, examination: Examination, write: boolean, stderr: Invocation["stderr"]): Promise<void> {
  const text = await readTextFile(file, "suite");
  const doctored = doctoredSuite(text, file, examination);
  const diff = lineDiff(text, doctored);
  if (diff.length === 0) return;
  if (write) await writeFileAtomic(file, doctored);
  stderr.write(`\n${write ? `changed ${file}` : `--write would change ${file}`}:\n${diff.join("\n")}\n`);
}

function runsOf(text: string | undefined): number {
  const runs = text === undefined ? 1 : Number(text);
  if (Number.isInteger(runs) && runs >= 1 && runs <= MOST_RUNS) return runs;
  throw new InputError(`--runs: ${JSON.stringify(text)} is not a number of runs`, { hint: `write a whole number from 1 to ${MOST_RUNS}` });
}
