import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { InputError } from "../../core/errors.ts";
import type { PreparedRequest, Segment } from "../../core/plan/plan.ts";
import { stripeOf } from "../../core/plan/stripe.ts";
import type { TraceSource } from "../../core/protocol/traceparent.ts";
import type { Tick } from "../../core/record/so-far.ts";
import type { DriveOptions, DriveResult, Driver } from "./driver.ts";
import type { SenderData, SenderNews, SenderOrder } from "./sender-worker.ts";
import type { TargetOptions } from "./target-options.ts";

// Time zero lies this far ahead, so that every sender has its part before the first arrival is due.
const LEAD_NS = 100_000_000n;

/**
 * A driver whose segments are shared between threads, each with its own event loop, pacer and connections: sender s of n
 * takes the arrivals i ≡ s (mod n), so that the load is the same to the request. All of them begin at one moment, and
 * what they see comes back as from one. The limit of requests under way is divided between them.
 *
 * @param threads ≥ 2 and at most `target.maxInFlight`, so that each has a part of it.
 */
export function openStripedDriver(options: TargetOptions, threads: number): Driver {
  const senders = Array.from({ length: threads }, (_, index) => openSender(options, { index, of: threads }));
  const lists = new Map<readonly PreparedRequest[], number>();

  /** Sends a list of requests to all threads, once. */
  const listOf = (requests: readonly PreparedRequest[]): number => {
    const known = lists.get(requests);
    if (known !== undefined) return known;
    const list = lists.size;
    lists.set(requests, list);
    for (const sender of senders) sender.order({ kind: "requests", list, requests });
    return list;
  };

  return {
    async drive(segment, requests, driveOptions) {
      const { signal, enough, onProgress, trace } = driveOptions;
      const list = listOf(requests);
      await Promise.all(senders.map(({ ready }) => ready));
      const startAtNs = process.hrtime.bigint() + LEAD_NS;
      const progress: (Tick | undefined)[] = senders.map(() => undefined);
      const failing = new AbortController();
      const all = { cancel: AbortSignal.any([signal, failing.signal]), enough };
      const driving = senders.map(async (sender, index) => {
        const onOwnProgress = (own: Tick) => {
          progress[index] = own;
          // One of them speaks for all, so that a listener hears of a moment once.
          if (index === 0) onProgress?.(together(progress));
        };
        const step = { segment: stripeOf(segment, { index, of: threads }), list, startAtNs, trace };
        try {
          return await sender.drive(step, { ...driveOptions, onProgress: onOwnProgress }, all);
        } catch (error) {
          failing.abort();
          throw error;
        }
      });
      const ended = await Promise.allSettled(driving);
      for (const end of ended) if (end.status === "rejected") throw end.reason;
      onProgress?.(together(progress));
      return joined(ended.flatMap((end) => (end.status === "fulfilled" ? [end.value] : [])));
    },
    async close() {
      await Promise.all(senders.map((sender) => sender.close()));
    },
  };
}

type Step = {
  readonly segment: Segment;
  readonly list: number;
  readonly startAtNs: bigint;
  readonly trace: TraceSource | undefined;
};
type Ends = { readonly cancel: AbortSignal; readonly enough: AbortSignal | undefined };

function openSender({ url, target, tls, nonces }: TargetOptions, stripe: SenderData["stripe"]) {
  const { index, of } = stripe;
  const maxInFlight = Math.floor((target.maxInFlight + of - 1 - index) / of);
  const file = import.meta.url.endsWith(".ts") ? "./sender-worker.ts" : "./sender-worker.js";
  const workerData: SenderData = {
    url,
    target: { ...target, maxInFlight },
    tls,
    stripe,
    // Each thread counts for itself.
    ...(nonces === undefined ? {} : { nonces: { ...nonces, sender: `${nonces.sender}/${index}` } }),
  };
  const worker = new Worker(new URL(file, import.meta.url), { execArgv: [], name: `tailgate-sender-${index}`, workerData });
  const loaded = Promise.withResolvers<void>();
  const ready = loaded.promise;
  let failure: Error | undefined;
  let hear: (news: SenderNews) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const broke = (error: Error) => {
    failure ??= error;
    loaded.reject(error);
    fail(failure);
  };
  worker.on("message", (news: SenderNews) => {
    try {
      if (news.kind === "ready") loaded.resolve();
      else hear(news);
    } catch (error) {
      // A bug of ours in a listener: it ends the drive, because a number might be wrong.
      fail(error as Error);
    }
  });
  worker.on("error", broke);
  worker.on("exit", (code) => broke(new Error(`a sending thread ended with code ${code}`)));
  // Until it is ready nothing else may keep the program alive.
  ready.then(
    () => worker.unref(),
    () => {},
  );
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  const order = (what: SenderOrder) => worker.postMessage(what);

  return {
    ready,
    order,
    async drive(step: Step, { onOutcome, onProgress, onReading }: DriveOptions, { cancel, enough }: Ends): Promise<DriveResult> {
      if (failure !== undefined) throw failure;
      const ended = Promise.withResolvers<DriveResult>();
      fail = ended.reject;
      hear = (news) => {
        if (news.kind === "outcomes") news.outcomes.forEach((outcome) => onOutcome(outcome));
        else if (news.kind === "progress") onProgress?.(news.tick);
        else if (news.kind === "reading") onReading?.(news.reading);
        else if (news.kind === "done") ended.resolve(news.result);
        else if (news.kind === "failed")
          ended.reject(
            news.input ? new InputError(news.message, news.hint === undefined ? {} : { hint: news.hint }) : new Error(news.message),
          );
      };
      const onCancel = () => order({ kind: "cancel" });
      const onEnough = () => order({ kind: "enough" });
      worker.ref();
      try {
        order({ kind: "drive", ...step });
        if (cancel.aborted) onCancel();
        cancel.addEventListener("abort", onCancel);
        if (enough?.aborted === true) onEnough();
        enough?.addEventListener("abort", onEnough);
        return await ended.promise;
      } catch (error) {
        // Whatever went wrong, it may not go on sending.
        onCancel();
        throw error;
      } finally {
        [hear, fail] = [() => {}, () => {}];
        cancel.removeEventListener("abort", onCancel);
        enough?.removeEventListener("abort", onEnough);
        worker.unref();
      }
    },
    async close() {
      worker.ref();
      const exit = once(worker, "exit").catch(() => {});
      order({ kind: "close" });
      await (failure === undefined ? exit : worker.terminate());
    },
  };
}

/** Counts of all senders, as far as they are known. */
function together(all: readonly (Tick | undefined)[]): Tick {
  const known = all.filter((each) => each !== undefined);
  const sum = (of: (tick: Tick) => number) => known.reduce((total, progress) => total + of(progress), 0);
  return {
    ...known[0]!,
    offered: sum(({ offered }) => offered),
    inFlight: sum(({ inFlight }) => inFlight),
    ok: sum(({ ok }) => ok),
    failed: sum(({ failed }) => failed),
  };
}

const joined = (results: readonly DriveResult[]): DriveResult => ({
  startedNs: results[0]!.startedNs,
  endedNs: results.reduce((latest, { endedNs }) => (endedNs > latest ? endedNs : latest), 0n),
  offered: results.reduce((sum, { offered }) => sum + offered, 0),
  cancelled: results.some(({ cancelled }) => cancelled),
});
