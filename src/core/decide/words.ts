import type { Comparison, Delta, Obstacle } from "../compare/comparison.ts";
import { METRICS, type MetricName, type Unit, worseSign } from "../metric.ts";
import { formatChange, formatDifference, formatPercent, formatQuantity } from "./quantity.ts";

/** `is 23 % slower (31.2 ms → 38.4 ms, 90 % interval +15 % … +31 %)`: what changed, without judging it. */
export function changeSentence({ metric, base, head, delta }: Comparison): string {
  const { unit } = METRICS[metric];
  if (delta === undefined || base === undefined || head === undefined) return "has no change to show";
  const [from, to] = [formatQuantity(base.value, unit), formatQuantity(head.value, unit)];
  const size = from === to && mayBeNone(delta) ? "is unchanged" : sizeOf(delta, metric);
  const arms = from === to ? from : `${from} → ${to}`;
  const interval = intervalOf(delta, metric);
  return `${size} (${arms}${interval === "" ? ", no interval" : `, ${formatPercent(delta.confidence)} interval ${interval}`})`;
}

/** `+23 %` or `+12 points`: the change alone. */
export function changeText({ metric, delta }: Comparison): string {
  if (delta === undefined) return "changed";
  return delta.scale === "relative" && delta.relative !== undefined
    ? formatChange(delta.relative)
    : formatDifference(delta.absolute, METRICS[metric].unit);
}

/** `+10 %` or `+0.5 points`: a size of worsening, given in the direction that is worse for the metric. */
export function worseningText(
  { metric, delta }: { readonly metric: MetricName; readonly delta: (Pick<Delta, "scale"> & { readonly absolute?: number }) | undefined },
  size: number,
): string {
  const signed = worseSign(metric, delta?.absolute ?? -1) * size;
  return delta?.scale === "difference" ? formatDifference(signed, METRICS[metric].unit) : formatChange(signed);
}

/** The smallest change that would be caught, as {@link worseningText}; from a hundredfold on it catches nothing that occurs. */
export const resolvableText = (comparison: Pick<Comparison, "metric" | "delta">, size: number): string =>
  comparison.delta?.scale === "relative" && size >= 99 ? "> ×100" : worseningText(comparison, size);

/** `stays below its limit of 500 ms (at most 41 ms)` and its relatives. */
export function limitSentence({ metric, gate, limit }: Comparison, word: "pass" | "fail" | "inconclusive"): string {
  const { unit, better, measure } = METRICS[metric];
  const mark = formatQuantity(gate?.limit ?? Number.NaN, unit);
  if (limit === undefined) return `was not measured, so its limit of ${mark} cannot be checked`;
  const [low, high] = [limit.low, limit.high].map((bound) => (bound === undefined ? undefined : formatQuantity(bound, unit)));
  const [inside, outside] = better === "lower" ? ["below", "over"] : ["above", "under"];
  const value = formatQuantity(limit.value, unit);
  if (measure.kind === "start") {
    const side = word === "pass" ? `stays ${inside} its limit of ${mark} (${value})` : `is ${value}, ${outside} its limit of ${mark}`;
    return `${side}: a fact of this run, which says little about the next start`;
  }
  if (word === "pass") {
    const bound = better === "lower" ? high && `, at most ${high}` : low && `, at least ${low}`;
    return `stays ${inside} its limit of ${mark} (${value}${bound ?? ""})`;
  }
  if (word === "fail") {
    const bound = better === "lower" ? low && `, at least ${low}` : high && `, at most ${high}`;
    return `is ${value}, ${outside} its limit of ${mark} beyond chance (${(bound ?? "").replace(/^, /, "")})`;
  }
  const range = low !== undefined && high !== undefined ? `, somewhere in ${low} … ${high}` : "";
  return `is ${value}${range}: too uncertain to say on which side of its limit of ${mark}`;
}

/** Why an obstacle keeps a conclusion from being drawn, as the end of a sentence. */
export function obstacleText({ code, detail }: Obstacle): string {
  const number = (key: string): number => Number(detail[key]);
  const count = (key: string): string => formatQuantity(number(key), "1");
  const stray = (): string => ("unit" in detail ? formatDifference(number("by"), detail["unit"] as Unit) : formatChange(number("by")));
  switch (code) {
    case "not-measured":
      return "the head has no data for it";
    case "no-baseline":
      return "there is nothing to compare with";
    case "base-not-measured":
      return "the baseline has no data for it";
    case "too-few-blocks":
      return "there are fewer than two blocks to see the noise from; measure for longer or make blocks shorter";
    case "not-assessable":
      return "needed" in detail
        ? `only about ${count("exceedances")} requests lie beyond the percentile, and ${count("needed")} are needed to say that it did not move`
        : `its upper bound lies beyond the slowest request seen: the ${count("exceedances")} requests beyond the percentile come in bursts and are too few`;
    case "censored":
      if ("broken" in detail) {
        const also = number("base") === 1 ? ", in the baseline too" : "";
        return `so many sessions broke off${also} that it lies among those of which nobody knows how long they would have lasted`;
      }
      return `it lies among the requests that ran into their deadline of ${formatQuantity(number("deadlineS"), "s")}${
        number("base") === 1 ? ", in the baseline too" : ""
      }, so it is only known to be at least that`;
    case "phase-share-differs":
      return `it is told in ${formatPercent(number("head"))} of the head's answers and in ${formatPercent(number("base"))} of the baseline's, so that these are different requests`;
    case "token-count-differs":
      return "headFrom" in detail
        ? `the arms count tokens in different ways (${detail["baseFrom"]} and ${detail["headFrom"]})`
        : `the answers have another length (${count("basePerRequest")} → ${count("headPerRequest")} tokens per request, ${formatChange(number("change"))})`;
    case "cache-differs":
      return `the prefix cache knew ${formatPercent(number("base"))} of the base's prompts and ${formatPercent(number("head"))} of the head's (cache-differs; ${formatPercent(number("tolerance"))} apart is tolerated): measure with unique prompts, or with both endpoints equally warm; gate cache.hit_ratio where the cache is what changed`;
    case "shape-disagrees":
      return `the distribution as a whole did not move with it (Mann–Whitney p = ${pText(number("p"))})`;
    case "blocks-dropped":
      return `${count("dropped")} blocks had no counterpart with data (${count("pairs")} pairs were compared)`;
    case "too-few-runs":
      return `${runs(number("runs"))} only, ${count("needed") === count("runs") ? "" : `${number("needed") - number("runs")} more to go`}`;
    case "runs-disagree":
      return `only ${count("beyond")} of ${count("runs")} runs of the head ${number("beyond") === 1 ? "is" : "are"} worse by that much`;
    case "single-start":
      return "one start each cannot be told from chance; three stored runs and more can judge it, or a limit";
    case "level-unsettled":
      return `the newest stored run lies ${stray()} off those before it (${detail["run"]}), and the verdict hangs on whether the branch has moved or that run is an outlier; the next stored run tells`;
    case "like-an-outlier":
      return `a stored run was ${stray()} off the others with nothing changed (${detail["run"]}), and one run of the head cannot be told from such a run; measure the head again`;
    case "different-hosts":
      return "base and head ran on different machines or GPUs as far as can be seen, and the difference between machines is part of the uncertainty; if they share one, say decision.same-host: yes";
  }
}

const pText = (p: number): string => (p < 0.001 ? "< 0.001" : String(Number(p.toPrecision(2))));

const runs = (count: number): string => (count === 1 ? "one stored run" : `${count} stored runs`);

function sizeOf(delta: Delta, metric: Comparison["metric"]): string {
  const { unit } = METRICS[metric];
  if (delta.scale === "difference" || delta.relative === undefined) {
    const size = formatDifference(delta.absolute, unit);
    return size.startsWith("±") ? "is unchanged" : `changed by ${size}`;
  }
  const size = formatPercent(Math.abs(delta.relative));
  if (size === "0 %") return "is unchanged";
  if (delta.relative >= 9) return `is ${formatQuantity(delta.relative + 1, "1")} times as ${unit === "s" ? "slow" : "high"}`;
  const [more, less] = unit === "s" ? ["slower", "faster"] : ["higher", "lower"];
  return `is ${size} ${delta.relative > 0 ? more : less}`;
}

/** Whether no change at all lies inside the interval. */
function mayBeNone(delta: Delta): boolean {
  const [low, high] = boundsOf(delta);
  if (low === undefined && high === undefined) return false;
  return (low ?? Number.NEGATIVE_INFINITY) <= 0 && (high ?? Number.POSITIVE_INFINITY) >= 0;
}

const boundsOf = (delta: Delta): readonly [number | undefined, number | undefined] =>
  delta.scale === "difference" ? [delta.absoluteLow, delta.absoluteHigh] : [delta.low, delta.high];

function intervalOf(delta: Delta, metric: Comparison["metric"]): string {
  const [low, high] = boundsOf(delta);
  if (low === undefined && high === undefined) return "";
  const text = (bound: number | undefined): string =>
    bound === undefined ? "unbounded" : delta.scale === "difference" ? formatDifference(bound, METRICS[metric].unit) : formatChange(bound);
  return `${text(low)} … ${text(high)}`;
}
