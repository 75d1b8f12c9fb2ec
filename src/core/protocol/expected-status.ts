import type { PreparedRequest } from "../plan/plan.ts";
import type { ExpectedStatus } from "../suite/input-content.ts";
import type { Target } from "../suite/suite.ts";
import { Body, QUOTE_CAP } from "./body.ts";
import { excerpt, failed } from "./failure.ts";
import type { Protocol, ResponseEnd, ResponseReader } from "./protocol.ts";

/** Whether a status is one of those, or of their hundreds. */
const isExpected = (expected: readonly ExpectedStatus[], status: number): boolean =>
  expected.some((one) => one === status || (typeof one === "string" && one.startsWith(String(Math.floor(status / 100)))));

/** Whether a class's right answer is a refusal, whose time says nothing about how fast the endpoint is at its work. */
const expectsRefusal = (expected: readonly ExpectedStatus[]): boolean =>
  expected.some((one) => !isExpected(["2xx"], typeof one === "number" ? one : Number(one.charAt(0)) * 100));

/**
 * Opens a reader for the answer to a request: the protocol's own, with the statuses that the request's class names in the
 * place of the target's; and where they are no success, one that looks at the status alone.
 */
export function answerOpener(protocol: Protocol, target: Target): (request: Pick<PreparedRequest, "label" | "expect">) => ResponseReader {
  // One target for each list of statuses: what is compiled for a check is kept by its identity.
  const changed = new Map<string, Target>();
  return ({ label, expect }) => {
    if (expect === undefined) return protocol.openResponse(target, label);
    if (expectsRefusal(expect)) return new Refusal(expect);
    const key = expect.join();
    const own = changed.get(key) ?? { ...target, check: { ...target.check, status: statusesIn(expect) } };
    changed.set(key, own);
    return protocol.openResponse(own, label);
  };
}

/** Every 2xx that is expected. */
const statusesIn = (expect: readonly ExpectedStatus[]): readonly number[] =>
  Array.from({ length: 100 }, (_, i) => 200 + i).filter((status) => isExpected(expect, status));

/** An answer with an expected status is right, whatever it holds; any other is a failed check. */
class Refusal implements ResponseReader {
  readonly untimed = true;
  readonly #expect: readonly ExpectedStatus[];
  readonly #body = new Body(QUOTE_CAP);
  #status = 0;

  constructor(expect: readonly ExpectedStatus[]) {
    this.#expect = expect;
  }

  start(status: number): void {
    this.#status = status;
  }

  data(chunk: Uint8Array): void {
    this.#body.add(chunk);
  }

  end(endNs: number): ResponseEnd {
    if (isExpected(this.#expect, this.#status)) return { result: { kind: "ok", stream: undefined }, endNs };
    const detail = `this request should be refused: status ${this.#status}, expected ${this.#expect.join(" or ")}: ${excerpt(this.#body.text())}`;
    return { result: failed("check", detail), endNs };
  }
}
