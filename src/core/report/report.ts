import { procedureOf } from "../decide/procedure.ts";
import { ungatedWarnings } from "../decide/reasons.ts";
import type { Verdict, VerdictWord } from "../decide/verdict.ts";
import { type AcceptanceReport, acceptanceReport } from "./acceptance.ts";
import { type AttemptTable, collectAttempts, requestsOf } from "./attempts.ts";
import { type AttributionReport, collectAttributions } from "./attribution.ts";
import { consequenceOf } from "./consequence.ts";
import { collectFailures, type FailureRow } from "./failures.ts";
import { type PausedBlock, pausedBlocks } from "./generator-facts.ts";
import { writeHeadline } from "./headline.ts";
import { looksText } from "./looks.ts";
import { messageLink, pagesOf } from "./message-page.ts";
import { stepsToDecide } from "./next-steps.ts";
import { collectPhases, type PhaseTable } from "./phases.ts";
import { collectFacts, environmentFacts, type Fact, shortId } from "./provenance.ts";
import type { Link, Policy, ReportInput } from "./report-input.ts";
import { reproductionCommands } from "./reproduce.ts";
import { byUrgency, type MetricRow } from "./row.ts";
import { closestCall, describeScenarios, type ScenarioReport } from "./scenario-report.ts";
import { collectSlowest, type SlowestTable } from "./slowest.ts";
import { joinsBaseline } from "./stored.ts";

export type { Artifacts, Consequence, Link, Policy, ReportInput } from "./report-input.ts";

/**
 * Everything a renderer may know. Words are written and numbers formatted already: renderers lay out, escape and
 * compare nothing. All strings are plain text as it came, hostile names included; escaping is the renderer's business.
 */
export type Report = {
  readonly suiteName: string;
  /** Which leg of a matrix this is; empty for a suite that runs once. */
  readonly variant: string;
  readonly verdict: VerdictWord;
  /** Does this run stop the merge? `fail` does unless it is tolerated or accepted, what could not be decided does as the policy says. */
  readonly blocks: boolean;
  /** What happened, in one line without the verdict's own word: `latency.p99 in steady got worse by 23 %`. */
  readonly headline: string;
  /** May I merge? One sentence. */
  readonly consequence: string;
  /** What people accepted of what failed, or tried to. Undefined where nobody said anything. */
  readonly acceptance: AcceptanceReport | undefined;
  /** On what the verdict stands: evidence, commits. One line. */
  readonly context: string;
  /** Sentences, worst first; no warnings. */
  readonly reasons: readonly string[];
  /** Pages of the docs about these reasons. */
  readonly about: readonly Link[];
  /** What would turn an inconclusive verdict into a decision. */
  readonly steps: readonly string[];
  /** The measured commit, shortened; undefined where no run knows it. */
  readonly commit: string | undefined;
  /** Sent to the head in all measured blocks, attempts included. */
  readonly requests: string;
  /** Pages about this run elsewhere; their addresses come from outside. */
  readonly links: readonly Link[];
  /** Worst first. */
  readonly scenarios: readonly ScenarioReport[];
  /** GPU and other resources of all scenarios, worst first. */
  readonly resources: readonly MetricRow[];
  readonly failures: readonly FailureRow[];
  readonly attempts: AttemptTable | undefined;
  /** What slowed scenarios down, as far as the numbers say. */
  readonly attributions: readonly AttributionReport[];
  /** One table per scenario that recorded its phases. */
  readonly phases: readonly PhaseTable[];
  /** One table per scenario that kept requests by themselves. */
  readonly slowest: readonly SlowestTable[];
  /** What spoiled the run (also said by `reasons`), and what is worth a warning. */
  readonly problems: readonly { readonly severity: "invalid" | "warning"; readonly text: string; readonly page: Link | undefined }[];
  /** Blocks in which the load generator paused; usually none. */
  readonly pauses: readonly PausedBlock[];
  /** How the verdict was reached: the rules that applied, and each gate in a sentence. */
  readonly procedure: { readonly rules: readonly string[]; readonly gates: readonly string[] };
  readonly provenance: readonly Fact[];
  readonly environment: readonly Fact[];
  /** Shell commands, one a line. */
  readonly reproduce: readonly string[];
};

/** The default of the command line: nothing unseen ever passes. */
export const STRICT_POLICY: Policy = {};

/** Same records in, same report out: it holds no date, random id or locale of its own. */
export function buildReport(input: ReportInput): Report {
  const { verdict: run, suite, heads } = input;
  const scenarios = describeScenarios(input);
  const { blocks, sentence } = consequenceOf(run.verdict, input.policy ?? STRICT_POLICY, input.acceptance);
  return {
    suiteName: suite.name,
    variant: input.variant ?? "",
    verdict: run.verdict,
    blocks,
    headline: writeHeadline(run, scenarios),
    consequence: sentence,
    acceptance: acceptanceReport(input.acceptance),
    context: contextOf(input),
    reasons: [...reasonsOf(run), ...learningProgress(input), ...closestCall(run)],
    about: pagesOf(run),
    steps: stepsToDecide(run, suite, heads),
    links: input.links ?? [],
    commit: commitOf(heads),
    requests: heads.reduce((sum, head) => sum + requestsOf(head), 0).toLocaleString("en-US"),
    scenarios: scenarios.map(({ resources: _, worst: __, ...scenario }) => scenario),
    resources: byUrgency(scenarios.flatMap(({ resources }) => resources)),
    failures: collectFailures(input),
    attempts: collectAttempts(input),
    attributions: collectAttributions(run.scenarios),
    phases: collectPhases(input),
    slowest: collectSlowest(input),
    problems: [
      ...ungatedWarnings(run.scenarios).map(({ scenario, text }) => ({
        severity: "warning" as const,
        text: `${scenario} · ${text}`,
        page: undefined,
      })),
      ...run.problems.map((problem) => ({
        severity: problem.severity,
        text: [problem.scenario, problem.arm, problem.message].filter((part) => part !== undefined).join(" · "),
        page: messageLink(problem.code),
      })),
    ],
    pauses: pausedBlocks(heads),
    procedure: procedureOf({ suite, verdict: run, baseline: input.baseline }),
    provenance: collectFacts(input),
    environment: environmentFacts(heads),
    reproduce: reproductionCommands(input),
  };
}

/** verdict.json has one list of sentences; a page has a place of its own for warnings. */
const reasonsOf = ({ reasons, scenarios }: Verdict): readonly string[] => {
  const warnings = new Set(ungatedWarnings(scenarios).map(({ scenario, text }) => `warning: ${scenario}: ${text}`));
  return reasons.filter((reason) => !warnings.has(reason));
};

/** While too few runs are stored, whether this one is a step ahead. */
function learningProgress(input: ReportInput): readonly string[] {
  const { verdict, baseline } = input;
  if (verdict.evidence !== "single" || baseline.kind !== "stored" || !joinsBaseline(input)) return [];
  return [`this run is stored as well: the next one is compared with ${baseline.runs.length + 1} runs`];
}

const EVIDENCE = {
  live: "live evidence (base and head in turn)",
  stored: "stored evidence (earlier runs)",
  single: "weak evidence (fewer than three earlier runs)",
  none: "no evidence to compare with",
} as const;

function contextOf({ verdict, suite, variant = "", heads, attempts = [] }: ReportInput): string {
  const gates = verdict.scenarios.flatMap(({ metrics }) => metrics).filter(({ gated }) => gated).length;
  const commit = commitOf(heads);
  return [
    `suite ${suite.name}`,
    ...(variant === "" ? [] : [`variant ${variant}`]),
    ...(commit === undefined ? [] : [`commit ${commit}`]),
    `${gates} ${gates === 1 ? "gate" : "gates"}`,
    EVIDENCE[verdict.evidence],
    ...(attempts.length === 0 ? [] : [`with ${attempts.length} earlier ${attempts.length === 1 ? "attempt" : "attempts"}`]),
    ...heads.slice(-1).flatMap((run) => looksText(run) ?? []),
  ].join(" · ");
}

function commitOf(heads: ReportInput["heads"]): string | undefined {
  const commit = heads[0]?.provenance.commit;
  return commit === undefined ? undefined : shortId(commit);
}
