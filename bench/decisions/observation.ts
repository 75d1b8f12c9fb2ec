import type { VerdictWord } from "../../src/core/decide/verdict.ts";
import type { RuleName } from "./cell.ts";

/** One value per gated metric: p50, p95, p99. */
export type Triple<T> = readonly [T, T, T];

/** What one judged pull request leaves behind: small, plain JSON, the same for the same cell and replicate. */
export type Observation = {
  readonly rules: Readonly<Partial<Record<RuleName, RuleObservation>>>;
  /** Score of each rival by name; empty where none judged. */
  readonly rivals: Readonly<Record<string, number>>;
};

export type RuleObservation = {
  readonly word: VerdictWord;
  readonly coarse: VerdictWord;
  readonly requests: number;
  readonly stopped: string;
  /** Share of the scenarios whose 90 % interval held the truth, at the first look and at the last. */
  readonly covered: { readonly first: Triple<number>; readonly last: Triple<number> };
  /** Printed for the changed scenario at the last look; null where there was none. */
  readonly margins: Triple<number | null>;
  /** Words of the changed scenario's metrics. */
  readonly metrics: Triple<VerdictWord | null>;
  /** The same commit judged again; undefined where the next replicate stands for it. */
  readonly again: VerdictWord | undefined;
  /** Whether the printed margin, planted in a fresh pull request, was blocked; null where no margin was printed. */
  readonly power: Triple<boolean | null> | undefined;
  /** Whether every gated metric printed its resolvable margin and the outcome of its self-test. */
  readonly carriesProof: boolean;
  /** Whether the verdict said that the arms stand on different machines. */
  readonly saysDifferentHosts: boolean;
};
