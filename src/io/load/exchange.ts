import type { ResponseReader } from "../../core/protocol/protocol.ts";
import type { Outcome } from "../../core/record/outcome.ts";
import { flatHeaders, type HttpHandler } from "../http.ts";
import { classify } from "./failure.ts";
import type { Slot, SlotUser } from "./slots.ts";

/** The segment that an exchange belongs to, as far as it needs to know it. */
export type ExchangeOwner = {
  readonly origin: string;
  /** Nanoseconds since the start of the segment. */
  readonly now: () => number;
  readonly ended: (exchange: Exchange, outcome: Outcome, connection: "reusable" | "broken") => void;
  /** A bug of ours, in a reader or a callback: it ends the drive, because a number might be wrong. */
  readonly crashed: (error: unknown) => void;
};

export type ExchangeStart = {
  readonly index: number;
  readonly intendedNs: number;
  readonly deadlineNs: number;
  readonly dispatchedNs: number;
  /** Called with the outcome after everybody else. */
  readonly follow: ((outcome: Outcome) => void) | undefined;
};

/**
 * One request on its way: hears the HTTP client's events, stamps them, feeds the reader, and ends with one outcome.
 * A class, because there is one per request and its methods are shared by all of them.
 */
export class Exchange implements HttpHandler, SlotUser {
  readonly index: number;
  readonly intendedNs: number;
  readonly deadlineNs: number;
  readonly dispatchedNs: number;
  readonly follow: ((outcome: Outcome) => void) | undefined;
  slot: Slot | undefined;
  readonly #owner: ExchangeOwner;
  readonly #reader: ResponseReader;
  #wireNs: number | undefined;
  #firstByteNs: number | undefined;
  #connectBeganNs: number | undefined;
  #connectNs: number | undefined;
  #status: number | undefined;
  #over = false;

  constructor(owner: ExchangeOwner, reader: ResponseReader, start: ExchangeStart) {
    this.#owner = owner;
    this.#reader = reader;
    this.index = start.index;
    this.intendedNs = start.intendedNs;
    this.deadlineNs = start.deadlineNs;
    this.dispatchedNs = start.dispatchedNs;
    this.follow = start.follow;
  }

  /** Ends without an outcome: nothing can be said of a request that was given up in the middle. */
  abandon(): void {
    this.#over = true;
  }

  /** Ends as censored exactly at the deadline, whenever the timer came to notice. Later events did not happen. */
  expire(): void {
    const { deadlineNs } = this;
    const before = (ns: number | undefined) => (ns !== undefined && ns <= deadlineNs ? ns : undefined);
    const [wireNs, firstByteNs] = [before(this.#wireNs), before(this.#firstByteNs)];
    const answered = firstByteNs === undefined ? "no answer began" : "the answer was not complete";
    const where = wireNs === undefined ? "the request was not sent yet" : answered;
    const detail = `no complete answer within ${(deadlineNs - this.intendedNs) / 1e9} s: ${where}`;
    this.#end({ wireNs, firstByteNs, endNs: deadlineNs, result: { kind: "failed", why: "timeout", detail } }, "broken");
  }

  connectBegan(): void {
    this.#connectBeganNs = this.#owner.now();
  }

  connectEnded(): void {
    if (this.#connectBeganNs === undefined) return;
    // A connection that the server closed before the request was written is opened twice for one request.
    this.#connectNs = (this.#connectNs ?? 0) + this.#owner.now() - this.#connectBeganNs;
    this.#connectBeganNs = undefined;
  }

  onRequestStart(): void {
    this.#wireNs = this.#owner.now();
  }

  onResponseStarted(): void {
    this.#firstByteNs ??= this.#owner.now();
  }

  onResponseStart(_controller: unknown, status: number, headers: Record<string, string | string[] | undefined>): void {
    // 1xx announces the answer and is none.
    if (this.#over || status < 200) return;
    const atNs = this.#owner.now();
    this.#status = status;
    this.#guard(() => this.#reader.start(status, flatHeaders(headers), atNs));
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    if (this.#over) return;
    const atNs = this.#owner.now();
    this.#guard(() => this.#reader.data(chunk, atNs));
  }

  onResponseEnd(): void {
    if (this.#over) return;
    const atNs = this.#owner.now();
    this.#guard(() => {
      const { result, endNs } = this.#reader.end(atNs);
      // The event loop may bring an answer before the timer that was due first.
      if (endNs > this.deadlineNs) this.expire();
      else this.#end({ wireNs: this.#wireNs, firstByteNs: this.#firstByteNs, endNs, result }, "reusable");
    });
  }

  onResponseError(_controller: unknown, error: Error): void {
    if (this.#over) return;
    const endNs = this.#owner.now();
    this.#guard(() => {
      if (/^UND_ERR_(INVALID_ARG|NOT_SUPPORTED)$/.test((error as NodeJS.ErrnoException).code ?? "")) throw error;
      if (endNs > this.deadlineNs) return this.expire();
      const stage = { reused: this.slot?.reused ?? false, onWire: this.#wireNs !== undefined, answered: this.#firstByteNs !== undefined };
      const { why, detail } = classify(error, stage, this.#owner.origin);
      this.#end({ wireNs: this.#wireNs, firstByteNs: this.#firstByteNs, endNs, result: { kind: "failed", why, detail } }, "broken");
    });
  }

  #end(last: Pick<Outcome, "wireNs" | "firstByteNs" | "endNs" | "result">, connection: "reusable" | "broken"): void {
    this.#over = true;
    const { index, intendedNs, dispatchedNs } = this;
    const outcome = {
      index,
      intendedNs,
      dispatchedNs,
      attempts: 1,
      attemptNs: dispatchedNs,
      connectNs: this.#connectNs,
      dnsNs: undefined,
      tlsNs: undefined,
      status: this.#status,
      ...last,
    };
    this.#owner.ended(this, outcome, connection);
  }

  #guard(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#over = true;
      this.#owner.crashed(error);
    }
  }
}
