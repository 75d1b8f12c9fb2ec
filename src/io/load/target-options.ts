import { answerOpener } from "../../core/protocol/expected-status.ts";
import { protocols } from "../../core/protocol/protocols.ts";
import type { Target, TlsMaterial } from "../../core/suite/suite.ts";
import type { DriverOptions } from "./driver.ts";

/** What a driver for a suite's target is made from: plain data, which may cross threads. */
export type TargetOptions = { readonly url: string; readonly target: Target; readonly tls: TlsMaterial };

export const driverOptions = ({ url, target, tls }: TargetOptions): DriverOptions => ({
  url,
  headers: target.headers,
  timeoutS: target.timeoutS,
  maxInFlight: target.maxInFlight,
  connection: target.connection,
  tls: target.tls,
  material: tls,
  retry: target.retry,
  openResponse: answerOpener(protocols[target.protocol], target),
});
