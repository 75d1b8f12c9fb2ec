import { mkdirSync } from "node:fs";
import { freshFolder } from "../attempt.ts";
import type { Goal, Part, Place } from "../part.ts";
import { tailgateCommand, tailgateReport } from "../peers/tailgate.ts";
import { runProcess } from "../process-run.ts";
import { quantile } from "../sample.ts";
import { openStreamServer } from "../servers/stream.ts";

const STREAMS = 300;
const GAP_MS = 20;
const EVENTS = 100;
const DURATION_S = 12;
const GOAL_MS = 5;

const PACES = [
  { together: false, name: "each stream at a phase of its own" },
  { together: true, name: "all streams in one step, as of a batching server" },
];

/** In ms. */
type Row = {
  readonly name: string;
  readonly streams: number;
  readonly failed: number;
  readonly gaps: number;
  readonly writtenP99: number;
  readonly measuredP99: number;
  /** Of each gap: measured − written, its size. */
  readonly offP50: number;
  readonly offP99: number;
  /** From an event's writing to its time as measured. */
  readonly readP50: number;
  readonly readP99: number;
  readonly cpuUsPerEvent: number;
};

export const streams: Part = {
  name: "streams",
  about: `${STREAMS} streams at once, ${1000 / GAP_MS} events/s each: gaps as measured beside gaps as written`,
  async run(place) {
    const rows: Row[] = [];
    for (const { together, name } of PACES) {
      place.say(name);
      rows.push(await runOne(together, name, place));
    }
    return {
      tables: [
        {
          title: `${STREAMS} streams at once, an event every ${GAP_MS} ms in each (${(STREAMS * 1000) / GAP_MS} events/s), ms`,
          head: ["server", "gap p99 written", "measured", "moved by", "one gap off p50", "p99", "read after p50", "p99", "CPU per event"],
          rows: rows.map((row) => [
            row.name,
            ...[row.writtenP99, row.measuredP99, row.measuredP99 - row.writtenP99, row.offP50, row.offP99, row.readP50, row.readP99].map(
              (ms) => ms.toFixed(2),
            ),
            `${row.cpuUsPerEvent.toFixed(0)} µs`,
          ]),
        },
      ],
      goals: rows.map(goalOf),
      notes: [
        `The server stamps each event as it writes it; the engine reads with its reader of chat completions, ${STREAMS} users in a closed loop. *One gap off* is the size of measured minus written, gap by gap; *read after* is from an event's writing to the time that the engine gives it.`,
      ],
      data: rows,
    };
  },
};

async function runOne(together: boolean, name: string, { folder: root }: Place): Promise<Row> {
  const server = await openStreamServer({ events: EVENTS, gapMs: GAP_MS, together });
  try {
    const folder = freshFolder(root);
    mkdirSync(folder, { recursive: true });
    const request = { url: `${server.url}v1/chat/completions`, body: undefined, numbered: true };
    const load = { kind: "closed", concurrency: STREAMS, durationS: DURATION_S } as const;
    const { cpuS } = await runProcess(tailgateCommand({ load, request, protocol: "openai-chat", threads: 1, calibrated: true }), folder, {
      limitS: 60,
    });
    const log = await server.takeLog();
    const report = tailgateReport(folder);
    const [written, measured, off, read]: number[][] = [[], [], [], []];
    for (const [k, n] of report.index.entries()) {
      const stampsNs = log[String(n)] ?? [];
      const gapsNs = report.gapsNs[k]!;
      if (gapsNs.length !== stampsNs.length - 1)
        throw new Error(`stream ${n}: ${stampsNs.length} events were written and ${gapsNs.length + 1} read`);
      let atNs = report.startedNs + report.firstTokenNs[k]!;
      read!.push(atNs - stampsNs[0]!);
      for (const [i, gapNs] of gapsNs.entries()) {
        const writtenNs = stampsNs[i + 1]! - stampsNs[i]!;
        atNs += gapNs;
        written!.push(writtenNs);
        measured!.push(gapNs);
        off!.push(Math.abs(gapNs - writtenNs));
        read!.push(atNs - stampsNs[i + 1]!);
      }
    }
    const ms = (sample: readonly number[] | undefined, p: number) => (quantile(sample ?? [], p) ?? Number.NaN) / 1e6;
    return {
      name,
      streams: report.ok,
      failed: report.offered - report.ok,
      gaps: measured!.length,
      writtenP99: ms(written, 0.99),
      measuredP99: ms(measured, 0.99),
      offP50: ms(off, 0.5),
      offP99: ms(off, 0.99),
      readP50: ms(read, 0.5),
      readP99: ms(read, 0.99),
      cpuUsPerEvent: (cpuS / read!.length) * 1e6,
    };
  } finally {
    await server.close();
  }
}

function goalOf({ name, writtenP99, measuredP99, failed, streams }: Row): Goal {
  const moved = measuredP99 - writtenP99;
  const failures = failed > 0 ? `, ${failed} of ${streams + failed} streams failed` : "";
  return {
    goal: `${name}: p99 of the gap moved by at most ${GOAL_MS} ms`,
    measured: `${moved.toFixed(2)} ms${failures}`,
    met: Number.isNaN(moved) ? undefined : Math.abs(moved) <= GOAL_MS && failed === 0,
  };
}
