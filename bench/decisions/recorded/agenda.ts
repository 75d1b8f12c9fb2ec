/** One comparison that is to be made: a base and a head, each a process that is started for it. */
export type Slot = {
  readonly id: string;
  readonly server: string;
  readonly kind: "A/A" | "A/B";
  /** What differs in the head; undefined for A/A. */
  readonly change: string | undefined;
  /** Which arm is started first. */
  readonly first: "base" | "head";
  /** Of the suite: arrivals, payloads and the order of the arms. */
  readonly seed: number;
  /** Passes that an undecided comparison may take: 1 is a fixed length. */
  readonly budget: number;
};

/** A spoiled comparison is made again, but not forever. */
const MOST_ATTEMPTS = 3;

/**
 * All comparisons in their order: servers take turns, and the changes of each lie evenly among its A/A comparisons, so
 * that whatever ends the bench early leaves a fair part of everything. Which arm starts first alternates, and two seeds
 * take turns, each for two comparisons of a kind; runs of one seed offered the same requests.
 *
 * @param equal A/A comparisons of each server; @param changed A/B comparisons of each server, shared by its changes.
 * @param budget of every comparison.
 */
export function agendaOf(
  servers: readonly { readonly name: string; readonly changes: readonly string[] }[],
  { equal, changed, budget }: { readonly equal: number; readonly changed: number; readonly budget: number },
): readonly Slot[] {
  const turns = servers.map(({ name, changes }) => {
    const slots = (kind: Slot["kind"], count: number) =>
      Array.from({ length: changes.length === 0 && kind === "A/B" ? 0 : count }, (_, i) => {
        const change = kind === "A/A" ? undefined : changes[i % changes.length];
        // Every change meets both orders and both seeds: its own turns count, not those of the kind.
        const turn = kind === "A/A" ? i : Math.floor(i / changes.length);
        const first = turn % 2 === 0 ? ("base" as const) : ("head" as const);
        const seed = 1 + (Math.floor(turn / 2) % 2);
        const id = `${name}-${kind === "A/A" ? "aa" : "ab"}-${i + 1}${budget === 1 ? "" : `-budget-${budget}`}`;
        return { at: (i + 0.5) / count, slot: { id, server: name, kind, change, first, seed, budget } };
      });
    return [...slots("A/A", equal), ...slots("A/B", changed)].toSorted((a, b) => a.at - b.at).map(({ slot }) => slot);
  });
  return Array.from({ length: Math.max(0, ...turns.map((slots) => slots.length)) }, (_, i) =>
    turns.flatMap((slots) => slots[i] ?? []),
  ).flat();
}

/** The slot to fill next: in the order of the agenda, spoiled ones again after all others; undefined when nothing is left to do. */
export function nextSlot(agenda: readonly Slot[], made: readonly { readonly id: string; readonly verdict: string }[]): Slot | undefined {
  const open = agenda.flatMap((slot) => {
    const own = made.filter(({ id }) => id === slot.id);
    const isOpen = own.length < MOST_ATTEMPTS && own.every(({ verdict }) => verdict === "invalid");
    return isOpen ? [{ slot, attempts: own.length }] : [];
  });
  return open.toSorted((a, b) => a.attempts - b.attempts)[0]?.slot;
}
