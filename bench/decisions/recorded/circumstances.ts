import { mean } from "simple-statistics";
import type { Arm } from "../../../src/core/plan/plan.ts";
import type { RunRecord } from "../../../src/core/record/run-record.ts";
import type { Result } from "./result.ts";

/** What a record says about how it came about: which product drove it, and how busy the machine was. */
export function circumstancesOf({ provenance, scenarios }: RunRecord): Pick<Result, "commit" | "machineBusy"> {
  const busyOf = (arm: Arm) => {
    const ratios = scenarios.flatMap(({ arms }) => (arms[arm]?.blocks ?? []).flatMap(({ generator }) => generator?.machineBusyRatio ?? []));
    return ratios.length === 0 ? {} : { [arm]: Math.round(100 * mean(ratios)) / 100 };
  };
  return {
    ...(provenance.commit === undefined ? {} : { commit: provenance.commit.slice(0, 12) }),
    machineBusy: { ...busyOf("base"), ...busyOf("head") },
  };
}
