import { inOrderOfTime } from "../core/compare/attempts.ts";
import type { Candidate } from "../core/compare/baseline.ts";
import { SHARDS_JOINED_BY, wholeRuns } from "../core/compare/whole-runs.ts";
import { InputError } from "../core/errors.ts";
import { judge } from "../gate.ts";
import { loadSuite } from "../load-suite.ts";
import { readStoredRun, writeOutputs } from "../outputs.ts";
import { filePorts } from "../world.ts";
import { readBaselines } from "./baselines.ts";
import { type Command, parseArguments } from "./command.ts";
import { exitCodeOf, POLICY_OPTIONS, policyOf, reportPolicy } from "./policy.ts";
import { printJudgement } from "./print.ts";

export const compare: Command = {
  name: "compare",
  summary: "gate stored runs against stored runs, without any load",
  usage: `tailgate compare --suite SUITE --base RUN.json... --head RUN.json... [options]

  --suite SUITE      the suite whose gates judge
  --base RUN.json    a baseline run, or a folder of them; may be given several times: three and more can block
  --head RUN.json    the run to judge; several are attempts of the same code, of which the newest is the run itself;
                     the records of all shards of one load are one run
  --out DIR          where the results go (default: tailgate-out)
  --set path=value   change the suite, like --set scenarios.steady.gates.latency.p99.regression=5%
  --on-inconclusive, --on-no-baseline, --on-invalid P   fail, warn or pass
  --json             print verdict.json on stdout

A head that was measured with a live base needs no --base.`,
  run: async ({ args, environment, stdout, stderr }) => {
    const { values } = parseArguments(
      args,
      {
        suite: { type: "string" },
        base: { type: "string", multiple: true },
        head: { type: "string", multiple: true },
        out: { type: "string" },
        set: { type: "string", multiple: true },
        json: { type: "boolean" },
        ...POLICY_OPTIONS,
      },
      [],
    );
    if (values.suite === undefined) throw new InputError("--suite is missing", { hint: "the suite holds the gates: --suite suite.yaml" });
    if (values.head === undefined)
      throw new InputError("--head is missing", { hint: "name the run to judge: --head tailgate-out/run.json" });
    const policy = policyOf(values);
    const out = values.out ?? "tailgate-out";
    // Stored numbers are judged as they are: nothing is sent, so a suite's secrets need not be set.
    const loaded = await loadSuite(values.suite, values.set ?? [], "not needed", filePorts);
    const heads = inOrderOfTime(wholeRuns(await Promise.all(values.head.map((path) => readHead(path, loaded.digest)))));
    const newest = heads.at(-1)!;
    const baselines = await readBaselines(
      values.base ?? [],
      loaded.suite.name,
      "pass --base RUN.json, three times or more for a gate that can block",
    );
    const judgement = judge({
      suite: loaded.suite,
      suitePath: values.suite,
      heads: [newest.record],
      headPaths: newest.origin.split(SHARDS_JOINED_BY),
      attempts: { candidates: heads.slice(0, -1), refused: [] },
      found: baselines,
      policy: reportPolicy(policy),
    });
    await writeOutputs(out, judgement, undefined);
    printJudgement(judgement, { json: values.json === true, out, stdout, stderr, environment });
    return exitCodeOf(judgement.verdict.verdict, policy);
  },
};

/** A head of another suite would be judged by gates that were never meant for it. */
async function readHead(path: string, digest: string): Promise<Candidate> {
  const record = await readStoredRun(path, "run record");
  if (record.suite.digest !== digest) {
    throw new InputError(
      `${path} was measured with another suite (digest ${record.suite.digest.slice(0, 12)}, this one is ${digest.slice(0, 12)})`,
      { hint: "judge it with the suite file (and the --set) of that run, or measure again" },
    );
  }
  return { origin: path, record };
}
