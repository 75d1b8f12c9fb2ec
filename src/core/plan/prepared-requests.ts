import { protocols } from "../protocol/protocols.ts";
import type { PayloadClass, Suite } from "../suite/suite.ts";
import { malform } from "./malformed.ts";
import type { Payload } from "./payload.ts";
import { MOST_HELD, payloadPool, tooMuch } from "./payloads.ts";
import type { PreparedRequest } from "./plan.ts";

/**
 * The requests of one class, ready to be sent.
 *
 * @throws {InputError} as `payloadPool`, for a payload that the protocol cannot carry, and for bodies of more than 256 MiB.
 */
export function preparedRequests(suite: Made["suite"], payloadClass: PayloadClass, files: Made["files"]): readonly PreparedRequest[] {
  const before = known.get(payloadClass);
  if (before !== undefined && before.suite.target === suite.target && before.suite.seed === suite.seed && before.files === files) {
    return before.requests;
  }
  const requests = prepare(suite, payloadClass, files);
  known.set(payloadClass, { suite, files, requests });
  return requests;
}

type Made = {
  readonly suite: Pick<Suite, "target" | "seed">;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly requests: readonly PreparedRequest[];
};

/** Each pass over the load is planned anew, and what it sends stays the same: images take seconds to draw. */
const known = new WeakMap<PayloadClass, Made>();

function prepare({ target, seed }: Made["suite"], payloadClass: PayloadClass, files: Made["files"]): readonly PreparedRequest[] {
  const { name, malformed, expect } = payloadClass;
  const { buildRequest } = protocols[target.protocol];
  let bytes = 0;
  return payloadPool(payloadClass, files, seed).map((payload, i, pool) => {
    const good = buildRequest(target, payload);
    const request = malformed === undefined ? good : malform(good, malformed, name);
    bytes += request.body?.length ?? 0;
    if (bytes > MOST_HELD && i > 0) throw tooMuch(name, i + 1, pool.length);
    return { payloadClass: name, ...request, ...labelOf(payload), ...(expect === undefined ? {} : { expect }) };
  });
}

const labelOf = (payload: Payload): Pick<PreparedRequest, "label"> =>
  "label" in payload && payload.label !== undefined ? { label: payload.label } : {};
