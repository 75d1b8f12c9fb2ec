import { createParser } from "eventsource-parser";
import fc from "fast-check";
import { expect, test } from "vitest";
import { dataOfOne, openEventStream, type StampedEvent } from "../../../src/core/protocol/event-stream.ts";
import { type Arrival, bytes, cut } from "./drive.ts";

function read(arrivals: readonly Arrival[]): readonly (readonly [number, string])[] {
  const events: StampedEvent[] = [];
  const stream = openEventStream((event) => events.push(event));
  for (const [atNs, chunk] of arrivals) stream.feed(typeof chunk === "string" ? bytes(chunk) : chunk, atNs);
  return events.map(({ atNs, data }) => [atNs, data] as const);
}

test("an event has the time of the chunk that holds it", () => {
  expect(
    read([
      [10, "data: a\n\n"],
      [20, "data: b\n\n"],
    ]),
  ).toEqual([
    [10, "a"],
    [20, "b"],
  ]);
});

test("an event that spans chunks has the time of its first byte, however late it is completed", () => {
  expect(
    read([
      [10, "d"],
      [20, "ata: a"],
      [30, "\n"],
      [40, "\ndata: b"],
      [50, "\n\n"],
    ]),
  ).toEqual([
    [10, "a"],
    [40, "b"],
  ]);
});

test("events that share a chunk share its time, but for the one that began before", () => {
  expect(
    read([
      [10, "data: a\n\ndata: b\n\nda"],
      [20, "ta: c\n\ndata: d\n\n"],
    ]),
  ).toEqual([
    [10, "a"],
    [10, "b"],
    [10, "c"],
    [20, "d"],
  ]);
});

test("comments and blank lines before an event are not part of it", () => {
  expect(
    read([
      [10, ": ping\n\n\n"],
      [20, ": ping\n"],
      [30, "data: a\n\n"],
    ]),
  ).toEqual([[30, "a"]]);
});

test("any field begins an event", () => {
  expect(
    read([
      [10, "event: delta\n"],
      [20, "data: a\n\n"],
      [30, "id: 7\n"],
      [40, "data: b\n\n"],
    ]),
  ).toEqual([
    [10, "a"],
    [30, "b"],
  ]);
});

test("CRLF split between chunks ends one line, not two", () => {
  expect(
    read([
      [10, "data: a\r"],
      [20, "\ndata: b\r"],
      [30, "\n\r"],
      [40, "\ndata: c\r\n\r\n"],
    ]),
  ).toEqual([
    [10, "a\nb"],
    [40, "c"],
  ]);
});

test("lines end with CR, LF or CRLF, mixed, and the space after the colon is optional", () => {
  expect(read([[10, "data:a\r\rdata: b\n\ndata:  c\r\n\r\ndata: d\n\r\n"]]).map(([, data]) => data)).toEqual(["a", "b", " c", "d"]);
});

test("data over several lines is joined with line feeds", () => {
  expect(read([[10, "data: a\ndata:\ndata: b\n\n"]])).toEqual([[10, "a\n\nb"]]);
});

test("a character split between chunks is put together", () => {
  const smile = bytes("data: 😀é\n\n");
  expect(
    read([
      [10, smile.subarray(0, 8)],
      [20, smile.subarray(8, 11)],
      [30, smile.subarray(11)],
    ]),
  ).toEqual([[10, "😀é"]]);
});

test("a byte order mark at the start is ignored", () => {
  expect(read([[10, Uint8Array.of(0xef, 0xbb, 0xbf, ...bytes("data: a\n\n"))]])).toEqual([[10, "a"]]);
});

test("what follows the last blank line is not an event", () => {
  expect(read([[10, "data: a\n\ndata: b\n"]])).toEqual([[10, "a"]]);
});

test("an event carries its name", () => {
  const events: StampedEvent[] = [];
  openEventStream((event) => events.push(event)).feed(bytes("event: error\ndata: x\n\ndata: y\n\n"), 5);
  expect(events).toEqual([
    { data: "x", event: "error", atNs: 5 },
    { data: "y", event: undefined, atNs: 5 },
  ]);
});

test("an event without end is given up instead of filling the memory", () => {
  const mebibyte = new Uint8Array(1024 * 1024).fill(0x61);
  for (const start of ["data: ", "", ": ", "data: x\n".repeat(10)]) {
    const stream = openEventStream(() => {});
    stream.feed(bytes(start), 0);
    const fed = Array.from({ length: 10 }, (_, i) => stream.feed(mebibyte, i));
    expect(fed[0]).toBe(true);
    expect(fed.at(-1)).toBe(false);
  }
});

test("an event of many lines without end is given up too", () => {
  const stream = openEventStream(() => {});
  const lines = bytes(`data: ${"a".repeat(1000)}\n`.repeat(1000));
  const fed = Array.from({ length: 10 }, (_, i) => stream.feed(lines, i));
  expect([fed[0], fed.at(-1)]).toEqual([true, false]);
});

const pieces = fc.array(
  fc.oneof(
    fc.constantFrom("\n", "\r", "\r\n", "\n\n", "\r\n\r\n", "data:", "data: ", ": c", "event: e", "id", "é", "😀", "[DONE]", "{}"),
    fc.string({ unit: "grapheme", maxLength: 5 }),
  ),
  { maxLength: 40 },
);

test("however a stream is cut, it gives the same events, none later than before and none earlier than its chunk", () => {
  fc.assert(
    fc.property(pieces, fc.array(fc.nat({ max: 200 })), (parts, places) => {
      const whole = bytes(parts.join(""));
      const chunks = cut(whole, places);
      const stamped = read(chunks.map((chunk, i) => [i, chunk]));
      const reference = read([...whole].map((byte, i) => [i, Uint8Array.of(byte)]));
      expect(stamped.map(([, data]) => data)).toEqual(reference.map(([, data]) => data));
      // Byte by byte, the time is the offset of the first byte; cut, it must be the chunk that holds that offset.
      const chunkOf = (offset: number): number => {
        let end = 0;
        return chunks.findIndex((chunk) => (end += chunk.length) > offset);
      };
      expect(stamped.map(([at]) => at)).toEqual(reference.map(([offset]) => chunkOf(offset)));
    }),
    { numRuns: 500 },
  );
});

test("however a stream is cut, it gives what the parser makes of the whole text", () => {
  fc.assert(
    fc.property(pieces, fc.array(fc.nat({ max: 200 })), (parts, places) => {
      const text = `${parts.join("")}\n\n`;
      const expected: string[] = [];
      createParser({ onEvent: ({ data }) => expected.push(data) }).feed(text);
      const stamped = read(cut(bytes(text), places).map((chunk, i) => [i, chunk]));
      expect(stamped.map(([, data]) => data)).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

test("an empty chunk between CR and LF changes nothing", () => {
  expect(
    read([
      [10, "data: a\r"],
      [20, ""],
      [30, "\ndata: b\r\n\r\n"],
    ]),
  ).toEqual([[10, "a\nb"]]);
});

test("bytes that are one event of one line are known without a parser", () => {
  expect(dataOfOne(bytes('data: {"a": 1}\n\n'))).toBe('{"a": 1}');
  expect(dataOfOne(bytes("data:a\n\n"))).toBe("a");
  expect(dataOfOne(bytes("data:  \ufeffé 😀\n\n"))).toBe(" \ufeffé 😀");
});

test.each([
  "",
  "\n\n",
  "data\n\n",
  "data:\n\n",
  "data: \n\n",
  "data: a\n",
  "data: a\r\n\r\n",
  "data: a\rdata: b\n\n",
  "data: a\n\n\n",
  "data: a\ndata: b\n\n",
  "data: a\n\ndata: b\n\n",
  "datas: a\n\n",
  " data: a\n\n",
  "event: data: a\n\n",
  "\ufeffdata: a\n\n",
  ": data: a\n\n",
])("%j needs the parser", (text) => {
  expect(dataOfOne(bytes(text))).toBeUndefined();
});

test("what is known without a parser is what the parser makes of it", () => {
  const parts = fc.array(fc.constantFrom("data:", " ", "a", "\n", "\n\n", "\r", ":", "é", "\ufeff", "\0", "id: 1\n"), { maxLength: 8 });
  fc.assert(
    fc.property(parts, (middle) => {
      const text = `data:${middle.join("")}\n\n`;
      const data = dataOfOne(bytes(text));
      if (data !== undefined) expect(read([[1, text]])).toEqual([[1, data]]);
    }),
    { numRuns: 2000 },
  );
});
