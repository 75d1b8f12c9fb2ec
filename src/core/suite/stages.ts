import type { WrittenStage } from "./stage-schema.ts";
import type { Stage } from "./suite.ts";

/**
 * A written shape as the pieces that everything else works with: `steps`, `spike` and `ladder` become constant levels,
 * and equal levels side by side become one, so that a shape which is steady in fact is a steady load.
 *
 * @param shape with everything that its kinds need; see `shape-rules.ts`.
 * @returns durations add up to those of the shape, none is 0; empty for what the rules refuse.
 */
export function stagesOf(shape: readonly WrittenStage[]): readonly Stage[] {
  const stages: Stage[] = [];
  for (const stage of shape.flatMap(piecesOf)) {
    const last = stages.at(-1);
    const continues = last !== undefined && isLevel(last) && isLevel(stage) && last.from === stage.from;
    if (continues) stages[stages.length - 1] = { ...last, durationS: last.durationS + stage.durationS };
    else if (stage.durationS > 0) stages.push(stage);
  }
  return stages;
}

/** The value of a load that never changes; undefined for any other. */
export function steadyLevel(stages: readonly Stage[]): number | undefined {
  const [only, ...others] = stages;
  return only !== undefined && isLevel(only) && others.length === 0 ? only.from : undefined;
}

/** The largest value. */
export const peakOf = (stages: readonly Stage[]): number =>
  Math.max(0, ...stages.map((stage) => (stage.kind === "sine" ? stage.high : Math.max(stage.from, stage.to))));

/** The integral over time: of rates, the expected number of requests. */
export const areaOf = (stages: readonly Stage[]): number => stages.reduce((sum, stage) => sum + areaOfStage(stage), 0);

export const lengthOf = (stages: readonly Stage[]): number => stages.reduce((sum, { durationS }) => sum + durationS, 0);

/** A sine that ends within a wave has more than its mean behind it, because it rises first. */
function areaOfStage(stage: Stage): number {
  if (stage.kind === "linear") return ((stage.from + stage.to) / 2) * stage.durationS;
  const { low, high, durationS, periodS } = stage;
  return ((low + high) / 2) * durationS + (((high - low) * periodS) / (2 * Math.PI)) * Math.sin((Math.PI * durationS) / periodS) ** 2;
}

const isLevel = (stage: Stage): stage is Stage & { readonly kind: "linear" } => stage.kind === "linear" && stage.from === stage.to;

const level = (value: number, durationS: number): Stage => ({ kind: "linear", durationS, from: value, to: value });

function piecesOf(stage: WrittenStage): readonly Stage[] {
  const { duration, rate, concurrency, ramp, steps, spike, from, at, for: length, sine, period, ladder, rungs } = stage;
  if (rate !== undefined) return [level(rate, duration)];
  if (concurrency !== undefined) return [level(concurrency, duration)];
  if (ramp !== undefined) return [{ kind: "linear", durationS: duration, from: ramp[0].value, to: ramp[1].value }];
  if (steps !== undefined) return steps.map(({ value }) => level(value, duration / steps.length));
  if (sine !== undefined && period !== undefined) {
    return [{ kind: "sine", durationS: duration, low: sine[0].value, high: sine[1].value, periodS: period }];
  }
  if (spike !== undefined && from !== undefined && at !== undefined && length !== undefined) {
    return [level(from.value, at), level(spike.value, length), level(from.value, Math.max(0, duration - at - length))];
  }
  if (ladder !== undefined && rungs !== undefined) {
    const [first, last] = ladder;
    // Users are whole; the ends are exact whatever the powers round to.
    const at = (rung: number): number =>
      rung === 0 ? first.value : rung === rungs - 1 ? last.value : first.value * (last.value / first.value) ** (rung / (rungs - 1));
    const whole = first.of === "users" ? Math.round : (value: number) => value;
    return Array.from({ length: rungs }, (_, rung) => level(whole(at(rung)), duration / rungs));
  }
  return [];
}
