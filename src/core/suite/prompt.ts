/** `length` units long, in as many versions as there are groups, of which each request has one. */
export type SharedPrefix = { readonly unit: "words" | "tokens"; readonly length: number; readonly groups: number };

/** What begins anew: every request that is sent, or one pass over the load (the warm-up is one of its own). */
export type NonceScope = "request" | "pass";

/** Columns or keys of a trace. Undefined names: found by their usual ones. */
export type TraceColumns = {
  readonly inputTokens: string | undefined;
  readonly outputTokens: string | undefined;
  readonly blocks: string | undefined;
  /** Tokens of one block, ≥ 1. */
  readonly blockTokens: number;
  /** Longer prompts and answers are cut to these; undefined: as they are. */
  readonly maxInput: number | undefined;
  readonly maxOutput: number | undefined;
};
