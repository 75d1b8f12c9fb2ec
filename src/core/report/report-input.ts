import type { Baseline } from "../compare/baseline.ts";
import type { Verdict } from "../decide/verdict.ts";
import type { RunRecord } from "../record/run-record.ts";
import type { Suite } from "../suite/suite.ts";

/** What a verdict that is neither pass nor fail does to the job. */
export type Consequence = "fail" | "warn" | "pass";
export type Policy = { readonly onInconclusive: Consequence; readonly onNoBaseline: Consequence; readonly onInvalid: Consequence };

export type ReportInput = {
  readonly verdict: Verdict;
  readonly suite: Suite;
  /** The measured run and its confirmation runs; may be empty if nothing could be measured. */
  readonly heads: readonly RunRecord[];
  readonly baseline: Baseline;
  /** Default: whatever could not be decided blocks. */
  readonly policy?: Policy;
  /** As the user would type it; for the commands to run it again. */
  readonly suitePath?: string;
};
