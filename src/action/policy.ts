import { InputError } from "../core/errors.ts";
import type { Policy } from "../core/report/report.ts";
import { isDefaultBranch, type Place } from "./place.ts";

/** What a verdict does here: nothing stops a commit that is merged already, and a label may accept a failed gate. */
export async function policyOf({ inputs: { policy, acceptLabel }, context, api }: Place): Promise<Policy> {
  if (isDefaultBranch(context)) {
    const sentence = `Blocks nothing: this commit is on ${context.branch} already.`;
    return { ...policy, tolerated: { verdicts: ["fail", "inconclusive", "no-baseline"], sentence } };
  }
  if (acceptLabel === "" || context.pullRequest === undefined) return policy;
  const labels = await api?.pullLabels(context.pullRequest).catch((error: unknown) => {
    // A token that may not read pull requests still has the labels of the event.
    if (!(error instanceof InputError)) throw error;
    return undefined;
  });
  if (!(labels ?? context.labels).includes(acceptLabel)) return policy;
  return { ...policy, tolerated: { verdicts: ["fail"], sentence: `Does not block the merge: accepted with the label ${acceptLabel}.` } };
}
