import { type ConnectPhases, openConnector, type Route } from "../connector.ts";
import { type Connection, type HttpHandler, openConnection, type WireRequest } from "../http.ts";
import { openStreamSlots } from "./streams.ts";

/** A request, as its connection sees it. */
export type SlotUser = HttpHandler & {
  /** The connection is opened for this request, and heard of again where it came about. */
  readonly connectBegan: () => void;
  readonly connectEnded: (phases: ConnectPhases) => void;
  /** HTTP/2: the request waits for a connection that another one opens. */
  readonly waitBegan: () => void;
  readonly waitEnded: () => void;
};

/** The place of one request on a connection. */
export type Slot = {
  /** The connection had answered before; and nothing else was under way on it when the request came. */
  readonly reused: boolean;
  readonly wasIdle: boolean;
  readonly dispatch: (wire: WireRequest, traceparent?: string) => void;
};

/**
 * All connections to one endpoint. The last one given back is the first taken again: the number of open connections stays
 * at what the load needs, and taking one costs the same whether 1 or 10,000 are busy (a pool that searches does not).
 */
export type Slots = {
  /** What is done once before the first request. */
  readonly prepare: () => Promise<void>;
  readonly take: (user: SlotUser) => Slot;
  /** The request was answered and its connection may serve another. */
  readonly give: (slot: Slot) => void;
  /** Gives the request up, and its connection where it carries nothing else. */
  readonly drop: (slot: Slot) => void;
  readonly close: () => Promise<void>;
};

/** @throws {InputError} on a proxy that is no URL. */
export function openSlots(origin: string, route: Route): Slots {
  const connector = openConnector(origin, route);
  const { http, reuse, requestsEach = Number.POSITIVE_INFINITY, streams } = route.connection;
  const most = reuse === "new" ? { requestsEach: 1, streams: 1 } : { requestsEach, streams };
  return http === "2" ? openStreamSlots(origin, connector, most) : openSocketSlots(origin, connector, most.requestsEach);
}

/** HTTP/1.1: one connection, one request at a time. Opens itself again if the server closes it between two requests. */
type SocketSlot = Slot & { readonly connection: Connection; user: SlotUser | undefined; reused: boolean; requests: number };

function openSocketSlots(origin: string, connector: ReturnType<typeof openConnector>, requestsEach: number): Slots {
  const free: SocketSlot[] = [];
  const all = new Set<SocketSlot>();
  const open = (user: SlotUser): SocketSlot => {
    const connection = openConnection(origin, connector, {
      began: () => {
        slot.reused = false;
        slot.requests = 0;
        slot.user?.connectBegan();
      },
      ended: (phases) => {
        if (phases !== undefined) slot.user?.connectEnded(phases);
      },
    });
    const slot: SocketSlot = {
      user,
      reused: false,
      wasIdle: true,
      requests: 0,
      connection,
      dispatch: (wire, traceparent) => connection.dispatch(wire, slot.user!, slot.requests + 1 >= requestsEach, traceparent),
    };
    all.add(slot);
    return slot;
  };
  const leave = async (slot: SocketSlot, how: "close" | "destroy") => {
    slot.user = undefined;
    await slot.connection[how]();
    all.delete(slot);
  };
  return {
    prepare: connector.prepare,
    take(user) {
      const slot = free.pop();
      if (slot === undefined) return open(user);
      slot.user = user;
      return slot;
    },
    give(given) {
      const slot = given as SocketSlot;
      slot.user = undefined;
      slot.reused = true;
      if (++slot.requests >= requestsEach) void leave(slot, "close");
      else free.push(slot);
    },
    drop: (slot) => void leave(slot as SocketSlot, "destroy"),
    async close() {
      free.length = 0;
      await Promise.all([...all].map((slot) => leave(slot, "destroy")));
    },
  };
}
