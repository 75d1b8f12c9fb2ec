import { type Connection, openConnection } from "../http.ts";

/** What a connection tells the one request that is using it. */
export type SlotUser = { readonly connectBegan: () => void; readonly connectEnded: () => void };

/** One connection and who is using it. A slot carries one request at a time. */
export type Slot = {
  readonly connection: Connection;
  user: SlotUser | undefined;
  /** The open socket has answered a request before. */
  reused: boolean;
};

/**
 * All connections to one endpoint. The last one given back is the first taken again: the number of open connections stays
 * at what the load needs, and taking one costs the same whether 1 or 10,000 are busy (a pool that searches does not).
 */
export type Slots = {
  readonly take: (user: SlotUser) => Slot;
  /** The request was answered and the connection may serve another. Opens itself again if the server closes it meanwhile. */
  readonly give: (slot: Slot) => void;
  /** Gives the request up and its connection with it. */
  readonly drop: (slot: Slot) => void;
  readonly close: () => Promise<void>;
};

export function openSlots(origin: string): Slots {
  const free: Slot[] = [];
  const all = new Set<Slot>();
  const open = (user: SlotUser): Slot => {
    const slot: Slot = {
      user,
      reused: false,
      connection: openConnection(origin, {
        began: () => {
          slot.reused = false;
          slot.user?.connectBegan();
        },
        ended: (connected) => {
          if (connected) slot.user?.connectEnded();
        },
      }),
    };
    all.add(slot);
    return slot;
  };
  const drop = async (slot: Slot) => {
    slot.user = undefined;
    await slot.connection.destroy();
    all.delete(slot);
  };
  return {
    take(user) {
      const slot = free.pop();
      if (slot === undefined) return open(user);
      slot.user = user;
      return slot;
    },
    give(slot) {
      slot.user = undefined;
      slot.reused = true;
      free.push(slot);
    },
    drop: (slot) => void drop(slot),
    async close() {
      free.length = 0;
      await Promise.all([...all].map(drop));
    },
  };
}
