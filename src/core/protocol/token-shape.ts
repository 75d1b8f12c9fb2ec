import type { ChatChunk } from "./openai-chunk.ts";

/**
 * What surrounds the piece of the answer in the events of an endpoint, from the first byte of an event to the end of the
 * blank line after it. An event of this shape is the same event but for that one string, the name of the completion and
 * its time.
 */
export type TokenShape = {
  /** What is the same in all of them, and what stands behind each part of it; behind the last there is nothing. */
  readonly parts: readonly (Fixed & { readonly hole: Hole | undefined })[];
  /** Whether the piece is part of the visible answer; else it is reasoning. */
  readonly isVisible: boolean;
  /** Whether the assistant says it in the answer with which a conversation goes on: false for other alternatives. */
  readonly isSaid: boolean;
};

type Hole = "name" | "number" | "piece";

/** Bytes as words of four and what is left: an event is compared thousands of times a second, in caches that are cold. */
type Fixed = { readonly length: number; readonly words: Int32Array; readonly rest: Uint8Array };

/** They stand in no event of which a shape is made. */
const MARKS = { name: "\u0000", number: "\u0001", piece: "\u0002" } as const satisfies Record<Hole, string>;
const HOLES = Object.entries(MARKS) as readonly [Hole, string][];

/**
 * Learns the shape of an event that brings a token. Nothing is taken on trust: the event is read again with another piece
 * in that place and with none, and has to change as a token event changes, and in nothing else; and again with another name
 * and time, at which it must not change.
 *
 * @param text the event as it came, blank line included.
 * @param read reads a text that holds exactly one chunk; undefined for any other.
 * @returns undefined where no single string, free of quotes, escapes and control characters, is the whole token.
 */
export function tokenShapeOf(text: string, read: (text: string) => ChatChunk | undefined): TokenShape | undefined {
  if (HOLES.some(([, mark]) => text.includes(mark))) return undefined;
  for (const match of text.matchAll(PIECES)) {
    const [all, piece = ""] = match;
    const end = match.index + all.length - 1;
    const [before, after] = [text.slice(0, end - piece.length), text.slice(end)];
    const other = `${piece}.`;
    const [changed, emptied] = [read(before + other + after), read(before + after)];
    if (!isToken(changed) || emptied === undefined || emptied.hasToken) continue;
    const isVisible = changed.text === other && emptied.text === "";
    const isSaid = changed.said === other && emptied.said === "";
    const isWhole = (isVisible || changed.text === "") && (isSaid || changed.said === "") && changed.hasOutput === isVisible;
    if (!isWhole) continue;
    const isSame = (event: string) => isEqual(read(event.replace(MARKS.piece, () => other)), changed);
    return { parts: partsOf(loosened(before + MARKS.piece + after, isSame)), isVisible, isSaid };
  }
  return undefined;
}

/**
 * Learns the shape of an event that is the same in each answer but for name and time: the role at the start, the reason at
 * the end, the end itself. It has no piece.
 *
 * @param text an event that {@link isFixed}, as in {@link tokenShapeOf}.
 * @param read reads a text that holds exactly one event; undefined for any other.
 */
export function fixedShapeOf(text: string, read: (text: string) => ChatChunk | "done" | undefined): TokenShape | undefined {
  if (HOLES.some(([, mark]) => text.includes(mark))) return undefined;
  const event = read(text);
  if (event === undefined) return undefined;
  const isSame = (other: string) => {
    const changed = read(other);
    return changed === event || (changed !== "done" && event !== "done" && isEqual(changed, event));
  };
  return { parts: partsOf(loosened(text, isSame)), isVisible: false, isSaid: false };
}

/** Where the piece may be, in what JSON holds inside a string as it is. */
const PIECES = /"(?:content|text|reasoning_content|reasoning)"\s*:\s*"([^"\\\u0000-\u001f]+)"/g;
const encoder = new TextEncoder();

/** Marks what differs from one answer to the next, where the event means the same with another one. */
function loosened(event: string, isSame: (event: string) => boolean): string {
  const named = event.replace(/("id"\s*:\s*")[\w.:-]+(?=")/, `$1${MARKS.name}`);
  const isNamed = named !== event && isSame(named.replace(MARKS.name, "other-1"));
  const fixed = isNamed ? named : event;
  const timed = fixed.replace(/("created"\s*:\s*)(?:0|[1-9]\d*)(?=\s*[,}])/, `$1${MARKS.number}`);
  const isTimed = timed !== fixed && isSame(timed.replace(MARKS.number, "17").replace(MARKS.name, "other-2"));
  return isTimed ? timed : fixed;
}

function partsOf(event: string): TokenShape["parts"] {
  const parts: TokenShape["parts"][number][] = [];
  let from = 0;
  for (let at = 0; at <= event.length; at++) {
    const hole = HOLES.find(([, mark]) => mark === event[at])?.[0];
    if (hole === undefined && at < event.length) continue;
    parts.push({ ...fixed(encoder.encode(event.slice(from, at))), hole });
    from = at + 1;
  }
  return parts;
}

function fixed(bytes: Uint8Array): Fixed {
  const { length } = bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  const words = Int32Array.from({ length: length >> 2 }, (_, i) => view.getInt32(4 * i, true));
  return { length, words, rest: bytes.slice(4 * words.length) };
}

const isToken = (chunk: ChatChunk | undefined): chunk is ChatChunk =>
  chunk !== undefined &&
  chunk.hasToken &&
  !chunk.callsTool &&
  !chunk.finished &&
  chunk.usageTokens === undefined &&
  chunk.prompt === undefined;

/** Whether it may be the same in each answer: it brings no token, and no number that is another each time. */
export const isFixed = (event: ChatChunk | "done"): boolean =>
  event === "done" || (!event.hasToken && !event.callsTool && event.usageTokens === undefined && event.prompt === undefined);

const isEqual = (one: ChatChunk | undefined, other: ChatChunk): boolean =>
  one !== undefined && (Object.keys(other) as (keyof ChatChunk)[]).every((key) => one[key] === other[key]);

/** Where the piece of an event is: its first byte, the quote behind it, and the first byte behind the event. */
export type Piece = { start: number; end: number; behind: number; isEscaped: boolean };

/**
 * Finds the piece in an event of this shape that begins at `from`.
 *
 * @param view the same bytes.
 * @param piece is filled.
 * @returns false if the event is another, or is not whole.
 */
export function findPiece(bytes: Uint8Array, view: DataView, from: number, { parts }: TokenShape, piece: Piece): boolean {
  let at = from;
  for (const part of parts) {
    if (!isAt(bytes, view, at, part)) return false;
    at += part.length;
    const { hole } = part;
    if (hole === undefined) break;
    const start = at;
    if (hole === "piece") {
      piece.start = start;
      piece.isEscaped = false;
      while (at < bytes.length && bytes[at] !== QUOTE) {
        if (bytes[at]! < SPACE) return false;
        if (bytes[at] === BACKSLASH) {
          at += lengthOfEscape(bytes, at);
          piece.isEscaped = true;
        } else at++;
      }
      piece.end = at;
    } else {
      const kind = hole === "name" ? IN_NAME : IN_NUMBER;
      while (at < bytes.length && (KINDS[bytes[at]!]! & kind) !== 0) at++;
      // A number of JSON begins with no zero.
      if (at === start || (kind === IN_NUMBER && bytes[start] === ZERO && at > start + 1)) return false;
    }
  }
  piece.behind = at;
  return true;
}

function isAt(bytes: Uint8Array, view: DataView, from: number, { length, words, rest }: Fixed): boolean {
  if (bytes.length - from < length) return false;
  let at = from;
  for (let i = 0; i < words.length; i++, at += 4) if (view.getInt32(at, true) !== words[i]) return false;
  for (let i = 0; i < rest.length; i++) if (bytes[at + i] !== rest[i]) return false;
  return true;
}

/** Of an escape of JSON; what is none ends the text. */
function lengthOfEscape(bytes: Uint8Array, at: number): number {
  const code = bytes[at + 1];
  if (code !== LETTER_U) return code !== undefined && (KINDS[code]! & ESCAPED) !== 0 ? 2 : bytes.length;
  for (let i = at + 2; i < at + 6; i++) if ((KINDS[bytes[i] ?? 0]! & HEXADECIMAL) === 0) return bytes.length;
  return 6;
}

const SPACE = 32;
const QUOTE = 34;
const ZERO = 48;
const BACKSLASH = 92;
const LETTER_U = 117;

const [IN_NAME, IN_NUMBER, ESCAPED, HEXADECIMAL] = [1, 2, 4, 8];
/** By byte, in what it may stand. */
const KINDS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  const kinds: readonly [RegExp, number][] = [
    [/[A-Za-z0-9_.:-]/, IN_NAME],
    [/[0-9]/, IN_NUMBER],
    [/["\\/bfnrt]/, ESCAPED],
    [/[0-9A-Fa-f]/, HEXADECIMAL],
  ];
  return kinds.reduce((sum, [of, kind]) => sum + (of.test(character) ? kind : 0), 0);
});
