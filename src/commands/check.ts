import { makePlan } from "../core/plan/make-plan.ts";
import { withStandIns } from "../core/plan/model-tensors.ts";
import { describeSuite } from "../core/suite/describe.ts";
import { suiteDigest } from "../core/suite/digest.ts";
import { parseSuite } from "../core/suite/parse.ts";
import { readTextFile } from "../io/files/read.ts";
import { readPayloadFiles } from "../load-suite.ts";
import { filePorts } from "../world.ts";
import { type Command, EXIT, parseArguments } from "./command.ts";

export const check: Command = {
  name: "check",
  summary: "validate a suite; mistakes are shown as file:line:column",
  usage: `tailgate check SUITE [options]

  --set path=value   change the suite first
  --json             print the digest and the plan's size on stdout

Needs no endpoint and no secret: a suite that passes can be planned, with all its payloads.`,
  run: async ({ args, stdout }) => {
    const { values, positionals } = parseArguments(args, { set: { type: "string", multiple: true }, json: { type: "boolean" } }, ["SUITE"]);
    const file = positionals[0]!;
    const { suite } = parseSuite(await readTextFile(file, "suite"), file, values.set ?? []);
    const files = await readPayloadFiles(file, suite, filePorts);
    const digest = suiteDigest(suite, files);
    // Planning finds what the schema cannot: a broken line in a payload file, a payload that the protocol can't carry.
    const plan = makePlan({ suite: withStandIns(suite), digest, files, design: "single" });
    if (values.json === true) {
      const scenarios = plan.scenarios.map(({ scenario, requests, segments }) => ({
        name: scenario.name,
        bodies: requests.length,
        blocks: segments.reduce((sum, { blocks }) => sum + blocks.length, 0),
        gates: scenario.gates.map(({ metric }) => metric),
      }));
      stdout(`${JSON.stringify({ schema: 1, name: suite.name, digest, scenarios }, null, 2)}\n`);
    } else {
      const traces = plan.scenarios.flatMap(({ scenario, load }) =>
        scenario.load.kind === "trace" && load.kind === "open" ? [[scenario.name, load.ratePerS] as const] : [],
      );
      stdout(`${describeSuite(suite, new Map(traces))}\ndigest ${digest}\n`);
    }
    return EXIT.pass;
  },
};
