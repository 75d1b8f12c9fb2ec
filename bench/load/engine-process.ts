// The load engine as a command, like any other load generator: node bench/load/engine-process.ts JOB FILE
//
// Drives the job (an EngineJob as JSON) and writes a summary to FILE. With `numbered` requests, FILE also holds each
// request's intended start and end, so that they can be laid beside the server's log.
import { writeFileSync } from "node:fs";
import { drive, type EngineJob } from "./engine.ts";

/** What FILE holds. Columns are empty unless requests were numbered. */
export type EngineReport = {
  readonly startedNs: number;
  readonly offered: number;
  readonly ok: number;
  readonly failures: Readonly<Record<string, number>>;
  readonly latencyMs: Readonly<Record<"p50" | "p90" | "p95" | "p99", number | undefined>>;
  readonly generatorMs: Readonly<Record<"p50" | "p99", number | undefined>>;
  readonly index: readonly number[];
  readonly intendedNs: readonly number[];
  readonly endNs: readonly number[];
  /** Of streams: when the first token came, and the gaps after it. */
  readonly firstTokenNs: readonly number[];
  readonly gapsNs: readonly (readonly number[])[];
};

const [, , text = "", file = ""] = process.argv;
const job = JSON.parse(text) as EngineJob;
const columns = { index: [] as number[], intendedNs: [] as number[], endNs: [] as number[] };
const streams = { firstTokenNs: [] as number[], gapsNs: [] as (readonly number[])[] };

const run = await drive(job, (outcome) => {
  if (!job.request.numbered || outcome.result.kind !== "ok") return;
  columns.index.push(outcome.index);
  columns.intendedNs.push(outcome.intendedNs);
  columns.endNs.push(outcome.endNs);
  const { stream } = outcome.result;
  if (stream === undefined) return;
  streams.firstTokenNs.push(stream.firstTokenNs);
  streams.gapsNs.push(stream.gapsNs);
});

const ms = (seconds: number | undefined) => (seconds === undefined ? undefined : seconds * 1000);
const { startedNs, offered, ok, failures, quantile } = run;
const report: EngineReport = {
  startedNs,
  offered,
  ok,
  failures,
  latencyMs: {
    p50: ms(quantile("latency", 0.5)),
    p90: ms(quantile("latency", 0.9)),
    p95: ms(quantile("latency", 0.95)),
    p99: ms(quantile("latency", 0.99)),
  },
  generatorMs: { p50: ms(quantile("generator", 0.5)), p99: ms(quantile("generator", 0.99)) },
  ...columns,
  ...streams,
};
writeFileSync(file, JSON.stringify(report));
