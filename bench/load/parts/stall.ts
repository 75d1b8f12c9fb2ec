import { type Attempt, attempt, freshFolder } from "../attempt.ts";
import { arrivalsOf } from "../engine.ts";
import type { OpenLoad, Request } from "../load.ts";
import type { Goal, Part, Place } from "../part.ts";
import { artillery } from "../peers/artillery.ts";
import { autocannon } from "../peers/autocannon.ts";
import { hey } from "../peers/hey.ts";
import { k6 } from "../peers/k6.ts";
import { oha } from "../peers/oha.ts";
import { type Peer, QUANTILES, type QuantileName } from "../peers/peer.ts";
import { tailgate, tailgateReport } from "../peers/tailgate.ts";
import { vegeta } from "../peers/vegeta.ts";
import { wrk, wrk2 } from "../peers/wrk.ts";
import { quantile } from "../sample.ts";
import { openReference, type ReferenceLog } from "../servers/reference.ts";

const SERVICE_MS = 5;
const RATE = 100;
const DURATION_S = 30;
/** Between two arrivals of an even schedule, so that no single one decides which side it falls on. */
const STALL = { fromS: 20.005, toS: 22.005 };
const CLOSE_ENOUGH = 0.05;

/** Side by side, each with a server of its own: at 100 requests/s they leave the machine mostly idle. */
const GROUPS: readonly (readonly (readonly [Peer, OpenLoad["arrivals"]])[])[] = [
  [
    [tailgate, "constant"],
    [tailgate, "poisson"],
  ],
  [
    [vegeta, "constant"],
    [k6({ allocated: 300 }), "constant"],
    [k6({ allocated: 10, most: 500 }), "constant"],
  ],
  [
    [k6({ allocated: 10 }), "constant"],
    [oha(50, true), "constant"],
    [oha(50, false), "constant"],
  ],
  [
    [artillery(undefined), "constant"],
    [wrk2(50), "constant"],
    [hey(10), "constant"],
  ],
  [
    [wrk(10), "constant"],
    [autocannon(10, true), "constant"],
    [autocannon(10, false), "constant"],
  ],
];

type Row = {
  readonly name: string;
  readonly tried: Attempt;
  /** Exact quantiles of an honest user of the schedule, ms. */
  readonly truthMs: Readonly<Record<QuantileName, number>>;
  readonly arrivals: number;
  readonly inStall: number;
};

const NAMES = Object.keys(QUANTILES) as readonly QuantileName[];

export const stall: Part = {
  name: "stall",
  about: `a ${SERVICE_MS} ms server that stalls for 2 s, ${RATE} requests/s for ${DURATION_S} s: what each tool makes of it`,
  async run(place) {
    const rows: Row[] = [];
    for (const group of GROUPS) {
      place.say(group.map(([peer]) => peer.name).join(" · "));
      rows.push(...(await Promise.all(group.map(([peer, arrivals]) => runOne(peer, arrivals, place)))));
    }
    const [even] = rows;
    return {
      tables: [
        {
          title: `A ${SERVICE_MS} ms server that stalls for 2 s, ${RATE} requests/s for ${DURATION_S} s; latency in ms and how many times the truth it is`,
          head: ["tool", ...NAMES, "arrivals in the stall", "what it leaves out"],
          rows: [["**truth**, even arrivals", ...NAMES.map((q) => ms(even?.truthMs[q])), "200", ""], ...rows.map((row) => cellsOf(row))],
        },
      ],
      goals: rows.filter(({ name }) => name.startsWith("tailgate")).map(goalOf),
      notes: [
        "The truth is exact: each intended arrival laid over the stall on the server's clock, plus the service time as the server kept it. Each row is compared with the truth of its own run. *Arrivals in the stall* are counted by the server: a tool that sends 10 where 200 were due has tested another load, whatever it corrects afterwards.",
        "wrk has no rate; wrk2 does not record its first ten seconds, hence other quantiles. Up to three tools ran at once, each with a server of its own.",
      ],
      data: rows.map(({ tried, ...row }) => ({ ...row, ...(tried.kind === "ran" ? { reading: tried.reading } : { notRun: tried.why }) })),
    };
  },
};

async function runOne(peer: Peer, arrivals: OpenLoad["arrivals"], { folder }: Place): Promise<Row> {
  const load: OpenLoad = { kind: "open", ratePerS: RATE, durationS: DURATION_S, arrivals };
  const server = await openReference({ service: { kind: "constant", ms: SERVICE_MS }, stall: STALL });
  try {
    const request: Request = { url: server.url, body: undefined, numbered: peer === tailgate };
    const tried = await attempt(peer, load, request, freshFolder(folder));
    const log = await server.takeLog();
    const firstNs = log.arrivalNs[0] ?? 0;
    const report = peer === tailgate && tried.kind === "ran" ? tailgateReport(tried.folder) : undefined;
    // Seconds since the server's first request.
    const intended =
      report === undefined
        ? Float64Array.from({ length: RATE * DURATION_S }, (_, i) => i / RATE)
        : arrivalsOf({ load, request, protocol: "raw", threads: 1 }).map((atS) => atS + (report.startedNs - firstNs) / 1e9);
    const serviceMs = serviceTimes(log, report !== undefined);
    const truth = intended.map((atS, i) => waitMs(atS) + serviceMs[i % serviceMs.length]!);
    const { arrivalNs } = log;
    return {
      name: peer === tailgate ? `tailgate, ${arrivals === "constant" ? "even" : "Poisson"} arrivals` : peer.name,
      tried,
      truthMs: Object.fromEntries(NAMES.map((q) => [q, quantile(truth, QUANTILES[q])!])) as Row["truthMs"],
      arrivals: arrivalNs.length,
      inStall: arrivalNs.filter((ns) => ns >= firstNs + STALL.fromS * 1e9 && ns < firstNs + STALL.toS * 1e9).length,
    };
  } finally {
    await server.close();
  }
}

/** How long an arrival waits for the end of the stall. */
const waitMs = (atS: number) => (atS >= STALL.fromS && atS < STALL.toS ? (STALL.toS - atS) * 1000 : 0);

/** The service time as the server kept it: in the order of our requests, or of their arrival. Never empty. */
function serviceTimes({ number, dueNs, answeredNs }: ReferenceLog, byNumber: boolean): readonly number[] {
  const rows = answeredNs.flatMap((ns, i) => (ns > 0 ? [i] : []));
  if (byNumber) rows.sort((a, b) => number[a]! - number[b]!);
  return rows.length === 0 ? [SERVICE_MS] : rows.map((i) => SERVICE_MS + (answeredNs[i]! - dueNs[i]!) / 1e6);
}

function cellsOf({ name, tried, truthMs, inStall }: Row): readonly string[] {
  if (tried.kind === "not run") return [name, `not run: ${tried.why}`, ...NAMES.map(() => ""), ""];
  const cells = NAMES.map((q) => {
    const value = tried.reading.latencyMs[q];
    return value === undefined ? "–" : `${ms(value)} · ${(value / truthMs[q]).toFixed(2)}`;
  });
  return [name, ...cells, String(inStall), tried.reading.hid];
}

function goalOf({ name, tried, truthMs }: Row): Goal {
  const goal = `${name}: every quantile within ${CLOSE_ENOUGH * 100} % of the truth`;
  if (tried.kind === "not run") return { goal, measured: tried.why, met: undefined };
  const off = NAMES.map((q) => [q, (tried.reading.latencyMs[q] ?? Number.NaN) / truthMs[q] - 1] as const);
  const [worst, by] = off.reduce((a, b) => (Math.abs(b[1]) > Math.abs(a[1]) ? b : a));
  return { goal, measured: `${(by * 100).toFixed(1)} % at ${worst}`, met: off.every(([, error]) => Math.abs(error) <= CLOSE_ENOUGH) };
}

const ms = (value: number | undefined) => (value === undefined ? "–" : value.toFixed(value < 20 ? 2 : 0));
