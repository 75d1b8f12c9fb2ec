import type { Outcome } from "../record/outcome.ts";
import { openEventStream, type StampedEvent } from "./event-stream.ts";
import { excerpt, failed, inBandError } from "./failure.ts";
import { type ChatChunk, readChunk } from "./openai-chunk.ts";
import { findPiece, type Piece, type TokenShape, tokenShapeOf } from "./token-shape.ts";

/** One event of a stream of completions. A failed result is an error in the stream, or an event that is no JSON. */
export type ChunkEvent = ChatChunk | Failed | "done";
type Failed = Extract<Outcome["result"], { readonly kind: "failed" }>;

/** `feed` hands on the events that the bytes complete; it returns false once the stream cannot be followed any more. */
export type ChunkStream = { readonly feed: (bytes: Uint8Array, atNs: number) => boolean };

/**
 * Reads a stream of completions event by event, each with the time of its first byte.
 *
 * Most events differ from others in nothing but the piece of the answer. Those are known by their bytes, and are
 * not decoded, cut into lines and parsed, which is most of what reading a stream costs; see {@link TokenShape}.
 *
 * @param keepsText whether anybody looks at the text of a chunk. Where nobody does it may be empty.
 * @param shapes what the streams of one endpoint learn from each other. It changes nothing of what is read.
 */
export function openChunkStream(
  keepsText: boolean,
  onEvent: (event: ChunkEvent, atNs: number) => void,
  shapes: TokenShapes = [],
): ChunkStream {
  let shape: KnownShape | undefined;
  let tries = MOST_TRIES;
  let isBetween = true;
  let first: ChunkEvent | undefined;
  const events = openEventStream((event) => {
    const read = readEvent(event);
    first ??= read;
    onEvent(read, event.atNs);
  });

  /** @returns where the first event begins that has no shape that is known. */
  function skim(bytes: Uint8Array, atNs: number): number {
    let from = 0;
    if (shapes.length === 0) return from;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    while (from < bytes.length) {
      if (shape === undefined || !findPiece(bytes, view, from, shape, PIECE)) {
        const other = shapes.find((each) => each !== shape && findPiece(bytes, view, from, each, PIECE));
        if (other === undefined) break;
        shape = other;
      }
      const { start, end, behind } = PIECE;
      const event = keepsText && shape.isVisible ? tokenOf(shape, textOf(bytes, PIECE)) : shape.token;
      onEvent(end === start ? NO_TOKEN : event, atNs);
      from = behind;
      tries = MOST_TRIES;
    }
    return from;
  }

  function learn(bytes: Uint8Array): void {
    if (tries === 0 || first === undefined || !isChunk(first) || !first.hasToken) return;
    tries -= 1;
    const learned = shapeIn(bytes);
    if (learned === undefined) return;
    shape = { ...learned, token: tokenOf(learned, "") };
    shapes.unshift(shape);
    if (shapes.length > MOST_SHAPES) shapes.pop();
  }

  return {
    feed: (bytes, atNs) => {
      const read = isBetween ? skim(bytes, atNs) : 0;
      if (read === bytes.length) return true;
      const rest = read === 0 ? bytes : bytes.subarray(read);
      first = undefined;
      const goesOn = events.feed(rest, atNs);
      if (isBetween) learn(rest);
      isBetween = events.isBetween();
      return goesOn;
    },
  };
}

/** The shapes that an endpoint's events have, newest first: reasoning and answer, or one for each alternative. */
export type TokenShapes = KnownShape[];
type KnownShape = TokenShape & { readonly token: ChatChunk };
const MOST_SHAPES = 8;

/** Where the last piece was found: one object for all, because there is a piece every few microseconds. */
const PIECE: Piece = { start: 0, end: 0, behind: 0, isEscaped: false };

/** Events in a row whose shape is looked for in vain, before the stream is taken for one whose events have none. */
const MOST_TRIES = 6;

const tokenOf = ({ isVisible, isSaid }: Pick<TokenShape, "isVisible" | "isSaid">, piece: string): ChatChunk => ({
  hasToken: true,
  hasOutput: isVisible,
  text: piece,
  said: isSaid ? piece : "",
  callsTool: false,
  finished: false,
  usageTokens: undefined,
  prompt: undefined,
});
const NO_TOKEN: ChatChunk = { ...tokenOf({ isVisible: false, isSaid: false }, ""), hasToken: false };
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function textOf(bytes: Uint8Array, { start, end, isEscaped }: Piece): string {
  const text = decoder.decode(bytes.subarray(start, end));
  return isEscaped ? (JSON.parse(`"${text}"`) as string) : text;
}

const isChunk = (event: ChunkEvent): event is ChatChunk => event !== "done" && !("kind" in event);

/** Of the first event in bytes that begin with it. */
function shapeIn(bytes: Uint8Array): TokenShape | undefined {
  const text = new TextDecoder().decode(bytes);
  const [blank] = /\r?\n\r?\n/.exec(text) ?? [];
  return blank === undefined ? undefined : tokenShapeOf(text.slice(0, text.indexOf(blank) + blank.length), readAlone);
}

/** What a whole stream of a single chunk holds. */
function readAlone(text: string): ChatChunk | undefined {
  const read: ChunkEvent[] = [];
  const events = openEventStream((event) => read.push(readEvent(event)));
  events.feed(new TextEncoder().encode(text), 0);
  const [event] = read;
  return event !== undefined && read.length === 1 && isChunk(event) ? event : undefined;
}

function readEvent({ data, event }: StampedEvent): ChunkEvent {
  if (data.trim() === "[DONE]") return "done";
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return failed("body", `expected an event with JSON, got ${excerpt(data)}`);
  }
  const error = inBandError(value);
  if (error !== undefined) return error;
  if (event === "error") return failed("in-band", `the stream holds an error event: ${excerpt(JSON.stringify(value))}`);
  return readChunk(value);
}
