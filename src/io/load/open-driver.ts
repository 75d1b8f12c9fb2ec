import { protocols } from "../../core/protocol/protocols.ts";
import type { Target, TlsMaterial } from "../../core/suite/suite.ts";
import { type Driver, openDriver as openInThread } from "./driver.ts";

/** A driver for a suite's target. @throws {InputError} on an endpoint's URL, a header or a certificate that cannot be used. */
export function openDriver({
  url,
  target,
  tls,
}: {
  readonly url: string;
  readonly target: Target;
  readonly tls: TlsMaterial;
  readonly threads: number;
}): Driver {
  return openInThread({
    url,
    headers: target.headers,
    timeoutS: target.timeoutS,
    maxInFlight: target.maxInFlight,
    connection: target.connection,
    tls: target.tls,
    material: tls,
    retry: target.retry,
    openResponse: () => protocols[target.protocol].openResponse(target),
  });
}
