import type { Acceptance, UnknownAcceptance } from "../accept/acceptance.ts";
import type { VerdictWord } from "../decide/verdict.ts";
import type { Policy } from "./report-input.ts";
import { WORDS } from "./row.ts";

/** Whether a run stops the merge, and the sentence that says so. */
export type ConsequenceReport = { readonly blocks: boolean; readonly sentence: string };

/** What is accepted counts as if it had passed; what is left of the verdict does to the job what the policy says. */
export function consequenceOf(verdict: VerdictWord, policy: Policy, acceptance?: Acceptance | UnknownAcceptance): ConsequenceReport {
  if (verdict === "pass") return { blocks: false, sentence: "May be merged." };
  if (policy.tolerated?.verdicts.includes(verdict)) return { blocks: false, sentence: policy.tolerated.sentence };
  if (verdict === "fail") return acceptance === undefined ? BLOCKS : failedButAccepted(acceptance, policy);
  const { input, consequence } = undecided(verdict, policy);
  if (consequence === undefined) return { blocks: true, sentence: "Not decided (exit code 3)." };
  return consequence === "fail"
    ? { blocks: true, sentence: `Not decided, and that blocks the merge (${input}: fail).` }
    : { blocks: false, sentence: `Not decided; does not block the merge (${input}: ${consequence}).` };
}

const BLOCKS: ConsequenceReport = { blocks: true, sentence: "Blocks the merge." };

function failedButAccepted(acceptance: Acceptance | UnknownAcceptance, policy: Policy): ConsequenceReport {
  if ("unknown" in acceptance) return { blocks: true, sentence: "Blocks the merge: whether it is accepted is not known." };
  const { failed, remaining } = acceptance;
  if (remaining === "fail") {
    const refused = failed.filter(({ outcome }) => outcome.kind !== "accepted").length;
    // Where nobody accepted anything there is nothing to say about it.
    if (refused === failed.length) return BLOCKS;
    const are = refused === 1 ? "is" : "are";
    return { blocks: true, sentence: `Blocks the merge: ${refused} of ${failed.length} failures ${are} not accepted.` };
  }
  if (remaining === "pass") return { blocks: false, sentence: "Does not block the merge: what failed is accepted." };
  const { input, consequence } = undecided(remaining, policy);
  const rest = `the rest is ${WORDS[remaining]} (${consequence === undefined ? "exit code 3" : `${input}: ${consequence}`})`;
  return consequence === undefined || consequence === "fail"
    ? { blocks: true, sentence: `Blocks the merge: what failed is accepted, and ${rest}.` }
    : { blocks: false, sentence: `Does not block the merge: what failed is accepted, and ${rest}.` };
}

const undecided = (verdict: Exclude<VerdictWord, "pass" | "fail">, { onInconclusive, onNoBaseline, onInvalid }: Policy) =>
  ({
    inconclusive: { input: "on-inconclusive", consequence: onInconclusive },
    "no-baseline": { input: "on-no-baseline", consequence: onNoBaseline },
    invalid: { input: "on-invalid", consequence: onInvalid },
  })[verdict];
