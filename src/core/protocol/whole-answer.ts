import type { Outcome } from "../record/outcome.ts";
import type { ResponseCheck } from "../suite/suite.ts";
import { Body } from "./body.ts";
import { statusAccepted, statusFailure } from "./failure.ts";
import type { ResponseReader } from "./protocol.ts";

/**
 * Reads an answer that means something only as a whole: a status that the suite does not accept fails it, else `judge`
 * says what it is. The judging happens when it has ended, and is no part of its time.
 *
 * @param cap bytes kept of the body.
 */
export function openWholeAnswer(
  check: ResponseCheck,
  cap: number,
  judge: (body: Body, status: number) => Outcome["result"],
): ResponseReader {
  const body = new Body(cap);
  let status = 0;
  return {
    start: (responseStatus) => {
      status = responseStatus;
    },
    data: (chunk) => body.add(chunk),
    end: (endNs) => ({
      result: statusAccepted(check, status) ? judge(body, status) : statusFailure(check, status, body.text()),
      endNs,
    }),
  };
}
