import type { VerdictWord } from "../core/decide/verdict.ts";
import { InputError } from "../core/errors.ts";
import type { Consequence, Policy } from "../core/report/report.ts";
import { EXIT } from "./command.ts";

const CHOICES = ["fail", "warn", "pass"] as const;

/** What a run that could not decide means to the caller. Undefined: say so, with an exit code of its own. */
export type ChosenPolicy = Readonly<Record<"inconclusive" | "no-baseline" | "invalid", Consequence | undefined>>;

export const POLICY_OPTIONS = {
  "on-inconclusive": { type: "string" },
  "on-no-baseline": { type: "string" },
  "on-invalid": { type: "string" },
} as const;

export const policyOf = (values: Readonly<Partial<Record<keyof typeof POLICY_OPTIONS, string>>>): ChosenPolicy => ({
  inconclusive: choice("on-inconclusive", values["on-inconclusive"]),
  "no-baseline": choice("on-no-baseline", values["on-no-baseline"]),
  invalid: choice("on-invalid", values["on-invalid"]),
});

/** In the words of the report, which names a policy only where one was chosen. */
export const reportPolicy = (policy: ChosenPolicy): Policy => ({
  onInconclusive: policy.inconclusive,
  onNoBaseline: policy["no-baseline"],
  onInvalid: policy.invalid,
});

export function exitCodeOf(verdict: VerdictWord, policy: ChosenPolicy): number {
  if (verdict === "pass") return EXIT.pass;
  if (verdict === "fail") return EXIT.fail;
  const chosen = policy[verdict];
  return chosen === undefined ? EXIT.undecided : chosen === "fail" ? EXIT.fail : EXIT.pass;
}

/** @throws {InputError} for a word that is no choice. */
export function choice(name: string, value: string | undefined): Consequence | undefined {
  if (value === undefined || value === "") return undefined;
  const known = CHOICES.find((word) => word === value);
  if (known === undefined)
    throw new InputError(`${name}: ${JSON.stringify(value)} is not a policy`, { hint: `write ${CHOICES.join(", ")}` });
  return known;
}
