import type { Acceptance, Accepted, AssessedFailure, NotAccepted } from "../accept/acceptance.ts";
import { changeUnit, type Largest, sizeOf } from "../accept/largest.ts";
import type { Comparison } from "../compare/comparison.ts";
import { isMetricName, METRICS, worseSign } from "../metric.ts";
import type { AcceptedChange } from "../record/run-record.ts";
import { formatForSuite, QUANTITY_OF_UNIT } from "../suite/units.ts";
import { formatQuantity } from "./quantity.ts";
import { changeText, worseningText } from "./words.ts";

/** A sentence about what is accepted, and a comment that a reader could write about it. */
export type AcceptanceLine = { readonly text: string; readonly command?: string };

/** What is not accepted and why, what is and by whom, then the commands that could not be read. Empty where nobody tried. */
export function acceptanceLines(acceptance: Acceptance): readonly AcceptanceLine[] {
  const { failed, label, unread } = acceptance;
  const isTried = label.isSet || unread.length > 0 || failed.some(({ outcome }) => outcome.kind !== "not-named" || outcome.elsewhere);
  if (!isTried) return [];
  return [
    ...failed
      .toSorted((a, b) => Number(a.outcome.kind === "accepted") - Number(b.outcome.kind === "accepted"))
      .map((failure) => lineOf(failure, acceptance)),
    ...unread.map(({ by, text, problem, hint, isWithdrawal }) => {
      const effect = isWithdrawal ? "takes back all that was accepted before it" : "does nothing";
      return { text: `@${by} wrote “${text}”, which ${effect}: ${problem}; ${hint}` };
    }),
  ];
}

/** `@alice`, `@alice and @bob`: everybody who accepted a part of what failed. */
export function acceptedBy({ failed }: Acceptance): string {
  const names = [...new Set(failed.flatMap(({ outcome }) => (outcome.kind === "accepted" ? [`@${outcome.by}`] : [])))];
  if (names.length > 3) return `${names[0]} and ${names.length - 1} others`;
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** `latency.p99 in steady up to +30 % by @alice in #123: the new tokenizer needs it`, from any version's record. */
export function recordedText({ metric, scenario, of, largest, by, reason, pull, until }: AcceptedChange): string {
  const size = !isMetricName(metric)
    ? String(largest)
    : of === "limit"
      ? formatQuantity(largest, METRICS[metric].unit)
      : worseningText({ metric, delta: { scale: changeUnit(metric) === "percent" ? "relative" : "difference" } }, largest);
  const place = `${of === "limit" ? "limit of " : ""}${metric}${scenario === undefined ? "" : ` in ${scenario}`}`;
  const direction = isMetricName(metric) && METRICS[metric].better === "higher" ? "down" : "up";
  return `${place} ${direction} to ${size} by @${by} in #${pull}${until === undefined ? "" : `, until ${until}`}: ${reason}`;
}

function lineOf(failure: AssessedFailure, acceptance: Acceptance): AcceptanceLine {
  const { scenario, comparison, outcome } = failure;
  const place = `${comparison.metric} in ${scenario}`;
  if (outcome.kind === "accepted")
    return { text: `${place}: measured ${measured(failure)}, ${acceptedText(outcome, failure, acceptance)}` };
  const text = `${place} is not accepted: ${whyNot(outcome, failure, acceptance)}`;
  return ["too-large", "not-named", "expired"].includes(outcome.kind) ? { text, command: suggestion(failure) } : { text };
}

function acceptedText(accepted: Accepted, { comparison }: AssessedFailure, { author }: Acceptance): string {
  const { by, isEdited, largest, until, reason } = accepted;
  return [
    `accepted ${bound(largest, comparison)} by @${by}`,
    ...(by.toLowerCase() === author.toLowerCase() ? [", the author of this pull request"] : []),
    ...(isEdited ? [", in a comment that was edited"] : []),
    ...(until === undefined ? [] : [`, until ${until}`]),
    `: ${reason}`,
  ].join("");
}

function whyNot(outcome: NotAccepted, failure: AssessedFailure, { label }: Acceptance): string {
  const { comparison } = failure;
  switch (outcome.kind) {
    case "too-large": {
      const [value, most] = apart(failure, outcome.largest);
      return `measured ${value}, accepted ${most} by @${outcome.by}`;
    }
    case "expired":
      return `@${outcome.by} accepted it until ${outcome.until}, which has passed`;
    case "withdrawn":
      return outcome.unread ? `@${outcome.by} wrote a withdrawal that cannot be read` : `@${outcome.by} took it back`;
    case "no-permission":
      return `@${outcome.by} may not accept it: the role ${outcome.role} cannot push to this repository`;
    case "no-label":
      return `@${outcome.by} accepted it ${bound(outcome.largest, comparison)}, and the label ${label.name} is missing`;
    case "no-change":
      return `there is no change to compare with what @${outcome.by} accepted`;
    case "not-named": {
      const what = failure.of === "limit" ? "its broken limit" : "it";
      if (outcome.elsewhere !== undefined)
        return `what @${outcome.elsewhere} accepted is not about ${what}; someone who can push could write`;
      const [before, after] = label.isSet ? [`the label ${label.name} is set, and `, ""] : ["", `, and the label ${label.name} is missing`];
      return `${before}no comment says how much of ${what} is accepted${after}; someone who can push could write`;
    }
  }
}

/** `+41 %`, or `620 ms, over its limit of 500 ms`. */
function measured({ of, comparison }: AssessedFailure): string {
  const { unit, better } = METRICS[comparison.metric];
  if (of === "regression") return changeText(comparison);
  const [value, mark] = [comparison.limit?.value, comparison.gate?.limit].map((number) => formatQuantity(number ?? Number.NaN, unit));
  return `${value}, ${better === "lower" ? "over" : "under"} its limit of ${mark}`;
}

/** `up to +30 %`, `down to 40/s`. */
function bound(largest: Largest, comparison: Comparison): string {
  const { unit } = METRICS[comparison.metric];
  const isUp = worseSign(comparison.metric, largest.of === "limit" ? -1 : (comparison.delta?.absolute ?? -1)) === 1;
  const size = largest.of === "limit" ? formatQuantity(largest.value, unit) : worseningText(comparison, largest.size);
  return `${isUp ? "up" : "down"} to ${size}`;
}

/** What was measured and what was accepted, with as many digits as it takes to see that they differ. */
function apart(failure: AssessedFailure, largest: Largest): readonly [string, string] {
  const { comparison } = failure;
  const most = bound(largest, comparison);
  const value = measured(failure);
  if (!most.endsWith(` ${value.split(",")[0]}`)) return [value, most];
  const digits = (number: number | undefined): string => exact(Number((number ?? 0).toPrecision(6)), failure);
  return [digits(badness(failure)), most.replace(/ to .*/, ` to ${digits(sizeOf(largest))}`)];
}

/** The number that is compared with the accepted one, > 0 for a regression. */
function badness({ of, comparison: { metric, delta, limit } }: AssessedFailure): number | undefined {
  if (of === "limit") return limit?.value;
  const change = delta?.scale === "relative" ? delta.relative : delta?.absolute;
  return change === undefined ? undefined : change * worseSign(metric, change);
}

const exact = (number: number, { of, comparison: { metric } }: AssessedFailure): string => {
  if (of === "limit") return formatForSuite(number, QUANTITY_OF_UNIT[METRICS[metric].unit]);
  const unit = changeUnit(metric);
  if (unit === "degrees") return formatForSuite(number, "temperature difference");
  return formatForSuite(number, "percent").replace("%", unit === "points" ? " points" : "%");
};

/** A command that would accept what was measured, and a tenth more: the next run will not measure the same. */
function suggestion(failure: AssessedFailure): string {
  const { scenario, of, comparison } = failure;
  const { better } = METRICS[comparison.metric];
  const [what, direction] = of === "limit" ? ["limit of ", better === "lower" ? "up" : "down"] : ["", "up"];
  const value = badness(failure) ?? 0;
  const room = direction === "up" ? roundedUp(1.1 * value) : -roundedUp(-value / 1.1);
  const most = of === "regression" && better === "higher" ? Math.min(room, 0.99) : room;
  return `/tailgate accept ${what}${scenario}/${comparison.metric} ${direction} to ${exact(most, failure)}: REASON`;
}

/** To two digits, never below: 0.231 → 0.24, −0.231 → −0.23. */
function roundedUp(value: number): number {
  if (!Number.isFinite(value) || value === 0) return 0;
  const step = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1);
  return Number((Math.ceil(value / step) * step).toPrecision(6));
}
