import type { Connector, ConnectPhases } from "../connector.ts";
import type { WireRequest } from "../http.ts";
import { type Http2Connection, openHttp2 } from "../http2.ts";
import type { Slot, Slots, SlotUser } from "./slots.ts";

/** One HTTP/2 connection with its streams. */
type Line = {
  readonly connection: Http2Connection;
  /** Streams that it takes at once: as many as the suite wants, until the endpoint allows less. */
  room: number;
  busy: number;
  /** Requests that it got in its life. */
  requests: number;
  state: "opening" | "open" | "closed";
  /** It gets no further request, and is closed when the last one has ended. */
  retired: boolean;
  answered: boolean;
  isListed: boolean;
  /** Requests that wait for it to open, the one that opens it first. */
  waiting: StreamSlot[];
};

type StreamSlot = Slot & {
  readonly user: SlotUser;
  line: Line;
  reused: boolean;
  wasIdle: boolean;
  wire: WireRequest | undefined;
  traceparent: string | undefined;
  cancel: () => void;
  /** What had come over the connection when the request was sent. */
  bytesBefore: number;
};

/**
 * Slots of HTTP/2 connections, each with up to `streams` requests under way. The connection that had room last is the
 * next one used; when all are full, another is opened.
 *
 * A connection that is being opened has as much room as an open one. A burst of n requests on a cold start thus opens
 * ⌈n / streams⌉ connections, as one user's client would, and not n; those that wait for another's handshake have the
 * wait in their latency. An endpoint that allows fewer streams gets the rest on further connections.
 *
 * A connection that breaks fails each of its streams by itself. One that closes in order (GOAWAY) still answers what it
 * took; what it did not take fails, because sending it again unasked would hide the failure.
 */
export function openStreamSlots(
  origin: string,
  connector: Connector,
  { streams, requestsEach }: { readonly streams: number; readonly requestsEach: number },
): Slots {
  /** Lines that may have room, the one to be used next at the end. A line that has none leaves when it is found. */
  const roomy: Line[] = [];
  const all = new Set<Line>();

  function openLine(): Line {
    const connection = openHttp2(origin, connector, {
      opened: (most, phases) => opened(line, most, phases),
      closed: (error) => closed(line, error),
    });
    const line: Line = {
      connection,
      room: streams,
      busy: 0,
      requests: 0,
      state: "opening",
      retired: false,
      answered: false,
      isListed: true,
      waiting: [],
    };
    all.add(line);
    roomy.push(line);
    return line;
  }

  const isUsedUp = (line: Line): boolean => line.retired || line.state === "closed" || line.requests >= requestsEach;
  const hasRoom = (line: Line): boolean => !isUsedUp(line) && line.busy < line.room;

  /** The line for the next request, which counts as its user from now on. */
  function join(): Line {
    let line = roomy.at(-1);
    for (; line !== undefined && !hasRoom(line); line = roomy.at(-1)) {
      line.isListed = false;
      roomy.pop();
    }
    line ??= openLine();
    line.busy++;
    line.requests++;
    return line;
  }

  function leave(line: Line): void {
    line.busy--;
    if (line.busy === 0 && isUsedUp(line)) void end(line);
    else if (!line.isListed && hasRoom(line)) {
      line.isListed = true;
      roomy.push(line);
    }
  }

  async function end(line: Line): Promise<void> {
    line.state = "closed";
    await line.connection.destroy();
    all.delete(line);
  }

  function opened(line: Line, most: number, phases: ConnectPhases): void {
    line.state = "open";
    line.room = Math.min(streams, most);
    const { waiting } = line;
    line.waiting = [];
    waiting[0]?.user.connectEnded(phases);
    for (const slot of waiting.slice(1)) slot.user.waitEnded();
    for (const slot of waiting.slice(0, line.room)) transmit(slot);
    for (const slot of waiting.slice(line.room)) {
      line.busy--;
      line.requests--;
      settle(slot, join());
      begin(slot);
    }
  }

  function closed(line: Line, error: Error | undefined): void {
    const { waiting } = line;
    line.state = "closed";
    line.waiting = [];
    if (error !== undefined) for (const slot of waiting) slot.user.onResponseError(undefined, error);
    if (line.busy === 0) void end(line);
  }

  function begin(slot: StreamSlot): void {
    const { line, user } = slot;
    if (line.state === "open") return transmit(slot);
    line.waiting.push(slot);
    if (line.waiting.length > 1) return user.waitBegan();
    user.connectBegan();
    return line.connection.open();
  }

  function transmit(slot: StreamSlot): void {
    const { line, user, wire, traceparent } = slot;
    slot.bytesBefore = line.connection.bytesRead();
    slot.cancel = line.connection.send(wire!, user, traceparent);
  }

  return {
    prepare: connector.prepare,
    take(user) {
      const slot: StreamSlot = {
        user,
        line: join(),
        reused: false,
        wasIdle: false,
        wire: undefined,
        traceparent: undefined,
        cancel: () => {},
        bytesBefore: 0,
        dispatch: (wire, traceparent) => {
          slot.wire = wire;
          slot.traceparent = traceparent;
          begin(slot);
        },
      };
      settle(slot, slot.line);
      return slot;
    },
    give(given) {
      const { line } = given as StreamSlot;
      line.answered = true;
      leave(line);
    },
    drop(given) {
      const slot = given as StreamSlot;
      const { line } = slot;
      slot.cancel();
      line.waiting = line.waiting.filter((other) => other !== slot);
      // Nothing at all came since the request was sent: the connection may be dead, and gets no further request.
      if (line.connection.bytesRead() === slot.bytesBefore) line.retired = true;
      leave(line);
    },
    async close() {
      roomy.length = 0;
      await Promise.all([...all].map(end));
    },
  };
}

function settle(slot: StreamSlot, line: Line): void {
  slot.line = line;
  slot.reused = line.answered;
  slot.wasIdle = line.busy === 1;
}
