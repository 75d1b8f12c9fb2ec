// An hour of soak at speed, in a process whose memory is watched: node bench/load/soak-process.ts JSON
//
// `record`: an hour's outcomes at 200/s through the recorder and, block by block, into the journal, as fast as they take
// them. `drive`: the real driver in a
// closed loop. Prints resident memory over time, as JSON.
import { drive, openSoakRecorder, outcomes } from "./engine.ts";
import type { Request } from "./load.ts";

export type SoakJob =
  | {
      readonly kind: "record";
      readonly ratePerS: number;
      readonly durationS: number;
      /** Collect garbage before each look, and report what is alive instead of what is resident. Needs `--expose-gc`. */
      readonly live: boolean;
    }
  | {
      readonly kind: "drive";
      readonly request: Request;
      readonly concurrency: number;
      readonly durationS: number;
      /** As every run has one: in it V8 finds the size of its young generation. */
      readonly warmUpS: number;
      readonly perMinute: number;
    };

/** Memory in bytes after the first minute and at each further one, simulated by the number of requests, and at the end. */
export type SoakReport = { readonly requests: number; readonly memoryB: readonly number[]; readonly blocks: number };

const job = JSON.parse(process.argv[2] ?? "") as SoakJob;
const memoryB: number[] = [];
let requests = 0;
const look = () => {
  if (job.kind === "drive" || !job.live) return memoryB.push(process.memoryUsage.rss());
  globalThis.gc!();
  const { heapUsed, external } = process.memoryUsage();
  return memoryB.push(heapUsed + external);
};
const count = (perMinute: number) => {
  if (++requests % perMinute === 0) look();
};

let blocks: number;
if (job.kind === "record") {
  const { ratePerS, durationS } = job;
  const recorder = openSoakRecorder(ratePerS, durationS, process.cwd());
  for (const outcome of outcomes(ratePerS, durationS)) {
    await recorder.add(outcome);
    count(60 * ratePerS);
  }
  blocks = recorder.finish();
} else {
  const { request, concurrency, durationS, perMinute, warmUpS } = job;
  const load = { kind: "closed", concurrency, durationS } as const;
  const { blocks: recorded } = await drive({ load, request, protocol: "raw", threads: 1, calibrated: true, warmUpS }, () =>
    count(perMinute),
  );
  blocks = recorded;
}
look();
console.log(JSON.stringify({ requests, memoryB, blocks } satisfies SoakReport));
