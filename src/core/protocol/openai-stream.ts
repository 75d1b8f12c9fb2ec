import type { Outcome, PromptTokens } from "../record/outcome.ts";
import type { Target } from "../suite/suite.ts";
import { headersFailure, judged, looksInside } from "./answer-checks.ts";
import { AssistantTurn, type Said } from "./assistant-turn.ts";
import { Body, QUOTE_CAP, READ_CAP } from "./body.ts";
import { excerpt, failed, inBandError, statusAccepted, statusFailure } from "./failure.ts";
import { endless, MOST_GAPS } from "./gaps.ts";
import { type ChunkEvent, openChunkStream, type TokenShapes } from "./openai-chunk-stream.ts";
import type { ResponseReader } from "./protocol.ts";

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
export function openTokenStream(target: Target, label?: unknown, said?: Said): ResponseReader {
  const { check } = target;
  const beginning = new Body(QUOTE_CAP);
  const gapsNs: number[] = [];
  const turn = said && new AssistantTurn(said);
  let status = 0;
  let headers: Readonly<Record<string, string>> = {};
  let accepted = false;
  // Fields of an object, where a variable would be a new number in memory for each token.
  const seen = { firstTokenNs: Number.NaN, firstOutputNs: Number.NaN, lastTokenNs: Number.NaN };
  let usageTokens: number | undefined;
  let prompt: PromptTokens | undefined;
  let complete = false;
  let done = false;
  let broken: Outcome["result"] | undefined;
  let text = "";
  let wholeText = true;
  const keepsText = looksInside(check);

  const onEvent = (event: ChunkEvent, atNs: number) => {
    if (done || broken !== undefined) return;
    if (event === "done") done = complete = true;
    else if ("kind" in event) broken = event;
    else {
      // Hardly any chunk tells these, and what is not written costs nothing.
      if (event.finished) complete = true;
      if (event.usageTokens !== undefined) usageTokens = event.usageTokens;
      if (event.prompt !== undefined) prompt = event.prompt;
      if (event.hasToken) addToken(atNs, event.hasOutput);
      if (gapsNs.length > MOST_GAPS) broken = endless(gapsNs);
      if (keepsText) addText(event.text);
      turn?.add(event);
    }
  };
  const events = openChunkStream(keepsText || turn !== undefined, onEvent, shapesOf(target));

  function addToken(atNs: number, isOutput: boolean): void {
    if (Number.isNaN(seen.firstTokenNs)) seen.firstTokenNs = atNs;
    else gapsNs.push(atNs - seen.lastTokenNs);
    seen.lastTokenNs = atNs;
    if (isOutput && Number.isNaN(seen.firstOutputNs)) seen.firstOutputNs = atNs;
  }

  function addText(piece: string): void {
    if (text.length + piece.length > READ_CAP) wholeText = false;
    if (wholeText) text += piece;
  }

  function judge(): Outcome["result"] {
    if (!accepted) return statusFailure(check, status, beginning.text());
    if (broken !== undefined) return broken;
    const { firstTokenNs, firstOutputNs, lastTokenNs } = seen;
    const hasToken = !Number.isNaN(firstTokenNs);
    if (!hasToken && !complete) return noStream(beginning.text());
    if (!complete)
      return failed("truncated", `the stream ended after ${gapsNs.length + 1} token events with neither finish_reason nor [DONE]`);
    if (!hasToken) return failed("body", "the stream is complete and brought no token");
    const failure = headersFailure(check, headers);
    if (failure !== undefined) return failure;
    const tokensFrom = usageTokens === undefined ? "events" : "usage";
    // A stream that only reasoned never came to its first output: it is known to be no sooner than the end.
    const outputNs = Number.isNaN(firstOutputNs) ? lastTokenNs : firstOutputNs;
    const reasoning = firstOutputNs === firstTokenNs ? {} : { firstOutputNs: outputNs };
    const stream = { firstTokenNs, ...reasoning, lastTokenNs, tokens: usageTokens ?? gapsNs.length + 1, tokensFrom, gapsNs } as const;
    return judged(check, { text, whole: wholeText, label }, { kind: "ok", stream, ...(prompt === undefined ? {} : { prompt }) });
  }

  return {
    start: (responseStatus, received) => {
      [status, headers] = [responseStatus, received];
      accepted = statusAccepted(check, status);
    },
    data: (chunk, atNs) => {
      if (Number.isNaN(seen.firstTokenNs)) beginning.add(chunk);
      if (!accepted || broken !== undefined) return;
      if (!events.feed(chunk, atNs)) broken = failed("body", "an event of the stream is longer than 8 MiB");
    },
    end: (atNs) => {
      const answered = judge();
      const result = turn === undefined ? answered : turn.end(answered);
      return { result, endNs: result.kind === "ok" ? seen.lastTokenNs : atNs };
    },
  };
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
