import type { LooksRecord } from "../record/run-record.ts";
import { type Look, nominalLevel, rootSpending } from "../stats/sequential.ts";
import type { DecisionPolicy } from "../suite/suite.ts";
import type { Against, ScenarioData } from "./scenario-data.ts";

/** One-sided levels of the tests of one look: the chance of a false fail of one promise, and that of a false pass. */
export type TestLevels = { readonly fail: number; readonly pass: number };

/**
 * The levels at which a scenario is judged now, so that all looks at the evidence of one commit together keep the
 * suite's error rates: passes over the load while it ran, and further attempts. The first attempt may spend
 * {@link SHARE} of each rate, every later one as much of what is left: however often a job is run again, it is one test,
 * and a re-run never starts from zero.
 *
 * @param tests promises of the suite that share the chance of a false alarm (Bonferroni: for the one question "is
 *   anything worse?" Holm's procedure is no sharper).
 */
export function openLevels(policy: DecisionPolicy, tests: number): (data: Pick<ScenarioData, "attempts" | "against">) => TestLevels {
  const known = new Map<string, TestLevels>();
  return ({ attempts, against }) => {
    const looks = looksOf(attempts, against);
    const key = JSON.stringify(looks);
    const levels = known.get(key) ?? {
      fail: nominalLevel(looks, policy.falseAlarm / tests),
      pass: nominalLevel(looks, policy.falsePass),
    };
    known.set(key, levels);
    return levels;
  };
}

/**
 * Share of an error rate that the first attempt at a commit may spend; later ones share the rest in the same way. A live
 * run that is undecided goes on by itself, and a second attempt is the exception. Against stored runs a second run is
 * the only way to know more, so more is left for it.
 */
const SHARE = { live: 0.9, runs: 0.6 } as const;

/** All looks at the evidence of these attempts, in order of time. */
function looksOf(attempts: readonly LooksRecord[], against: Against): readonly Look[] {
  const own = against.kind === "runs" ? SHARE.runs : SHARE.live;
  let earlierPasses = 0;
  return attempts.flatMap(({ passes, most }, attempt) => {
    const left = (1 - own) ** attempt;
    const looks = passes.map((pass): Look => {
      const share = pass / most;
      return {
        // Runs are compared as wholes: how long each was says little. Pairs add up.
        information: against.kind === "runs" ? 1 / (1 / (attempt + share) + 1 / against.bases.length) : earlierPasses + pass,
        spent: 1 - left + left * own * rootSpending(share),
      };
    });
    earlierPasses += passes.at(-1) ?? 0;
    return looks;
  });
}
