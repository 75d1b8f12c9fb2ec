import { createParser } from "eventsource-parser";

/** Most characters of one unfinished event: a stream without line ends must not fill the memory. */
const LONGEST_EVENT = 8 * 1024 * 1024;

/** One server-sent event. `atNs` is the arrival of its first byte, not of the blank line that completes it. */
export type StampedEvent = { readonly data: string; readonly event: string | undefined; readonly atNs: number };

/**
 * `feed` hands on the events that a chunk completes; it returns false once the stream cannot be followed any more.
 * `isBetween`: nothing of an event has begun, so that what comes next is read as at the start of a stream.
 */
export type EventStream = { readonly feed: (chunk: Uint8Array, atNs: number) => boolean; readonly isBetween: () => boolean };

/**
 * Reads server-sent events as they arrive, with the time of each.
 *
 * An event that spans chunks has the time of the chunk that brought its first field; events that share a chunk share
 * its time, since nothing earlier is known of them. Comments and blank lines before an event are not part of it. Lines
 * end with LF, CR or CRLF, and a character may be split between chunks. What follows the last blank line is never
 * handed on, as the standard says.
 *
 * Source: WHATWG HTML, §9.2.6 Interpreting an event stream.
 */
export function openEventStream(onEvent: (event: StampedEvent) => void): EventStream {
  const decoder = new TextDecoder();
  let eventAtNs: number | undefined;
  let overflown = false;
  let hasBegun = false;
  const parser = createParser({
    maxBufferSize: LONGEST_EVENT,
    onEvent: ({ data, event }) => onEvent({ data, event, atNs: eventAtNs ?? 0 }),
    onError: ({ type }) => {
      overflown ||= type === "max-buffer-size-exceeded";
    },
  });
  const lines = openLines((line, atNs) => {
    if (overflown) return;
    if (line !== "" && !line.startsWith(":")) eventAtNs ??= atNs;
    parser.feed(`${line}\n`);
    if (line === "") eventAtNs = undefined;
  });
  return {
    feed: (chunk, atNs) => {
      if (overflown || chunk.length === 0) return !overflown;
      const restLength = lines(decoder.decode(chunk, { stream: true }), atNs);
      overflown ||= restLength > LONGEST_EVENT;
      // After a line feed there is neither half a character nor half a CRLF.
      hasBegun = restLength > 0 || eventAtNs !== undefined || chunk[chunk.length - 1] !== LF;
      return !overflown;
    },
    isBetween: () => !hasBegun && !overflown,
  };
}

/**
 * The data of bytes that are one whole event of a single line of data and nothing else, between two others: so most servers
 * send theirs, and no parser has to be opened for it. Undefined for all other bytes.
 */
export function dataOfOne(bytes: Uint8Array): string | undefined {
  const end = bytes.length - 2;
  if (bytes.length > LONGEST_EVENT) return undefined;
  if (!NAME.every((byte, i) => bytes[i] === byte) || bytes.indexOf(LF) !== end || bytes[end + 1] !== LF || bytes.includes(CR))
    return undefined;
  const from = bytes[NAME.length] === SPACE ? NAME.length + 1 : NAME.length;
  return from < end ? ofLine.decode(bytes.subarray(from, end)) : undefined;
}

const NAME = Array.from("data:", (character) => character.charCodeAt(0));
const ofLine = new TextDecoder("utf-8", { ignoreBOM: true });

/** Hands on each line without its end and with the time of its first character; returns the length of the unfinished rest. */
function openLines(onLine: (line: string, atNs: number) => void): (text: string, atNs: number) => number {
  let rest = "";
  let restAtNs = 0;
  let afterReturn = false;
  return (text, atNs) => {
    let from = 0;
    // The LF of a CRLF that was split between chunks belongs to the line before.
    if (afterReturn && text !== "") {
      if (text.charCodeAt(0) === LF) from = 1;
      afterReturn = false;
    }
    let feedAt = text.indexOf("\n", from);
    let returnAt = text.indexOf("\r", from);
    while (feedAt !== -1 || returnAt !== -1) {
      const end = returnAt === -1 || (feedAt !== -1 && feedAt < returnAt) ? feedAt : returnAt;
      const line = text.slice(from, end);
      onLine(rest + line, rest === "" ? atNs : restAtNs);
      rest = "";
      from = end + 1;
      if (end === returnAt) {
        if (from === text.length) afterReturn = true;
        else if (text.charCodeAt(from) === LF) from++;
        returnAt = text.indexOf("\r", from);
      }
      if (feedAt !== -1 && feedAt < from) feedAt = text.indexOf("\n", from);
    }
    if (from < text.length) {
      if (rest === "") restAtNs = atNs;
      rest += text.slice(from);
    }
    return rest.length;
  };
}

const LF = 10;
const CR = 13;
const SPACE = 32;
