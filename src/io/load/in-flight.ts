import type { Exchange } from "./exchange.ts";

/**
 * The requests under way, with one timer for all their deadlines: all have the same timeout and start in the order of
 * their intended times, so the oldest always expires first. Adding and removing cost the same however many there are.
 */
export type InFlight = {
  readonly size: () => number;
  readonly add: (exchange: Exchange) => void;
  readonly remove: (exchange: Exchange) => void;
  /** Empties the set, stops the timer and returns what was under way. */
  readonly clear: () => readonly Exchange[];
};

// The longest time that a timer of Node holds.
const LONGEST_MS = 2 ** 31 - 1;

export function openInFlight(now: () => number): InFlight {
  const exchanges = new Set<Exchange>();
  let timer: NodeJS.Timeout | undefined;
  const oldest = () => exchanges.values().next().value;
  const arm = () => {
    const first = oldest();
    timer = undefined;
    if (first === undefined) return;
    // Node's timers may fire up to a millisecond early; the next round then waits for the rest.
    const restMs = Math.ceil((first.deadlineNs - now()) / 1e6);
    timer = setTimeout(expireDue, Math.min(Math.max(restMs, 1), LONGEST_MS));
  };
  const expireDue = () => {
    const nowNs = now();
    for (const exchange of exchanges) {
      if (exchange.deadlineNs > nowNs) break;
      exchange.expire();
    }
    arm();
  };
  return {
    size: () => exchanges.size,
    add(exchange) {
      exchanges.add(exchange);
      if (timer === undefined) arm();
    },
    remove: (exchange) => void exchanges.delete(exchange),
    clear() {
      clearTimeout(timer);
      timer = undefined;
      const left = [...exchanges];
      exchanges.clear();
      return left;
    },
  };
}
