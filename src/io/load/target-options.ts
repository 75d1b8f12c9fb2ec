import type { NonceKeys } from "../../core/plan/nonce.ts";
import { answerOpener } from "../../core/protocol/expected-status.ts";
import { protocols } from "../../core/protocol/protocols.ts";
import { openPhaseReader } from "../../core/protocol/server-phases.ts";
import type { Target, TlsMaterial } from "../../core/suite/suite.ts";
import type { DriverOptions } from "./driver.ts";

/** What a driver for a suite's target is made from: plain data, which may cross threads. */
export type TargetOptions = {
  readonly url: string;
  readonly target: Target;
  readonly tls: TlsMaterial;
  readonly nonces?: NonceKeys;
};

export const driverOptions = ({ url, target, tls, nonces }: TargetOptions): DriverOptions => {
  const protocol = protocols[target.protocol];
  const openResponse = answerOpener(protocol, target);
  const { openTurn } = protocol;
  return {
    url,
    headers: target.headers,
    timeoutS: target.timeoutS,
    maxInFlight: target.maxInFlight,
    connection: target.connection,
    tls: target.tls,
    material: tls,
    retry: target.retry,
    nonces,
    // A step of a session has a method of its own, which says whether its answer may be empty.
    openResponse: (request) =>
      request.session === undefined ? openResponse(request) : protocol.openResponse({ ...target, method: request.method }, request.label),
    openTurn: openTurn && ((_, said) => openTurn(target, said)),
    readPhases: openPhaseReader(target.phases),
  };
};
