import type { Exchange } from "./exchange.ts";

/**
 * The requests under way, with one timer for all their deadlines: all have the same timeout and start in the order of
 * their intended times, so the oldest always expires first. (After a pause of our own, steps of sessions may be out of that
 * order by as much, and are then heard of that much later; they still end at their deadline.) Adding and removing cost the same however many there are.
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
  // A list through the exchanges themselves: a set would have to hash every request twice.
  let [oldest, newest] = [undefined as Exchange | undefined, undefined as Exchange | undefined];
  let size = 0;
  let timer: NodeJS.Timeout | undefined;
  const arm = () => {
    timer = undefined;
    if (oldest === undefined) return;
    // Node's timers may fire up to a millisecond early; the next round then waits for the rest.
    const restMs = Math.ceil((oldest.deadlineNs - now()) / 1e6);
    timer = setTimeout(expireDue, Math.min(Math.max(restMs, 1), LONGEST_MS));
  };
  const expireDue = () => {
    const nowNs = now();
    // An end of one may be the end of all: what is oldest is asked anew each time.
    while (oldest !== undefined && oldest.deadlineNs <= nowNs) {
      const exchange: Exchange = oldest;
      exchange.expire();
      remove(exchange);
    }
    arm();
  };
  const remove = (exchange: Exchange) => {
    if (!exchange.isListed) return;
    const { older, newer } = exchange;
    if (older === undefined) oldest = newer;
    else older.newer = newer;
    if (newer === undefined) newest = older;
    else newer.older = older;
    exchange.older = exchange.newer = undefined;
    exchange.isListed = false;
    size--;
  };
  return {
    size: () => size,
    add(exchange) {
      exchange.isListed = true;
      exchange.older = newest;
      if (newest === undefined) oldest = exchange;
      else newest.newer = exchange;
      newest = exchange;
      size++;
      if (timer === undefined) arm();
    },
    remove,
    clear() {
      clearTimeout(timer);
      timer = undefined;
      const left: Exchange[] = [];
      for (let exchange = oldest; exchange !== undefined; exchange = oldest) {
        left.push(exchange);
        remove(exchange);
      }
      return left;
    },
  };
}
