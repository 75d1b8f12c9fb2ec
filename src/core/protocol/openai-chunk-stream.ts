import type { Outcome } from "../record/outcome.ts";
import { dataOfOne, type EventStream, openEventStream, type StampedEvent } from "./event-stream.ts";
import { excerpt, failed, inBandError } from "./failure.ts";
import { type ChatChunk, readChunk } from "./openai-chunk.ts";
import { findPiece, fixedShapeOf, isFixed, type Piece, type TokenShape, tokenShapeOf } from "./token-shape.ts";

/** One event of a stream of completions. A failed result is an error in the stream, or an event that is no JSON. */
export type ChunkEvent = ChatChunk | Failed | "done";
type Failed = Extract<Outcome["result"], { readonly kind: "failed" }>;

/** Is told of each event, with the time of its first byte. */
export type ChunkSink = { readonly take: (event: ChunkEvent, atNs: number) => void };

/**
 * Reads a stream of completions event by event, each with the time of its first byte.
 *
 * Most events differ from others in nothing but the piece of the answer. Those are known by their bytes, and are
 * not decoded, cut into lines and parsed, which is most of what reading a stream costs; see {@link TokenShape}.
 *
 * An object of few fields and no closures, here and in the sink: between two tokens of one stream come those of all others,
 * so that each place in memory that only this stream uses is fetched anew, which takes longer than comparing the event.
 */
export class ChunkStream {
  readonly #sink: ChunkSink;
  readonly #keepsText: boolean;
  readonly #shapes: TokenShapes;
  #shape: KnownShape | undefined;
  #tries = MOST_TRIES;
  #isBetween = true;
  #first: ChunkEvent | undefined;
  #events: EventStream | undefined;

  /**
   * @param keepsText whether anybody looks at the text of a chunk. Where nobody does it may be empty.
   * @param shapes what the streams of one endpoint learn from each other. It changes nothing of what is read.
   */
  constructor(sink: ChunkSink, keepsText: boolean, shapes: TokenShapes) {
    this.#sink = sink;
    this.#keepsText = keepsText;
    this.#shapes = shapes;
  }

  /** Hands on the events that the bytes complete; false once the stream cannot be followed any more. */
  feed(bytes: Uint8Array, atNs: number): boolean {
    const read = this.#isBetween ? this.#skim(bytes, atNs) : 0;
    if (read === bytes.length) return true;
    const rest = read === 0 ? bytes : bytes.subarray(read);
    const data = this.#isBetween ? dataOfOne(rest) : undefined;
    if (data !== undefined) {
      const chunk = readEvent({ data, event: undefined, atNs });
      this.#sink.take(chunk, atNs);
      this.#learn(rest, chunk);
      return true;
    }
    this.#first = undefined;
    this.#events ??= openEventStream((event) => {
      const chunk = readEvent(event);
      this.#first ??= chunk;
      this.#sink.take(chunk, event.atNs);
    });
    const goesOn = this.#events.feed(rest, atNs);
    if (this.#isBetween) this.#learn(rest, this.#first);
    this.#isBetween = this.#events.isBetween();
    return goesOn;
  }

  /** @returns where the first event begins that has no shape that is known. */
  #skim(bytes: Uint8Array, atNs: number): number {
    const shapes = this.#shapes;
    let from = 0;
    if (shapes.length === 0) return from;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    let shape = this.#shape;
    while (from < bytes.length) {
      if (shape === undefined || !findPiece(bytes, view, from, shape, PIECE)) {
        const other = shapes.find((each) => each !== shape && findPiece(bytes, view, from, each, PIECE));
        if (other === undefined) break;
        // What a stream begins or ends with comes once.
        if (!other.isFixed) this.#shape = shape = other;
        else {
          from = PIECE.behind;
          this.#sink.take(other.event, atNs);
          continue;
        }
      }
      from = PIECE.behind;
      this.#sink.take(this.#eventOf(shape, bytes), atNs);
      if (this.#tries !== MOST_TRIES) this.#tries = MOST_TRIES;
    }
    return from;
  }

  #eventOf(shape: KnownShape, bytes: Uint8Array): KnownShape["event"] {
    if (PIECE.end === PIECE.start) return NO_TOKEN;
    return this.#keepsText && shape.isVisible ? tokenOf(shape, textOf(bytes, PIECE)) : shape.event;
  }

  /** @param first of the events that the bytes hold; undefined where they complete none. */
  #learn(bytes: Uint8Array, first: ChunkEvent | undefined): void {
    const shapes = this.#shapes;
    if (this.#tries === 0 || first === undefined || (first !== "done" && !isChunk(first))) return;
    if (!hasToken(first) && (!isFixed(first) || shapes.filter((each) => each.isFixed).length >= MOST_FIXED)) return;
    this.#tries -= 1;
    const learned = shapeIn(bytes, first);
    if (learned === undefined) return;
    if (learned.isFixed) shapes.push(learned);
    else {
      shapes.unshift(learned);
      this.#shape = learned;
    }
    if (shapes.length > MOST_SHAPES) shapes.pop();
  }
}

/**
 * The shapes that an endpoint's events have, newest first: reasoning and answer, or one for each alternative. Behind them
 * what its streams begin and end with.
 */
export type TokenShapes = KnownShape[];
type KnownShape = TokenShape & { readonly isFixed: boolean; readonly event: ChatChunk | "done" };
const MOST_SHAPES = 8;
/** Of them those that have no piece. */
const MOST_FIXED = 4;

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

const hasToken = (event: ChatChunk | "done"): event is ChatChunk => event !== "done" && event.hasToken;

/** Of the first event in bytes that begin with it. */
function shapeIn(bytes: Uint8Array, event: ChatChunk | "done"): KnownShape | undefined {
  const text = new TextDecoder().decode(bytes);
  const [blank] = /\r?\n\r?\n/.exec(text) ?? [];
  if (blank === undefined) return undefined;
  const whole = text.slice(0, text.indexOf(blank) + blank.length);
  if (!hasToken(event)) {
    const shape = fixedShapeOf(whole, readAlone);
    return shape && { ...shape, isFixed: true, event };
  }
  const shape = tokenShapeOf(whole, (text) => {
    const read = readAlone(text);
    return read === "done" ? undefined : read;
  });
  return shape && { ...shape, isFixed: false, event: tokenOf(shape, "") };
}

/** What a whole stream of a single event holds that is no failure. */
function readAlone(text: string): ChatChunk | "done" | undefined {
  const read: ChunkEvent[] = [];
  const events = openEventStream((event) => read.push(readEvent(event)));
  events.feed(new TextEncoder().encode(text), 0);
  const [event] = read;
  return event !== undefined && read.length === 1 && (event === "done" || isChunk(event)) ? event : undefined;
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
