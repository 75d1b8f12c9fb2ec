import { ADDRCONFIG } from "node:dns";
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { ConnectionPolicy } from "../core/suite/suite.ts";

/** Where connections to one host go. */
export type Addresses = {
  /** Resolves the name where the policy is `once`. Does not fail: what cannot be resolved is tried again by each connection. */
  readonly prepare: () => Promise<void>;
  /** The address whose turn it is; the host itself where each connection resolves it. */
  readonly next: () => string;
};

/** @param host a name or an IP address, which is its own and only address. */
export function openAddresses(host: string, policy: ConnectionPolicy["dns"]): Addresses {
  let known: readonly string[] = [];
  let turn = 0;
  return {
    async prepare() {
      if (policy === "each" || known.length > 0 || isIP(host) !== 0) return;
      // Addresses of a family that this machine has no route for would fail every other connection.
      known = await lookup(host, { all: true, hints: ADDRCONFIG }).then(
        (found) => found.map(({ address }) => address),
        () => [],
      );
    },
    next: () => (known.length === 0 ? host : known[turn++ % known.length]!),
  };
}
