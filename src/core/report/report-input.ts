import type { Acceptance, UnknownAcceptance } from "../accept/acceptance.ts";
import type { Baseline, Candidate } from "../compare/baseline.ts";
import type { Verdict, VerdictWord } from "../decide/verdict.ts";
import type { RunRecord } from "../record/run-record.ts";
import type { Suite } from "../suite/suite.ts";

/** What a verdict that is neither pass nor fail does to the job. */
export type Consequence = "fail" | "warn" | "pass";

/** Undefined where the caller chose nothing: what could not be decided then ends with exit code 3. */
export type Policy = {
  readonly onInconclusive?: Consequence | undefined;
  readonly onNoBaseline?: Consequence | undefined;
  readonly onInvalid?: Consequence | undefined;
  /** These verdicts stop nothing here, and the sentence that says why: it is merged already. */
  readonly tolerated?: { readonly verdicts: readonly VerdictWord[]; readonly sentence: string };
};

export type ReportInput = {
  readonly verdict: Verdict;
  readonly suite: Suite;
  /** The measured run and its confirmation runs; may be empty if nothing could be measured. */
  readonly heads: readonly RunRecord[];
  /** Those of the heads that are earlier attempts, which come first, and where each came from. */
  readonly attempts?: readonly Candidate[];
  readonly baseline: Baseline;
  /** Default: whatever could not be decided blocks, with exit code 3. */
  readonly policy?: Policy;
  /** What people accepted of what failed. Absent where nobody was asked. */
  readonly acceptance?: Acceptance | UnknownAcceptance | undefined;
  /** As the user would type it; for the commands to run it again. */
  readonly suitePath?: string;
  /** Files of the heads, as the user would type them. Absent where they are not known. */
  readonly headPaths?: readonly string[] | undefined;
  /** Where runs are kept. Absent where they are not, or where nobody looked for any. */
  readonly artifacts?: Artifacts | undefined;
};

/** Where the runs of one suite are kept. Names are those of artifacts, each of which holds a `run.json`. */
export type Artifacts = {
  /** Of every stored run of the baseline, within its own workflow run; undefined where a baseline is kept elsewhere. */
  readonly baseline: string | undefined;
  /** Of the head's run, unless it joins the baseline; ends in the number of the attempt. Undefined where there are no artifacts. */
  readonly head: string | undefined;
  /** Whether this run joins the baseline if it is valid. */
  readonly extendsBaseline: boolean;
};
