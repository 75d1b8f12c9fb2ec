import { roundTrips } from "../floor.ts";
import type { Part } from "../part.ts";
import { quantile } from "../sample.ts";
import { openReference } from "../servers/reference.ts";

const RATES = [50, 200, 1000];
/** In turn over all rates, so that what this machine's host does in a minute lies on all of them. */
const ROUNDS = 3;
const SECONDS = 6;

/** What nothing that runs here can be better than. */
export const floor: Part = {
  name: "floor",
  about: "what this machine adds by itself to a request that was due at a time: a thread that slept, and a bare socket",
  async run(place) {
    const server = await openReference({ service: { kind: "constant", ms: 0 }, stall: undefined });
    try {
      const seen = RATES.map((ratePerS) => ({ ratePerS, lateNs: [] as number[], tripNs: [] as number[], bothNs: [] as number[] }));
      for (let round = 1; round <= ROUNDS; round++) {
        for (const { ratePerS, lateNs, tripNs, bothNs } of seen) {
          place.say(`round ${round} of ${ROUNDS}, ${ratePerS}/s`);
          const trips = await roundTrips(server, ratePerS * SECONDS, ratePerS);
          lateNs.push(...trips.lateNs);
          tripNs.push(...trips.tripNs);
          bothNs.push(...trips.lateNs.map((ns, i) => ns + trips.tripNs[i]!));
        }
      }
      const rows = seen.map(({ ratePerS, ...of }) => ({ ratePerS, requests: of.lateNs.length, ...of }));
      return {
        tables: [
          {
            title: "A bare socket and a thread that sleeps until each request is due, nothing else on the machine, ms",
            head: ["requests/s", "requests", "woke up late p50", "p99", "round trip p50", "p99", "both, from the due time p50", "p99"],
            rows: rows.map(({ ratePerS, requests, lateNs, tripNs, bothNs }) => [
              String(ratePerS),
              String(requests),
              ...[lateNs, tripNs, bothNs].flatMap((ns) => [inMs(ns, 0.5), inMs(ns, 0.99)]),
            ]),
          },
        ],
        goals: [],
        notes: [
          "*Round trip* is beyond the service time, as the server stamped it: the kernel, a server and a client that have to wake up. A request of a load that is due at a time needs all of it; only a client that never sleeps could spare the first part, and takes a core from the endpoint for it.",
        ],
        data: rows.map(({ ratePerS, requests, lateNs, tripNs, bothNs }) => ({
          ratePerS,
          requests,
          ...Object.fromEntries(
            Object.entries({ lateNs, tripNs, bothNs }).map(([name, ns]) => [name, [0.5, 0.9, 0.99, 1].map((q) => quantile(ns, q))]),
          ),
        })),
      };
    } finally {
      await server.close();
    }
  },
};

const inMs = (ns: readonly number[], q: number): string => ((quantile(ns, q) ?? Number.NaN) / 1e6).toFixed(2);
