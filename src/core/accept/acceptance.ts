import type { Comparison } from "../compare/comparison.ts";
import type { VerdictWord } from "../decide/verdict.ts";
import type { Command } from "./command.ts";
import type { Largest } from "./largest.ts";

/** What a pull request holds that may accept a regression, read when the run is judged. */
export type AcceptanceEvidence = {
  /** Number of the pull request, and who opened it. */
  readonly pull: number;
  readonly author: string;
  /** Whether the pull request has the label without which nothing is accepted. */
  readonly label: { readonly name: string; readonly isSet: boolean };
  /** The comments that hold commands, oldest first. */
  readonly statements: readonly Statement[];
  /** The day of the judgement, UTC: `2026-11-26`. */
  readonly today: string;
};

/** A comment with commands. */
export type Statement = {
  readonly by: string;
  /** The writer's role in the repository as the platform names it: `write`, `triage`, `none`, a custom one. */
  readonly role: string;
  /** Whether that person may push to the repository, now. */
  readonly mayAccept: boolean;
  /** Changed after it was written; by whom is not known. */
  readonly isEdited: boolean;
  readonly commands: readonly Command[];
};

/** Why nobody knows what was accepted: one sentence. */
export type UnknownAcceptance = { readonly pull: number; readonly unknown: string };

/** What is accepted of the gates that failed, and what that leaves of the verdict. */
export type Acceptance = {
  readonly pull: number;
  readonly author: string;
  readonly label: AcceptanceEvidence["label"];
  /** One per half of a gate that failed, in the order of the verdict. */
  readonly failed: readonly AssessedFailure[];
  /** What the verdict would be if what is accepted had passed. `fail`: something is not accepted. */
  readonly remaining: VerdictWord;
  /** Commands that did nothing because they could not be read, of people who may accept; newest last. */
  readonly unread: readonly (Extract<Command, { kind: "unreadable" }> & { readonly by: string })[];
};

export type Failure = { readonly scenario: string; readonly of: Largest["of"]; readonly comparison: Comparison };

export type AssessedFailure = Failure & { readonly outcome: Accepted | NotAccepted };

export type Accepted = {
  readonly kind: "accepted";
  readonly by: string;
  readonly isEdited: boolean;
  readonly largest: Largest;
  readonly until: string | undefined;
  readonly reason: string;
};

/**
 * `too-large` worse than what was accepted · `expired` the last day has passed · `withdrawn` taken back, `unread` where the
 * line could not be read and is taken for everything · `no-permission` all who accepted it may not · `no-label` it would
 * be accepted, but the label is missing · `no-change` there is no change to compare with what was accepted ·
 * `not-named` no command is about it (`elsewhere`: one accepts the same metric, of another scenario, unit or half).
 */
export type NotAccepted =
  | { readonly kind: "too-large"; readonly by: string; readonly largest: Largest }
  | { readonly kind: "expired"; readonly by: string; readonly until: string }
  | { readonly kind: "withdrawn"; readonly by: string; readonly unread: boolean }
  | { readonly kind: "no-permission"; readonly by: string; readonly role: string }
  | { readonly kind: "no-label"; readonly by: string; readonly largest: Largest }
  | { readonly kind: "no-change"; readonly by: string }
  | { readonly kind: "not-named"; readonly elsewhere: string | undefined };
