import { formatPercent, formatQuantity } from "../decide/quantity.ts";
import type { DistributionName } from "../metric.ts";
import type { Arm } from "../plan/plan.ts";
import type { Bins } from "../stats/bins.ts";
import { quantileOf } from "../stats/quantile.ts";
import { mergedBins } from "./block-bins.ts";
import { FAILURE_KINDS } from "./outcome.ts";
import { pauseProblems, stealText } from "./pauses.ts";
import type { ArmRecord, Problem, ScenarioRecord } from "./run-record.ts";

/** Our own delay may be this much of the median, or this many seconds if that is more. */
const MEDIAN = { share: 0.02, seconds: 0.001 };
/** Our own delay's part of the 99th percentile: from here on it is worth a warning, */
const TAIL_NOTICE = { share: 0.05, seconds: 0.001 };
/** and from here on the percentile says more about the runner than about the endpoint. */
const TAIL = { share: 0.5, seconds: 0.005 };
/** A delay of this length is a pause, whose requests arrive in one burst and make the endpoint queue: service time has it too. */
const BURST = { share: 0.5, seconds: 0.1 };
const SENT_SHARE = 0.99;

/**
 * Whether the load generator, rather than the endpoint, made the numbers of a scenario. Looks at each arm by itself,
 * over all its blocks:
 *
 * - `no-requests` (invalid): nothing was offered, so nothing can be said.
 * - `rate-not-reached` (invalid): an open loop sent less than 99 % of its arrivals.
 * - `generator-late`: our own delay (release and HTTP client) is material. Invalid if its median exceeds 1 ms and 2 % of
 *   the median latency, or if it makes up more than 5 ms and half of the 99th percentile of latency; a warning above 1 ms
 *   and 5 % of that percentile. Its part of the percentile is what latency's exceeds service time's, at most its own;
 *   above 100 ms all of it is, because what a pause held up arrives in one burst and makes service times longer, too.
 * - `generator-paused`, `generator-saturated`: see {@link pauseProblems}.
 * - `all-failed` (warning): latency has no data; `errors.ratio` has all.
 *
 * @returns in the order base, head; empty for a clean scenario.
 */
export function generatorProblems(scenario: ScenarioRecord): readonly Problem[] {
  const arms = (["base", "head"] as const).flatMap((arm) => (scenario.arms[arm] === undefined ? [] : [[arm, scenario.arms[arm]] as const]));
  if (arms.length === 0) return [{ ...noRequests("no endpoint"), scenario: scenario.name }];
  return arms.flatMap(([arm, record]) =>
    [...deliveryProblems(scenario, arm, record), ...delayProblems(arm, record), ...pauseProblems(scenario.load, arm, record)].map(
      (problem) => ({
        ...problem,
        scenario: scenario.name,
        arm,
      }),
    ),
  );
}

const noRequests = (whom: string): Problem => ({
  severity: "invalid",
  code: "no-requests",
  message: `${whom} was offered a request; raise the rate or the duration of the load`,
});

function deliveryProblems(scenario: ScenarioRecord, arm: Arm, { blocks, examples }: ArmRecord): readonly Problem[] {
  const offered = sum(blocks.map((block) => block.offered));
  if (offered === 0) return [noRequests(`the ${arm} endpoint never`)];
  const problems: Problem[] = [];
  const sent = offered - sum(blocks.map(({ failures }) => failures.overflow ?? 0));
  if (scenario.load.kind === "open" && sent < SENT_SHARE * offered) {
    const message = `only ${sent} of ${offered} requests (${formatPercent(sent / offered)}) could be sent to the ${arm} endpoint, because target.max-in-flight was reached; the endpoint does not keep up with the rate: lower the rate, or raise max-in-flight if so many waiting requests are meant to be measured`;
    problems.push({ severity: "invalid", code: "rate-not-reached", message });
  }
  if (blocks.every(({ ok }) => ok === 0)) {
    const counts = FAILURE_KINDS.map((kind) => [kind, sum(blocks.map(({ failures }) => failures[kind] ?? 0))] as const);
    const [most] = counts.toSorted(([, a], [, b]) => b - a)[0]!;
    const example = examples[most] === undefined ? "" : `: ${examples[most]}`;
    const message = `all ${offered} requests to the ${arm} endpoint failed, most of them with "${most}"${example}; latency has no data beyond timeouts`;
    problems.push({ severity: "warning", code: "all-failed", message });
  }
  return problems;
}

function delayProblems(arm: Arm, { blocks }: ArmRecord): readonly Problem[] {
  const merged = (name: DistributionName): Bins => mergedBins(blocks, name);
  const [generator, latency, service] = [merged("generator"), merged("latency"), merged("service")];
  const problem = (severity: Problem["severity"], finding: string): readonly Problem[] => [
    {
      severity,
      code: "generator-late",
      message: `${finding}${stealText(blocks)}; ${severity === "invalid" ? "use a runner with more free cores, lower the rate, or move the load away from the endpoint's machine" : "a runner with more free cores would measure the tail more sharply"}`,
    },
  ];
  const delayP50 = quantileOf(generator, 0.5);
  const latencyP50 = quantileOf(latency, 0.5);
  if (delayP50 !== undefined && latencyP50 !== undefined && exceeds(delayP50, latencyP50, MEDIAN)) {
    return problem(
      "invalid",
      `half of the requests to the ${arm} endpoint left this machine more than ${seconds(delayP50)} late, with a median latency of ${seconds(latencyP50)}: the load generator cannot keep up`,
    );
  }
  const [delayP99, latencyP99, serviceP99] = [generator, latency, service].map((bins) => quantileOf(bins, 0.99));
  if (delayP99 === undefined || latencyP99 === undefined || serviceP99 === undefined) return [];
  if (exceeds(delayP99, latencyP99, BURST)) {
    return problem(
      "invalid",
      `one in a hundred requests to the ${arm} endpoint left this machine more than ${seconds(delayP99)} late, with a 99th percentile of latency of ${seconds(latencyP99)}, and arrived there in one burst with others`,
    );
  }
  // Connecting is in latency and not in service time either, but is not our delay: hence at most our delay's percentile.
  const ours = Math.min(delayP99, latencyP99 - serviceP99);
  if (!exceeds(ours, latencyP99, TAIL_NOTICE)) return [];
  const finding = `of the 99th percentile of the ${arm} endpoint's latency, ${seconds(latencyP99)}, about ${seconds(ours)} is this machine's own delay`;
  return problem(exceeds(ours, latencyP99, TAIL) ? "invalid" : "warning", finding);
}

const exceeds = (ours: number, latency: number, limit: { readonly share: number; readonly seconds: number }): boolean =>
  ours > Math.max(limit.seconds, limit.share * latency);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const seconds = (value: number): string => formatQuantity(value, "s");
