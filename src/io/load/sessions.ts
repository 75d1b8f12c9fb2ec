import { randomUUID } from "node:crypto";
import type { PreparedRequest } from "../../core/plan/plan.ts";
import type { PreparedStep } from "../../core/plan/session-step.ts";
import { type Captured, openCapturing } from "../../core/protocol/captures.ts";
import { CookieJar, type CookiePlace } from "../../core/protocol/cookie-jar.ts";
import type { ResponseReader } from "../../core/protocol/protocol.ts";
import type { Outcome } from "../../core/record/outcome.ts";
import { captureReference, SESSION_ID } from "../../core/suite/placeholders.ts";
import type { WireRequest } from "../http.ts";
import type { Address } from "./address.ts";
import type { Run } from "./run.ts";
import type { Slot, Slots } from "./slots.ts";
import { type SessionState, stepWire, withTurn } from "./step-wire.ts";
import type { Follow } from "./turn.ts";

/** A timer of Node is up to about this late: so much is thinking. What is beyond it is our delay, and counts. */
const TIMER_NS = 2e6;

// The longest time that a timer of Node holds.
const LONGEST_MS = 2 ** 31 - 1;

export type SessionOptions = {
  readonly requests: readonly PreparedRequest[];
  readonly wires: readonly WireRequest[];
  readonly picks: Uint32Array;
  readonly address: Address;
  readonly slots: Slots;
  readonly openResponse: (request: PreparedRequest) => ResponseReader;
  /** Of a chat: likewise, and hands over what the assistant said. */
  readonly openTurn: ((request: PreparedRequest, said: (text: string) => void) => ResponseReader) | undefined;
};

/**
 * The run as its loops see it where some of its requests are sessions: what they send is then a whole session, of which
 * `follow` hears once it is over. Each step starts when the one before has been answered and its user has thought; a step
 * that fails ends the session. Sessions that the end of the load finds under way are driven to their end, so that long ones
 * are not left out; those under way when there was `enough` end with the request that is under way, and count as none.
 */
export function withSessions(run: Run, options: SessionOptions): Run {
  const active = new Set<Session>();
  let onIdle = () => {};
  const leave = (session: Session) => {
    active.delete(session);
    if (active.size === 0) onIdle();
  };
  run.over.addEventListener("abort", () => {
    for (const session of active) session.cut();
  });
  run.stopped.addEventListener("abort", () => {
    active.clear();
    onIdle();
  });
  return {
    ...run,
    send(scheduledNs, follow) {
      const index = run.begun();
      const first = options.picks[index % options.picks.length]!;
      const step = options.requests[first]!.session;
      if (step === undefined) return run.send(scheduledNs, follow);
      const session = new Session(run, options, { index, first, follow, leave });
      active.add(session);
      return session.send(scheduledNs);
    },
    async drain() {
      while (active.size > 0) {
        await new Promise<void>((resolve) => {
          onIdle = resolve;
        });
      }
      await run.drain();
    },
  };
}

type Begin = {
  readonly index: number;
  /** Of its first step, among the requests. */
  readonly first: number;
  readonly follow: Follow | undefined;
  readonly leave: (session: Session) => void;
};

/** One session under way. A class, because there may be thousands that think. */
class Session implements SessionState {
  readonly #run: Run;
  readonly #options: SessionOptions;
  readonly #begin: Begin;
  readonly #jar: CookieJar | undefined;
  readonly #kept: { slot: Slot | undefined } | undefined;
  readonly #values = new Map<string, unknown>();
  #history: readonly Uint8Array[] = [];
  #step = 0;
  #sent = 0;
  #intendedNs: number | undefined;
  #latencyNs = 0;
  #thinking: NodeJS.Timeout | undefined;

  constructor(run: Run, options: SessionOptions, begin: Begin) {
    this.#run = run;
    this.#options = options;
    this.#begin = begin;
    const { cookies, ownConnection } = options.requests[begin.first]!.session!;
    this.#jar = cookies ? new CookieJar() : undefined;
    this.#kept = ownConnection && options.slots.own !== undefined ? { slot: undefined } : undefined;
    this.#values.set(SESSION_ID, randomUUID());
  }

  get values(): ReadonlyMap<string, unknown> {
    return this.#values;
  }

  get history(): readonly Uint8Array[] {
    return this.#history;
  }

  cookies(path: string): string | undefined {
    return this.#jar?.header(this.#place(path));
  }

  /** Sends the step that is due. */
  send(scheduledNs: number | undefined): void {
    const { requests, wires, address } = this.#options;
    const place = this.#begin.first + this.#step;
    const request = requests[place]!;
    const step = request.session!;
    const made = stepWire(wires[place]!, request, this, address);
    const wire = "problem" in made ? undefined : made;
    const path = wire?.path ?? "/";
    this.#run.send(scheduledNs, (outcome) => this.#follow(step, outcome), {
      index: this.#begin.index,
      step: this.#step,
      wire,
      problem: "problem" in made ? made.problem : undefined,
      openResponse: () => this.#openResponse(request, step),
      nextAttempt: () => (this.#sent = (this.#sent % 127) + 1),
      kept: this.#kept,
      answered: (setCookie) => {
        if (setCookie !== undefined && this.#jar !== undefined)
          this.#jar.store(typeof setCookie === "string" ? [setCookie] : setCookie, this.#place(path));
      },
      settle: (outcome) => this.#settle(step, outcome),
    });
  }

  /** Ends without another step. What is under way still has its outcome. */
  cut(): void {
    if (this.#thinking === undefined) return;
    clearTimeout(this.#thinking);
    this.#thinking = undefined;
    this.#end({ result: { kind: "ok", stream: undefined }, intendedNs: this.#intendedNs ?? 0 });
  }

  #openResponse(request: PreparedRequest, step: PreparedStep): ResponseReader {
    const { openResponse, openTurn } = this.#options;
    const { turn, capture } = step;
    const isLast = step.step + 1 === step.of;
    const said = (text: string) => {
      this.#history = withTurn(this.#history, turn!.own, text, this);
    };
    const reader = turn !== undefined && openTurn !== undefined && !isLast ? openTurn(request, said) : openResponse(request);
    return capture.length === 0 ? reader : openCapturing(reader, capture, (values) => this.#take(values));
  }

  #take(values: Captured): void {
    for (const [name, value] of values) this.#values.set(captureReference(name), value);
  }

  #settle({ step, of }: PreparedStep, outcome: Outcome): Outcome {
    this.#intendedNs ??= outcome.intendedNs;
    this.#latencyNs += outcome.endNs - outcome.intendedNs;
    const completed = outcome.result.kind === "ok";
    const isOver = !completed || step + 1 === of;
    return {
      ...outcome,
      ...(step === 0 ? {} : { step }),
      ...(isOver ? { session: { completed, latencyNs: this.#latencyNs } } : {}),
    };
  }

  #follow({ step, of }: PreparedStep, { result }: Parameters<Follow>[0]): void {
    if (result.kind === "failed" || step + 1 === of || this.#run.over.aborted) return this.#end({ result, intendedNs: this.#intendedNs! });
    this.#step++;
    const { thinkS } = this.#options.requests[this.#begin.first + this.#step]!.session!;
    // Never from within the HTTP client's callback: it has not finished with the connection.
    if (thinkS <= 0) return queueMicrotask(() => this.#proceed(undefined));
    return this.#think(this.#run.now() + thinkS * 1e9);
  }

  #think(dueNs: number): void {
    const restNs = dueNs - this.#run.now();
    if (restNs <= 0) return this.#proceed(Math.min(this.#run.now(), dueNs + TIMER_NS));
    // Node's timers may fire up to a millisecond early: then the rest is waited for as well.
    this.#thinking = setTimeout(() => this.#think(dueNs), Math.min(Math.ceil(restNs / 1e6), LONGEST_MS));
  }

  #proceed(scheduledNs: number | undefined): void {
    this.#thinking = undefined;
    if (this.#run.over.aborted) return this.#end({ result: { kind: "ok", stream: undefined }, intendedNs: this.#intendedNs! });
    return this.#run.attempt(() => this.send(scheduledNs));
  }

  #end(last: Parameters<Follow>[0]): void {
    const { follow, leave } = this.#begin;
    if (this.#kept?.slot !== undefined) {
      this.#options.slots.own!.release(this.#kept.slot);
      this.#kept.slot = undefined;
    }
    leave(this);
    follow?.(last);
  }

  #place(path: string): CookiePlace {
    const { base } = this.#options.address;
    return { host: base.hostname, path, secure: base.protocol === "https:", nowMs: Date.now() };
  }
}
