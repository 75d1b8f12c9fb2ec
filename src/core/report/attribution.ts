import { partLabel } from "../decide/attribution-words.ts";
import { formatChange, formatPercent, formatQuantity } from "../decide/quantity.ts";
import type { ScenarioVerdict } from "../decide/verdict.ts";
import { NOTHING } from "./row.ts";

/** What a scenario's getting slower is consistent with. Plain text. */
export type AttributionReport = {
  readonly scenario: string;
  readonly symptom: string;
  readonly causes: readonly { readonly title: string; readonly numbers: readonly string[]; readonly next: string }[];
  /** The mean time of a request by its parts, and then as a whole; empty where parts are not known. */
  readonly parts: readonly AttributionRow[];
};
export type AttributionRow = {
  readonly part: string;
  readonly base: string;
  readonly head: string;
  readonly change: string;
  /** `80 % (71 % … 89 %)`. */
  readonly share: string;
};

export const ATTRIBUTION_TITLE = "What slowed it down, as far as the numbers say";
export const ATTRIBUTION_NOTE =
  "Consistent with, not proven: these changed together with the latency, beyond chance. Means add up and percentiles do not, so that shares are of the change of the mean, with 90 % intervals.";

export const collectAttributions = (scenarios: readonly ScenarioVerdict[]): readonly AttributionReport[] =>
  scenarios.flatMap(({ name, attribution: found }) => {
    if (found === undefined) return [];
    const { symptom, time } = found.attribution;
    return [{ scenario: name, symptom: symptom.metric, causes: found.causes, parts: time === undefined ? [] : rowsOf(time) }];
  });

type Time = NonNullable<NonNullable<ScenarioVerdict["attribution"]>["attribution"]["time"]>;

function rowsOf({ of, base, head, parts }: Time): readonly AttributionRow[] {
  const row = (part: string, from: number, to: number, share: string): AttributionRow => ({
    part,
    base: formatQuantity(from, "s"),
    head: formatQuantity(to, "s"),
    change: from > 0 ? formatChange(to / from - 1) : NOTHING,
    share,
  });
  const shareText = ({ share }: Time["parts"][number]): string =>
    share === undefined ? NOTHING : `${formatPercent(share.value)} (${formatPercent(share.low)} … ${formatPercent(share.high)})`;
  return [
    ...parts.map((part) => row(partLabel(part), part.base, part.head, shareText(part))),
    row(of === "ttft" ? "time to the first token" : "latency", base, head, NOTHING),
  ];
}
