import type { Outcome } from "../record/outcome.ts";
import type { Target } from "../suite/suite.ts";
import { headersFailure, judged, looksInside } from "./answer-checks.ts";
import { Body, QUOTE_CAP, READ_CAP } from "./body.ts";
import { openEventStream } from "./event-stream.ts";
import { failed, inBandError, statusAccepted, statusFailure } from "./failure.ts";
import { endless, MOST_GAPS } from "./gaps.ts";
import type { ResponseReader } from "./protocol.ts";

/**
 * Reads a stream of which nothing is known but that it comes in pieces. What a piece is, the answer's content type says:
 *
 * - `text/event-stream`: an event that has data, other than `[DONE]`. An event named `error`, or whose data is a JSON object
 *   that holds an error as OpenAI-like and Open Inference servers write it, fails the answer.
 * - `application/x-ndjson`, `application/jsonl` and the like: a line that is not empty, with the time of its first byte. A
 *   line that holds an error fails the answer.
 * - Anything else: what arrived at once. A server that flushes each piece is seen piece by piece; pieces that the network
 *   put together are one.
 *
 * The first piece is the first token, and the answer ends with its last piece. How many tokens a piece holds nobody knows:
 * each counts as one. Such a stream has no mark of its end, so that only HTTP can tell that it was cut off.
 */
export function openPlainStream({ check }: Target, label?: unknown): ResponseReader {
  const body = new Body(looksInside(check) ? READ_CAP : QUOTE_CAP);
  const gapsNs: number[] = [];
  let status = 0;
  let headers: Readonly<Record<string, string>> = {};
  let accepted = false;
  let firstTokenNs: number | undefined;
  let lastTokenNs = 0;
  let broken: Outcome["result"] | undefined;
  let pieces: Pieces = CHUNKS(addPiece);

  function addPiece(atNs: number, text: string | undefined, isError: boolean): void {
    if (broken !== undefined) return;
    broken = text === undefined ? undefined : errorIn(text, isError);
    if (broken !== undefined) return;
    if (firstTokenNs === undefined) firstTokenNs = atNs;
    else gapsNs.push(atNs - lastTokenNs);
    lastTokenNs = atNs;
    if (gapsNs.length > MOST_GAPS) broken = endless(gapsNs);
  }

  function judge(atNs: number): Outcome["result"] {
    if (!accepted) return statusFailure(check, status, body.text());
    pieces.end(atNs);
    if (broken !== undefined) return broken;
    if (firstTokenNs === undefined) return failed("body", "the stream ended without a single piece");
    const failure = headersFailure(check, headers);
    if (failure !== undefined) return failure;
    const stream = { firstTokenNs, lastTokenNs, tokens: gapsNs.length + 1, tokensFrom: "events", gapsNs } as const;
    if (!looksInside(check)) return { kind: "ok", stream };
    return judged(check, { text: body.text(), whole: body.isWhole, label }, { kind: "ok", stream });
  }

  return {
    start: (responseStatus, received) => {
      [status, headers] = [responseStatus, received];
      accepted = statusAccepted(check, status);
      pieces = piecesOf(headers["content-type"])(addPiece);
    },
    data: (chunk, atNs) => {
      body.add(chunk);
      if (!accepted || broken !== undefined) return;
      if (!pieces.feed(chunk, atNs)) broken = failed("body", "a piece of the stream is longer than 8 MiB");
    },
    end: (atNs) => {
      const result = judge(atNs);
      return { result, endNs: result.kind === "ok" ? lastTokenNs : atNs };
    },
  };
}

/** `text` where a piece may hold an error; `isError` where the stream itself calls it one. */
type OnPiece = (atNs: number, text: string | undefined, isError: boolean) => void;
type Pieces = { readonly feed: (chunk: Uint8Array, atNs: number) => boolean; readonly end: (atNs: number) => void };

const CHUNKS = (onPiece: OnPiece): Pieces => ({
  feed: (chunk, atNs) => {
    if (chunk.length > 0) onPiece(atNs, undefined, false);
    return true;
  },
  end: () => {},
});

const EVENTS = (onPiece: OnPiece): Pieces => {
  const events = openEventStream(({ data, event, atNs }) => {
    if (data !== "" && data.trim() !== "[DONE]") onPiece(atNs, data, event === "error");
  });
  return { feed: events.feed, end: () => {} };
};

const LINES = (onPiece: OnPiece): Pieces => {
  const decoder = new TextDecoder();
  let rest = "";
  let restAtNs: number | undefined;
  const line = (text: string, atNs: number): void => {
    if (text.trim() !== "") onPiece(atNs, text, false);
  };
  return {
    feed: (chunk, atNs) => {
      const parts = decoder.decode(chunk, { stream: true }).split("\n");
      for (const [i, part] of parts.entries()) {
        if (i > 0) {
          line(rest, restAtNs ?? atNs);
          [rest, restAtNs] = ["", undefined];
        }
        if (part !== "") restAtNs ??= atNs;
        rest += part;
      }
      return rest.length <= READ_CAP;
    },
    end: (atNs) => line(rest, restAtNs ?? atNs),
  };
};

/** Ollama and others send lines of JSON under these names. */
function piecesOf(contentType = ""): (onPiece: OnPiece) => Pieces {
  if (/^text\/event-stream\b/i.test(contentType)) return EVENTS;
  return /^application\/(?:x-)?(?:ndjson|jsonl|json-lines|jsonlines|json-seq|stream\+json)\b/i.test(contentType) ? LINES : CHUNKS;
}

function errorIn(text: string, isError: boolean): Outcome["result"] | undefined {
  // Parsing every piece would cost more than all the rest of reading it.
  if (!isError && !text.includes('"error"')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  return inBandError(value) ?? (isError ? failed("in-band", `the stream holds an error event: ${text.slice(0, 150)}`) : undefined);
}
