import { concerns } from "../decide/decide.ts";
import { judgeHalves } from "../decide/metric-verdict.ts";
import { type MetricVerdict, type ScenarioVerdict, VERDICTS, type Verdict, type VerdictWord } from "../decide/verdict.ts";
import { METRICS } from "../metric.ts";
import type { Suite } from "../suite/suite.ts";
import type { Acceptance, AcceptanceEvidence, Accepted, AssessedFailure, Failure, NotAccepted, Statement } from "./acceptance.ts";
import type { Command } from "./command.ts";
import { changeUnit, type Largest } from "./largest.ts";
import { covers, type Place } from "./target.ts";

/**
 * Which of the gates that failed are accepted. For each failed half of a gate (its regression, its limit) the newest
 * command about it, of a person who may accept, decides alone: it has to accept it, not be over, allow a change as large
 * as the one that was measured, and the label has to be there.
 */
export function assessAcceptance(verdict: Verdict, suite: Pick<Suite, "name" | "decision">, evidence: AcceptanceEvidence): Acceptance {
  const { pull, author, label, statements } = evidence;
  const failed: AssessedFailure[] = [];
  const words = verdict.scenarios.flatMap((whole) =>
    whole.metrics
      .filter(({ gated }) => gated)
      .flatMap((metric) =>
        halvesOf(metric, whole, verdict, suite).map(({ of, word }): VerdictWord => {
          if (word !== "fail") return word;
          const failure = { scenario: whole.name, of, comparison: metric.comparison };
          const outcome = assess(failure, suite.name, evidence);
          failed.push({ ...failure, outcome });
          return outcome.kind === "accepted" ? "pass" : word;
        }),
      ),
  );
  const remaining = VERDICTS.findLast((word) => words.includes(word)) ?? verdict.verdict;
  return { pull, author, label, failed, remaining, unread: statements.filter(({ mayAccept }) => mayAccept).flatMap(unreadOf) };
}

type Half = { readonly of: Largest["of"]; readonly word: VerdictWord };

/** A metric's word is that of its worse half. Accepting that one brings the other to light. */
function halvesOf(
  metric: MetricVerdict,
  scenario: ScenarioVerdict,
  { problems }: Verdict,
  { decision }: Pick<Suite, "decision">,
): readonly Half[] {
  const { comparison, verdict } = metric;
  if (verdict !== "fail") return [{ of: "regression", word: verdict }];
  // What spoiled the scenario left one half standing: a limit on failures.
  if (problems.some((problem) => problem.severity === "invalid" && concerns(problem, scenario))) {
    return [
      { of: "limit", word: verdict },
      { of: "regression", word: "invalid" },
    ];
  }
  const { regression, limit } = judgeHalves(comparison, decision);
  const halves: readonly Half[] = [
    ...(regression === undefined ? [] : [{ of: "regression" as const, word: regression.verdict }]),
    ...(limit === undefined ? [] : [{ of: "limit" as const, word: limit.verdict }]),
  ];
  // A verdict that its own numbers do not bear out is none that anybody could accept a part of.
  return halves.some(({ word }) => word === "fail") ? halves : halves.map(({ of }) => ({ of, word: verdict }));
}

const unreadOf = ({ by, commands }: Statement): Acceptance["unread"] =>
  commands.flatMap((command) => (command.kind === "unreadable" ? [{ ...command, by }] : []));

type Said = { readonly command: Command; readonly by: Statement };

function assess(failure: Failure, suite: string, { statements, label, today }: AcceptanceEvidence): Accepted | NotAccepted {
  const place = { suite, scenario: failure.scenario, metric: failure.comparison.metric };
  const said = statements.flatMap((by) => by.commands.map((command): Said => ({ command, by })));
  const last = said.findLast(({ command, by }) => by.mayAccept && isAbout(command, place, failure.of));
  if (last === undefined) return nobodyNames(said, place, failure);
  const by = last.by.by;
  const { command } = last;
  if (command.kind !== "accept") return { kind: "withdrawn", by, unread: command.kind === "unreadable" };
  const { largest, until, reason } = command;
  if (until !== undefined && until < today) return { kind: "expired", by, until };
  const isWithin = within(largest, failure);
  if (isWithin === undefined) return { kind: "no-change", by };
  if (!isWithin) return { kind: "too-large", by, largest };
  if (!label.isSet) return { kind: "no-label", by, largest };
  return { kind: "accepted", by, isEdited: last.by.isEdited, largest, until, reason };
}

/** Does a command decide about this half of the gate? One that may be a withdrawal and cannot be read is about everything. */
function isAbout(command: Command, place: Place, of: Largest["of"]): boolean {
  if (command.kind === "unreadable") return command.isWithdrawal;
  if (!command.targets.some((target) => covers(target, place))) return false;
  if (command.kind === "withdraw") return command.of === "all" || of === "limit";
  const { largest } = command;
  return largest.of === of && (largest.of === "limit" || largest.in === changeUnit(place.metric));
}

/** Is it as bad as was accepted, at most? Undefined where nothing was measured that could be compared. */
function within(largest: Largest, { comparison }: Pick<Failure, "comparison">): boolean | undefined {
  const { metric, delta, limit } = comparison;
  const sign = METRICS[metric].better === "lower" ? 1 : -1;
  if (largest.of === "limit") return limit === undefined ? undefined : sign * limit.value <= sign * largest.value;
  const change = delta?.scale === "relative" ? delta.relative : delta?.absolute;
  return change === undefined ? undefined : sign * change <= largest.size;
}

function nobodyNames(said: readonly Said[], place: Place, { of }: Failure): NotAccepted {
  const accepting = said.filter(({ command }) => command.kind === "accept");
  const stranger = accepting.findLast(({ command, by }) => !by.mayAccept && isAbout(command, place, of))?.by;
  if (stranger !== undefined) return { kind: "no-permission", by: stranger.by, role: stranger.role };
  const near = accepting.findLast(
    ({ command, by }) =>
      by.mayAccept && command.kind === "accept" && command.targets.some(({ metric }) => metric === place.metric || metric === "*"),
  );
  return { kind: "not-named", elsewhere: near?.by.by };
}
