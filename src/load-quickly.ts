import { formatDuration } from "./core/decide/duration.ts";
import { quickRun } from "./core/decide/quick-words.ts";
import { mostPasses } from "./core/plan/allowance.ts";
import { makePlan } from "./core/plan/make-plan.ts";
import { withStandIns } from "./core/plan/model-tensors.ts";
import { plannedTime } from "./core/plan/planned-time.ts";
import type { Problem } from "./core/record/run-record.ts";
import { quickSuite } from "./core/suite/quick.ts";
import { type FilePorts, type LoadedSuite, loadSuite } from "./load-suite.ts";

export type QuickOptions = {
  readonly overrides: readonly string[];
  readonly scenarios: readonly string[];
  readonly isLive: boolean;
};

/** A suite that is loaded for a quick run. */
export type LoadedQuickly = {
  readonly loaded: LoadedSuite;
  /** What its record has to say; empty where the suite is so short that the run is whole. */
  readonly remarks: readonly Problem[];
  /** For whoever waits: how long it takes, and how long the whole would. */
  readonly text: string;
};

/** @throws {InputError} as {@link loadSuite} does, and for a load that cannot be planned. */
export async function loadQuickly(
  file: string,
  { overrides, scenarios, isLive }: QuickOptions,
  environment: Readonly<Record<string, string | undefined>>,
  ports: FilePorts,
): Promise<LoadedQuickly> {
  const whole = await loadSuite(file, overrides, environment, ports);
  const loaded = await loadSuite(file, overrides, environment, ports, (suite) => quickSuite(suite, isLive ? 2 : 1, scenarios));
  const planOf = ({ suite, digest, files }: LoadedSuite) =>
    makePlan({ suite: withStandIns(suite), digest, files, design: isLive ? "live" : "single", scenarios });
  const [short, long] = [planOf(loaded), planOf(whole)];
  const [shortS, longS] = [plannedTime(short).wholeS, plannedTime(long).wholeS];
  const most = mostPasses(whole.suite.decision.budget, long);
  if (loaded.digest === whole.digest)
    return { loaded: whole, remarks: [], text: `the suite takes about ${formatDuration(longS)}: it is run whole` };
  const at = `the whole run takes about ${formatDuration(longS)}${isLive && most > 1 ? `, and up to ${formatDuration(most * longS)} while it is undecided` : ""}`;
  return { loaded, remarks: [quickRun(shortS, longS)], text: `a quick run of about ${formatDuration(shortS)}; ${at}` };
}
