import { join } from "node:path";
import { type Attempt, attempt, freshFolder } from "../attempt.ts";
import type { Load, Request } from "../load.ts";
import type { Goal, Part, Place } from "../part.ts";
import { SMALL_POST } from "../payload.ts";
import { artillery } from "../peers/artillery.ts";
import { autocannon } from "../peers/autocannon.ts";
import { bareUndici } from "../peers/bare-undici.ts";
import { hey } from "../peers/hey.ts";
import { k6 } from "../peers/k6.ts";
import { oha } from "../peers/oha.ts";
import type { Peer } from "../peers/peer.ts";
import { tailgate } from "../peers/tailgate.ts";
import { vegeta } from "../peers/vegeta.ts";
import { wrk, wrk2 } from "../peers/wrk.ts";
import { median } from "../sample.ts";
import { type FastServer, openFastServer } from "../servers/fast-server.ts";
import type { Table } from "../table.ts";

const REPEATS = 3;
const CONNECTIONS = 64;
const CLOSED_S = 5;
const OPEN_S = 4;
const RATES = [200, 1000, 3000];
/** Seconds after the first answer in which nothing counts: connections, compilation. And before the end: reports. */
const [HEAD_S, TAIL_S] = [1, 0.4];

const CLOSED: readonly Peer[] = [
  tailgate,
  bareUndici,
  autocannon(CONNECTIONS, true),
  wrk(CONNECTIONS),
  hey(CONNECTIONS),
  oha(CONNECTIONS, false),
  vegeta,
  k6({ allocated: CONNECTIONS }),
  artillery(CONNECTIONS),
];
/** Those that go on sending while an endpoint stalls; a fixed number of connections is none, see the stall. */
const KEEP_OPEN: readonly Peer[] = [tailgate, vegeta, k6({ allocated: CONNECTIONS }), artillery(CONNECTIONS)];
const OPEN: readonly Peer[] = [...KEEP_OPEN, oha(CONNECTIONS, true), wrk2(CONNECTIONS)];

/** µs of CPU for one request: over the whole run, and over its middle. */
type Cost = { readonly total: number; readonly marginal: number | undefined; readonly perS: number };
type Row = { readonly peer: Peer; readonly costs: readonly Cost[]; readonly why: string | undefined };

export const closedCost: Part = {
  name: "closed-cost",
  about: `CPU per request of ${CONNECTIONS} users in a closed loop, against the other tools`,
  async run(place) {
    const server = await openFastServer(join(place.folder, "server"));
    try {
      const rows = await repeat(CLOSED, { kind: "closed", concurrency: CONNECTIONS, durationS: CLOSED_S }, server, place);
      const ours = marginalOf(rows, tailgate);
      return {
        tables: [tableOf(`${CONNECTIONS} users in a closed loop, small POST, ${server.name}`, rows)],
        goals: [
          goal("at most 1.1 × autocannon's CPU per request", ours, named(rows, "autocannon"), 1.1),
          goal("at most ⅓ of k6's", ours, named(rows, "k6"), 1 / 3),
        ],
        notes: NOTES,
        data: { server: server.name, durationS: CLOSED_S, rows: rows.map(plain) },
      };
    } finally {
      await server.close();
    }
  },
};

/** A part for each rate, so that each is short enough to be run in a quiet moment. */
export const openCosts: readonly Part[] = RATES.map((ratePerS) => ({
  name: `open-cost-${ratePerS}`,
  about: `CPU per request at ${ratePerS} requests/s, against the tools that keep an open loop`,
  async run(place) {
    const server = await openFastServer(join(place.folder, "server"));
    try {
      const rows = await repeat(OPEN, { kind: "open", ratePerS, durationS: OPEN_S, arrivals: "constant" }, server, place);
      const ours = marginalOf(rows, tailgate);
      const others = rows.filter(({ peer }) => KEEP_OPEN.includes(peer) && peer !== tailgate && peer.program !== "k6");
      const [cheapest] = others
        .flatMap((row) => {
          const cost = median(marginals(row));
          return cost === undefined ? [] : [[row.peer.name, cost] as const];
        })
        .sort(([, a], [, b]) => a - b);
      return {
        tables: [tableOf(`${ratePerS} requests/s, small POST, ${server.name}`, rows)],
        goals: [
          goal("at most ⅓ of k6's CPU per request", ours, named(rows, "k6"), 1 / 3),
          goal("at most ½ of any other's that keeps an open loop", ours, cheapest, 1 / 2),
        ],
        notes: [
          `oha and wrk2 keep no open loop: their ${CONNECTIONS} connections are all that a stalled endpoint sees of them. They are here for scale.`,
        ],
        data: { server: server.name, durationS: OPEN_S, rows: rows.map(plain) },
      };
    } finally {
      await server.close();
    }
  },
}));

const NOTES = [
  `CPU is user and system time of the whole process tree, in µs per request that the server counted. *In the middle* begins ${HEAD_S} s after the first answer and ends ${TAIL_S} s before the last: what one more request costs, and what the goals are about. *In all* includes start-up, compilation and the report. Medians of ${REPEATS} interleaved runs, with their range.`,
  "wrk, wrk2, oha, hey, vegeta and k6 are compiled; artillery, autocannon and tailgate run on Node.",
];

async function repeat(peers: readonly Peer[], load: Load, server: FastServer, { folder, say }: Place): Promise<readonly Row[]> {
  const request: Request = { url: server.url, body: SMALL_POST, numbered: false };
  const middle = { count: server.count, fromS: HEAD_S, toS: load.durationS - TAIL_S };
  const costs = new Map<Peer, Cost[]>(peers.map((peer) => [peer, []]));
  const broken = new Map<Peer, string>();
  for (let round = 1; round <= REPEATS; round++) {
    for (const peer of peers) {
      // What failed once is not tried again: it may have taken its whole time.
      if (broken.has(peer)) continue;
      say(`${load.kind === "open" ? `${load.ratePerS}/s` : `${load.concurrency} users`}, round ${round} of ${REPEATS}: ${peer.name}`);
      const before = await server.count();
      const tried: Attempt = await attempt(peer, load, request, freshFolder(folder), middle);
      const requests = (await server.count()) - before;
      if (tried.kind === "not run") broken.set(peer, tried.why);
      else if (requests > 0) {
        const { cpuS, middle } = tried.run;
        const marginal = middle === undefined ? undefined : (middle.cpuS / middle.requests) * 1e6;
        costs.get(peer)!.push({ total: (cpuS / requests) * 1e6, marginal, perS: (middle?.requests ?? requests) / spanOf(load, middle) });
      }
    }
  }
  return peers.map((peer) => ({
    peer,
    costs: costs.get(peer)!,
    why: broken.get(peer) ?? (costs.get(peer)!.length > 0 ? undefined : "no request"),
  }));
}

const spanOf = ({ durationS }: Load, middle: unknown) => (middle === undefined ? durationS : durationS - HEAD_S - TAIL_S);

const marginals = ({ costs }: Row) => costs.flatMap(({ marginal }) => (marginal === undefined ? [] : [marginal]));
const marginalOf = (rows: readonly Row[], peer: Peer) => median(marginals(rows.find((row) => row.peer === peer)!));

/** The row of a program, by the name that its goal uses. */
function named(rows: readonly Row[], program: string): readonly [string, number] | undefined {
  const row = rows.find(({ peer }) => peer.program === program)!;
  const value = median(marginals(row));
  return value === undefined ? undefined : [row.peer.name, value];
}

function goal(text: string, ours: number | undefined, other: readonly [string, number] | undefined, limit: number): Goal {
  if (ours === undefined || other === undefined) return { goal: text, measured: "–", met: undefined };
  const [name, theirs] = other;
  const ratio = ours / theirs;
  return { goal: text, measured: `${ratio.toFixed(2)} × (${ours.toFixed(0)} µs, ${name} ${theirs.toFixed(0)} µs)`, met: ratio <= limit };
}

function tableOf(title: string, rows: readonly Row[]): Table {
  const ours = marginalOf(rows, tailgate);
  return {
    title,
    head: ["tool", "µs per request, in the middle", "range", "tailgate is", "in all", "range", "requests/s"],
    rows: rows.map((row) => {
      if (row.why !== undefined) return [row.peer.name, `not run: ${row.why}`, "", "", "", "", ""];
      const [middle, total] = [marginals(row), row.costs.map((cost) => cost.total)];
      const theirs = median(middle);
      const ratio = ours === undefined || theirs === undefined || row.peer === tailgate ? "" : `${(ours / theirs).toFixed(2)} ×`;
      const perS = median(row.costs.map((cost) => cost.perS))!;
      return [row.peer.name, us(theirs), range(middle), ratio, us(median(total)), range(total), perS.toFixed(0)];
    }),
  };
}

const us = (value: number | undefined) => (value === undefined ? "–" : value.toFixed(value < 100 ? 1 : 0));
const range = (values: readonly number[]) => (values.length < 2 ? "" : `${us(Math.min(...values))} to ${us(Math.max(...values))}`);
const plain = ({ peer, costs, why }: Row) => ({ tool: peer.name, costs, ...(why === undefined ? {} : { notRun: why }) });
