import type { NonceKeys } from "../../core/plan/nonce.ts";
import type { PreparedRequest, Segment } from "../../core/plan/plan.ts";
import type { Stripe } from "../../core/plan/stripe.ts";
import type { ResponseReader } from "../../core/protocol/protocol.ts";
import type { PhaseReader } from "../../core/protocol/server-phases.ts";
import { openTraceIds, type TraceSource } from "../../core/protocol/traceparent.ts";
import type { GeneratorReading } from "../../core/record/generator-record.ts";
import type { Outcome } from "../../core/record/outcome.ts";
import type { Tick } from "../../core/record/so-far.ts";
import type { ConnectionPolicy, RetryPolicy, TlsMaterial, TlsPolicy } from "../../core/suite/suite.ts";
import type { WireRequest } from "../http.ts";
import { readAddress, toWire } from "./address.ts";
import { closedLoop, openLoop } from "./loops.ts";
import { openNonces } from "./nonces.ts";
import { OPTIMIZER } from "./optimizer.ts";
import { openPacer, type Pacer } from "./pacer.ts";
import { openRun } from "./run.ts";
import { withSessions } from "./sessions.ts";
import { openSlots } from "./slots.ts";
import { openWatch } from "./watch.ts";

export type DriverOptions = {
  readonly url: string;
  /** Sent with every request; they win over a request's own. */
  readonly headers: Readonly<Record<string, string>>;
  /** Deadline of one request, from its intended start. */
  readonly timeoutS: number;
  /** Open loop only: an arrival that finds this many under way becomes an `overflow` outcome. */
  readonly maxInFlight: number;
  readonly connection: ConnectionPolicy;
  readonly tls: TlsPolicy;
  readonly material: TlsMaterial;
  readonly retry: RetryPolicy | undefined;
  /** For requests that begin anew each time: whose nonces they get. */
  readonly nonces?: NonceKeys | undefined;
  /** A reader for the answer to a request. */
  readonly openResponse: (request: PreparedRequest) => ResponseReader;
  /** Of a chat: likewise, and hands over what the assistant said. Undefined where no session needs to know it. */
  readonly openTurn?: ((request: PreparedRequest, said: (text: string) => void) => ResponseReader) | undefined;
  /** Reads the endpoint's own phases out of an answer's headers; undefined where nobody asks. */
  readonly readPhases?: PhaseReader | undefined;
};

export type DriveResult = {
  /** `process.hrtime.bigint()` at time zero of the segment: all times of its outcomes count from here. */
  readonly startedNs: bigint;
  readonly endedNs: bigint;
  /** Requests whose intended start came, sent or not. Without a cancellation there is one outcome for each. After `enough`, those until then. */
  readonly offered: number;
  readonly cancelled: boolean;
};

/** Sends segments of load to one endpoint over connections that it keeps from one segment to the next. */
export type Driver = {
  /**
   * Drives one segment and waits for its last answer or deadline. One segment at a time.
   *
   * Open loop: every arrival is released at its time, whatever the endpoint does, and the segment lasts its `durationS`
   * at least. Closed loop: each user starts its next request when its last one ended, after its think time, a hundredth of
   * a second later at least if no connection came about, and none from `durationS` on; users come and go by the steps.
   * What a loop sends may be a whole session: one that has begun is driven to its end, beyond `durationS`. An
   * abort of `signal` stops the load at once; requests under way then leave no outcome. An abort of `enough` ends the
   * segment early and in order: nothing more is sent, what is under way is awaited, and connections stay open.
   * `onReading` hears once per second how the sending thread is doing.
   *
   * @throws {InputError} on a request that HTTP cannot carry, before anything is sent. Whatever a reader or `onOutcome`
   * throws ends the load and is thrown here.
   */
  readonly drive: (segment: Segment, requests: readonly PreparedRequest[], options: DriveOptions) => Promise<DriveResult>;
  readonly close: () => Promise<void>;
};

export type DriveOptions = {
  readonly onOutcome: (outcome: Outcome) => void;
  readonly signal: AbortSignal;
  readonly onProgress?: (tick: Tick) => void;
  readonly enough?: AbortSignal;
  readonly onReading?: (reading: GeneratorReading) => void;
  /** Time zero, on the clock of `process.hrtime.bigint()`, for senders that begin together; not long past. Undefined: at once. */
  readonly startAtNs?: bigint | undefined;
  /** Gives every attempt a `traceparent` of its own. Undefined: requests go out as they were prepared. */
  readonly trace?: TraceSource | undefined;
  /** Which part of a segment this is, where several senders share it: trace ids count in the whole. */
  readonly stripe?: Stripe | undefined;
};

const PROGRESS_MS = 250;

/** @throws {InputError} on an endpoint's URL or a header that cannot be used. */
export function openDriver(options: DriverOptions): Driver {
  const address = readAddress(options.url, options.headers);
  const { origin } = address.base;
  const slots = openSlots(origin, options);
  const wiresOf = new WeakMap<readonly PreparedRequest[], readonly WireRequest[]>();
  const noncesOf = options.nonces && openNonces(options.nonces);
  let pacer: Pacer | undefined;

  return {
    async drive(segment, requests, { onOutcome, signal, onProgress, enough, onReading, startAtNs, trace, stripe }) {
      const { load, picks, durationS } = segment;
      const wires = wiresOf.get(requests) ?? requests.map((request) => toWire(address, request));
      wiresOf.set(requests, wires);
      const sends = load.kind === "closed" || load.arrivalsS.length > 0;
      if (sends && (picks.length === 0 || picks.some((pick) => pick >= wires.length)))
        throw new RangeError("a segment picks requests that do not exist");
      const durationNs = Math.round(durationS * 1e9);
      const arrivalsNs = load.kind === "open" ? load.arrivalsS.map((atS) => Math.round(atS * 1e9)) : undefined;
      const nonces = segment.nonceScope === undefined ? undefined : noncesOf?.(segment.nonceScope);
      const wireOf = (index: number) => wires[picks[index % picks.length]!]!;
      const single = openRun({
        origin,
        slots,
        wireOf: nonces === undefined ? wireOf : (index) => nonces(requests[picks[index % picks.length]!]!, wireOf(index)),
        openResponse: (index) => options.openResponse(requests[picks[index % picks.length]!]!),
        timeoutNs: Math.round(options.timeoutS * 1e9),
        maxInFlight: load.kind === "open" ? options.maxInFlight : Number.POSITIVE_INFINITY,
        retry: options.retry,
        readPhases: options.readPhases,
        traceparentOf: trace && openTraceIds(trace, stripe).traceparent,
        onOutcome,
        enough,
      });
      const { openResponse, openTurn } = options;
      const run = requests.some(({ session }) => session !== undefined)
        ? withSessions(single, { requests, wires, picks, address, slots, openResponse, openTurn })
        : single;
      let cancelled = signal.aborted;
      const cancel = () => {
        cancelled = true;
        run.stop();
      };
      const report = () => {
        const nowNs = Math.max(0, run.now());
        onProgress?.({ startedNs: run.startedNs(), elapsedS: nowNs / 1e9, durationS, ...run.counts() });
      };
      signal.addEventListener("abort", cancel);
      await slots.prepare();
      const watch = onReading && openWatch(run.now, (reading) => run.attempt(() => onReading(reading)));
      const reporting = onProgress && setInterval(() => run.attempt(report), PROGRESS_MS);
      // Not in a closed loop, which goes as fast as it can: without the optimizer it costs half as much CPU again.
      const rested = segment.phase === "measure" && load.kind === "open" ? OPTIMIZER.rest() : undefined;
      try {
        if (!cancelled)
          await (load.kind === "closed"
            ? closedLoop(run, load, durationNs, startAtNs)
            : openLoop(run, (pacer ??= openPacer()), arrivalsNs!, durationNs, startAtNs));
        await run.drain();
        report();
      } catch (error) {
        run.stop();
        throw error;
      } finally {
        rested?.();
        OPTIMIZER.answered(run.counts().ok);
        clearInterval(reporting);
        await watch?.stop();
        signal.removeEventListener("abort", cancel);
      }
      return { startedNs: run.startedNs(), endedNs: process.hrtime.bigint(), offered: run.counts().offered, cancelled };
    },
    async close() {
      await Promise.all([slots.close(), pacer?.close()]);
    },
  };
}
