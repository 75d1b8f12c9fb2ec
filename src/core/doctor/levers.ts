import { differs } from "../compare/arm.ts";
import type { TestLevels } from "../compare/levels.ts";
import { MANY_PAIRS } from "../compare/live.ts";
import { betweenDeployments } from "../compare/priors.ts";
import type { Shift } from "../compare/shift.ts";
import type { MetricName } from "../metric.ts";
import { PRIOR_WEIGHT } from "../stats/between-runs.ts";
import type { DecisionPolicy } from "../suite/suite.ts";
import type { NoiseSplit, PairsData } from "./noise.ts";
import { projectShift, shiftWithError } from "./project.ts";
import { levelsAfter, type Reach, reachOf } from "./reach.ts";

/** Another set-up, and what it could tell apart. */
export type Lever = { readonly kind: LeverKind; readonly reach: Reach };
export type LeverKind = "now" | "time-2" | "time-4" | "rate-2" | "pairs-2" | "one-host" | "other-host" | "stored-3" | "stored-8";

export type LeverInput = {
  readonly metric: MetricName;
  /** Over all runs that were driven. */
  readonly shift: Shift;
  readonly data: PairsData;
  readonly noise: NoiseSplit;
  readonly runs: number;
  readonly policy: DecisionPolicy;
  /** Promises of the suite, and passes that its budget allows. */
  readonly tests: number;
  readonly most: number;
};

/** What this set-up could tell apart, and what each change of it would bring, one at a time. */
export function leversOf(input: LeverInput): readonly Lever[] {
  const { metric, data, noise, policy, tests } = input;
  const { sameHost } = data.against;
  const lasting = (onOneHost: boolean) => Math.SQRT2 * betweenDeployments(metric, data.load, onOneHost, policy);
  const own = input.shift.lastingError;
  // Requests share their part of the variance, however many there are; what blocks differ by stays.
  const requests = noise.request === undefined ? undefined : noise.request ** 2 / Math.max(noise.request ** 2 + noise.block ** 2, 1e-30);
  const levers: (Lever | undefined)[] = [
    live(input, "now", {}),
    live(input, "time-2", { times: 2 }),
    live(input, "time-4", { times: 4 }),
    requests === undefined || data.load.kind === "closed" ? undefined : live(input, "rate-2", { variance: 1 - requests / 2 }),
    (2 * data.against.pairs.length) / input.runs < MANY_PAIRS ? live(input, "pairs-2", { pairs: 2 }) : undefined,
    policy.betweenDeployments !== undefined || differs(metric) || lasting(!sameHost) === own
      ? undefined
      : live(input, sameHost ? "other-host" : "one-host", { lasting: lasting(!sameHost) }),
    stored(input, "stored-3", 3, levelsAfter(1, 1, policy, tests)),
    stored(input, "stored-8", 8, levelsAfter(1, 1, policy, tests)),
  ];
  return levers.flatMap((lever) => lever ?? []);
}

type Change = { readonly times?: number; readonly variance?: number; readonly pairs?: number; readonly lasting?: number };

/** A live comparison of one run with a change to it. */
export function liveReach(
  { metric, shift, data, runs, policy, tests, most }: LeverInput,
  { times = 1, variance = 1, pairs = 1, lasting }: Change,
): Reach {
  const projected = projectShift(shift, {
    pairs: Math.max(2, Math.floor((data.against.pairs.length / runs) * times * pairs)),
    variance: (variance * runs) / times,
    lastingError: lasting ?? shift.lastingError ?? 0,
  });
  return reachOf(metric, projected, levelsAfter(times, most, policy, tests));
}

const live = (input: LeverInput, kind: LeverKind, change: Change): Lever => ({ kind, reach: liveReach(input, change) });

/** One head run against K stored ones: every part of the noise counts, and what runs differ by as well. */
function stored({ metric, shift, noise }: LeverInput, kind: LeverKind, runs: number, levels: TestLevels): Lever {
  const { request = 0, block, drift = 0, run } = noise;
  const variance = request ** 2 + block ** 2 + drift ** 2 + run.deviation ** 2;
  return { kind, reach: reachOf(metric, shiftWithError(shift, Math.sqrt(variance * (1 + 1 / runs)), PRIOR_WEIGHT + runs - 1), levels) };
}
