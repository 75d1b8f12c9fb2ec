import { join } from "node:path";
import { freshFolder } from "../attempt.ts";
import type { Goal, Part, Place } from "../part.ts";
import { SMALL_POST } from "../payload.ts";
import { runProcess } from "../process-run.ts";
import { openFastServer } from "../servers/fast-server.ts";
import type { SoakJob, SoakReport } from "../soak-process.ts";

const RATE = 200;
const HOUR_S = 3600;
const DRIVE_S = 25;
const WARM_UP_S = 5;
const GOAL_MB = 20;

type Row = { readonly name: string; readonly live: boolean; readonly report: SoakReport; readonly seconds: number };

export const soak: Part = {
  name: "soak",
  about: `memory over an hour at ${RATE} requests/s, at speed`,
  async run(place) {
    const server = await openFastServer(join(place.folder, "server"));
    try {
      const request = { url: server.url, body: SMALL_POST, numbered: false };
      const hour = { kind: "record", ratePerS: RATE, durationS: HOUR_S } as const;
      const rows = [
        await runOne("the hour's outcomes through the recorder", { ...hour, live: false }, place),
        await runOne("the same, live after a collection", { ...hour, live: true }, place),
        await runOne(
          `the real driver, 64 users for ${DRIVE_S} s`,
          { kind: "drive", request, concurrency: 64, durationS: DRIVE_S, warmUpS: WARM_UP_S, perMinute: 60 * RATE },
          place,
        ),
      ];
      return {
        tables: [
          {
            title: `Memory of the process, MB; a simulated minute is ${60 * RATE} requests`,
            head: ["what", "requests", "blocks", "after the first minute", "most", "at the end", "growth", "seconds"],
            rows: rows.map(({ name, report, seconds }) => [
              name,
              String(report.requests),
              String(report.blocks),
              ...[report.memoryB[0], Math.max(...report.memoryB), report.memoryB.at(-1), growthB(report)].map(mb),
              seconds.toFixed(0),
            ]),
          },
        ],
        goals: rows.filter(({ live }) => !live).map(goalOf),
        notes: [
          "*Growth* is from the first minute to the end of the run, the record included. Memory is what is resident, garbage and all, except where the row says live: that is what a leak would show in.",
          `The driver is calibrated and warmed up for ${WARM_UP_S} s before, as in every run: its first minute is a fifth of a second, in which V8 would not yet have given its young generation the size that the rate asks for.`,
        ],
        data: rows,
      };
    } finally {
      await server.close();
    }
  },
};

async function runOne(name: string, job: SoakJob, { folder, say }: Place): Promise<Row> {
  say(name);
  const startMs = performance.now();
  const file = join(import.meta.dirname, "../soak-process.ts");
  const { stdout } = await runProcess([process.execPath, "--expose-gc", file, JSON.stringify(job)], freshFolder(folder), { limitS: 120 });
  return {
    name,
    live: job.kind === "record" && job.live,
    report: JSON.parse(stdout) as SoakReport,
    seconds: (performance.now() - startMs) / 1000,
  };
}

const growthB = ({ memoryB }: SoakReport) => (memoryB.at(-1) ?? Number.NaN) - (memoryB[0] ?? Number.NaN);
const mb = (bytes: number | undefined) => ((bytes ?? Number.NaN) / 1e6).toFixed(1);

const goalOf = ({ name, report }: Row): Goal => ({
  goal: `${name}: resident memory grows by less than ${GOAL_MB} MB after the first minute`,
  measured: `${mb(growthB(report))} MB`,
  met: report.memoryB.length < 2 ? undefined : growthB(report) < GOAL_MB * 1e6,
});
