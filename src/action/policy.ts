import type { Policy } from "../core/report/report.ts";
import { isDefaultBranch, type Place } from "./place.ts";

/** What a verdict does here: nothing stops a commit that is merged already. */
export function policyOf({ inputs: { policy }, context }: Place): Policy {
  if (!isDefaultBranch(context)) return policy;
  const sentence = `Blocks nothing: this commit is on ${context.branch} already.`;
  return { ...policy, tolerated: { verdicts: ["fail", "inconclusive", "no-baseline"], sentence } };
}
