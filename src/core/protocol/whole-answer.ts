import type { Outcome } from "../record/outcome.ts";
import type { ResponseCheck } from "../suite/response-check.ts";
import { headersFailure } from "./answer-checks.ts";
import { Body } from "./body.ts";
import { statusAccepted, statusFailure } from "./failure.ts";
import type { ResponseEnd, ResponseReader } from "./protocol.ts";

/** Says what an accepted answer is. Header names are lower case. */
type Judge = (body: Body, status: number, headers: Readonly<Record<string, string>>) => Outcome["result"];

const NO_HEADERS = {};

/**
 * Reads an answer that means something only as a whole: a status that the suite does not accept fails it, else `judge`
 * says what it is. The judging happens when it has ended, and is no part of its time. A class, because there is one per
 * answer.
 */
export class WholeAnswer implements ResponseReader {
  readonly #check: ResponseCheck;
  readonly #judge: Judge;
  readonly #body: Body;
  #status = 0;
  #headers: Readonly<Record<string, string>> = NO_HEADERS;

  /** @param cap bytes kept of the body. */
  constructor(check: ResponseCheck, cap: number, judge: Judge) {
    this.#check = check;
    this.#judge = judge;
    this.#body = new Body(cap);
  }

  start(status: number, headers: Readonly<Record<string, string>>): void {
    this.#status = status;
    this.#headers = headers;
  }

  data(chunk: Uint8Array): void {
    this.#body.add(chunk);
  }

  end(endNs: number): ResponseEnd {
    const result = statusAccepted(this.#check, this.#status)
      ? (headersFailure(this.#check, this.#headers) ?? this.#judge(this.#body, this.#status, this.#headers))
      : statusFailure(this.#check, this.#status, this.#body.text());
    return { result, endNs };
  }
}
