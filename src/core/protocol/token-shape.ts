import type { ChatChunk } from "./openai-chunk.ts";

/**
 * What surrounds the piece of the answer in the events of one stream, from the first byte of an event to the end of the
 * blank line after it. An event of this shape is the same event but for that one string.
 */
export type TokenShape = {
  /** What comes before and after, one behind the other: an event is compared thousands of times a second, and few of its streams' bytes stay in a cache. */
  readonly bytes: Uint8Array;
  /** How many of them come before the piece. */
  readonly before: number;
  /** Whether the piece is part of the visible answer; else it is reasoning. */
  readonly isVisible: boolean;
  /** Whether the assistant says it in the answer with which a conversation goes on: false for other alternatives. */
  readonly isSaid: boolean;
};

/**
 * Learns the shape of an event that brings a token. Nothing is taken on trust: the event is read again with another piece
 * in that place and with none, and has to change as a token event changes, and in nothing else.
 *
 * @param text the event as it came, blank line included.
 * @param read reads a text that holds exactly one chunk; undefined for any other.
 * @returns undefined where no single string, free of quotes, escapes and control characters, is the whole token.
 */
export function tokenShapeOf(text: string, read: (text: string) => ChatChunk | undefined): TokenShape | undefined {
  for (const match of text.matchAll(PIECE)) {
    const [all, piece = ""] = match;
    const end = match.index + all.length - 1;
    const [before, after] = [text.slice(0, end - piece.length), text.slice(end)];
    const other = `${piece}.`;
    const [changed, emptied] = [read(before + other + after), read(before + after)];
    if (!isToken(changed) || emptied === undefined || emptied.hasToken) continue;
    const isVisible = changed.text === other && emptied.text === "";
    const isSaid = changed.said === other && emptied.said === "";
    const isWhole = (isVisible || changed.text === "") && (isSaid || changed.said === "") && changed.hasOutput === isVisible;
    if (isWhole) return { bytes: encoder.encode(before + after), before: encoder.encode(before).length, isVisible, isSaid };
  }
  return undefined;
}

/** Where the piece may be, in what JSON holds inside a string as it is. */
const PIECE = /"(?:content|text|reasoning_content|reasoning)"\s*:\s*"([^"\\\u0000-\u001f]+)"/g;
const encoder = new TextEncoder();

const isToken = (chunk: ChatChunk | undefined): chunk is ChatChunk =>
  chunk !== undefined &&
  chunk.hasToken &&
  !chunk.callsTool &&
  !chunk.finished &&
  chunk.usageTokens === undefined &&
  chunk.prompt === undefined;

/**
 * Where the piece ends in an event of this shape that begins at `from`: the index of the quote behind it.
 *
 * @returns −1 if the event is another, is not whole, or its piece holds an escape.
 */
export function endOfPiece(bytes: Uint8Array, from: number, { bytes: known, before }: TokenShape): number {
  const last = bytes.length - known.length + before;
  let at = from + before;
  if (at > last) return -1;
  for (let i = 0; i < before; i++) if (bytes[from + i] !== known[i]) return -1;
  while (bytes[at] !== QUOTE) {
    if (at === last || bytes[at]! < SPACE || bytes[at] === BACKSLASH) return -1;
    at++;
  }
  for (let i = before; i < known.length; i++) if (bytes[at + i - before] !== known[i]) return -1;
  return at;
}

const SPACE = 32;
const QUOTE = 34;
const BACKSLASH = 92;
