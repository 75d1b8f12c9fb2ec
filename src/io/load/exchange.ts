import type { ResponseReader } from "../../core/protocol/protocol.ts";
import { joinPhases, type PhaseReader, type ServerPhases } from "../../core/protocol/server-phases.ts";
import type { Outcome } from "../../core/record/outcome.ts";
import type { ConnectPhases } from "../connector.ts";
import { flatHeaders } from "../http.ts";
import { classify } from "./failure.ts";
import type { Slot, SlotUser } from "./slots.ts";
import type { Follow, Turn } from "./turn.ts";

/** The segment that an exchange belongs to, as far as it needs to know it. */
export type ExchangeOwner = {
  readonly origin: string;
  /** Nanoseconds since the start of the segment. */
  readonly now: () => number;
  /** Reads what an answer's headers tell of the endpoint's own time; undefined where nobody asks. */
  readonly readPhases: PhaseReader | undefined;
  /** An attempt ended. Whether its outcome is the request's is for the owner to say. */
  readonly ended: (exchange: Exchange, outcome: Outcome, connection: "reusable" | "broken") => void;
  /** The deadline came while the request waited for another attempt: the last one's outcome stands. */
  readonly expiredInWait: (exchange: Exchange, outcome: Outcome) => void;
  /** A bug of ours, in a reader or a callback: it ends the drive, because a number might be wrong. */
  readonly crashed: (error: unknown) => void;
};

export type ExchangeStart = {
  readonly index: number;
  readonly intendedNs: number;
  readonly deadlineNs: number;
  readonly dispatchedNs: number;
  /** Of a step of a session. */
  readonly turn?: Turn | undefined;
  /** Called with the outcome after everybody else. */
  readonly follow: Follow | undefined;
};

/**
 * One request on its way: hears the HTTP client's events, stamps them, feeds the reader, and ends with one outcome. With
 * a retry policy it may be sent several times, one attempt after another; times are then those of the last one.
 * A class, because there is one per request and its methods are shared by all of them.
 */
export class Exchange implements SlotUser {
  readonly index: number;
  readonly intendedNs: number;
  readonly deadlineNs: number;
  readonly dispatchedNs: number;
  readonly turn: Turn | undefined;
  readonly follow: Follow | undefined;
  slot: Slot | undefined;
  /** Neighbours among the requests under way; see `in-flight.ts`. */
  isListed = false;
  older: Exchange | undefined;
  newer: Exchange | undefined;
  attempts = 1;
  /** Headers of the last answer that was no success. */
  refusal: Readonly<Record<string, string>> | undefined;
  readonly #owner: ExchangeOwner;
  #reader: ResponseReader;
  #attemptNs: number;
  #wireNs: number | undefined;
  #firstByteNs: number | undefined;
  #connectBeganNs: number | undefined;
  #connectNs: number | undefined;
  #phases: ConnectPhases | undefined;
  #waitBeganNs: number | undefined;
  #awaitedNs: number | undefined;
  #status: number | undefined;
  #told: ServerPhases | undefined;
  #bytes = 0;
  #over = false;
  #pause: { readonly timer: NodeJS.Timeout; readonly outcome: Outcome } | undefined;

  constructor(owner: ExchangeOwner, reader: ResponseReader, start: ExchangeStart) {
    this.#owner = owner;
    this.#reader = reader;
    this.index = start.index;
    this.intendedNs = start.intendedNs;
    this.deadlineNs = start.deadlineNs;
    this.dispatchedNs = start.dispatchedNs;
    this.#attemptNs = start.dispatchedNs;
    this.turn = start.turn;
    this.follow = start.follow;
  }

  /** After an attempt ended: waits, then calls `again`, unless the deadline or an end of the load comes first. */
  pause(outcome: Outcome, waitMs: number, again: () => void): void {
    this.#pause = { timer: setTimeout(again, waitMs), outcome };
  }

  /** Begins another attempt. What the last one saw is forgotten. */
  restart(reader: ResponseReader): void {
    this.attempts++;
    this.#reader = reader;
    this.#attemptNs = this.#owner.now();
    this.#wireNs = this.#firstByteNs = this.#connectBeganNs = this.#connectNs = this.#waitBeganNs = this.#awaitedNs = undefined;
    this.#status = this.#told = this.#phases = this.#pause = this.refusal = undefined;
    this.#bytes = 0;
    this.#over = false;
  }

  /** Ends without an outcome: nothing can be said of a request that was given up in the middle. */
  abandon(): void {
    this.#over = true;
    clearTimeout(this.#pause?.timer);
    this.#pause = undefined;
  }

  /** Ends as censored exactly at the deadline, whenever the timer came to notice. Later events did not happen. */
  expire(): void {
    if (this.#pause !== undefined) {
      const { timer, outcome } = this.#pause;
      clearTimeout(timer);
      this.#pause = undefined;
      return this.#owner.expiredInWait(this, outcome);
    }
    const { deadlineNs } = this;
    const before = (ns: number | undefined) => (ns !== undefined && ns <= deadlineNs ? ns : undefined);
    const [wireNs, firstByteNs] = [before(this.#wireNs), before(this.#firstByteNs)];
    const answered = firstByteNs === undefined ? "no answer began" : "the answer was not complete";
    const where = wireNs === undefined ? "the request was not sent yet" : answered;
    const attempt = this.attempts === 1 ? "" : `, in attempt ${this.attempts}`;
    const detail = `no complete answer within ${(deadlineNs - this.intendedNs) / 1e9} s${attempt}: ${where}`;
    [this.#wireNs, this.#firstByteNs] = [wireNs, firstByteNs];
    this.#end(deadlineNs, { kind: "failed", why: "timeout", detail }, "broken");
  }

  connectBegan(): void {
    this.#connectBeganNs = this.#owner.now();
  }

  connectEnded(phases: ConnectPhases): void {
    if (this.#connectBeganNs === undefined) return;
    this.#phases = phases;
    // A connection that the server closed before the request was written is opened twice for one request.
    this.#connectNs = (this.#connectNs ?? 0) + this.#owner.now() - this.#connectBeganNs;
    this.#connectBeganNs = undefined;
  }

  waitBegan(): void {
    this.#waitBeganNs = this.#owner.now();
  }

  waitEnded(): void {
    if (this.#waitBeganNs === undefined) return;
    this.#awaitedNs = (this.#awaitedNs ?? 0) + this.#owner.now() - this.#waitBeganNs;
    this.#waitBeganNs = undefined;
  }

  onRequestStart(): void {
    // A client that sends a request again on its own would hide a failure. What it throws here ends the request.
    if (this.#wireNs !== undefined) throw new Error("the connection was lost and the HTTP client wanted to send the request again");
    this.#wireNs = this.#owner.now();
  }

  onResponseStarted(): void {
    this.#firstByteNs ??= this.#owner.now();
  }

  onResponseStart(_controller: unknown, status: number, headers: Record<string, string | string[] | undefined>): void {
    // 1xx announces the answer and is none.
    if (this.#over || status < 200) return;
    this.#status = status;
    this.turn?.answered(headers["set-cookie"]);
    const flat = flatHeaders(headers);
    if (status >= 400) this.refusal = flat;
    try {
      this.#reader.start(status, flat, this.#owner.now());
      this.#told = this.#owner.readPhases?.(flat);
    } catch (error) {
      this.#crash(error);
    }
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    if (this.#over) return;
    this.#bytes += chunk.length;
    try {
      this.#reader.data(chunk, this.#owner.now());
    } catch (error) {
      this.#crash(error);
    }
  }

  onResponseEnd(_controller?: unknown, trailers?: Record<string, string | string[] | undefined>): void {
    if (this.#over) return;
    try {
      const flat = trailers && flatHeaders(trailers);
      const { result, endNs } = this.#reader.end(this.#owner.now(), flat);
      if (flat !== undefined) this.#told = joinPhases(this.#told, this.#owner.readPhases?.(flat));
      // The event loop may bring an answer before the timer that was due first.
      if (endNs > this.deadlineNs) this.expire();
      else this.#end(endNs, result, "reusable");
    } catch (error) {
      this.#crash(error);
    }
  }

  onResponseError(_controller: unknown, error: Error): void {
    if (this.#over) return;
    const endNs = this.#owner.now();
    try {
      if (/^UND_ERR_(INVALID_ARG|NOT_SUPPORTED)$/.test((error as NodeJS.ErrnoException).code ?? "")) throw error;
      if (endNs > this.deadlineNs) return this.expire();
      const { reused = false, wasIdle = true } = this.slot ?? {};
      const stage = { reused, wasIdle, onWire: this.#wireNs !== undefined, answered: this.#firstByteNs !== undefined };
      const { why, detail } = classify(error, stage, this.#owner.origin);
      this.#end(endNs, { kind: "failed", why, detail }, "broken");
    } catch (failure) {
      this.#crash(failure);
    }
  }

  #end(endNs: number, result: Outcome["result"], connection: "reusable" | "broken"): void {
    this.#over = true;
    const { untimed } = this.#reader;
    // Written out: one literal of one shape costs a fraction of what spreading parts does.
    const outcome = {
      index: this.index,
      intendedNs: this.intendedNs,
      dispatchedNs: this.dispatchedNs,
      attempts: this.attempts,
      attemptNs: this.#attemptNs,
      wireNs: this.#wireNs,
      firstByteNs: untimed === true ? undefined : this.#firstByteNs,
      endNs,
      connectNs: this.#connectNs,
      dnsNs: this.#phases?.dnsNs,
      tlsNs: this.#phases?.tlsNs,
      awaitedNs: this.#awaitedNs,
      status: this.#status,
      untimed,
      phases: untimed === true ? undefined : this.#told,
      bytes: this.#bytes,
      result,
    };
    this.#owner.ended(this, outcome, connection);
  }

  #crash(error: unknown): void {
    this.#over = true;
    this.#owner.crashed(error);
  }
}
