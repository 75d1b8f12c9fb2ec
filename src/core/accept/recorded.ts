import type { AcceptedChange } from "../record/run-record.ts";
import type { Acceptance } from "./acceptance.ts";
import { sizeOf } from "./largest.ts";

/**
 * What the record of a merged commit says about its acceptance: of each gate that failed here and is accepted, by whom,
 * how much and why. Undefined where there is none.
 */
export function recordedAcceptance({ failed, pull }: Acceptance): readonly AcceptedChange[] | undefined {
  const accepted = failed.flatMap(({ scenario, of, comparison, outcome }): readonly AcceptedChange[] => {
    if (outcome.kind !== "accepted") return [];
    const { by, reason, largest, until } = outcome;
    return [
      {
        metric: comparison.metric,
        scenario,
        ...(of === "limit" ? { of } : {}),
        largest: sizeOf(largest),
        by,
        reason,
        pull,
        ...(until === undefined ? {} : { until }),
      },
    ];
  });
  return accepted.length === 0 ? undefined : accepted;
}
