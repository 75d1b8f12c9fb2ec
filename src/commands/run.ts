import { join } from "node:path";
import { InputError } from "../core/errors.ts";
import { readShard, shardText } from "../core/plan/shard.ts";
import { writeRunRecord } from "../core/record/read.ts";
import type { RunRecord } from "../core/record/run-record.ts";
import { gate } from "../gate.ts";
import { saveBaseline } from "../io/baselines/directory.ts";
import { readProvenance } from "../io/git.ts";
import { openProgress } from "../io/terminal/progress.ts";
import { loadQuickly } from "../load-quickly.ts";
import { loadSuite } from "../load-suite.ts";
import { openJournal, RUN_FILE, readStoredRun, writeOutputs, writeRecord } from "../outputs.ts";
import { TOOL } from "../tool.ts";
import { clientEnvironment, filePorts, world } from "../world.ts";
import { readAttempts, readBaselines } from "./baselines.ts";
import { type Command, EXIT, parseArguments } from "./command.ts";
import { exitCodeOf, POLICY_OPTIONS, policyOf, reportPolicy } from "./policy.ts";
import { printJudgement, progressKind } from "./print.ts";

const OUT = "tailgate-out";
const HOW_TO_GIVE_A_BASELINE =
  "pass --baseline-endpoint URL, or --baseline PATH with stored runs of the base (run.json, or what --save-baseline DIR keeps)";

export const run: Command = {
  name: "run",
  summary: "drive an endpoint with a suite and gate it against a baseline",
  usage: `tailgate run SUITE [options]

  --endpoint URL            the preview to measure (default: target.endpoint of the suite)
  --baseline-endpoint URL   a live base, driven in turn with the preview: the strongest evidence
  --baseline PATH           a stored run, or a folder of them; may be given several times
  --earlier PATH            an earlier run of the same code (run.json, or its folder): counts into the same test; several times
  --out DIR                 where the results go (default: ${OUT})
  --scenario NAME           only this scenario; may be given several times
  --set path=value          change the suite for this run, like --set scenarios.steady.load.duration=10s
  --save-baseline DIR       also keep the run as a baseline below DIR, unless it is invalid
  --quick                   a first answer in half a minute: the same requests at the same rates for a few seconds. It can
                            fail, it passes no gate and is no baseline
  --shard 2/3               send only this part of the load, while other machines send the rest; judge all parts with
                            tailgate compare and one --head for each
  --start-at TIME           when all shards begin: seconds since 1970, or 2026-11-22T09:00:00Z
  --resume                  go on with the run in DIR that a crash or a cancel ended: whole blocks stand, the rest is measured
  --on-inconclusive P       fail, warn or pass when the data cannot tell (default: exit code ${EXIT.undecided})
  --on-no-baseline P        the same when there is nothing to compare with
  --on-invalid P            the same when the generator or the environment spoiled the run
  --json                    print verdict.json on stdout

Writes run.json, verdict.json, comment.md, report.html, junit.xml and latency.hlog to DIR.
Exit codes: ${EXIT.pass} pass · ${EXIT.fail} a gate failed · ${EXIT.input} wrong input · ${EXIT.undecided} could not decide · ${EXIT.cancelled} cancelled`,
  run: async ({ args, environment, signal, stdout, stderr }) => {
    const { values, positionals } = parseArguments(
      args,
      {
        endpoint: { type: "string" },
        "baseline-endpoint": { type: "string" },
        baseline: { type: "string", multiple: true },
        earlier: { type: "string", multiple: true },
        out: { type: "string" },
        scenario: { type: "string", multiple: true },
        set: { type: "string", multiple: true },
        "save-baseline": { type: "string" },
        quick: { type: "boolean" },
        shard: { type: "string" },
        "start-at": { type: "string" },
        resume: { type: "boolean" },
        json: { type: "boolean" },
        ...POLICY_OPTIONS,
      },
      ["SUITE"],
    );
    const policy = policyOf(values);
    const shard = shardOf(values);
    const out = values.out ?? OUT;
    const quick = values.quick === true ? await loadQuickly(positionals[0]!, quickOptions(values), environment, filePorts) : undefined;
    const loaded = quick?.loaded ?? (await loadSuite(positionals[0]!, values.set ?? [], environment, filePorts));
    const baselines = await readBaselines(values.baseline ?? [], loaded.suite.name, HOW_TO_GIVE_A_BASELINE);
    const attempts = await readAttempts(values.earlier ?? [], loaded.suite.name);
    const resume = values.resume === true ? await readStoredRun(join(out, RUN_FILE), "run to be resumed") : undefined;
    const progress = openProgress(stderr, { kind: progressKind(stderr, environment), now: performance.now.bind(performance) });
    if (quick !== undefined) progress.note(quick.text);
    const judgement = await gate(
      {
        loaded,
        endpoint: values.endpoint,
        baselineEndpoint: values["baseline-endpoint"],
        scenarios: values.scenario ?? [],
        shard,
        recordPath: join(out, RUN_FILE),
        policy: reportPolicy(policy),
        baselines,
        attempts,
        tool: TOOL,
        provenance: await readProvenance(environment, process.cwd()),
        environment: clientEnvironment(loaded.suite),
        signal,
        ...openJournal(out),
        resume,
        remarks: quick?.remarks ?? [],
      },
      world(progress),
    );
    if (shard !== undefined) {
      await writeRecord(out, judgement.record);
      if (values.json === true) stdout(writeRunRecord(judgement.record));
      return signal.aborted ? EXIT.cancelled : tellOfShard(judgement.record, stderr, shardText(shard.stripe));
    }
    await writeOutputs(out, judgement, judgement.record);
    if (values["save-baseline"] !== undefined && judgement.verdict.verdict !== "invalid") {
      stderr.write(`kept as a baseline: ${await saveBaseline(values["save-baseline"], judgement.record)}\n`);
    }
    printJudgement(judgement, { json: values.json === true, out, stdout, stderr, environment });
    return signal.aborted ? EXIT.cancelled : exitCodeOf(judgement.verdict.verdict, policy);
  },
};

/** @throws {InputError} for what a quick run is no part of. */
function quickOptions(values: {
  readonly set?: string[];
  readonly scenario?: string[];
  readonly shard?: string;
  readonly "save-baseline"?: string;
  readonly "baseline-endpoint"?: string;
}) {
  if (values["save-baseline"] !== undefined) {
    throw new InputError("a quick run is no baseline: it sees a part of the load", { hint: "leave --quick or --save-baseline out" });
  }
  if (values.shard !== undefined) throw new InputError("a quick run has no shards", { hint: "leave --quick or --shard out" });
  return { overrides: values.set ?? [], scenarios: values.scenario ?? [], isLive: values["baseline-endpoint"] !== undefined };
}

function shardOf(values: { readonly shard?: string; readonly "start-at"?: string; readonly "save-baseline"?: string }) {
  if (values.shard === undefined) {
    if (values["start-at"] === undefined) return undefined;
    throw new InputError("--start-at is for shards", { hint: "write --shard 1/2 as well, or leave --start-at out" });
  }
  if (values["save-baseline"] === undefined) return readShard(values.shard, values["start-at"]);
  throw new InputError("a shard is no baseline: it holds a part of the load", { hint: "leave --save-baseline out" });
}

/** A part has no verdict, only faults of its own. */
function tellOfShard({ problems }: RunRecord, stderr: NodeJS.WriteStream, which: string): number {
  for (const { severity, message } of problems) stderr.write(`${severity}: ${message}\n`);
  stderr.write(`measured ${which}; judge it together with the others: tailgate compare, one --head for each\n`);
  return problems.some(({ severity }) => severity === "invalid") ? EXIT.undecided : EXIT.pass;
}
