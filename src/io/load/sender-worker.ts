import { parentPort, workerData } from "node:worker_threads";
import { InputError } from "../../core/errors.ts";
import type { PreparedRequest, Segment } from "../../core/plan/plan.ts";
import { indexInSegment, type Stripe } from "../../core/plan/stripe.ts";
import type { TraceSource } from "../../core/protocol/traceparent.ts";
import type { GeneratorReading } from "../../core/record/generator-record.ts";
import type { Outcome } from "../../core/record/outcome.ts";
import type { Tick } from "../../core/record/so-far.ts";
import { type DriveResult, openDriver } from "./driver.ts";
import { driverOptions, type TargetOptions } from "./target-options.ts";

/** What a sending thread is started with: its own share of the target's limits, and which part of each segment it takes. */
export type SenderData = TargetOptions & { readonly stripe: Stripe };

/** What the main thread asks for. `requests` comes once for each list, which later segments name by its number. */
export type SenderOrder =
  | { readonly kind: "requests"; readonly list: number; readonly requests: readonly PreparedRequest[] }
  | {
      readonly kind: "drive";
      readonly segment: Segment;
      readonly list: number;
      readonly startAtNs: bigint;
      readonly trace: TraceSource | undefined;
    }
  | { readonly kind: "cancel" }
  | { readonly kind: "enough" }
  | { readonly kind: "close" };

/** What a sending thread tells. Positions in outcomes are those in the whole segment. */
export type SenderNews =
  | { readonly kind: "ready" }
  | { readonly kind: "outcomes"; readonly outcomes: readonly Outcome[] }
  | { readonly kind: "progress"; readonly tick: Tick }
  | { readonly kind: "reading"; readonly reading: GeneratorReading }
  | { readonly kind: "done"; readonly result: DriveResult }
  | { readonly kind: "failed"; readonly input: boolean; readonly message: string; readonly hint: string | undefined };

// Often enough for whoever ends a warm-up by its outcomes, and seldom enough to cost a message for many requests.
const FLUSH_MS = 50;

const { stripe, ...options } = workerData as SenderData;
const port = parentPort!;
const tell = (news: SenderNews) => port.postMessage(news);
const lists = new Map<number, readonly PreparedRequest[]>();
const driver = openDriver(driverOptions(options));
let cancel = new AbortController();
let enough = new AbortController();

async function drive({ segment, list, startAtNs, trace }: SenderOrder & { readonly kind: "drive" }): Promise<void> {
  let outcomes: Outcome[] = [];
  const flush = () => {
    if (outcomes.length > 0) tell({ kind: "outcomes", outcomes });
    outcomes = [];
  };
  const flushing = setInterval(flush, FLUSH_MS);
  try {
    const result = await driver.drive(segment, lists.get(list)!, {
      onOutcome: (outcome) => outcomes.push({ ...outcome, index: indexInSegment(outcome.index, stripe) }),
      onProgress: (tick) => tell({ kind: "progress", tick }),
      onReading: (reading) => tell({ kind: "reading", reading }),
      signal: cancel.signal,
      enough: enough.signal,
      startAtNs,
      trace,
      stripe,
    });
    flush();
    tell({ kind: "done", result });
  } catch (error) {
    const { message, stack } = error as Error;
    const isInput = error instanceof InputError;
    tell({
      kind: "failed",
      input: isInput,
      message: isInput ? message : (stack ?? message),
      hint: isInput ? error.hint : undefined,
    });
  } finally {
    clearInterval(flushing);
  }
}

port.on("message", (order: SenderOrder) => {
  switch (order.kind) {
    case "requests":
      lists.set(order.list, order.requests);
      return;
    case "drive":
      [cancel, enough] = [new AbortController(), new AbortController()];
      void drive(order);
      return;
    case "cancel":
      cancel.abort();
      return;
    case "enough":
      enough.abort();
      return;
    case "close":
      void driver.close().then(() => port.close());
  }
});

// A thread is "online" before it has loaded what it runs, which takes longer than the lead of a segment.
tell({ kind: "ready" });
