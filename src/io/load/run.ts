import type { ResponseReader } from "../../core/protocol/protocol.ts";
import type { PhaseReader } from "../../core/protocol/server-phases.ts";
import type { Outcome } from "../../core/record/outcome.ts";
import type { RetryPolicy } from "../../core/suite/suite.ts";
import type { WireRequest } from "../http.ts";
import { Exchange, type ExchangeOwner } from "./exchange.ts";
import { openInFlight } from "./in-flight.ts";
import { waitBeforeRetryS } from "./retry.ts";
import type { Slots } from "./slots.ts";

export type RunOptions = {
  readonly origin: string;
  readonly slots: Slots;
  /** The i-th request of the segment. */
  readonly wireOf: (index: number) => WireRequest;
  /** A reader for the answer to it. */
  readonly openResponse: (index: number) => ResponseReader;
  /** The header of this name that an attempt of the i-th request carries, counted from 1; undefined where none does. */
  readonly traceparentOf?: ((index: number, attempt: number) => string) | undefined;
  readonly readPhases?: PhaseReader | undefined;
  readonly timeoutNs: number;
  readonly maxInFlight: number;
  /** Undefined: what becomes of the first attempt is the outcome. */
  readonly retry: RetryPolicy | undefined;
  readonly onOutcome: (outcome: Outcome) => void;
  /** Aborted when nothing more shall be sent. What is under way goes on. */
  readonly enough?: AbortSignal | undefined;
};

/** One segment under way: sends when its loop says so, and knows when everything has ended. */
export type Run = {
  /** Sets time zero, which may lie ahead. Nothing is sent before. */
  readonly begin: (startedNs: bigint) => void;
  readonly startedNs: () => bigint;
  /** Nanoseconds since time zero; negative before it. */
  readonly now: () => number;
  /**
   * The next request. Without an `intendedNs` it is intended for the moment of its dispatch. `follow` hears its outcome,
   * from within the HTTP client's callback.
   */
  readonly send: (intendedNs: number | undefined, follow?: (outcome: Outcome) => void) => void;
  readonly counts: () => { readonly offered: number; readonly ok: number; readonly failed: number; readonly inFlight: number };
  /** Gives up what is under way, without outcomes. Nothing is sent or reported after it. */
  readonly stop: () => void;
  readonly stopped: AbortSignal;
  /** Aborted when nothing more is sent: there was enough, or the run was stopped. */
  readonly over: AbortSignal;
  /** Runs `step`; what it throws stops the run and is thrown by `drain`. */
  readonly attempt: (step: () => void) => void;
  /** Resolves when no request is under way any more, or the run was stopped. */
  readonly drain: () => Promise<void>;
};

export function openRun(options: RunOptions): Run {
  const { slots } = options;
  const stopping = new AbortController();
  const stopped = stopping.signal;
  const over = options.enough === undefined ? stopped : AbortSignal.any([stopped, options.enough]);
  let startedNs = process.hrtime.bigint();
  let [offered, ok, failed] = [0, 0, 0];
  let failure: { readonly error: unknown } | undefined;
  let onEmpty = () => {};
  const now = () => Number(process.hrtime.bigint() - startedNs);
  const inFlight = openInFlight(now);

  const stop = () => {
    stopping.abort();
    for (const exchange of inFlight.clear()) {
      exchange.abandon();
      if (exchange.slot !== undefined) slots.drop(exchange.slot);
    }
    onEmpty();
  };
  const crash = (error: unknown) => {
    failure ??= { error };
    stop();
  };
  const attempt = (step: () => void) => {
    try {
      step();
    } catch (error) {
      crash(error);
    }
  };
  const report = (outcome: Outcome) => {
    if (outcome.result.kind === "ok") ok++;
    else failed++;
    options.onOutcome(outcome);
  };
  const owner: ExchangeOwner = {
    origin: options.origin,
    now,
    readPhases: options.readPhases,
    crashed: crash,
    ended(exchange, outcome, connection) {
      const { slot } = exchange;
      exchange.slot = undefined;
      if (slot !== undefined) slots[connection === "reusable" ? "give" : "drop"](slot);
      if (!retries(exchange, outcome)) finish(exchange, outcome);
    },
    expiredInWait: finish,
  };

  function finish(exchange: Exchange, outcome: Outcome): void {
    inFlight.remove(exchange);
    attempt(() => {
      report(outcome);
      exchange.follow?.(outcome);
    });
    if (inFlight.size() === 0) onEmpty();
  }

  /** Whether the request is sent again: it then stays under way, with its deadline, while it waits. */
  function retries(exchange: Exchange, outcome: Outcome): boolean {
    if (options.retry === undefined) return false;
    const waitS = waitBeforeRetryS(options.retry, outcome, exchange.refusal, Date.now());
    if (waitS === undefined || now() + waitS * 1e9 >= exchange.deadlineNs) return false;
    exchange.pause(outcome, Math.ceil(waitS * 1000), () => {
      if (now() >= exchange.deadlineNs) return exchange.expire();
      return attempt(() => {
        exchange.restart(options.openResponse(exchange.index));
        transmit(exchange);
      });
    });
    return true;
  }

  function transmit(exchange: Exchange): void {
    exchange.slot = slots.take(exchange);
    exchange.slot.dispatch(options.wireOf(exchange.index), options.traceparentOf?.(exchange.index, exchange.attempts));
  }

  return {
    begin: (atNs) => {
      startedNs = atNs;
    },
    startedNs: () => startedNs,
    now,
    send(scheduledNs, follow) {
      const index = offered++;
      const dispatchedNs = Math.max(now(), scheduledNs ?? 0);
      const intendedNs = scheduledNs ?? dispatchedNs;
      const deadlineNs = intendedNs + options.timeoutNs;
      if (inFlight.size() >= options.maxInFlight) {
        const detail = `${options.maxInFlight} requests were under way (max-in-flight), so this one was not sent`;
        const never = {
          wireNs: undefined,
          firstByteNs: undefined,
          connectNs: undefined,
          dnsNs: undefined,
          tlsNs: undefined,
          status: undefined,
        };
        return report({
          index,
          intendedNs,
          dispatchedNs,
          attempts: 0,
          attemptNs: dispatchedNs,
          ...never,
          endNs: dispatchedNs,
          result: { kind: "failed", why: "overflow", detail },
        });
      }
      const exchange = new Exchange(owner, options.openResponse(index), { index, intendedNs, deadlineNs, dispatchedNs, follow });
      inFlight.add(exchange);
      // After a long pause of our own, the deadline may be over before the request could start.
      if (dispatchedNs >= deadlineNs) return exchange.expire();
      transmit(exchange);
    },
    counts: () => ({ offered, ok, failed, inFlight: inFlight.size() }),
    stop,
    stopped,
    over,
    attempt,
    async drain() {
      while (inFlight.size() > 0) {
        await new Promise<void>((resolve) => {
          onEmpty = resolve;
        });
      }
      inFlight.clear();
      if (failure !== undefined) throw failure.error;
    },
  };
}
