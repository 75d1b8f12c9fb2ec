import { DEFAULT_LOAD } from "./defaults.ts";
import { steadyRate, steadyUsers } from "./load.ts";
import type { WrittenLoad } from "./load-schema.ts";
import type { TraceColumns } from "./prompt.ts";
import { levelsOf, type WrittenStage } from "./stage-schema.ts";
import { areaOf, lengthOf, peakOf, stagesOf, steadyLevel } from "./stages.ts";
import type { Arrivals, ClosedLoad, Load, ThinkTime } from "./suite.ts";

/**
 * A written load that keeps all rules, with no default left open.
 *
 * @param fromTrace whether payloads are built from its trace.
 */
export function buildLoad(load: WrittenLoad, fromTrace: boolean): Load {
  const { rate, concurrency, shape, trace, time, unit, from, speed, sample, duration } = load;
  if (trace !== undefined) {
    const file = typeof trace === "string" ? trace : trace.file;
    const requests = fromTrace ? { requests: buildColumns(typeof trace === "string" ? undefined : trace) } : {};
    return { kind: "trace", file, time, unit, fromS: from ?? 0, speed: speed ?? 1, sample: sample ?? 1, durationS: duration, ...requests };
  }
  const pauses = { thinkTime: buildThinkTime(load["think-time"]), pacingS: load.pacing };
  const arrivals = buildArrivals(load.arrivals);
  if (concurrency !== undefined) return { ...steadyUsers(concurrency, duration), ...pauses };
  if (shape === undefined) return steadyRate(rate ?? DEFAULT_LOAD.ratePerS, arrivals, duration);

  const stages = stagesOf(shape);
  const durationS = lengthOf(stages);
  if (isOfUsers(shape)) return { kind: "closed", concurrency: peakOf(stages), stages, ...pauses, durationS } satisfies ClosedLoad;
  return { kind: "open", ratePerS: steadyLevel(stages) ?? areaOf(stages) / durationS, stages, arrivals, durationS };
}

/** Tokens of a block where nothing is written: those of Mooncake's traces. */
const BLOCK_TOKENS = 512;

const buildColumns = (trace: Exclude<WrittenLoad["trace"], string | undefined> | undefined): TraceColumns => ({
  inputTokens: trace?.["input-tokens"],
  outputTokens: trace?.["output-tokens"],
  blocks: trace?.blocks,
  blockTokens: trace?.["block-tokens"] ?? BLOCK_TOKENS,
  maxInput: trace?.["max-input"],
  maxOutput: trace?.["max-output"],
});

/** The rules let no shape mix rates and users, so that its first level speaks for all. */
const isOfUsers = (shape: readonly WrittenStage[]): boolean => shape.flatMap(levelsOf)[0]?.level.of === "users";

function buildArrivals(written: WrittenLoad["arrivals"]): Arrivals {
  if (written === undefined) return DEFAULT_LOAD.arrivals;
  if (typeof written === "string") return written;
  return written.gamma === undefined ? { jitter: written.jitter ?? 0 } : { gamma: written.gamma };
}

function buildThinkTime(written: WrittenLoad["think-time"]): ThinkTime | undefined {
  if (written === undefined) return undefined;
  if (typeof written === "number") return { kind: "fixed", seconds: written };
  if ("exponential" in written) return { kind: "exponential", meanS: written.exponential };
  return { kind: "uniform", lowS: written[0], highS: written[1] };
}
