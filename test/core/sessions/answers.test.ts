import { describe, expect, test } from "vitest";
import type { PlannedCapture } from "../../../src/core/plan/session-step.ts";
import { type Captured, openCapturing } from "../../../src/core/protocol/captures.ts";
import { CookieJar, type CookiePlace } from "../../../src/core/protocol/cookie-jar.ts";
import { openaiChat } from "../../../src/core/protocol/openai-chat.ts";
import { raw } from "../../../src/core/protocol/raw.ts";
import { target } from "../plan/fixtures.ts";
import { bytes, respond } from "../protocol/drive.ts";

const json = (path: string, inHeader = false): PlannedCapture => ({ name: "id", from: "json", path, inHeader });
const header: PlannedCapture = { name: "key", from: "header", header: "x-key", inHeader: true };

/** What is captured of an answer, or why it failed. */
function capture(captures: readonly PlannedCapture[], body: string, headers: Record<string, string> = {}): object {
  let found: Captured | undefined;
  const reader = openCapturing(raw.openResponse(target()), captures, (values) => {
    found = values;
  });
  reader.start(200, headers, 0);
  for (const piece of body.match(/.{1,7}/gs) ?? []) reader.data(bytes(piece), 1);
  const { result } = reader.end(2);
  return result.kind === "failed" ? { [result.why]: result.detail } : Object.fromEntries(found!);
}

describe("what is captured of an answer", () => {
  test("is its first value at a path, whatever it is, and the text of a header", () => {
    expect(capture([json("$.a.id")], '{"a": {"id": "ü \\" 1"}}')).toEqual({ id: 'ü " 1' });
    expect(capture([json("$.ids[*]")], '{"ids": [7, 8]}')).toEqual({ id: 7 });
    expect(capture([json("$.state")], '{"state": {"context": [1, 2]}}')).toEqual({ id: { context: [1, 2] } });
    expect(capture([json("$.no")], '{"no": false}')).toEqual({ id: false });
    expect(capture([header], "no JSON", { "x-key": "a b" })).toEqual({ key: "a b" });
  });

  test.each<[string, PlannedCapture, string, Record<string, string>, object]>([
    ["is not there", json("$.id"), "{}", {}, { check: 'capture "id": expected $.id in the answer, and it is not there' }],
    ["is null", json("$.id"), '{"id": null}', {}, { check: 'capture "id": expected a value at $.id, got null' }],
    ["is in no JSON", json("$.id"), "<html>", {}, { check: 'expected JSON to capture from, got "<html>"' }],
    ["is no header", header, "{}", {}, { check: 'capture "key": expected the header x-key in the answer, and it is not there' }],
    [
      "cannot stand in the header that asks for it",
      json("$.id", true),
      '{"id": "a\\r\\nb: c"}',
      {},
      { check: 'capture "id": what stands at $.id cannot stand in a header: "a\\r\\nb: c"' },
    ],
    [
      "is too long for the header that asks for it",
      json("$.id", true),
      JSON.stringify({ id: "a".repeat(8193) }),
      {},
      { check: 'capture "id": what stands at $.id is longer than 8192 characters' },
    ],
  ])("fails the answer where it %s", (_, of, body, headers, expected) => {
    expect(capture([of], body, headers)).toEqual(expected);
  });

  test("ends no run, however deeply an endpoint nests its answers", () => {
    const deep = `{"id": ${"[".repeat(200_000)}${"]".repeat(200_000)}}`;
    expect(capture([json("$.id")], deep)).toEqual({ check: 'capture "id": the answer is nested too deeply' });
  });

  test("is nothing where the answer has failed already", () => {
    expect(capture([json("$.id")], "")).toEqual({ body: expect.stringContaining("empty body") as string });
  });
});

describe("what an assistant said", () => {
  const chunk = (delta: object, index = 0): string => `data: ${JSON.stringify({ choices: [{ index, delta, finish_reason: null }] })}\n\n`;
  const END = `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] })}\n\ndata: [DONE]\n\n`;

  function said(stream: boolean, body: string): string | object {
    let heard: string | undefined;
    const reader = openaiChat.openTurn!(target({ protocol: "openai-chat", stream }), (text) => {
      heard = text;
    });
    const { result } = respond(reader, [[1, body]]);
    return result.kind === "failed" ? { [result.why]: result.detail } : heard!;
  }

  test("is the content of a stream, without its reasoning, and of several answers the first", () => {
    const body = [
      chunk({ role: "assistant" }),
      chunk({ reasoning_content: "hm" }),
      chunk({ content: "Good" }),
      chunk({ content: "Bad" }, 1),
      chunk({ content: " day" }),
    ];
    expect(said(true, body.join("") + END)).toBe("Good day");
    expect(said(true, chunk({ reasoning_content: "hm" }) + END)).toBe("");
  });

  test("is the message of a whole answer", () => {
    const whole = (message: object) => JSON.stringify({ choices: [{ index: 0, message, finish_reason: "stop" }] });
    expect(said(false, whole({ content: "Good day", reasoning: "hm" }))).toBe("Good day");
    expect(said(false, whole({ refusal: "I cannot" }))).toBe("I cannot");
  });

  test("cannot be told of a call of a tool, of a failed answer and of a stream that was cut", () => {
    const call = { tool_calls: [{ index: 0, function: { name: "f", arguments: "{}" } }] };
    expect(said(true, chunk(call) + END)).toEqual({ check: expect.stringContaining("calls a tool") as string });
    expect(said(true, chunk({ content: "Good" }))).toEqual({ truncated: expect.any(String) as string });
    expect(said(false, '{"error": "busy"}')).toEqual({ "in-band": expect.any(String) as string });
  });
});

describe("the cookies of a session", () => {
  const NOW = Date.parse("2026-11-26T12:00:00Z");
  const place = (path: string, more: Partial<CookiePlace> = {}): CookiePlace => ({
    host: "api.example.test",
    path,
    secure: false,
    nowMs: NOW,
    ...more,
  });
  const jar = (...headers: readonly string[]): CookieJar => {
    const made = new CookieJar();
    made.store(headers, place("/shop/cart?x=/y"));
    return made;
  };

  test("come back in the order in which they were set, the latest value of each", () => {
    const made = jar("a=1", "b = 2 ; Secret", "c=");
    made.store(["a=3; HttpOnly; SameSite=Strict"], place("/shop/other"));
    expect(made.header(place("/shop/cart"))).toBe("a=3; b=2; c=");
    expect(new CookieJar().header(place("/"))).toBeUndefined();
  });

  test.each([
    ["sid=1", "/shop", "sid=1"],
    ["sid=1", "/shop/deep/er", "sid=1"],
    ["sid=1", "/shopping", undefined],
    ["sid=1", "/", undefined],
    ["sid=1; Path=/", "/any?where", "sid=1"],
    ["sid=1; Path=/a/", "/a", undefined],
    ["sid=1; Path=/a/", "/a/b", "sid=1"],
    ["sid=1; Path=none", "/shop/x", "sid=1"],
    ["sid=1; Path=/; Secure", "/", undefined],
    ["sid=1; Path=/; Domain=example.test", "/", "sid=1"],
    ["sid=1; Path=/; Domain=.API.example.test", "/", "sid=1"],
    ["sid=1; Path=/; Domain=other.test", "/", undefined],
    ["sid=1; Path=/; Domain=ample.test", "/", undefined],
    ["sid=1; Path=/; Max-Age=60", "/", "sid=1"],
    ["sid=1; Path=/; Max-Age=0", "/", undefined],
    ["sid=1; Path=/; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "/", "sid=1"],
    ["sid=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "/", undefined],
    ["sid=1; Path=/; Expires=Fri, 27 Nov 2026 00:00:00 GMT", "/", "sid=1"],
    ["sid=1; Path=/; Expires=soon", "/", "sid=1"],
    ["nothing", "/shop/x", undefined],
    ["=nameless", "/shop/x", undefined],
    ["sid=a\u0000b; Path=/", "/", undefined],
    [`sid=${"a".repeat(4096)}; Path=/`, "/", undefined],
  ])("%s is sent to %s as %s", (header, path, expected) => {
    expect(jar(header).header(place(path))).toBe(expected);
  });

  test("go as they came: by time, by Secure, by the longer path first, and when they are taken back", () => {
    const made = jar("a=1; Path=/", "b=2; Path=/shop", "c=3; Path=/; Secure", "d=4; Path=/; Max-Age=10");
    expect(made.header(place("/shop", { secure: true }))).toBe("b=2; a=1; c=3; d=4");
    expect(made.header(place("/shop", { nowMs: NOW + 10_000 }))).toBe("b=2; a=1");
    made.store(["a=; Path=/; Max-Age=-1", "b=; Path=/"], place("/"));
    expect(made.header(place("/shop"))).toBe("b=2; d=4; b=");
  });

  test("are no more than a hundred", () => {
    const made = jar(...Array.from({ length: 150 }, (_, i) => `c${i}=1; Path=/`));
    expect(made.header(place("/"))!.split("; ")).toHaveLength(100);
  });
});
