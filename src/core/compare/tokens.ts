import { METRICS, type MetricName } from "../metric.ts";
import type { RecordedLoad } from "../record/run-record.ts";
import { addShares, type Share } from "../stats/ratio-of-sums.ts";
import type { Obstacle } from "./comparison.ts";
import type { Blocks, ScenarioData } from "./scenario-data.ts";

/**
 * Whether the arms' answers can be compared token by token: counted in the same way, and of about the same length. A
 * model that answers more briefly looks faster end to end without being so. A difference in length counts from 1 % on,
 * and only beyond three standard errors over blocks, because sampled answers differ in length by chance.
 */
export function tokenObstacle({ heads, against }: ScenarioData): Obstacle | undefined {
  const bases = against.kind === "pairs" ? against.pairs.map(({ base }) => base) : against.kind === "runs" ? against.bases.flat() : [];
  const head = count(heads.flat());
  const base = count(bases);
  if (head === undefined || base === undefined) return undefined;
  if (head.from !== base.from) return { code: "token-count-differs", detail: { baseFrom: base.from, headFrom: head.from } };
  const change = head.perRequest / base.perRequest - 1;
  const error = Math.hypot(head.relativeError, base.relativeError);
  if (!(Math.abs(change) > 0.01 && Math.abs(change) > 3 * error)) return undefined;
  return { code: "token-count-differs", detail: { basePerRequest: base.perRequest, headPerRequest: head.perRequest, change } };
}

/**
 * Metrics that mean something else when answers have another length, or tokens another definition. A shorter answer ends
 * sooner, leaves a user of a closed loop free sooner, keeps a limit more easily, and each of its tokens has less context to attend to.
 */
export function dependsOnTokens(metric: MetricName, obstacle: Obstacle, load: RecordedLoad): boolean {
  const { measure } = METRICS[metric];
  const isPaced = measure.kind === "quantile" && (measure.of === "tpot" || measure.of === "itl");
  const isEndToEnd = measure.kind === "quantile" && ["latency", "service", "session"].includes(measure.of);
  if ("headFrom" in obstacle.detail) {
    const countsTokens = (measure.kind === "rate" || measure.kind === "mean" || measure.kind === "cost") && measure.of === "tokens";
    return isEndToEnd || countsTokens || (measure.kind === "quantile" && measure.of === "tpot");
  }
  if (measure.kind === "cost") return measure.of === "requests";
  if (measure.kind === "rate") return measure.of === "good" || (measure.of === "requests" && load.kind === "closed");
  return isEndToEnd || isPaced || (measure.kind === "ratio" && measure.of === "good");
}

type TokenCount = { readonly from: string; readonly perRequest: number; readonly relativeError: number };

function count(blocks: Blocks): TokenCount | undefined {
  const counted = blocks.flatMap(({ tokens, ok }) =>
    tokens === undefined || ok === 0 ? [] : [{ part: tokens.output, whole: ok, from: tokens.from }],
  );
  const { part, whole } = addShares(counted);
  if (!(part > 0) || counted.length < 2) return undefined;
  const ways = new Set(counted.map(({ from }) => from));
  return {
    from: ways.size === 1 ? [...ways][0]! : "mixed",
    perRequest: part / whole,
    relativeError: relativeError(counted, part / whole, whole),
  };
}

const relativeError = (shares: readonly Share[], ratio: number, whole: number): number =>
  Math.sqrt(shares.reduce((sum, share) => sum + (share.part - ratio * share.whole) ** 2, 0) * (shares.length / (shares.length - 1))) /
  (ratio * whole);
