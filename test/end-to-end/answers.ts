import type { RequestListener } from "node:http";

/**
 * Answers correctly, `ms` after the question. Long enough, and a busy machine's own delay is small beside it: the
 * generator is then never so late that the run would be invalid.
 */
export const sleeping =
  (ms: number): RequestListener =>
  (request, response) => {
    request.resume();
    setTimeout(() => response.end("ok"), ms);
  };

/** As {@link sleeping}, 50 to 150 ms in turn, so that blocks are like each other in the whole distribution, not in one value. */
export function sleepingInTurn(): RequestListener {
  const listeners = Array.from({ length: 11 }, (_, i) => sleeping(50 + 10 * i));
  let turn = 0;
  return (request, response) => listeners[(turn += 3) % listeners.length]!(request, response);
}

/** Counts what reaches it. */
export function counting(listener: RequestListener): { readonly listener: RequestListener; readonly count: () => number } {
  let seen = 0;
  return {
    listener: (request, response) => {
      seen++;
      listener(request, response);
    },
    count: () => seen,
  };
}
