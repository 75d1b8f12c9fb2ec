import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { type ChunkEvent, ChunkStream, type TokenShapes } from "../../../src/core/protocol/openai-chunk-stream.ts";
import { bytes, cut } from "./drive.ts";

type Stamped = readonly [event: ChunkEvent, atNs: number];

function read(chunks: readonly Uint8Array[], keepsText = true, shapes: TokenShapes = []): readonly Stamped[] {
  const events: Stamped[] = [];
  const stream = new ChunkStream({ take: (event, atNs) => void events.push([event, atNs]) }, keepsText, shapes);
  for (const [i, chunk] of chunks.entries()) stream.feed(chunk, i);
  return events;
}
/** What a reader makes of each event that has seen no other before, and hence knows no shape. */
const alone = (events: readonly string[]): readonly ChunkEvent[] => events.flatMap((event) => read([bytes(event)]).map(([seen]) => seen));

const COMMON = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "content" };
const json = (delta: unknown, more: object = {}) =>
  JSON.stringify({ ...COMMON, choices: [{ index: 0, delta, logprobs: null, finish_reason: null }], ...more });
const event = (data: string) => `data: ${data}\n\n`;

test("events that differ in their piece alone are not parsed one by one", () => {
  const parse = vi.spyOn(JSON, "parse");
  const said = Array.from({ length: 200 }, (_, i) => ` word${i}`);
  const events = read(said.map((content) => bytes(event(json({ content })))));
  expect(parse.mock.calls.length).toBeLessThan(10);
  parse.mockRestore();
  expect(events.map(([seen]) => (seen as { text: string }).text)).toEqual(said);
  expect(events.map(([, atNs]) => atNs)).toEqual(said.map((_, i) => i));
});

test("a shape that changes in the middle is learned again, and one that never holds is given up", () => {
  const parse = vi.spyOn(JSON, "parse");
  const changing = (every: number) =>
    Array.from({ length: 200 }, (_, i) => bytes(event(json({ content: "a" }, { created: Math.floor(i / every) }))));
  read(changing(50));
  expect(parse.mock.calls.length).toBeLessThan(25);
  parse.mockClear();
  read(changing(1));
  expect(parse.mock.calls.length).toBeLessThan(220);
  parse.mockRestore();
});

test("where nobody looks at the text, tokens are told from empty pieces all the same", () => {
  const chunks = ["a", "b", "", "c", "\n", "d"].map((content) => bytes(event(json({ content }))));
  expect(read(chunks, false).map(([seen]) => (seen as { hasToken: boolean }).hasToken)).toEqual([true, true, false, true, true, true]);
});

test.each([
  ["a choice that was said to be over", event(json({ content: "a" }).replace('"finish_reason":null', '"finish_reason":"a"'))],
  ["an error", event(json({ content: "a" }, { error: "a" }))],
  ["a usage report", event(json({ content: "a" }, { usage: { completion_tokens: 3 } }))],
  [
    "a report of the prompt alone",
    event(json({ content: "a" }, { usage: { prompt_tokens: 3, prompt_tokens_details: { cached_tokens: 1 } } })),
  ],
  ["a second channel", event(json({ content: "a", reasoning: "a" }))],
  ["a tool call", event(json({ content: "a", tool_calls: [{ function: { arguments: "a" } }] }))],
  ["a tool call without arguments", event(json({ content: "a", tool_calls: [{ index: 0 }] }))],
  ["a second choice", event(JSON.stringify({ choices: [{ delta: { content: "a" } }, { delta: { content: "a" } }] }))],
  ["the piece twice, of which the last counts", event('{"choices":[{"delta":{"content":"a","content":"a"}}]}')],
  ["the name of an error", `event: error\n${event(json({ content: "a" }))}`],
  ["no line feeds", event(json({ content: "a" })).replaceAll("\n", "\r")],
  ["a label of its own", event(json({ content: "a" }, { content: "a" }))],
])("%s is read as it is, also after others like it", (_, text) => {
  const emptied = text.replace('"content":"a"', '"content":""');
  const others = [text, text, text.replaceAll('"a"', '"b"'), emptied, text.replaceAll('"a"', '""'), text];
  expect(read(others.map(bytes)).map(([seen]) => seen)).toEqual(alone(others));
});

describe("streams of one endpoint", () => {
  const chunks = (i: number, contents: readonly string[]) =>
    contents.map((content) => bytes(event(json({ content }, { id: `chatcmpl-${i}.a:B_`, created: 1_764_000_000 + i }))));

  test("learn their shape from the first of them, whatever the completion's name and time", () => {
    const shapes: TokenShapes = [];
    read(chunks(0, ["a", "b"]), true, shapes);
    const parse = vi.spyOn(JSON, "parse");
    for (let i = 1; i < 100; i++)
      expect(read(chunks(i, ["a", " b", "c"]), true, shapes).map(([seen]) => (seen as { text: string }).text)).toEqual(["a", " b", "c"]);
    expect(parse).not.toHaveBeenCalled();
    parse.mockRestore();
  });

  test("begin and end as others did, which is no reason to look closer", () => {
    const role = (i: number) => event(json({ role: "assistant", content: "" }, { id: `chatcmpl-${i}` }));
    const reason = (i: number) =>
      event(json({ content: "" }, { id: `chatcmpl-${i}` }).replace('"finish_reason":null', '"finish_reason":"stop"'));
    const stream = (i: number) => [bytes(role(i)), ...chunks(i, ["a", "b"]), bytes(reason(i)), bytes(event("[DONE]"))];
    const shapes: TokenShapes = [];
    read(stream(0), true, shapes);
    const parse = vi.spyOn(JSON, "parse");
    const seen = read(stream(1), true, shapes);
    expect(parse).not.toHaveBeenCalled();
    parse.mockRestore();
    expect(seen).toEqual(read(stream(1)));
    expect(seen.at(-1)).toEqual(["done", 4]);
    expect(seen.at(-2)![0]).toMatchObject({ finished: true, hasToken: false });
  });

  test("that end behind a comment do not make an end of comments", () => {
    const shapes: TokenShapes = [];
    const [ping, end] = [": ping\n\n", event("[DONE]")];
    const stream = [ping + end, ping + end, ping, ...[0, 1, 2].map((i) => event(json({ content: `${i}` })))].map(bytes);
    for (let i = 0; i < 3; i++) expect(read(stream, true, shapes)).toEqual(read(stream));
    expect(read(stream.slice(2), true, shapes).map(([seen]) => (seen as { text: string }).text)).toEqual(["0", "1", "2"]);
  });

  test("report their usage in numbers of their own, which are read each time", () => {
    const usage = (tokens: number) => bytes(event(JSON.stringify({ ...COMMON, choices: [], usage: { completion_tokens: tokens } })));
    const shapes: TokenShapes = [];
    const told = [3, 3, 3, 4].map((tokens) => read([...chunks(0, ["a", "b"]), usage(tokens)], true, shapes).at(-1)![0]);
    expect(told.map((seen) => (seen as { usageTokens: number }).usageTokens)).toEqual([3, 3, 3, 4]);
    const parse = vi.spyOn(JSON, "parse");
    read([...chunks(0, ["a", "b"]), usage(5)], true, shapes);
    expect(parse).toHaveBeenCalledTimes(1);
    parse.mockRestore();
  });

  test("whose beginning is another each time leave the shape of tokens known", () => {
    const shapes: TokenShapes = [];
    const begins = (i: number) => bytes(event(json({ role: "assistant" }, { padding: `${i}` })));
    for (let i = 0; i < 50; i++) read([begins(i), ...chunks(i, ["a", "b"])], true, shapes);
    const parse = vi.spyOn(JSON, "parse");
    read(chunks(51, ["a", "b"]), true, shapes);
    expect(parse).not.toHaveBeenCalled();
    // A few such beginnings are remembered, and no more are looked into.
    read([begins(52), ...chunks(52, ["a", "b"])], true, shapes);
    expect(parse).toHaveBeenCalledTimes(1);
    parse.mockRestore();
  });

  test("may think before they answer, each at a time of its own", () => {
    const shapes: TokenShapes = [];
    const thought = (i: number) => bytes(event(json({ reasoning: "hm" }, { id: `r-${i}` })));
    const parse = vi.spyOn(JSON, "parse");
    for (let i = 0; i < 50; i++) {
      const events = read([thought(i), ...chunks(i, ["a"]), thought(i), ...chunks(i, ["b"])], true, shapes);
      expect(events.map(([seen]) => (seen as { hasOutput: boolean }).hasOutput)).toEqual([false, true, false, true]);
    }
    // Two shapes are learned, by a handful of readings each.
    expect(parse.mock.calls.length).toBeLessThan(20);
    expect(shapes).toHaveLength(2);
    parse.mockRestore();
  });

  test("remember a few shapes and not as many as an endpoint can think of", () => {
    const shapes: TokenShapes = [];
    for (let i = 0; i < 50; i++) read([bytes(event(json({ content: "a" }, { other: `${i}` })))], true, shapes);
    expect(shapes.length).toBeLessThanOrEqual(8);
  });

  test("have escapes in their pieces, which are no reason to look closer", () => {
    const said = ['"', "\n\n", "\\", "a\tb", "\u0001", "\ud83d", "é\u2028", "/"];
    const shapes: TokenShapes = [];
    read(chunks(0, ["a", "b"]), false, shapes);
    const parse = vi.spyOn(JSON, "parse");
    const events = read(chunks(1, said), false, shapes);
    expect(parse).not.toHaveBeenCalled();
    parse.mockRestore();
    expect(events.map(([seen]) => (seen as { hasToken: boolean }).hasToken)).toEqual(said.map(() => true));
    expect(read(chunks(2, said), true, shapes).map(([seen]) => (seen as { text: string }).text)).toEqual(said);
  });

  test.each([
    ["an escape that is none", '"content":"a\\x"'],
    ["an escape of no number", '"content":"a\\u12xy"'],
    ["half an escape", '"content":"a\\u12"'],
    ["an escape at the end", '"content":"a\\"'],
    ["a number with a zero before it", '"created":017'],
    ["a time that is none", '"created":1.5'],
    ["a name with an escape", '"id":"a\\"b"'],
    ["a name with an escape that is none", '"id":"a\\x"'],
    ["no name", '"id":""'],
  ])("with %s are read as they are", (_, part) => {
    const name = part.slice(0, part.indexOf(":") + 1);
    const others = event(json({ content: "a" })).replace(new RegExp(`${name}("[^"]*"|\\d+)`), () => part);
    expect(others).toContain(part);
    const shapes: TokenShapes = [];
    read(chunks(0, ["a", "b"]), true, shapes);
    for (const keepsText of [true, false])
      expect(read([bytes(others)], keepsText, shapes).map(([seen]) => "kind" in (seen as object))).toEqual(
        read([bytes(others)]).map(([seen]) => "kind" in (seen as object)),
      );
    expect(read([bytes(others)], true, shapes)).toEqual(read([bytes(others)]));
  });
});

const piece = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 6 }),
  fc.constantFrom(
    "",
    '"',
    "\\",
    "\n",
    "\u2028",
    "\ud800",
    'a","finish_reason":"stop',
    '"}}]}',
    "content",
    "data: a\n\n",
    "\u007f",
    "\ufeff",
  ),
);
const channel = fc.constantFrom("content", "reasoning_content", "reasoning", "refusal");
/** Mostly of one shape, as a server writes them. */
const someEvents = fc
  .tuple(channel, fc.constantFrom("data: ", "data:", ": ping\ndata: ", "id: 1\ndata: ", "event: chunk\ndata: "))
  .chain(([name, start]) => {
    const completion = fc.record({
      id: fc.constantFrom<unknown>("chatcmpl-1", "chatcmpl-1", "cmpl-22.b:_", "a b", 'q"', "", "é", 7, null),
      created: fc.constantFrom<unknown>(1, 1, 1_764_000_000, 0, -1, 1.5, 1e21, "1", null),
    });
    const usual = fc.tuple(piece, completion).map(([content, more]) => `${start}${json({ [name]: content }, more)}\n\n`);
    const other = fc.oneof(
      fc.constantFrom(
        event("[DONE]"),
        event("{"),
        event(json({ role: "assistant", content: "" })),
        event(json({ content: "x" }, { error: { message: "full" } })),
        event(json({ content: "x" }).replace("null}", '"stop"}')),
        event(JSON.stringify({ choices: [], usage: { completion_tokens: 9 } })),
        `event: error\n${event(json({ content: "x" }))}`,
        ": ping\n\n",
        "\n",
      ),
      fc.tuple(channel, piece).map(([one, content]) => event(json({ [one]: content, content }))),
      // What a server would not write: the bytes of the piece as they are.
      piece.map((raw) => `${start}${json({ [name]: "PIECE" }).replace("PIECE", () => raw)}\n\n`),
    );
    return fc.array(fc.oneof({ weight: 5, arbitrary: usual }, { weight: 1, arbitrary: other }), { maxLength: 20 });
  });

test("whatever comes, in whatever pieces, it is read as if nothing of it were known", () => {
  fc.assert(
    fc.property(someEvents, fc.array(fc.nat({ max: 4000 })), fc.boolean(), (events, places, withReturns) => {
      const asSent = withReturns ? events.map((text) => text.replaceAll("\n", "\r\n")) : events;
      const expected = alone(asSent);
      const shapes: TokenShapes = [];
      for (let stream = 0; stream < 2; stream++) {
        expect(read(asSent.map(bytes), true, shapes).map(([seen]) => seen)).toEqual(expected);
        expect(read(cut(bytes(asSent.join("")), places), true, shapes).map(([seen]) => seen)).toEqual(expected);
      }
    }),
    { numRuns: 500 },
  );
});

test("an event of which one byte is another is read as if nothing were known", () => {
  const tokens = ["a", "b", "c", ""].map((content) => event(json({ content }, { id: "chatcmpl-7" })));
  const known = [event(json({ role: "assistant", content: "" }, { id: "chatcmpl-7" })), ...tokens, event("[DONE]")];
  fc.assert(
    fc.property(fc.nat({ max: known.length - 1 }), fc.nat({ max: 400 }), fc.nat({ max: 255 }), fc.boolean(), (of, place, byte, isCut) => {
      const other = bytes(known[of]!);
      other[place % other.length] = byte;
      const last = isCut ? [other.subarray(0, place % other.length), other.subarray(place % other.length)] : [other];
      const shapes: TokenShapes = [];
      read(known.map(bytes), true, shapes);
      const stream = [...known.slice(0, -1).map(bytes), ...last, bytes(tokens[0]!)];
      // Byte by byte no event is ever known before it is read.
      const expected = read(stream.flatMap((chunk) => Array.from(chunk, (each) => Uint8Array.of(each))));
      expect(read(stream, true, shapes).map(([seen]) => seen)).toEqual(expected.map(([seen]) => seen));
    }),
    { numRuns: 3000 },
  );
});

test("what began before an event belongs to it, however well the event is known", () => {
  const known = event(json({ content: "a" }));
  const named = read([known, known, "event: error\n", known].map(bytes)).map(([seen]) => seen);
  expect(named.slice(0, 2)).toEqual(alone([known, known]));
  expect(named[2]).toMatchObject({ kind: "failed", why: "in-band" });
  // Half a character, which makes the line another field.
  expect(read([bytes(known), bytes(known), Uint8Array.of(0xe2), bytes(known)])).toHaveLength(2);
});

test("the bytes of a piece may be broken: it is a token, and of its text nothing else is lost", () => {
  const [before, after] = event(json({ content: "PIECE" })).split("PIECE") as [string, string];
  const of = (...middle: readonly number[]) => Uint8Array.from([...bytes(before), ...middle, ...bytes(after)]);
  const events = read([of(97), of(98), of(0xff, 99), of(0xe2, 0x82), of(0xef, 0xbb, 0xbf), of(100)]);
  expect(events.map(([seen]) => (seen as { text: string }).text)).toEqual(["a", "b", "\ufffdc", "\ufffd", "\ufeff", "d"]);
});
