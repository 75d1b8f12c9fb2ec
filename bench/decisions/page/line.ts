import type { CellResult, RuleResult } from "../tally.ts";
import { rateOf } from "../tally.ts";
import { percent, share, thousands } from "./format.ts";

/** A finished cell for the terminal, one line a rule. */
export function lineOf({ name, replicates, secondsEach, rules, rivals }: CellResult): readonly string[] {
  const head = `${name} · ${replicates} × ${secondsEach.toFixed(2)} s`;
  const ours = Object.entries(rules).map(([rule, result]) => `  ${rule.padEnd(11)} ${ruleText(result)}`);
  const theirs = Object.entries(rivals).map(([rival, blocked]) => `  ${rival.padEnd(42)} blocks ${percent(rateOf(blocked))}`);
  return [head, ...ours, ...theirs];
}

function ruleText({ words, passResolvable, requests, coverage, margins, power }: RuleResult): string {
  const covered = coverage.last.map(share).join(" ");
  const powers = power === undefined ? "" : `, power at the printed margin ${power.map((count) => percent(rateOf(count))).join(" ")}`;
  return (
    `fail ${percent(rateOf(words.fail))} pass ${percent(rateOf(words.pass))} undecided ${percent(rateOf(words.undecided))}` +
    ` (resolvable: pass ${percent(rateOf(passResolvable))}), ${thousands(requests.mean)} requests, covered ${covered}` +
    `, margins ${margins.map(percent).join(" ")}${powers}`
  );
}
