import type { Arm, Segment } from "../plan/plan.ts";
import type { Outcome } from "./outcome.ts";

/** The base's first answers to the payloads of one scenario, with which all later answers of both arms are compared. */
export type FirstAnswers = {
  /**
   * Whether an answer differs from the base's first one to the same payload. Undefined where that cannot be said: for a
   * failed request, one whose answer has no digest, before the base has answered, and for the first answer itself.
   */
  readonly differs: (arm: Arm, segment: Pick<Segment, "picks">, outcome: Outcome) => boolean | undefined;
};

/** Most payloads of a scenario whose first answers are kept, about 10 MB; later ones are not compared. */
const MOST_PAYLOADS = 100_000;

export function openFirstAnswers(): FirstAnswers {
  const first = new Map<number, string>();
  return {
    differs(arm, { picks }, { index, step = 0, result }) {
      if (result.kind === "failed" || result.answer === undefined) return undefined;
      const payload = picks[index % picks.length]! + step;
      const known = first.get(payload);
      if (known !== undefined) return known !== result.answer;
      if (arm === "base" && first.size < MOST_PAYLOADS) first.set(payload, result.answer);
      return undefined;
    },
  };
}
