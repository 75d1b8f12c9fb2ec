import type { ModelInput } from "../plan/model-tensors.ts";
import type { Payload } from "../plan/payload.ts";
import type { PreparedRequest } from "../plan/plan.ts";
import type { Outcome } from "../record/outcome.ts";
import type { ProtocolName, Target } from "../suite/suite.ts";

/** How one kind of endpoint is asked and how its answers are read. A protocol is one file and one line in `protocols.ts`. */
export type Protocol = {
  readonly name: ProtocolName;
  /** @throws {InputError} if this protocol cannot carry this payload. */
  readonly buildRequest: (target: Target, payload: Payload) => Omit<PreparedRequest, "payloadClass">;
  /**
   * One reader per response; see {@link ResponseReader}.
   *
   * @param label the right answer of a labelled payload, as JSON.
   */
  readonly openResponse: (target: Target, label?: unknown) => ResponseReader;
  /** How to ask whether the endpoint is ready, where "it answers HTTP" would say nothing. */
  readonly readiness?: (target: Target) => ReadinessProbe;
  /** How to ask which inputs the model takes; undefined where the target does not say which model. */
  readonly metadata?: (target: Target) => MetadataProbe | undefined;
};

/** `inputsIn` reads the body of a 2xx answer, and throws for one that it does not understand. */
export type MetadataProbe = {
  readonly request: Omit<PreparedRequest, "payloadClass">;
  /** For messages: `GET /v2/models/bert`. */
  readonly what: string;
  readonly inputsIn: (body: Uint8Array) => readonly ModelInput[];
};

/** `isReady` reads the body of a 2xx answer, and may throw for one that it does not understand. */
export type ReadinessProbe = {
  readonly request: Omit<PreparedRequest, "payloadClass">;
  /** For messages: `ModelReady of bert`. */
  readonly what: string;
  readonly isReady: (body: Uint8Array) => boolean;
};

/**
 * Reads one response as it arrives: `start`, then any number of `data`, then `end` exactly once. It never throws: an
 * answer it cannot read is a failed outcome. `atNs` are nanoseconds since the start of the segment, never decreasing;
 * header names are lower case. A chunk may be kept until `end`: its bytes must not change after it was handed over.
 */
export type ResponseReader = {
  /** The time of this answer is no latency of the endpoint: it is counted, and kept out of every distribution. */
  readonly untimed?: true;
  readonly start: (status: number, headers: Readonly<Record<string, string>>, atNs: number) => void;
  readonly data: (chunk: Uint8Array, atNs: number) => void;
  /** The response ended properly as far as HTTP goes. */
  readonly end: (atNs: number, trailers?: Readonly<Record<string, string>>) => ResponseEnd;
};

/** `endNs`: when the answer was complete for its reader; for a token stream the last token event, not the socket's end. */
export type ResponseEnd = { readonly result: Outcome["result"]; readonly endNs: number };
