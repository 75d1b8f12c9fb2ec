import { type NonceKeys, nonceWriter } from "../../core/plan/nonce.ts";
import type { PreparedRequest } from "../../core/plan/plan.ts";
import type { WireRequest } from "../http.ts";

/** Gives a request its nonce: what is returned is sent once, and the prepared one stays as it is. */
export type Nonces = (request: PreparedRequest, wire: WireRequest) => WireRequest;

/**
 * Nonces of one sender, for all of its segments. A body is copied for each time that it is sent, because the last one
 * may still be on its way to the socket: about 2 µs for 4 KiB, 20 µs for 64 KiB.
 *
 * @returns the nonces of a segment, by its {@link Segment.nonceScope}.
 */
export function openNonces(keys: NonceKeys): (scope: string) => Nonces {
  let sent = 0;
  return (scope) => {
    const ofRequest = nonceWriter([keys.run, scope, "request", keys.sender]);
    const ofPass = nonceWriter([keys.run, scope, "pass"]);
    return ({ nonce }, wire) => {
      if (nonce === undefined || wire.body === null) return wire;
      const body = Buffer.allocUnsafe(wire.body.byteLength);
      wire.body.copy(body);
      if (nonce.per === "request") ofRequest(sent++, body, nonce.at);
      else ofPass(0, body, nonce.at);
      return { ...wire, body };
    };
  };
}
