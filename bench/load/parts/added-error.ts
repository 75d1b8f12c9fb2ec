import { type Attempt, attempt, freshFolder } from "../attempt.ts";
import { roundTrips } from "../floor.ts";
import type { OpenLoad } from "../load.ts";
import type { Goal, Part, Place } from "../part.ts";
import { autocannon } from "../peers/autocannon.ts";
import { k6 } from "../peers/k6.ts";
import { oha } from "../peers/oha.ts";
import type { Peer } from "../peers/peer.ts";
import { tailgateReport, warmTailgate } from "../peers/tailgate.ts";
import { vegeta } from "../peers/vegeta.ts";
import { quantile } from "../sample.ts";
import { openReference, type Reference, type ReferenceLog, type ReferenceOptions } from "../servers/reference.ts";
import type { Table } from "../table.ts";

const SERVICE: ReferenceOptions["service"] = {
  kind: "mixture",
  seed: 1,
  fast: { medianMs: 5, sigma: 0.3 },
  slow: { medianMs: 40, sigma: 0.25, share: 0.05 },
};
const RATES = [50, 200, 1000, 3000];
/** The goals are for an idle machine up to this rate. */
const GOAL_RATE = 1000;
const GOAL_MS = { p50: 0.2, p99: 1 };
const ROUND_TRIPS = 300;
/** A p99 of a few seconds is that of one collection of garbage, or of none. */
const SECONDS = 20;

const OURS = warmTailgate(2);

const OTHERS: readonly Peer[] = [vegeta, k6({ allocated: 300 }), oha(300, true), autocannon(50, false)];

/** All in ms. */
type Pair = { readonly p50: number | undefined; readonly p99: number | undefined };
/** What can be said of every tool: quantiles of what it reports beside those of what was served, and its distance from even arrivals. */
type Row = {
  readonly name: string;
  readonly tried: Attempt;
  readonly requests: number;
  readonly quantileError: Pair;
  readonly unevenness: Pair;
  readonly serverLate: Pair;
};
/** What can be said of each single request of ours. */
type OwnRow = Row & { readonly added: Pair; readonly release: Pair };

export const addedError: Part = {
  name: "added-error",
  about: `what each tool adds to known service times, at ${RATES.join(", ")} requests/s`,
  async run(place) {
    const server = await openReference({ service: SERVICE, stall: undefined });
    try {
      const floor = pairOf((await roundTrips(server, ROUND_TRIPS)).tripNs);
      const rates: { readonly ratePerS: number; readonly own: OwnRow; readonly others: readonly Row[] }[] = [];
      for (const ratePerS of RATES) {
        const load: OpenLoad = { kind: "open", ratePerS, durationS: SECONDS, arrivals: "constant" };
        place.say(`${ratePerS}/s: tailgate`);
        const own = await runOwn(load, server, place);
        const others: Row[] = [];
        for (const peer of OTHERS) {
          place.say(`${ratePerS}/s: ${peer.name}`);
          others.push((await runOne(peer, load, server, place)).row);
        }
        rates.push({ ratePerS, own, others });
      }
      return {
        tables: [ownTable(rates, floor), ...rates.map(({ ratePerS, own, others }) => tableOf(ratePerS, [own, ...others]))],
        goals: rates.filter(({ ratePerS }) => ratePerS <= GOAL_RATE).flatMap(({ ratePerS, own }) => goalsOf(ratePerS, own)),
        notes: [
          `Service times are drawn from two lognormal modes (95 % around 5 ms, 5 % around 40 ms). The server stamps when a request came and when its answer left; *added* is latency from the intended start minus that, request by request, so that it holds no sampling error. The *bare socket* sends one request at a time and has no schedule: what it adds are the kernel and the two event loops.`,
          "*Release* is arrival at the server minus intended start. For the other tools, whose schedule nobody else knows: *quantile error* is what they report minus the same quantile of what was served, and *uneven* how far arrivals are from even ones at the asked rate. *Server late* is how late an answer left; it is part of what was served, so it is nobody's error. tailgate was calibrated and warmed up for 2 s before, as it is in every run; of the others only autocannon could.",
        ],
        data: {
          floor,
          rates: rates.map(({ ratePerS, own, others }) => ({
            ratePerS,
            tools: [own, ...others].map(({ tried, ...row }) => ({ ...row, ...(tried.kind === "not run" ? { notRun: tried.why } : {}) })),
          })),
        },
      };
    } finally {
      await server.close();
    }
  },
};

async function runOne(
  peer: Peer,
  load: OpenLoad,
  server: Reference,
  { folder }: Place,
): Promise<{ readonly row: Row; readonly log: ReferenceLog }> {
  await server.takeLog();
  const request = { url: server.url, body: undefined, numbered: peer === OURS };
  const tried = await attempt(peer, load, request, freshFolder(folder));
  const all = await server.takeLog();
  // Our warm-up is not numbered, and no request of the others is.
  const log = peer === OURS ? rowsOf(all, (i) => all.number[i]! >= 0) : all;
  const counted = log.answeredNs.flatMap((ns, i) => (ns > 0 ? [i] : []));
  const servedMs = counted.map((i) => (log.answeredNs[i]! - log.arrivalNs[i]!) / 1e6);
  const served = pairOf(servedMs.map((ms) => ms * 1e6));
  const said = tried.kind === "ran" ? tried.reading.latencyMs : { p50: undefined, p99: undefined };
  const row = {
    name: peer.name,
    tried,
    requests: log.arrivalNs.length,
    quantileError: { p50: difference(said.p50, served.p50), p99: difference(said.p99, served.p99) },
    unevenness: pairOf(unevenness(log.arrivalNs, load.ratePerS)),
    serverLate: pairOf(counted.map((i) => log.answeredNs[i]! - log.dueNs[i]!)),
  };
  return { row, log };
}

function rowsOf(log: ReferenceLog, keep: (row: number) => boolean): ReferenceLog {
  const only = (column: readonly number[]) => column.filter((_, i) => keep(i));
  return { number: only(log.number), arrivalNs: only(log.arrivalNs), dueNs: only(log.dueNs), answeredNs: only(log.answeredNs) };
}

async function runOwn(load: OpenLoad, server: Reference, place: Place): Promise<OwnRow> {
  const { row, log } = await runOne(OURS, load, server, place);
  if (row.tried.kind === "not run") throw new Error(`our own engine did not run: ${row.tried.why}`);
  const report = tailgateReport(row.tried.folder);
  const rowOf = new Map(log.number.map((n, i) => [n, i]));
  const addedNs: number[] = [];
  const releaseNs: number[] = [];
  for (const [k, n] of report.index.entries()) {
    const i = rowOf.get(n)!;
    addedNs.push(report.endNs[k]! - report.intendedNs[k]! - (log.answeredNs[i]! - log.arrivalNs[i]!));
    releaseNs.push(log.arrivalNs[i]! - report.startedNs - report.intendedNs[k]!);
  }
  return { ...row, added: pairOf(addedNs), release: pairOf(releaseNs) };
}

/** Distance of each arrival from its place in an even schedule of that rate, laid so that half of them are early. */
function unevenness(arrivalNs: readonly number[], ratePerS: number): readonly number[] {
  const offs = arrivalNs.toSorted((a, b) => a - b).map((ns, i) => ns - (i * 1e9) / ratePerS);
  const middle = quantile(offs, 0.5) ?? 0;
  return offs.map((off) => Math.abs(off - middle));
}

const pairOf = (ns: readonly number[]): Pair => ({ p50: inMs(quantile(ns, 0.5)), p99: inMs(quantile(ns, 0.99)) });
const inMs = (ns: number | undefined) => (ns === undefined ? undefined : ns / 1e6);
const difference = (a: number | undefined, b: number | undefined) => (a === undefined || b === undefined ? undefined : a - b);

function ownTable(rates: readonly { readonly ratePerS: number; readonly own: OwnRow }[], floor: Pair): Table {
  return {
    title: "What tailgate adds to each request, ms",
    head: ["requests/s", "requests", "added p50", "added p99", "release p50", "release p99", "server late p50", "server late p99"],
    rows: [
      ["bare socket", String(ROUND_TRIPS), two(floor.p50), two(floor.p99), "", "", "", ""],
      ...rates.map(({ ratePerS, own }) => [
        String(ratePerS),
        String(own.requests),
        ...[own.added, own.release, own.serverLate].flatMap(({ p50, p99 }) => [two(p50), two(p99)]),
      ]),
    ],
  };
}

function tableOf(ratePerS: number, rows: readonly Row[]): Table {
  return {
    title: `${ratePerS} requests/s, ms`,
    head: ["tool", "quantile error p50", "p99", "uneven p50", "p99", "requests", "what it leaves out"],
    rows: rows.map(({ name, tried, requests, quantileError, unevenness }) =>
      tried.kind === "not run"
        ? [name, `not run: ${tried.why}`, "", "", "", "", ""]
        : [
            name,
            signed(quantileError.p50),
            signed(quantileError.p99),
            two(unevenness.p50),
            two(unevenness.p99),
            String(requests),
            tried.reading.hid,
          ],
    ),
  };
}

const goalsOf = (ratePerS: number, { added }: OwnRow): readonly Goal[] =>
  (["p50", "p99"] as const).map((q) => ({
    goal: `${ratePerS}/s: adds at most ${GOAL_MS[q]} ms at ${q}`,
    measured: `${two(added[q])} ms`,
    met: added[q] === undefined ? undefined : added[q] <= GOAL_MS[q],
  }));

const two = (ms: number | undefined) => (ms === undefined ? "–" : ms.toFixed(2));
const signed = (ms: number | undefined) => (ms === undefined ? "–" : `${ms < 0 ? "−" : "+"}${Math.abs(ms).toFixed(2)}`);
