import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { shareOut, type Wish } from "../../../src/core/decide/share-out.ts";
import { shareAmong } from "../../../src/core/plan/allowance.ts";
import type { LooksRecord } from "../../../src/core/record/run-record.ts";

type Seen = { readonly done: number; readonly wish: Wish };

/** Four passes over each, of a second; `parts` go on at once. */
function share(
  seen: Readonly<Record<string, Seen>>,
  parts: readonly (readonly string[])[] = Object.keys(seen).map((name) => [name]),
  plans = 4,
) {
  const allowance = shareAmong(
    plans,
    plans * parts.length,
    parts.map((names) => ({ names, passS: 1 })),
  );
  const mostOf = (name: string): number => allowance.parts.find(({ names }) => names.includes(name))!.most;
  const looks = new Map(
    Object.entries(seen).map(([name, { done }]): [string, LooksRecord] => [name, { passes: [done], most: mostOf(name) }]),
  );
  const wishes = new Map(
    Object.entries(seen).map(([name, { wish }]): [string, Wish] => [
      name,
      wish.stopped === undefined ? { ...wish, passes: Math.min(wish.passes, mostOf(name)) } : wish,
    ]),
  );
  return Object.fromEntries(shareOut(wishes, looks, allowance));
}

const decided = (done: number): Seen => ({ done, wish: { stopped: "decided" } });
const open = (done: number, need = 10): Seen => ({ done, wish: { passes: 2 * done, need } });

describe("the time that is left", () => {
  test("what one scenario leaves goes to the other", () => {
    expect(share({ a: decided(1), b: open(4) })).toEqual({ a: { stopped: "decided" }, b: { passes: 7 } });
  });

  test("no scenario takes another one's share", () => {
    expect(share({ a: open(2), b: open(2) })).toEqual({ a: { passes: 4 }, b: { passes: 4 } });
    expect(share({ a: open(4), b: open(4) })).toEqual({ a: { stopped: "budget" }, b: { stopped: "budget" } });
  });

  test("goes to those that need least, as far as it is worth a look", () => {
    // Sixteen passes in all, thirteen are played: three are left, for one that has four already.
    const seen = { a: decided(1), b: open(4, 40), c: open(4, 9), d: open(4, 30) };
    expect(share(seen)).toEqual({ a: { stopped: "decided" }, b: { stopped: "budget" }, c: { passes: 7 }, d: { stopped: "budget" } });
    // Six are left: two each would do for three, and there are two.
    expect(share({ ...seen, b: decided(1) })).toMatchObject({ c: { passes: 7 }, d: { passes: 7 } });
    // One is left, which nobody would notice.
    expect(share({ a: decided(3), b: open(4), c: open(4), d: open(4) })).toMatchObject({
      b: { stopped: "budget" },
      d: { stopped: "budget" },
    });
  });

  test("what looks like a regression has its share first, and the others wait for it", () => {
    const suspect = (done: number, confirm: number): Seen => ({ done, wish: { passes: 2 * done, need: 1, confirm } });
    expect(share({ a: open(1), b: suspect(1, 6), c: suspect(1, 3), d: decided(1) })).toEqual({
      a: { waits: true },
      b: { waits: true },
      c: { passes: 2 },
      d: { stopped: "decided" },
    });
    expect(share({ a: open(1), b: open(1), c: suspect(2, 4) })).toEqual({ a: { waits: true }, b: { waits: true }, c: { passes: 4 } });
    // It has had its share: now the others, and those first that were measured least.
    expect(share({ a: open(1), b: open(2), c: suspect(4, 6) })).toEqual({ a: { passes: 2 }, b: { waits: true }, c: { waits: true } });
    expect(share({ a: open(2), b: open(2), c: suspect(4, 6) })).toEqual({ a: { passes: 4 }, b: { passes: 4 }, c: { waits: true } });
    // What is left beyond the shares is for those that need least, as ever.
    expect(share({ a: decided(1), b: decided(1), c: suspect(4, 6) })).toMatchObject({ c: { passes: 8 } });
  });

  test("an odd budget is used to its end", () => {
    expect(share({ a: open(4) }, [["a"]], 5)).toEqual({ a: { passes: 5 } });
    // Where nobody waits, a share is no reason to stop for a look.
    expect(share({ a: decided(1), b: open(4) }, [["a"], ["b"]], 5)).toMatchObject({ b: { passes: 8 } });
    expect(share({ a: open(2), b: open(4) }, [["a"], ["b"]], 5)).toEqual({ a: { passes: 4 }, b: { waits: true } });
    expect(share({ a: open(8), b: open(8) }, [["a"], ["b"]], 9)).toEqual({ a: { passes: 9 }, b: { passes: 9 } });
  });

  test("those that run at once go on at once, when one of them is undecided", () => {
    const seen = { a: decided(1), b: open(1), c: decided(1) };
    expect(share(seen, [["a", "b"], ["c"]])).toEqual({ a: { passes: 2 }, b: { passes: 2 }, c: { stopped: "decided" } });
  });

  test("a run is never longer than its budget, and each scenario that wants it has its own share", () => {
    const wish = fc.oneof(
      fc.constantFrom("decided" as const, "futile" as const).map((stopped): Wish => ({ stopped })),
      fc.double({ min: 0.1, max: 1e6, noNaN: true }).map((need): Wish => ({ passes: 0, need })),
      fc.double({ min: 1, max: 8, noNaN: true }).map((confirm): Wish => ({ passes: 0, need: 1, confirm })),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 20 }),
        fc.array(fc.record({ passS: fc.integer({ min: 1, max: 60 }), wishes: fc.array(wish, { minLength: 40, maxLength: 40 }) }), {
          minLength: 1,
          maxLength: 6,
        }),
        (plans, parts) => {
          const allowance = shareAmong(
            plans,
            plans * parts.reduce((sum, { passS }) => sum + passS, 0),
            parts.map(({ passS }, i) => ({ names: [`${i}`], passS })),
          );
          let looks = new Map(allowance.parts.map(({ names: [name], most }): [string, LooksRecord] => [name!, { passes: [1], most }]));
          for (let look = 0; look < 40; look++) {
            const wishes = new Map(
              [...looks].map(([name, { passes, most, stopped }]): [string, Wish] => {
                const drawn = parts[Number(name)]!.wishes[look]!;
                const done = passes.at(-1)!;
                if (stopped !== undefined) return [name, { stopped }];
                if (drawn.stopped === undefined && done >= most) return [name, { stopped: "budget" }];
                return [name, drawn.stopped === undefined ? { ...drawn, passes: Math.min(2 * done, most) } : drawn];
              }),
            );
            const next = shareOut(wishes, looks, allowance);
            looks = new Map(
              [...looks].map(([name, known]) => {
                const word = next.get(name)!;
                if (word.stopped === "budget") expect(known.passes.at(-1)).toBeGreaterThanOrEqual(plans);
                if (word.stopped !== undefined) return [name, { ...known, stopped: word.stopped }];
                return [name, word.passes === undefined ? known : { ...known, passes: [...known.passes, word.passes] }];
              }),
            );
            const going = [...next].flatMap(([name, { passes }]) => (passes === undefined ? [] : [{ passes, looks: looks.get(name)! }]));
            // Those that go on have had as many passes, and get as many: whoever plays them relies on it.
            expect(new Set(going.map(({ passes, looks: { passes: had } }) => `${had.at(-2)} ${passes}`)).size).toBeLessThanOrEqual(1);
            // Nobody waits for nothing.
            if ([...next.values()].some((word) => "waits" in word)) expect(going.length).toBeGreaterThan(0);
            const playedS = [...looks].reduce((sum, [name, { passes }]) => sum + passes.at(-1)! * parts[Number(name)]!.passS, 0);
            expect(playedS).toBeLessThanOrEqual(allowance.totalS);
          }
          expect([...looks.values()].every(({ stopped }) => stopped !== undefined)).toBe(true);
        },
      ),
    );
  });
});
