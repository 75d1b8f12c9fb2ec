import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { raw } from "../../../src/core/protocol/raw.ts";
import { torchserve } from "../../../src/core/protocol/torchserve.ts";
import type { Target } from "../../../src/core/suite/suite.ts";
import { target } from "../plan/fixtures.ts";
import { type Arrival, bytes, cut, respond } from "./drive.ts";

const SSE = { "content-type": "text/event-stream; charset=utf-8" };
const NDJSON = { "content-type": "application/x-ndjson" };
const answer = (arrivals: readonly Arrival[], headers: Readonly<Record<string, string>> = {}, change: Partial<Target> = {}, status = 200) =>
  respond(raw.openResponse(target({ stream: true, ...change })), arrivals, { status, headers });
const stream = (firstTokenNs: number, lastTokenNs: number, gapsNs: readonly number[]) => ({
  kind: "ok",
  stream: { firstTokenNs, lastTokenNs, tokens: gapsNs.length + 1, tokensFrom: "events", gapsNs },
});

test("without a word about streams an answer is whole, as ever", () => {
  expect(
    respond(raw.openResponse(target()), [
      [10, "a"],
      [20, "b"],
    ]),
  ).toEqual({ result: { kind: "ok", stream: undefined }, endNs: 1000 });
});

describe("pieces are", () => {
  test("what arrived at once, where the type says nothing", () => {
    expect(
      answer([
        [10, "He"],
        [25, ""],
        [30, "llo"],
        [70, "!"],
      ]),
    ).toEqual({ result: stream(10, 70, [20, 40]), endNs: 70 });
  });

  test("events with data, and neither comments, keep-alives nor the mark of the end", () => {
    const { result, endNs } = answer(
      [
        [5, ": ping\n\n"],
        [10, "data: a\n\n"],
        [30, 'event: token\ndata: {"t": "b"}\n\ndata:\n\n'],
        [90, "data: [DONE]\n\n"],
      ],
      SSE,
    );
    expect(result).toEqual(stream(10, 30, [20]));
    expect(endNs).toBe(30);
  });

  test("lines, with the time of their first byte, and the last one without its end", () => {
    const { result } = answer(
      [
        [10, '{"a": 1}\n{"b"'],
        [40, ": 2}\n\n"],
        [70, '{"c": 3}'],
      ],
      NDJSON,
    );
    expect(result).toEqual(stream(10, 70, [0, 60]));
  });

  test("of TorchServe the chunks of its handler", () => {
    expect(
      respond(torchserve.openResponse(target({ protocol: "torchserve", model: "m", stream: true })), [
        [10, "1"],
        [20, "2"],
      ]).result,
    ).toEqual(stream(10, 20, [10]));
  });

  test.each([
    ["events", SSE, 'data: {"x": "é"}\n\ndata: b\n\n: c\n\ndata: d\n\n', 3],
    ["lines", NDJSON, '{"x": "é"}\n\n{"y": "\u{1f600}"}\n[1]\n', 3],
  ])("the same %s however the network cuts them", (_, headers, text, count) => {
    fc.assert(
      fc.property(fc.array(fc.nat(60), { maxLength: 12 }), (places) => {
        const { result } = answer(
          cut(bytes(text), places).map((chunk, i) => [10 * (i + 1), chunk]),
          headers,
        );
        expect(result).toMatchObject({ kind: "ok", stream: { tokens: count } });
      }),
    );
  });
});

describe("a stream fails", () => {
  test.each([
    ["without a piece", [], SSE, "body", "the stream ended without a single piece"],
    ["with an error in an event", [[10, 'data: {"error": "no memory"}\n\n']], SSE, "in-band", 'the answer holds an error: "no memory"'],
    [
      "with an event called error",
      [[10, "event: error\ndata: worker died\n\n"]],
      SSE,
      "in-band",
      "the stream holds an error event: worker died",
    ],
    [
      "with an error after good pieces",
      [[10, '{"a": 1}\n{"error": {"message": "x"}}\n']],
      NDJSON,
      "in-band",
      `the answer holds an error: "{"message":"x"}"`,
    ],
  ] as const)("%s", (_, arrivals, headers, why, detail) => {
    const { result, endNs } = answer(arrivals, headers);
    expect(result).toEqual({ kind: "failed", why, detail });
    expect(endNs).toBe(1000);
  });

  test("by its status, quoted", () => {
    expect(answer([[10, "busy"]], {}, {}, 503).result).toEqual({
      kind: "failed",
      why: "status",
      detail: 'status 503, expected 2xx: "busy"',
    });
  });

  test("where a check finds nothing in all of it", () => {
    const check = { status: undefined, contains: "end" };
    expect(
      answer(
        [
          [10, "the e"],
          [20, "nd"],
        ],
        {},
        { check },
      ).result.kind,
    ).toBe("ok");
    expect(answer([[10, "the"]], {}, { check }).result).toMatchObject({ kind: "failed", why: "check" });
  });

  test("and a word about errors inside a piece is none", () => {
    expect(answer([[10, 'data: the "error" of my ways\n\n']], SSE).result.kind).toBe("ok");
    expect(answer([[10, 'data: {"error": null, "t": 1}\n\n']], SSE).result.kind).toBe("ok");
  });
});
