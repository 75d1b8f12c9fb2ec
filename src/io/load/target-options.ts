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

export const driverOptions = ({ url, target, tls, nonces }: TargetOptions): DriverOptions => ({
  url,
  headers: target.headers,
  timeoutS: target.timeoutS,
  maxInFlight: target.maxInFlight,
  connection: target.connection,
  tls: target.tls,
  material: tls,
  retry: target.retry,
  nonces,
  openResponse: answerOpener(protocols[target.protocol], target),
  readPhases: openPhaseReader(target.phases),
});
