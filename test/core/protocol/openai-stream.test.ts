import fc from "fast-check";
import { expect, test } from "vitest";
import { openTokenStream } from "../../../src/core/protocol/openai-stream.ts";
import type { ResponseEnd } from "../../../src/core/protocol/protocol.ts";
import type { StreamTiming } from "../../../src/core/record/outcome.ts";
import type { ResponseCheck } from "../../../src/core/suite/response-check.ts";
import { target } from "../plan/fixtures.ts";
import { type Arrival, bytes, cut, respond } from "./drive.ts";

const stream = (arrivals: readonly Arrival[], check: Partial<ResponseCheck> = {}, status = 200): ResponseEnd =>
  respond(openTokenStream(target({ check: { status: undefined, contains: undefined, ...check } })), arrivals, { status });

function timing(arrivals: readonly Arrival[]): StreamTiming {
  const { result } = stream(arrivals);
  if (result.kind === "failed" || result.stream === undefined) throw new Error(`expected a stream, got ${JSON.stringify(result)}`);
  return result.stream;
}

const event = (value: unknown): string => `data: ${typeof value === "string" ? value : JSON.stringify(value)}\n\n`;
const delta = (said: object, finish: string | null = null): string =>
  event({ id: "c", choices: [{ index: 0, delta: said, finish_reason: finish }] });
const ROLE = delta({ role: "assistant", content: "" });
const FINISH = delta({}, "stop");
const USAGE = event({ id: "c", choices: [], usage: { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 } });
const DONE = event("[DONE]");

test("a stream is timed from its first token event to its last: not the role, the finish, the usage, [DONE] or the end", () => {
  expect(
    stream([
      [10, ROLE],
      [30, delta({ content: "Hel" })],
      [45, delta({ content: "lo" })],
      [70, delta({ content: "!" })],
      [80, FINISH],
      [90, USAGE],
      [95, DONE],
    ]),
  ).toEqual({
    result: { kind: "ok", stream: { firstTokenNs: 30, lastTokenNs: 70, tokens: 7, tokensFrom: "usage", gapsNs: [15, 25] } },
    endNs: 70,
  });
});

test("without a usage report tokens are counted by events, and say so", () => {
  expect(
    timing([
      [10, delta({ content: "a" })],
      [20, delta({ content: "b" }) + FINISH],
    ]),
  ).toMatchObject({ tokens: 2, tokensFrom: "events" });
  expect(timing([[10, delta({ content: "a" }) + FINISH + event({ choices: [], usage: { completion_tokens: 0 } })]])).toMatchObject({
    tokens: 1,
    tokensFrom: "events",
  });
});

test("of a stream the last report of a prompt counts, whichever chunk brings it", () => {
  const cached = (tokens: number) => event({ choices: [], usage: { prompt_tokens: 50, prompt_tokens_details: { cached_tokens: tokens } } });
  const { result } = stream([[10, cached(0) + delta({ content: "a" }) + cached(48) + FINISH + DONE]]);
  expect(result).toMatchObject({ kind: "ok", prompt: { tokens: 50, cached: 48 } });
  const { result: without } = stream([[10, delta({ content: "a" }) + USAGE + DONE]]);
  expect(without).not.toHaveProperty("prompt");
});

test("of usage reports that come along with the tokens the last one counts", () => {
  const counted = (content: string, tokens: number): string =>
    event({ choices: [{ delta: { content } }], usage: { completion_tokens: tokens } });
  expect(timing([[10, counted("a", 1) + counted("b", 4) + event({ choices: [], usage: null }) + DONE]])).toMatchObject({
    tokens: 4,
    tokensFrom: "usage",
  });
});

test("every channel of the answer brings tokens: content, reasoning, tool calls, refusal, text", () => {
  const { gapsNs, firstTokenNs } = timing([
    [10, ROLE],
    [20, delta({ reasoning_content: "hm" })],
    [30, delta({ reasoning: "hm" })],
    [40, delta({ content: "a" })],
    [50, delta({ tool_calls: [{ index: 0, function: { arguments: "{" } }] })],
    [60, delta({ refusal: "no" })],
    [70, event({ choices: [{ text: "b" }] })],
    [80, DONE],
  ]);
  expect([firstTokenNs, gapsNs]).toEqual([20, [10, 10, 10, 10, 10]]);
});

test("empty deltas of any form bring none", () => {
  const empties = [{ content: null }, { content: "" }, { reasoning_content: "" }, { tool_calls: [] }, { refusal: null }, {}].map((said) =>
    delta(said),
  );
  expect(
    timing([
      [5, empties.join("")],
      [10, delta({ content: "a" })],
      [20, empties.join("") + DONE],
    ]),
  ).toEqual({
    firstTokenNs: 10,
    lastTokenNs: 10,
    tokens: 1,
    tokensFrom: "events",
    gapsNs: [],
  });
});

test("events in one chunk share its time, so that their gap is 0", () => {
  expect(
    timing([
      [10, delta({ content: "a" }) + delta({ content: "b" })],
      [25, delta({ content: "c" }) + DONE],
    ]).gapsNs,
  ).toEqual([0, 15]);
});

test("a token that spans chunks has the time of its first byte", () => {
  const token = bytes(delta({ content: "😀" }));
  expect(
    timing([
      [10, token.subarray(0, 3)],
      [20, token.subarray(3, 50)],
      [40, token.subarray(50)],
      [50, DONE],
    ]),
  ).toMatchObject({ firstTokenNs: 10, lastTokenNs: 10 });
});

test("CRLF, comments and data without the space are read alike", () => {
  const crlf = `: keep-alive\r\n\r\n${delta({ content: "a" })}${FINISH}${DONE}`
    .replaceAll(/(?<!\r)\n/g, "\r\n")
    .replaceAll("data: ", "data:");
  expect(
    timing([
      [5, ": wait\n\n"],
      [10, crlf],
    ]),
  ).toMatchObject({ firstTokenNs: 10, tokens: 1 });
});

test("a finish reason is enough to be complete, and so is [DONE]", () => {
  expect(stream([[10, delta({ content: "a" }, "length")]]).result.kind).toBe("ok");
  expect(stream([[10, delta({ content: "a" }) + DONE]]).result.kind).toBe("ok");
});

test("a stream that ends with neither was truncated, however much came before", () => {
  expect(stream([[10, delta({ content: "a" }) + delta({ content: "b" })]])).toEqual({
    result: { kind: "failed", why: "truncated", detail: "the stream ended after 2 token events with neither finish_reason nor [DONE]" },
    endNs: 1000,
  });
  expect(stream([[10, ROLE]]).result).toMatchObject({ why: "truncated" });
  expect(stream([[10, ": wait\n\n"]]).result).toMatchObject({ why: "truncated" });
});

test("an event cut in the middle of its JSON is a truncated stream, not a broken one", () => {
  expect(
    stream([
      [10, delta({ content: "a" })],
      [20, delta({ content: "b" }).slice(0, 30)],
    ]).result,
  ).toMatchObject({ why: "truncated" });
});

test("a complete stream without a token is a failure of the body", () => {
  expect(stream([[10, ROLE + FINISH + DONE]]).result).toEqual({
    kind: "failed",
    why: "body",
    detail: "the stream is complete and brought no token",
  });
  expect(stream([[10, DONE]]).result).toMatchObject({ why: "body" });
});

test("an error in the middle of a stream fails the request, whatever follows", () => {
  const error = event({ error: { message: "CUDA out of memory", code: 500 } });
  const { result } = stream([
    [10, delta({ content: "a" })],
    [20, error],
    [30, delta({ content: "b" }) + FINISH + DONE],
  ]);
  expect(result).toMatchObject({ why: "in-band" });
  expect(result.kind === "failed" && result.detail).toContain("CUDA out of memory");
  expect(stream([[10, `event: error\n${event({ message: "busy" })}`]]).result).toMatchObject({ why: "in-band" });
});

test("an error that comes as plain JSON instead of a stream is in-band too", () => {
  expect(
    stream([
      [10, '{"error": {"message": "no such '],
      [20, 'model"}}'],
    ]).result,
  ).toMatchObject({ why: "in-band" });
});

test("an answer that is no stream at all is a failure of the body", () => {
  for (const body of ["<html>sign in</html>", '{"choices": [{"message": {"content": "hi"}}]}', "", "null"]) {
    expect(stream([[10, body]]).result, body).toMatchObject({ why: "body" });
  }
});

test("an event that is not JSON is a failure of the body", () => {
  expect(stream([[10, delta({ content: "a" }) + event("hello") + DONE]]).result).toMatchObject({
    why: "body",
    detail: 'expected an event with JSON, got "hello"',
  });
});

test("JSON that is not a completion brings no token and breaks nothing", () => {
  const odd = [null, 7, "text", [], { choices: null }, { choices: [null, 7] }, { choices: [{ delta: 7 }] }, { usage: 7 }].map((value) =>
    event(JSON.stringify(value)),
  );
  expect(timing([[10, odd.join("") + delta({ content: "a" }) + DONE]])).toMatchObject({ tokens: 1 });
});

test("what follows [DONE] is not read", () => {
  expect(
    timing([
      [10, delta({ content: "a" }) + DONE],
      [20, delta({ content: "b" }) + event({ error: "late" })],
    ]),
  ).toMatchObject({ lastTokenNs: 10 });
});

test("an error status is told with the server's words, even if it looks like a stream", () => {
  expect(stream([[10, '{"detail": "busy"}']], {}, 503).result).toMatchObject({
    why: "status",
    detail: String.raw`status 503, expected 2xx: "{"detail": "busy"}"`,
  });
  expect(stream([[10, delta({ content: "a" }) + DONE]], {}, 500).result).toMatchObject({ why: "status" });
});

test("a check looks into the text over all events, not into the reasoning", () => {
  const said = [delta({ reasoning: "Bern?" }), delta({ content: "Zü" }), delta({ content: "rich" }), DONE].join("");
  expect(stream([[10, said]], { contains: "Zürich" }).result.kind).toBe("ok");
  expect(stream([[10, said]], { contains: "Bern" }).result).toMatchObject({
    why: "check",
    detail: 'expected "Bern" in the answer, got "Zürich"',
  });
});

test("a text too long to be kept fails the reading, not the check", () => {
  const mebibyte = delta({ content: "a".repeat(1024 * 1024) });
  const arrivals = Array.from({ length: 10 }, (_, i): Arrival => [10 + i, mebibyte]);
  expect(stream([...arrivals, [30, DONE]], { contains: "b" }).result).toMatchObject({ why: "body" });
  expect(stream([...arrivals, [30, DONE]]).result.kind).toBe("ok");
});

test("a line without end fails the request instead of filling the memory", () => {
  const mebibyte = new Uint8Array(1024 * 1024).fill(0x61);
  expect(
    stream([
      [5, delta({ content: "a" })],
      [6, "data: "],
      ...Array.from({ length: 9 }, (_, i): Arrival => [10 + i, mebibyte]),
      [30, `\n\n${DONE}`],
    ]).result,
  ).toMatchObject({
    why: "body",
    detail: "an event of the stream is longer than 8 MiB",
  });
});

const tokens = fc.array(fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 12 });

test("however a stream is cut, it gives the same tokens and the same text", () => {
  fc.assert(
    fc.property(
      tokens,
      fc.array(fc.nat({ max: 1500 })),
      fc.constantFrom("\n", "\r\n", "\r"),
      fc.boolean(),
      (said, places, end, withUsage) => {
        const text = [ROLE, ...said.flatMap((content) => [": ping\n", delta({ content })]), FINISH, withUsage ? USAGE : "", DONE].join("");
        const chunks = cut(bytes(text.replaceAll("\n", end)), places);
        const { result } = stream(
          chunks.map((chunk, i) => [i + 1, chunk]),
          { contains: said.join("") },
        );
        expect(result).toMatchObject({
          kind: "ok",
          stream: { tokens: withUsage ? 7 : said.length, tokensFrom: withUsage ? "usage" : "events" },
        });
        const { gapsNs, firstTokenNs, lastTokenNs } = (result as { stream: StreamTiming }).stream;
        expect(gapsNs).toHaveLength(said.length - 1);
        expect(gapsNs.reduce((sum, gap) => sum + gap, firstTokenNs)).toBe(lastTokenNs);
      },
    ),
  );
});

test("no bytes whatever make a reader throw, and nothing that is not a stream of tokens passes", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 5 }), (chunks) => {
      expect(stream(chunks.map((chunk, i) => [i + 1, chunk])).result.kind).toBe("failed");
    }),
  );
});
