import type { ServerPhases } from "../protocol/server-phases.ts";

/**
 * Why a request did not count as answered.
 *
 * `connect` no connection (DNS, TCP, TLS) · `stale` a kept-alive connection was closed under the request before any
 * answer · `timeout` no complete answer by the deadline · `status` not a status the suite accepts · `body` an answer
 * that its protocol cannot read, or an empty one · `truncated` the stream ended without saying that it is complete ·
 * `in-band` an error inside a 2xx answer · `check` the suite's own check failed · `reset` the connection broke during
 * the answer · `overflow` the arrival found `max-in-flight` requests under way and was not sent.
 */
export const FAILURE_KINDS = [
  "connect",
  "stale",
  "timeout",
  "status",
  "body",
  "truncated",
  "in-band",
  "check",
  "reset",
  "overflow",
] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

/**
 * One request, finished one way or the other. Times are nanoseconds since the start of the segment on one monotonic
 * clock; `undefined` where the point was never reached.
 */
export type Outcome = {
  /** Position in the segment: the i-th arrival. */
  readonly index: number;
  readonly intendedNs: number;
  /** When the first attempt was handed to the HTTP client. */
  readonly dispatchedNs: number;
  /** How often the request was sent (or tried to be), ≥ 1; 0 for an arrival that was never sent. More than 1 only with a retry policy. */
  readonly attempts: number;
  /** When the last attempt was handed to the HTTP client; what follows is about that attempt. */
  readonly attemptNs: number;
  /** Just before the request's first byte was written. */
  readonly wireNs: number | undefined;
  readonly firstByteNs: number | undefined;
  readonly endNs: number;
  /** DNS + TCP + TLS, if this request opened its connection. */
  readonly connectNs: number | undefined;
  /** Parts of `connectNs`: name resolution, and the TLS handshake. Undefined where there was none. */
  readonly dnsNs: number | undefined;
  readonly tlsNs: number | undefined;
  /** HTTP/2: how long it waited for a connection that another request was opening. */
  readonly awaitedNs?: number | undefined;
  readonly status: number | undefined;
  /** Counted and not timed: the right answer to this request is a refusal. `firstByteNs` is then undefined. */
  readonly untimed?: true | undefined;
  /** What the endpoint told of its own time. */
  readonly phases?: ServerPhases | undefined;
  /** `usageTokens`: output tokens of an answer that was not streamed, as its usage report says, ≥ 1. `correct`: of a labelled payload, whether the answer is what the label says. */
  readonly result:
    | {
        readonly kind: "ok";
        readonly stream: StreamTiming | undefined;
        readonly usageTokens?: number;
        readonly correct?: boolean;
        readonly prompt?: PromptTokens;
      }
    /** `detail` is for people: what was expected and what came, one line, at most 200 characters. */
    | { readonly kind: "failed"; readonly why: FailureKind; readonly detail: string };
};

/** Tokens of a prompt, > 0, and how many of them the endpoint had in its prefix cache, as it says itself. */
export type PromptTokens = { readonly tokens: number; readonly cached: number };

/** What a stream of tokens showed. Times as in {@link Outcome}. */
export type StreamTiming = {
  readonly firstTokenNs: number;
  readonly lastTokenNs: number;
  /** Output tokens, n ≥ 1. */
  readonly tokens: number;
  /** Where the count comes from: the server's usage report, or the number of token events. */
  readonly tokensFrom: "usage" | "events";
  /** Gaps between successive token events, ns. */
  readonly gapsNs: readonly number[];
};

/**
 * Latency as a user of the schedule sees it: from the intended start to the end. A request that ran into its deadline
 * counts with the deadline (censored); any other failure has none, and nor has what should be refused.
 */
export const latencyNs = (outcome: Outcome): number | undefined => (isTimed(outcome) ? outcome.endNs - outcome.intendedNs : undefined);

/** Service time: from the request on the wire to its end. Same rule for failures. */
export const serviceNs = (outcome: Outcome): number | undefined =>
  outcome.wireNs !== undefined && isTimed(outcome) ? outcome.endNs - outcome.wireNs : undefined;

const isTimed = ({ result, untimed }: Outcome): boolean => untimed !== true && (result.kind === "ok" || result.why === "timeout");

/** Time that the last attempt waited in our HTTP client, connecting apart; undefined if it never reached the wire. */
export const clientQueueNs = ({ wireNs, attemptNs, connectNs, awaitedNs }: Outcome): number | undefined =>
  wireNs === undefined ? undefined : wireNs - attemptNs - (connectNs ?? 0) - (awaitedNs ?? 0);

/**
 * All of a request's latency that is our fault: late release and client queue. Undefined for an arrival that was never
 * sent, which says nothing about how well we send.
 */
export const ownDelayNs = (outcome: Outcome): number | undefined =>
  outcome.result.kind === "failed" && outcome.result.why === "overflow"
    ? undefined
    : outcome.dispatchedNs - outcome.intendedNs + (clientQueueNs(outcome) ?? 0);
