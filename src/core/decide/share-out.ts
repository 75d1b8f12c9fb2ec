import { type Allowance, type Part, passesIn } from "../plan/allowance.ts";
import type { LooksRecord, StopReason } from "../record/run-record.ts";

/** What to do about a scenario after a look: go on until so many passes are measured, wait for others, or stop. */
export type NextLook =
  | { readonly passes: number; readonly stopped?: undefined }
  | { readonly passes?: undefined; readonly waits: true; readonly stopped?: undefined }
  | { readonly passes?: undefined; readonly stopped: StopReason };

/**
 * What a scenario would do if there were time. `need`: passes that would decide the first of its open gates, by estimate.
 * `confirm`: passes that would show that what looks like a regression is one; undefined where nothing does.
 */
export type Wish =
  | { readonly passes: number; readonly need: number; readonly confirm?: number | undefined; readonly stopped?: undefined }
  | { readonly stopped: StopReason };

/**
 * Shares the time that is left among the scenarios that want it. Each has its own share of the budget, as long as it wants
 * it. What looks like a regression has its share first and alone: if it is one, the run ends there, and the others' time is
 * saved. What is left beyond the shares, because others needed less, goes to as many as can have half as much again as they
 * were measured, and first to those that need least. Scenarios that are played at once go on at once, if one of them wants to.
 *
 * Those that go on now have all had as many passes, and get as many. Whom the time does not reach ends undecided. Which ones
 * those are, and who waits for whom, may depend on what was seen: a look that is not taken rejects nothing, so that no error
 * rate grows by it.
 */
export function shareOut(
  wishes: ReadonlyMap<string, Wish>,
  looks: ReadonlyMap<string, LooksRecord>,
  { plans, totalS, parts }: Allowance,
): ReadonlyMap<string, NextLook> {
  const doneOf = ({ names }: Part): number => Math.max(0, ...names.map((name) => looks.get(name)?.passes.at(-1) ?? 0));
  const leftS = totalS - parts.reduce((sum, part) => sum + doneOf(part) * part.passS, 0);
  const open = parts
    .flatMap((part): readonly Open[] => {
      const wanted = part.names.flatMap((name) => {
        const wish = wishes.get(name);
        return wish === undefined || wish.stopped !== undefined ? [] : [wish];
      });
      if (wanted.length === 0) return [];
      const need = Math.min(...wanted.map((wish) => wish.need));
      const confirm = Math.min(...wanted.map((wish) => wish.confirm ?? Number.POSITIVE_INFINITY));
      return [{ part, done: doneOf(part), passes: wanted[0]!.passes, need, confirm }];
    })
    .toSorted((a, b) => a.need - b.need);
  const inShare = open.filter(({ done }) => done < plans);
  const next = nextInShare(inShare);
  const goOn =
    next.length === 0 || next.length === open.length
      ? served(open, leftS, plans)
      : next.map((one) => ({ ...one, passes: Math.min(one.passes, plans) }));
  const going = new Map(goOn.flatMap(({ part, passes }) => part.names.map((name): [string, NextLook] => [name, { passes }])));
  const others: NextLook = inShare.length > 0 ? { waits: true } : { stopped: "budget" };
  return new Map([...wishes].map(([name, wish]) => [name, going.get(name) ?? (wish.stopped === undefined ? others : wish)]));
}

/** A part that wants to go on, from `done` passes to `passes`. */
type Open = { readonly part: Part; readonly done: number; readonly passes: number; readonly need: number; readonly confirm: number };

/** Of those that have not had their share: what looks most like a regression, or else whoever was measured least. */
function nextInShare(open: readonly Open[]): readonly Open[] {
  const [suspect] = open.filter(({ confirm }) => Number.isFinite(confirm)).toSorted((a, b) => a.confirm - b.confirm);
  const least = Math.min(...open.map(({ done }) => done));
  return suspect === undefined ? open.filter(({ done }) => done === least) : [suspect];
}

/** As many as the time is enough for, in the order given, each with the passes that it gets. */
function served(open: readonly Open[], leftS: number, plans: number): readonly Open[] {
  for (let count = open.length; count > 0; count--) {
    const chosen = open.slice(0, count);
    const onceS = chosen.reduce((sum, { part }) => sum + part.passS, 0);
    const given = chosen.map((one) => ({ ...one, passes: Math.min(one.passes, one.done + passesIn(leftS, onceS)) }));
    if (given.every(({ done, passes }, i) => passes >= Math.min(chosen[i]!.passes, done < plans ? plans : GROWTH * done))) return given;
  }
  return [];
}

/** Evidence that grows by less than half is seldom worth a look. */
const GROWTH = 1.5;
