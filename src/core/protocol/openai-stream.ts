import type { Outcome, PromptTokens } from "../record/outcome.ts";
import type { Target } from "../suite/suite.ts";
import { headersFailure, judged, looksInside } from "./answer-checks.ts";
import { AssistantTurn, type Said } from "./assistant-turn.ts";
import { Body, QUOTE_CAP, READ_CAP } from "./body.ts";
import { excerpt, failed, inBandError, statusAccepted, statusFailure } from "./failure.ts";
import { endless, gapsBetween, MOST_GAPS } from "./gaps.ts";
import { type ChunkEvent, type ChunkSink, ChunkStream, type TokenShapes } from "./openai-chunk-stream.ts";
import type { ResponseEnd, ResponseReader } from "./protocol.ts";

/**
 * Reads a streamed chat completion.
 *
 * - A *token event* brings a piece of the answer on any channel: content, reasoning, tool call, refusal. The role, an
 *   empty delta, usage, comments and `[DONE]` are none.
 * - The first token event is the time to first token, the last one the end: neither `[DONE]` nor the socket's close. The
 *   first that is no reasoning is the time to first output.
 * - Tokens are counted by the server's usage report, or where it sends none (or says 0) by token events.
 * - It failed if a chunk holds an error or is not JSON, if it ended with neither a finish reason nor `[DONE]`
 *   (truncated), or without a single token.
 *
 * Events are read as they come, at a microsecond each, where keeping them for the end would hold all streams' bytes in memory
 * and then block the clock of the others for milliseconds.
 */
export const openTokenStream = (target: Target, label?: unknown, said?: Said): ResponseReader => new TokenStream(target, label, said);

class TokenStream implements ResponseReader, ChunkSink {
  // What each token needs comes first, and is all that it needs of this stream; see ChunkStream.
  #accepted = false;
  #done = false;
  #broken: Outcome["result"] | undefined;
  readonly #keepsText: boolean;
  readonly #turn: AssistantTurn | undefined;
  readonly #timesNs: number[] = [];
  readonly #chunks: ChunkStream;
  /** Of the first token that is no reasoning, among the times; -1 before it. */
  #firstOutput = -1;
  readonly #check: Target["check"];
  readonly #label: unknown;
  readonly #beginning = new Body(QUOTE_CAP);
  #status = 0;
  #headers: Readonly<Record<string, string>> = {};
  #usageTokens: number | undefined;
  #prompt: PromptTokens | undefined;
  #complete = false;
  #text = "";
  #wholeText = true;

  constructor(target: Target, label: unknown, said: Said | undefined) {
    this.#check = target.check;
    this.#label = label;
    this.#turn = said && new AssistantTurn(said);
    this.#keepsText = looksInside(target.check);
    this.#chunks = new ChunkStream(this, this.#keepsText || said !== undefined, shapesOf(target));
  }

  start(status: number, headers: Readonly<Record<string, string>>): void {
    [this.#status, this.#headers] = [status, headers];
    this.#accepted = statusAccepted(this.#check, status);
  }

  data(chunk: Uint8Array, atNs: number): void {
    if (this.#timesNs.length === 0) this.#beginning.add(chunk);
    if (!this.#accepted || this.#broken !== undefined) return;
    if (!this.#chunks.feed(chunk, atNs)) this.#broken = failed("body", "an event of the stream is longer than 8 MiB");
  }

  end(atNs: number): ResponseEnd {
    const lastTokenNs = this.#timesNs.at(-1);
    const answered = this.#judge();
    const result = this.#turn === undefined ? answered : this.#turn.end(answered);
    return { result, endNs: result.kind === "ok" ? lastTokenNs! : atNs };
  }

  take(event: ChunkEvent, atNs: number): void {
    if (this.#done || this.#broken !== undefined) return;
    if (event === "done") this.#done = this.#complete = true;
    else if ("kind" in event) this.#broken = event;
    else {
      // Hardly any chunk tells these, and what is not written costs nothing.
      if (event.finished) this.#complete = true;
      if (event.usageTokens !== undefined) this.#usageTokens = event.usageTokens;
      if (event.prompt !== undefined) this.#prompt = event.prompt;
      if (event.hasToken) this.#addToken(atNs, event.hasOutput);
      if (this.#keepsText) this.#addText(event.text);
      this.#turn?.add(event);
    }
  }

  #addToken(atNs: number, isOutput: boolean): void {
    const timesNs = this.#timesNs;
    if (isOutput && this.#firstOutput < 0) this.#firstOutput = timesNs.length;
    timesNs.push(atNs);
    if (timesNs.length > MOST_GAPS + 1) this.#broken = endless(timesNs);
  }

  #addText(piece: string): void {
    if (this.#text.length + piece.length > READ_CAP) this.#wholeText = false;
    if (this.#wholeText) this.#text += piece;
  }

  #judge(): Outcome["result"] {
    if (!this.#accepted) return statusFailure(this.#check, this.#status, this.#beginning.text());
    if (this.#broken !== undefined) return this.#broken;
    const timesNs = this.#timesNs;
    const [firstTokenNs, lastTokenNs] = [timesNs[0], timesNs.at(-1)];
    const hasToken = firstTokenNs !== undefined && lastTokenNs !== undefined;
    if (!hasToken && !this.#complete) return noStream(this.#beginning.text());
    if (!this.#complete)
      return failed("truncated", `the stream ended after ${timesNs.length} token events with neither finish_reason nor [DONE]`);
    if (!hasToken) return failed("body", "the stream is complete and brought no token");
    const failure = headersFailure(this.#check, this.#headers);
    if (failure !== undefined) return failure;
    const tokensFrom = this.#usageTokens === undefined ? "events" : "usage";
    // A stream that only reasoned never came to its first output: it is known to be no sooner than the end.
    const firstOutputNs = timesNs[this.#firstOutput];
    const reasoning = firstOutputNs === firstTokenNs ? {} : { firstOutputNs: firstOutputNs ?? lastTokenNs };
    const tokens = this.#usageTokens ?? timesNs.length;
    const stream = { firstTokenNs, ...reasoning, lastTokenNs, tokens, tokensFrom, gapsNs: gapsBetween(timesNs) } as const;
    const prompt = this.#prompt === undefined ? {} : { prompt: this.#prompt };
    return judged(this.#check, { text: this.#text, whole: this.#wholeText, label: this.#label }, { kind: "ok", stream, ...prompt });
  }
}

/** What the streams of one target have learned: one that looked at each alone would spend half of its time on its first and last events. */
function shapesOf(target: Target): TokenShapes {
  const known = learned.get(target) ?? [];
  learned.set(target, known);
  return known;
}

const learned = new WeakMap<Target, TokenShapes>();

/** A proper answer that is not a stream of tokens: an error as plain JSON, something else, or a stream cut before the first. */
function noStream(beginning: string): Outcome["result"] {
  let value: unknown;
  try {
    value = JSON.parse(beginning);
  } catch {
    value = undefined;
  }
  const error = inBandError(value);
  if (error !== undefined) return error;
  if (/^\s*(?:data|event|id|retry)?:/.test(beginning)) {
    return failed("truncated", `the stream ended before its first token: ${excerpt(beginning)}`);
  }
  return failed("body", `expected a stream of events, got ${excerpt(beginning)}`);
}
