import { join } from "node:path";
import { renderComment } from "../core/report/markdown.ts";
import { STRICT_POLICY } from "../core/report/report.ts";
import { gate, type Judgement } from "../gate.ts";
import { DEMO_SUITE, DEMO_VARIABLES } from "../io/demo/demo-suite.ts";
import { startDemo } from "../io/demo/start-demo.ts";
import { writeFileAtomic } from "../io/files/write.ts";
import { openProgress } from "../io/terminal/progress.ts";
import { loadSuite } from "../load-suite.ts";
import { openJournal, writeOutputs } from "../outputs.ts";
import { TOOL } from "../tool.ts";
import { clientEnvironment, filePorts, world } from "../world.ts";
import { type Command, EXIT, type Invocation, parseArguments } from "./command.ts";
import { progressKind } from "./print.ts";

export const demo: Command = {
  name: "demo",
  summary: "the main job end to end on an embedded inference endpoint: no network, no GPU",
  usage: `tailgate demo [--out DIR]

  --out DIR   where the results of both runs go (default: tailgate-out/demo)

Starts a base, an equal head and a head whose slowest requests got 1.5 times slower; gates both heads against the base,
driven in turn, and prints both comments. Takes under two minutes.
Exit code ${EXIT.pass} when the equal head passes and the slower one fails, ${EXIT.undecided} otherwise.`,
  run: async (invocation) => {
    const { values } = parseArguments(invocation.args, { out: { type: "string" } }, []);
    const out = values.out ?? join("tailgate-out", "demo");
    // Beside the results, so that a person can read what was asked and ask it again.
    const suite = join(out, "suite.yaml");
    await writeFileAtomic(suite, DEMO_SUITE);
    const equal = await gateHead("equal", { suite, out: join(out, "equal") }, invocation);
    if (invocation.signal.aborted) return EXIT.cancelled;
    const regressed = await gateHead("regressed", { suite, out: join(out, "regressed") }, invocation);
    if (invocation.signal.aborted) return EXIT.cancelled;
    const asExpected = equal.verdict.verdict === "pass" && regressed.verdict.verdict === "fail";
    invocation.stdout(
      `\nThe equal head: ${equal.verdict.verdict}. The head with a 1.5× slower tail: ${regressed.verdict.verdict}. ` +
        `${asExpected ? "That is how it should be." : "Expected pass and fail: this machine was too noisy or too busy; the comments above say why."}\n` +
        `Reports with pictures: ${join(out, "equal", "report.html")} and ${join(out, "regressed", "report.html")}\n`,
    );
    return asExpected ? EXIT.pass : EXIT.undecided;
  },
};

async function gateHead(
  preset: "equal" | "regressed",
  { suite, out }: { readonly suite: string; readonly out: string },
  { signal, stdout, stderr, environment }: Invocation,
): Promise<Judgement> {
  const [base, head] = await Promise.all([startDemo({ preset: "base" }), startDemo({ preset })]);
  const progress = openProgress(stderr, { kind: progressKind(stderr, environment), now: performance.now.bind(performance) });
  try {
    const telemetry = { [DEMO_VARIABLES.head]: head.metricsUrl, [DEMO_VARIABLES.base]: base.metricsUrl };
    const loaded = await loadSuite(suite, [], telemetry, filePorts);
    const judgement = await gate(
      {
        loaded,
        endpoint: head.url,
        baselineEndpoint: base.url,
        scenarios: [],
        policy: STRICT_POLICY,
        baselines: { candidates: [], refused: [], absence: "the demo always has a live base" },
        tool: TOOL,
        provenance: {},
        environment: clientEnvironment(loaded.suite),
        signal,
        ...openJournal(out),
      },
      world(progress),
    );
    await writeOutputs(out, judgement, judgement.record);
    stdout(`\n──────── comment for the ${preset} head ────────\n\n${renderComment(judgement.report)}\n`);
    return judgement;
  } finally {
    await Promise.all([base.stop(), head.stop()]);
  }
}
