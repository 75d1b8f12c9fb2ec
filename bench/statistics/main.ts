/** What a comparison costs: `npm run bench:statistics`, about a minute. Nothing here is a test: a busy machine is slower. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeRunRecord } from "../../src/core/record/read.ts";
import { describeMachine, loadAverage, sentenceOf } from "../load/machine.ts";
import { bigRecord } from "./big-record.ts";
import type { Cost } from "./compare-process.ts";
import { timeRankTest } from "./rank-test.ts";

const REQUESTS = 1_000_000;
const STORED = 8;
const REPEATS = 5;
const GOAL = { compareS: 0.2, memoryB: 100e6, timesFaster: 20 };

const folder = mkdtempSync(join(tmpdir(), "tailgate-bench-"));
try {
  console.log(`${sentenceOf(describeMachine())}. Load average ${loadAverage().toFixed(1)} before.\n`);
  const write = (name: string, design: "live" | "single", seed: number): string => {
    const file = join(folder, `${name}.json`);
    writeFileSync(file, writeRunRecord(bigRecord(seed, design, REQUESTS)));
    return file;
  };
  console.log(
    "| a million requests an arm, all metrics | read, CPU ms | compare, CPU ms | memory over the start, MB | goal: 200 ms, 100 MB |",
  );
  console.log("| :- | -: | -: | -: | :- |");
  report("live, base and head in one record", [write("live", "live", 1)]);
  const runs = Array.from({ length: STORED + 1 }, (_, k) => write(`stored-${k}`, "single", 100 + k));
  report("head against one stored run", runs.slice(0, 2));
  report(`head against ${STORED} stored runs, a million each`, runs);

  const { oursS, withReadingS, p, superiority, scipy } = timeRankTest(REQUESTS, folder);
  console.log(
    `\nMann–Whitney on two million values: ours ${ms(oursS)} ms on histograms, ${ms(withReadingS)} ms with decoding them; p = ${p.toPrecision(6)}, superiority ${superiority.toFixed(6)}.`,
  );
  if (typeof scipy === "string") console.log(scipy);
  else {
    const ratio = scipy.s / oursS;
    console.log(
      `SciPy ${scipy.version} (${scipy.python}) on the values: ${ms(scipy.s)} ms; p = ${scipy.p.toPrecision(6)}, superiority ${scipy.u.toFixed(6)}. ` +
        `${ratio.toFixed(0)} times as long, ${(scipy.s / withReadingS).toFixed(0)} times with decoding; goal: ${GOAL.timesFaster}, ${ratio >= GOAL.timesFaster ? "met" : "not met"}.`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}

/** The median of several processes, each of which compares once. */
function report(label: string, files: readonly string[]): void {
  const program = new URL("compare-process.ts", import.meta.url).pathname;
  const costs = Array.from(
    { length: REPEATS },
    (): Cost => JSON.parse(execFileSync(process.execPath, [program, ...files], { encoding: "utf8" })),
  );
  const median = (key: keyof Cost): number => costs.map((cost) => cost[key]).sort((a, b) => a - b)[Math.floor(REPEATS / 2)]!;
  const isMet = median("compareS") < GOAL.compareS && median("memoryB") < GOAL.memoryB;
  const cells = [label, ms(median("readS")), ms(median("compareS")), (median("memoryB") / 1e6).toFixed(0), isMet ? "met" : "not met"];
  console.log(`| ${cells.join(" | ")} |`);
}

function ms(seconds: number): string {
  return (seconds * 1000).toFixed(seconds < 0.01 ? 2 : 0);
}
