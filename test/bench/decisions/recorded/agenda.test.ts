import { expect, test } from "vitest";
import { agendaOf, nextSlot } from "../../../../bench/decisions/recorded/agenda.ts";

const SERVERS = [
  { name: "one", changes: ["slower", "smaller"] },
  { name: "two", changes: ["slower"] },
];

test("holds every comparison once, servers in turn", () => {
  const agenda = agendaOf(SERVERS, { equal: 16, changed: 6, budget: 1 });
  expect(agenda).toHaveLength(2 * 22);
  expect(new Set(agenda.map(({ id }) => id)).size).toBe(2 * 22);
  expect(agenda.slice(0, 4).map(({ server }) => server)).toEqual(["one", "two", "one", "two"]);
  expect(agenda.filter(({ change }) => change === "smaller")).toHaveLength(3);
});

test("what ends it halfway leaves both kinds in their proportion", () => {
  const agenda = agendaOf(SERVERS, { equal: 16, changed: 6, budget: 1 });
  const half = agenda.slice(0, agenda.length / 2);
  expect(half.filter(({ kind }) => kind === "A/B")).toHaveLength(6);
});

test("equal arms start first equally often, with either seed", () => {
  const equal = agendaOf(SERVERS, { equal: 16, changed: 6, budget: 1 }).filter(({ kind, server }) => kind === "A/A" && server === "one");
  for (const first of ["base", "head"]) {
    for (const seed of [1, 2]) expect(equal.filter((slot) => slot.first === first && slot.seed === seed)).toHaveLength(4);
  }
});

test("comparisons that may go on have names of their own", () => {
  const ids = (budget: number) => agendaOf(SERVERS, { equal: 1, changed: 1, budget }).map(({ id }) => id);
  expect(new Set([...ids(1), ...ids(4)]).size).toBe(8);
});

test("a server without changes has A/A comparisons only", () => {
  expect(agendaOf([{ name: "one", changes: [] }], { equal: 2, changed: 6, budget: 1 }).map(({ kind }) => kind)).toEqual(["A/A", "A/A"]);
});

test("spoiled comparisons come again after all others, three times at most", () => {
  const agenda = agendaOf([{ name: "one", changes: [] }], { equal: 2, changed: 0, budget: 1 });
  const [a, b] = agenda.map(({ id }) => id) as [string, string];
  const made: { id: string; verdict: string }[] = [];
  const make = (verdict: string) => {
    const slot = nextSlot(agenda, made);
    if (slot !== undefined) made.push({ id: slot.id, verdict });
    return slot?.id;
  };
  expect(make("invalid")).toBe(a);
  expect(make("inconclusive")).toBe(b);
  expect(make("invalid")).toBe(a);
  expect(make("invalid")).toBe(a);
  expect(make("invalid")).toBeUndefined();
});
