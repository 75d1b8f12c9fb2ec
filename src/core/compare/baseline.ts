import type { RunRecord } from "../record/run-record.ts";

/** Something that might serve as a baseline, and where it came from, in words a reviewer can follow. */
export type Candidate = {
  readonly origin: string;
  readonly record: RunRecord;
  /** Commits from its own to the one where the search began, ≥ 0; absent where no history was walked. */
  readonly distance?: number | undefined;
  /** When the place that keeps it throws it away, ISO 8601; absent where nothing is thrown away by date. */
  readonly expiresAt?: string | undefined;
};

/** A baseline that was found and not accepted: `reason` is one sentence. */
export type Refusal = { readonly origin: string; readonly reason: string };

/** What the head is compared with. */
export type Baseline =
  /** The head's own record carries a base arm, driven in turn with it. */
  | { readonly kind: "live"; readonly refused: readonly Refusal[] }
  /** Accepted runs, newest first, at least one. */
  | { readonly kind: "stored"; readonly runs: readonly Candidate[]; readonly refused: readonly Refusal[] }
  /** `reason` is one sentence: what was looked for, and what to do. */
  | { readonly kind: "none"; readonly reason: string; readonly refused: readonly Refusal[] };
