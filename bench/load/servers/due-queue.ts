/** What is to happen at a time, in the order of these times. */
export type DueQueue<T> = {
  /** @param dueNs on the clock of `process.hrtime`. */
  readonly add: (dueNs: number, item: T) => void;
};

/** Longer than Node's timers are ever late: what remains is spun. */
const SPIN_NS = 2_500_000;

export const nowNs = (): number => Number(process.hrtime.bigint());

/**
 * Calls `happen` for each item as soon as its time has come, a few microseconds late on a free core. Sleeps while nothing
 * is due within 2.5 ms and polls otherwise, so that neither a timer's millisecond nor a waking thread blurs a time.
 */
export function openDueQueue<T>(happen: (item: T, dueNs: number) => void): DueQueue<T> {
  // Ascending by time; short, because it holds what is under way.
  const waiting: { readonly dueNs: number; readonly item: T }[] = [];
  let timer: NodeJS.Timeout | undefined;
  let spinning = false;

  const turn = () => {
    spinning = false;
    for (let first = waiting[0]; first !== undefined && first.dueNs <= nowNs(); first = waiting[0]) {
      waiting.shift();
      happen(first.item, first.dueNs);
    }
    plan();
  };
  const plan = () => {
    const first = waiting[0];
    if (first === undefined || spinning) return;
    clearTimeout(timer);
    const restNs = first.dueNs - nowNs();
    if (restNs < SPIN_NS) {
      spinning = true;
      setImmediate(turn);
    } else timer = setTimeout(turn, Math.floor(restNs / 1e6) - 1);
  };
  return {
    add(dueNs, item) {
      let at = waiting.length;
      while (at > 0 && waiting[at - 1]!.dueNs > dueNs) at--;
      waiting.splice(at, 0, { dueNs, item });
      if (at === 0) plan();
    },
  };
}
