import { mean } from "simple-statistics";
import { type Generator, stream } from "../../../src/core/plan/random.ts";
import { NO_CHANGE } from "../simulator/change.ts";
import type { Endpoint } from "../simulator/endpoint.ts";
import { openEnvironment } from "../simulator/environment.ts";
import { CLASSES, independentClasses, openQueue, QUEUES, type QueueName } from "../simulator/queue.ts";
import { NO_EFFECT } from "../simulator/run-effects.ts";
import { logRatio, type PairedBlocks, unitsOf } from "./arms.ts";
import { column, percentOf, varianceRatio } from "./ratio.ts";
import type { Study } from "./study.ts";

const PAIRS = 24;
const REQUESTS = 417;
const SHARES = [0.5, 0.95, 0.99] as const;
const WORLDS: readonly QueueName[] = ["queue-idle", "queue", "queue-busy"];

type Design = { readonly name: string; readonly arrivals: boolean; readonly picks: boolean; readonly deck: boolean };
const DESIGNS: readonly Design[] = [
  { name: "nothing in common", arrivals: false, picks: false, deck: false },
  { name: "same arrivals", arrivals: true, picks: false, deck: false },
  { name: "same payloads", arrivals: false, picks: true, deck: false },
  { name: "same arrivals and payloads (the product)", arrivals: true, picks: true, deck: false },
  { name: "exact class counts per block", arrivals: false, picks: false, deck: true },
  { name: "exact class counts, same arrivals and payloads", arrivals: true, picks: true, deck: true },
];

/** Equal endpoints with dynamic batching, 24 pairs of 417 requests. */
export const commonLoad: Study = {
  name: "common-load",
  about: "Variance of the log ratio between equal endpoints, over that with nothing in common; 24 pairs of blocks of 417 requests",
  sample(replicate, seed) {
    return WORLDS.flatMap((world) =>
      DESIGNS.flatMap((design) => {
        const units = unitsOf(drive(world, design, replicate, seed));
        return SHARES.flatMap((p) => {
          const { estimate, holdsZero } = logRatio(units, p);
          return [estimate, holdsZero ? 1 : 0];
        });
      }),
    );
  },
  table(samples) {
    const at = (world: number, design: number, p: number) => 2 * (p + SHARES.length * (design + DESIGNS.length * world));
    const rows = WORLDS.flatMap((world, w) =>
      DESIGNS.map((design, d) => [
        world,
        design.name,
        ...SHARES.map((_, p) => varianceRatio(column(samples, at(w, d, p)), column(samples, at(w, 0, p)))),
        SHARES.map((_, p) => percentOf(mean([...column(samples, at(w, d, p) + 1)]), 0)).join(" · "),
      ]),
    );
    return { head: ["endpoint", "design", "p50", "p95", "p99", "90 % intervals hold, p50 · p95 · p99"], rows };
  },
};

function drive(world: QueueName, design: Design, replicate: number, seed: number): PairedBlocks {
  const draw = (...names: readonly (string | number)[]): Generator => stream(seed, "common-load", world, replicate, ...names);
  const environment = openEnvironment(draw("environment"), 0.02);
  const open = (arm: string): Endpoint => {
    let block = 0;
    const picks = (requests: number): Uint8Array => {
      const next = design.picks ? draw("picks", block) : draw("picks", block, arm);
      block++;
      return design.deck ? shuffledDeck(next, requests) : independentClasses(next, requests);
    };
    return openQueue(
      QUEUES[world],
      {
        effect: NO_EFFECT,
        environment,
        change: NO_CHANGE,
        own: draw("own", arm),
        load: (at) => (design.arrivals ? draw("arrivals", at) : draw("arrivals", at, arm)),
      },
      () => Number.POSITIVE_INFINITY,
      undefined,
      (_, requests) => picks(requests),
    );
  };
  return drivePairs(open("base"), open("head"), PAIRS, REQUESTS);
}

/** Base, head, head, base. */
export function drivePairs(base: Endpoint, head: Endpoint, pairs: number, requests: number): PairedBlocks {
  return Array.from({ length: pairs }, (_, pair) => {
    const serve = (arm: Endpoint, other: Endpoint): Float64Array => {
      const latencies = arm.serve(requests, pair);
      other.rest(requests);
      return latencies;
    };
    if (pair % 2 === 0) {
      const first = serve(base, head);
      return { base: first, head: serve(head, base) };
    }
    const first = serve(head, base);
    return { head: first, base: serve(base, head) };
  });
}

/** The classes in exactly their shares, in random order. */
function shuffledDeck(next: Generator, requests: number): Uint8Array {
  const deck = new Uint8Array(requests);
  let until = 0;
  for (const [index, { share }] of CLASSES.entries()) {
    const from = until;
    until = index === CLASSES.length - 1 ? requests : Math.round(until + share * requests);
    deck.fill(index, from, until);
  }
  for (let i = requests - 1; i > 0; i--) {
    const other = Math.floor((next() / 2 ** 32) * (i + 1));
    [deck[i], deck[other]] = [deck[other]!, deck[i]!];
  }
  return deck;
}
