import type { Stage } from "../suite/suite.ts";
import type { UserStep } from "./plan.ts";

/**
 * The users of a closed loop over time. Users are whole: a ramp from 1 to 16 is 16 levels, each for a sixteenth of its
 * duration, and a sine takes every whole number that lies nearest to it.
 *
 * @param stages levels are whole numbers.
 * @returns ascending in time, the first at 0, neighbours differ.
 */
export function userSteps(stages: readonly Stage[]): readonly UserStep[] {
  const steps: UserStep[] = [];
  let startS = 0;
  for (const stage of stages) {
    for (const { atS, users } of stage.kind === "linear" ? rampSteps(stage) : waveSteps(stage)) {
      const step = { atS: startS + atS, users };
      // A change in the last bit before a piece ends is none.
      if (steps.length > 0 && steps.at(-1)!.atS >= step.atS) steps.pop();
      if (steps.at(-1)?.users !== users) steps.push(step);
    }
    startS += stage.durationS;
  }
  return steps;
}

/** The steps between two moments, on a clock of their own. */
export function stepsWithin(steps: readonly UserStep[], fromS: number, toS: number): readonly UserStep[] {
  const before = steps.findLast(({ atS }) => atS <= fromS);
  const within = steps.filter(({ atS }) => atS > fromS && atS < toS);
  return [{ atS: 0, users: before?.users ?? 0 }, ...within.map(({ atS, users }) => ({ atS: atS - fromS, users }))];
}

function rampSteps({ durationS, from, to }: Stage & { readonly kind: "linear" }): readonly UserStep[] {
  const levels = Math.abs(to - from) + 1;
  return Array.from({ length: levels }, (_, i) => ({ atS: (i * durationS) / levels, users: from + i * Math.sign(to - from) }));
}

/** Between two whole levels the wave changes hands half way: there it crosses each border twice a period. */
function waveSteps({ durationS, low, high, periodS }: Stage & { readonly kind: "sine" }): readonly UserStep[] {
  const mean = (low + high) / 2;
  const swing = (high - low) / 2;
  const crossings = Array.from({ length: high - low }, (_, i) => low + i + 0.5).flatMap((border) => {
    const angle = Math.asin((border - mean) / swing) / (2 * Math.PI);
    return [
      { phase: angle < 0 ? angle + 1 : angle, users: border + 0.5 },
      { phase: 0.5 - angle, users: border - 0.5 },
    ];
  });
  crossings.sort((a, b) => a.phase - b.phase);
  const steps: UserStep[] = [{ atS: 0, users: Math.ceil(mean) }];
  for (let period = 0; period * periodS < durationS; period++) {
    for (const { phase, users } of crossings) steps.push({ atS: (period + phase) * periodS, users });
  }
  return steps.filter(({ atS }) => atS < durationS);
}
