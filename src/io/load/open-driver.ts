import { type Driver, openDriver as openInThread } from "./driver.ts";
import { openStripedDriver } from "./striped-driver.ts";
import { driverOptions, type TargetOptions } from "./target-options.ts";

/**
 * A driver for a suite's target: in this thread, or with several threads that share each segment between them.
 *
 * @param options.threads ≥ 1.
 * @throws {InputError} on an endpoint's URL, a header or a certificate that cannot be used.
 */
export function openDriver({ threads, ...options }: TargetOptions & { readonly threads: number }): Driver {
  const driver = openInThread(driverOptions(options));
  if (threads === 1) return driver;
  // It has opened nothing yet. What is wrong with the options was told here, where it can be told as what it is.
  void driver.close();
  return openStripedDriver(options, threads);
}
