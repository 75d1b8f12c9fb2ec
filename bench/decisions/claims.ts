import { METRICS, type RuleName } from "./cell.ts";
import { AT_THE_MARGIN, CORE_WORLDS } from "./cells.ts";
import { isOurs, OURS, POWER } from "./efficiency.ts";
import type { Recorded, RecordedComparison } from "./page/recorded.ts";
import type { Results } from "./results.ts";
import { type Change, NO_CHANGE, slower, slowerTail } from "./simulator/change.ts";
import { type CellResult, type Count, countOf, lowerBound, type Mean, type RuleResult, rateOf, upperBound } from "./tally.ts";

/**
 * `holds`: measured so, and the exact 95 % bound keeps the claim too. `measured`: measured so, and this many pull
 * requests cannot show more. `no`: measured otherwise. `not run`: no cell of this run speaks of it.
 */
export type Answer = "holds" | "measured" | "no" | "shown" | "not run";
export type Claim = { readonly claim: string; readonly measured: string; readonly answer: Answer };

type Found = { readonly cell: CellResult; readonly rule: RuleResult };

/** What the decision procedure promises, against what came out. */
export function claimsOf({ cells, efficiency }: Results, recorded: Recorded | undefined): readonly Claim[] {
  const find = (
    rule: RuleName,
    worlds: readonly string[],
    changes: readonly Change[],
    kind: CellResult["kind"] = "live",
  ): readonly Found[] =>
    cells.flatMap((cell) => {
      const result = cell.rules[rule];
      const matches = cell.kind === kind && worlds.includes(cell.worldName) && changes.some((change) => isSame(change, cell.change));
      return result !== undefined && matches ? [{ cell, rule: result }] : [];
    });
  const oneHost = [
    ...CORE_WORLDS,
    "queue",
    "run noise 1 %",
    "run noise 5 %",
    "bad nodes",
    "drift 6 %",
    "2k requests",
    "40k requests",
    "12 scenarios",
  ];
  const storedWorlds = [...CORE_WORLDS, "queue", "run noise 1 %"];
  const told = [
    ...find("live", ["two nodes 5 % calibrated", "two nodes unknown calibrated"], [NO_CHANGE]),
    ...find("stored-8", ["run noise 5 % calibrated", "bad nodes"], [NO_CHANGE], "stored"),
  ];
  const core = (changes: readonly Change[]) => find("live", CORE_WORLDS, changes);
  const shifted = [NO_CHANGE, slower(5), slower(10), slower(20)];
  const missed = [slower(10), slowerTail(1.3)];
  return [
    coverage("90 % intervals hold the truth in 88 to 92 % of cases, live, at a fixed length", core([NO_CHANGE]), "first"),
    coverage("the same where a run ends as soon as it is decided", core(shifted), "last"),
    coverage(
      "the same against 8 and 20 stored runs",
      [...find("stored-8", CORE_WORLDS, [NO_CHANGE], "stored"), ...find("stored-20", ["steady"], [NO_CHANGE], "stored")],
      "first",
    ),
    atMost(
      "unchanged pull requests that are blocked, live, one host: at most 0.5 % in every cell",
      0.005,
      find("live", oneHost, [NO_CHANGE]),
      blocked,
    ),
    atMost(
      "the same against 8 stored runs: at most 1 % in every cell",
      0.01,
      find("stored-8", storedWorlds, [NO_CHANGE], "stored"),
      blocked,
    ),
    atLeast("unchanged pull requests that pass, live, steady: at least 97 %", 0.97, find("live", ["steady"], [NO_CHANGE]), passed),
    show("unchanged pull requests that pass, live, bursty", find("live", ["bursty"], [NO_CHANGE]), passed),
    show("the same under `decision.pass: resolvable`", find("live", ["bursty"], [NO_CHANGE]), ({ passResolvable }) => passResolvable),
    atLeast("+10 % in one of four scenarios is blocked, live: at least 99 %", 0.99, core([slower(10)]), blocked),
    atLeast("slowest 2 % × 1.3 is blocked, live: at least 99 %", 0.99, core([slowerTail(1.3)]), blocked),
    cost("both within twice the requests of a first look", core(missed)),
    atLeast(
      "+20 % is blocked against 8 stored runs that differ by 3 %: at least 99 %",
      0.99,
      find("stored-8", ["steady"], [slower(20)], "stored"),
      blocked,
    ),
    atMost(
      "passes although a metric got worse by its margin, live: at most 5 %",
      0.05,
      core([slower(5), slowerTail(1.1), AT_THE_MARGIN]),
      passed,
    ),
    atMost("passes at twice the margin, live: at most 0.1 %", 0.001, core([slower(10), slowerTail(1.2)]), passed),
    atLeast(
      "the same commit judged twice gets the same verdict, live: at least 98 %",
      0.98,
      core([NO_CHANGE, slower(10), slowerTail(1.3)]),
      ({ same }) => same,
    ),
    power("a change as large as the printed resolvable margin is blocked in 80 ± 5 % of cases", cells),
    atMost("told how much nodes and runs differ: unchanged ones blocked, at most 1 %", 0.01, told, blocked),
    show(
      "not told, where they differ by more than is usual: unchanged ones blocked",
      [...find("live", ["two nodes 5 %", "two nodes unknown"], [NO_CHANGE]), ...find("stored-8", ["run noise 5 %"], [NO_CHANGE], "stored")],
      blocked,
    ),
    atLeast(
      "arms that are known to stand on two nodes: every verdict says so",
      1,
      find("live", ["two nodes 3 %", "two nodes 5 %"], [NO_CHANGE]),
      ({ saysDifferentHosts }) => saysDifferentHosts,
    ),
    atLeast(
      "every gated metric prints its resolvable margin and its self-test",
      1,
      [...core(shifted), ...find("stored-8", CORE_WORLDS, [NO_CHANGE], "stored")],
      ({ carriesProof }) => carriesProof,
    ),
    efficient(efficiency),
    ...onRealServers(recorded),
  ];
}

const isSame = (a: Change, b: Change): boolean => Math.abs(a.factor - b.factor) < 1e-9 && Math.abs(a.tail - b.tail) < 1e-9;
const blocked = ({ words }: RuleResult): Count => words.fail;
const passed = ({ words }: RuleResult): Count => words.pass;

function atMost(claim: string, most: number, found: readonly Found[], of: (rule: RuleResult) => Count): Claim {
  return extreme(
    claim,
    found,
    of,
    (a, b) => upperBound(b) - upperBound(a),
    (count) => (rateOf(count) > most ? "no" : upperBound(count) <= most ? "holds" : "measured"),
  );
}

function atLeast(claim: string, least: number, found: readonly Found[], of: (rule: RuleResult) => Count): Claim {
  return extreme(
    claim,
    found,
    of,
    (a, b) => lowerBound(a) - lowerBound(b),
    (count) => (rateOf(count) < least ? "no" : lowerBound(count) >= least || least === 1 ? "holds" : "measured"),
  );
}

const rank = (answer: Answer): number => (answer === "no" ? 0 : answer === "measured" ? 1 : 2);

/** Shows the cell that speaks most against the claim; the answer is the worst over all cells. */
function extreme(
  claim: string,
  found: readonly Found[],
  of: (rule: RuleResult) => Count,
  order: (a: Count, b: Count) => number,
  judge: (count: Count) => Answer,
): Claim {
  const counted = found.map(({ cell, rule }) => ({ cell, count: of(rule) })).filter(({ count }) => count.n > 0);
  const [worst] = counted.toSorted((a, b) => rank(judge(a.count)) - rank(judge(b.count)) || order(a.count, b.count));
  if (worst === undefined) return { claim, measured: "–", answer: "not run" };
  const answers = counted.map(({ count }) => judge(count));
  const others = counted.length > 1 ? `; worst of ${counted.length} cells` : "";
  const { k, n } = worst.count;
  const bounds = `95 % bounds ${text(lowerBound(worst.count))} and ${text(upperBound(worst.count))}`;
  return {
    claim,
    measured: `${text(rateOf(worst.count))} (${k} of ${n}, ${bounds}; ${worst.cell.name}${others})`,
    answer: (["no", "measured", "holds"] as const).find((answer) => answers.includes(answer)) ?? "not run",
  };
}

function coverage(claim: string, found: readonly Found[], look: "first" | "last"): Claim {
  const all = found.flatMap(({ cell, rule }) =>
    rule.coverage[look].flatMap((mean, i) => (mean.mean === null ? [] : [{ cell, metric: METRICS[i]!, mean }])),
  );
  if (all.length === 0) return { claim, measured: "–", answer: "not run" };
  const sorted = all.toSorted((a, b) => a.mean.mean! - b.mean.mean!);
  const shown = [sorted[0]!, sorted.at(-1)!].map(({ cell, metric, mean }) => `${meanText(mean)} (${metric}, ${cell.name})`).join(" to ");
  const outside = all.filter(({ mean }) => mean.mean! < 0.88 || mean.mean! > 0.92);
  const surelyOutside = outside.filter(({ mean: { mean, error } }) => mean! + 2 * (error ?? 0) < 0.88 || mean! - 2 * (error ?? 0) > 0.92);
  const answer = outside.length === 0 ? "holds" : surelyOutside.length === 0 ? "measured" : "no";
  return {
    claim,
    measured: `${shown}; ${outside.length} of ${all.length} outside, ${surelyOutside.length} beyond two standard errors`,
    answer,
  };
}

/** A number that belongs beside the promises and is none. */
function show(claim: string, found: readonly Found[], of: (rule: RuleResult) => Count): Claim {
  const shown = found.map(({ cell, rule }) => `${text(rateOf(of(rule)))} (${of(rule).k} of ${of(rule).n}; ${cell.name})`);
  return { claim, measured: shown.join(", ") || "–", answer: shown.length === 0 ? "not run" : "shown" };
}

function cost(claim: string, found: readonly Found[]): Claim {
  const factors = found.map(({ cell, rule }) => ({
    cell,
    factor: (rule.requests.mean ?? Number.NaN) / (2 * cell.world.requests * cell.world.scenarios),
  }));
  const [worst] = factors.toSorted((a, b) => b.factor - a.factor);
  if (worst === undefined) return { claim, measured: "–", answer: "not run" };
  return { claim, measured: `×${worst.factor.toFixed(2)} on average (${worst.cell.name})`, answer: worst.factor <= 2 ? "holds" : "no" };
}

function power(claim: string, cells: readonly CellResult[]): Claim {
  const all = cells.flatMap((cell) =>
    Object.entries(cell.rules).flatMap(([rule, { power }]) =>
      (power ?? []).flatMap((count, i) => (count.n === 0 ? [] : [{ where: `${METRICS[i]!}, ${rule}, ${cell.worldName}`, count }])),
    ),
  );
  if (all.length === 0) return { claim, measured: "–", answer: "not run" };
  const sorted = all.toSorted((a, b) => rateOf(a.count) - rateOf(b.count));
  const shown = [sorted[0]!, sorted.at(-1)!].map(({ where, count }) => `${text(rateOf(count))} (${where})`).join(" to ");
  const outside = all.filter(({ count }) => Math.abs(rateOf(count) - 0.8) > 0.05);
  const surely = outside.filter(({ count }) => upperBound(count) < 0.75 || lowerBound(count) > 0.85);
  const answer = outside.length === 0 ? "holds" : surely.length === 0 ? "measured" : "no";
  return { claim, measured: `${shown}; ${outside.length} of ${all.length} outside`, answer };
}

function efficient(rows: Results["efficiency"]): Claim {
  const claim = `at 1 % false alarms, at most half the requests of the best other rule for a power of ${text(POWER)}`;
  const ours = rows.find(({ rule }) => rule === OURS)?.needed;
  if (ours === undefined) return { claim, measured: "–", answer: "not run" };
  const others = rows.filter(({ rule, needed }) => !isOurs(rule) && needed !== null);
  const [best] = others.toSorted((a, b) => a.needed!.requests - b.needed!.requests);
  if (ours === null) return { claim, measured: "ours does not reach it", answer: "no" };
  const own = `${ours.atMost ? "at most " : ""}${Math.round(ours.requests)} requests (${Math.round(ours.unchanged)} where nothing changed, until that is shown)`;
  if (best === undefined) return { claim, measured: `${own}; no other rule reaches it`, answer: "holds" };
  const factor = best.needed!.requests / ours.requests;
  const theirs = `${best.needed!.atMost ? "at most " : ""}${Math.round(best.needed!.requests)} for ${best.rule}`;
  return {
    claim,
    measured: `${own}; ${theirs}: ×${factor.toFixed(1)}`,
    answer: factor >= 2 ? (best.needed!.atMost ? "measured" : "holds") : "no",
  };
}

/** Stored comparisons are made from the same records over and over, and an invalid run decides nothing. */
const isIndependent = ({ evidence, verdict }: RecordedComparison): boolean => evidence === "live" && verdict !== "invalid";

function onRealServers(recorded: Recorded | undefined): readonly Claim[] {
  const of = (kind: RecordedComparison["kind"]): Count =>
    countOf(recorded?.comparisons.filter(isIndependent).filter((each) => each.kind === kind) ?? [], ({ verdict }) => verdict === "fail");
  const [same, changed] = [of("A/A"), of("A/B")];
  const counted = ({ k, n }: Count): string =>
    n === 0 ? "–" : `${k} of ${n}; 95 % bounds ${text(lowerBound({ k, n }))} and ${text(upperBound({ k, n }))}`;
  const answer = (count: Count, kept: boolean): Answer => (count.n === 0 ? "not run" : kept ? "holds" : "no");
  return [
    {
      claim: "real servers: at least 60 comparisons of a server with itself, none blocked",
      measured: counted(same),
      answer: answer(same, same.k === 0 && same.n >= 60),
    },
    {
      claim: "real servers: at least 20 real changes judged, and how many were blocked",
      measured: counted(changed),
      answer: answer(changed, changed.n >= 20),
    },
  ];
}

const text = (share: number): string => `${Number((100 * share).toPrecision(3))} %`;
const meanText = ({ mean, error }: Mean): string =>
  `${(100 * mean!).toFixed(1)}${error === null ? "" : ` ± ${(200 * error).toFixed(1)}`} %`;
