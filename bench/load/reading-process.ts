// What building and reading cost, in a process of its own: node --expose-gc bench/load/reading-process.ts JOB
//
// Drives the product's real driver against one server, segment after segment over the same connections: with a reader that
// only counts bytes, with the protocol's reader, and with the recorder behind it, in another order each round. Prints the
// CPU time of all threads of the process per request, as JSON.
import { makePlan } from "../../src/core/plan/make-plan.ts";
import type { ResponseReader } from "../../src/core/protocol/protocol.ts";
import type { Outcome } from "../../src/core/record/outcome.ts";
import { openRecorder } from "../../src/core/record/recorder.ts";
import { parseSuite } from "../../src/core/suite/parse.ts";
import { openDriver } from "../../src/io/load/driver.ts";
import { driverOptions } from "../../src/io/load/target-options.ts";
import { chatAnswers } from "./servers/answers.ts";

/** Plain JSON. `target` and `payload` are the suite's, as a user writes them. */
export type ReadingJob = {
  readonly url: string;
  readonly target: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly concurrency: number;
  /** Of one segment. */
  readonly durationS: number;
  readonly rounds: number;
  /** Events of a stream that came in one piece; undefined for an answer that is none. */
  readonly perSegment: number | undefined;
};

/** µs of CPU per request, one value a round. */
export type ReadingReport = {
  readonly counted: readonly number[];
  readonly read: readonly number[];
  readonly recorded: readonly number[];
  /** Of all segments together. */
  readonly requests: number;
  /** Making the request from the suite's payload, before the clock starts; µs. */
  readonly buildingUs: number;
  /** Of streams: reading alone, from memory; µs. */
  readonly replayedUs: number | undefined;
  /** Bytes that a stream holds in its middle: its reader, and what the reader kept. */
  readonly heldB: number | undefined;
};

/** Open at once when memory is looked at. */
const STREAMS = 2000;

type Variant = "counted" | "read" | "recorded";

const job = JSON.parse(process.argv[2] ?? "") as ReadingJob;
const suiteText = JSON.stringify({
  version: 1,
  name: "reading",
  target: { timeout: "60 s", ...job.target },
  payloads: { bench: job.payload },
  scenarios: [{ name: "bench", "warm-up": "none", load: { concurrency: job.concurrency, duration: `${job.durationS} s` } }],
});
const { suite } = parseSuite(suiteText, "bench");
const plan = makePlan({ suite, digest: "bench", files: new Map(), design: "single" });
const { segments, requests } = plan.scenarios[0]!;
const segment = segments.at(-1)!;
const options = driverOptions({ url: job.url, target: suite.target, tls: { ca: undefined, cert: undefined, key: undefined } });

let current: Variant = "read";
const driver = openDriver({
  ...options,
  openResponse: (request) => (current === "counted" ? new ByteCount() : options.openResponse(request)),
});

/** All that has to be done for an answer of which nobody wants to know anything. */
class ByteCount implements ResponseReader {
  length = 0;
  start(): void {}
  data(chunk: Uint8Array): void {
    this.length += chunk.length;
  }
  end(endNs: number): ReturnType<ResponseReader["end"]> {
    return { result: ANSWERED, endNs };
  }
}
const ANSWERED = { kind: "ok", stream: undefined } as const;

async function costOf(variant: Variant): Promise<{ readonly us: number; readonly requests: number }> {
  current = variant;
  const recorder = openRecorder(segment.blocks, 0, { timeoutS: suite.target.timeoutS });
  let ok = 0;
  const onOutcome = (outcome: Outcome) => {
    if (outcome.result.kind === "ok") ok++;
    if (variant === "recorded") recorder.add(outcome);
  };
  // No collection is forced in between: V8 drops code with it, which a run of some minutes never does, so that each segment
  // would pay for compiling its reader anew. What one variant leaves for the next to collect evens out over the orders.
  const before = process.cpuUsage();
  const { offered } = await driver.drive(segment, requests, { onOutcome, signal: new AbortController().signal });
  const { user, system } = process.cpuUsage(before);
  if (ok !== offered) throw new Error(`${offered - ok} of ${offered} requests failed`);
  return { us: (user + system) / offered, requests: offered };
}

const ORDERS: readonly (readonly Variant[])[] = [
  ["counted", "read", "recorded"],
  ["recorded", "read", "counted"],
  ["read", "recorded", "counted"],
  ["counted", "recorded", "read"],
  ["read", "counted", "recorded"],
  ["recorded", "counted", "read"],
];
const costs: Record<Variant, number[]> = { counted: [], read: [], recorded: [] };
let total = 0;
try {
  for (const variant of ORDERS[0]!) await costOf(variant);
  for (let round = 0; round < job.rounds; round++) {
    for (const variant of ORDERS[round % ORDERS.length]!) {
      const { us, requests } = await costOf(variant);
      costs[variant].push(us);
      total += requests;
    }
  }
} finally {
  await driver.close();
}
console.log(
  JSON.stringify({ ...costs, requests: total, buildingUs: buildingUs(), replayedUs: replayedUs(), heldB: heldB() } satisfies ReadingReport),
);

/** Plan, texts and bodies: as if no body were sent twice. */
function buildingUs(): number {
  let built = 0;
  const build = (rounds: number, seed: number) => {
    for (let i = 0; i < rounds; i++) {
      const { scenarios } = makePlan({ suite: { ...suite, seed: seed + i }, digest: "bench", files: new Map(), design: "single" });
      built += scenarios[0]!.requests.length;
    }
  };
  build(20, 0);
  built = 0;
  const before = process.cpuUsage();
  build(40, 1000);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / built;
}

function replayedUs(): number | undefined {
  if (job.perSegment === undefined) return undefined;
  const bodies = chatAnswers(job.perSegment).map((segments) => segments.map(bodyOf));
  const replay = (rounds: number) => {
    for (let round = 0; round < rounds; round++) {
      const readers = bodies.map(() => options.openResponse(requests[0]!));
      for (const reader of readers) reader.start(200, {}, 0);
      for (let i = 0; i < bodies[0]!.length; i++) for (const [k, reader] of readers.entries()) reader.data(bodies[k]![i]!, i * 1e6);
      if (readers.some((reader) => reader.end(1e9).result.kind !== "ok")) throw new Error("a replayed stream failed");
    }
    return rounds * bodies.length;
  };
  replay(10);
  const before = process.cpuUsage();
  const streams = replay(40);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / streams;
}

/** What is alive of readers that have read half of their answers, beyond readers that count. */
function heldB(): number | undefined {
  if (job.perSegment === undefined) return undefined;
  const bodies = chatAnswers(job.perSegment).map((segments) => segments.map(bodyOf));
  const alive = (open: () => ResponseReader) => {
    globalThis.gc!();
    const before = memoryB();
    const readers = Array.from({ length: STREAMS }, (_, i) => {
      const body = bodies[i % bodies.length]!;
      const reader = open();
      reader.start(200, {}, 0);
      for (const bytes of body.slice(0, body.length / 2)) reader.data(bytes, 1e6);
      return reader;
    });
    globalThis.gc!();
    const heldB = (memoryB() - before) / STREAMS;
    for (const reader of readers) reader.end(2e6);
    return heldB;
  };
  // What is compiled by the first call is no part of a stream.
  alive(() => options.openResponse(requests[0]!));
  return alive(() => options.openResponse(requests[0]!)) - alive(() => new ByteCount());
}

function memoryB(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** The body in a segment that holds whole chunks of HTTP/1.1. */
function bodyOf(segment: Buffer): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < segment.length; ) {
    const line = segment.indexOf("\r\n", at);
    const length = Number.parseInt(segment.toString("latin1", at, line), 16);
    pieces.push(segment.subarray(line + 2, line + 2 + length));
    at = line + 2 + length + 2;
  }
  return Buffer.concat(pieces);
}
