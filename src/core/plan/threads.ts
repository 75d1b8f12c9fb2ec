import type { GeneratorPolicy } from "../suite/suite.ts";
import type { ScenarioPlan, Segment } from "./plan.ts";

/** Small requests per second that one thread sends on time with room to spare; see bench/README.md. */
const RATE_OF_ONE_THREAD = 2500;

/**
 * How many threads send each arm of a scenario. `auto`: one, unless the rate of its busiest second asks for more, and
 * then no more than leave a processor for the rest: the pacer, the recorder and, in CI, often the endpoint itself. A
 * closed loop has no rate to keep, so it stays with one.
 *
 * @param cores processors of this machine, ≥ 1.
 */
export function senderThreads({ segments, requests }: ScenarioPlan, { threads }: GeneratorPolicy, cores: number): number {
  if (threads !== "auto") return threads;
  const sessions = requests.filter(({ session }) => session === undefined || session.step === 0).length;
  const perArrival = requests.length / Math.max(1, sessions);
  const wanted = Math.ceil((perArrival * Math.max(0, ...segments.map(busiestSecond))) / RATE_OF_ONE_THREAD);
  return Math.max(1, Math.min(wanted, cores - 1));
}

/** Most arrivals in any stretch of one second. O(arrivals). */
function busiestSecond({ load }: Segment): number {
  if (load.kind === "closed") return 0;
  const { arrivalsS } = load;
  let most = 0;
  for (let first = 0, last = 0; last < arrivalsS.length; last++) {
    while (arrivalsS[first]! <= arrivalsS[last]! - 1) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
