import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openTokenStream } from "../../../src/core/protocol/openai-stream.ts";
import type { ResponseEnd } from "../../../src/core/protocol/protocol.ts";
import { decodeBins } from "../../../src/core/record/distribution.ts";
import type { StreamTiming } from "../../../src/core/record/outcome.ts";
import { openRecorder } from "../../../src/core/record/recorder.ts";
import { quantileOf } from "../../../src/core/stats/quantile.ts";
import { target } from "../plan/fixtures.ts";
import { type Arrival, respond } from "./drive.ts";

const FOLDER = new URL("../../fixtures/streams/", import.meta.url);
const MS = 1e6;

const recorded = (name: string): readonly Arrival[] =>
  readFileSync(new URL(`${name}.txt`, FOLDER), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => {
      const [ms, text] = JSON.parse(line) as [number, string];
      return [ms * MS, Uint8Array.from(text, (character) => character.charCodeAt(0))];
    });

/** The connection closes 50 ms after the last read, which is nobody's end. */
const read = (arrivals: readonly Arrival[], contains?: string): ResponseEnd =>
  respond(openTokenStream(target({ check: { status: undefined, contains } })), arrivals, { endNs: arrivals.at(-1)![0] + 50 * MS });

type Expected = { readonly endMs: number; readonly text: string } & Omit<
  StreamTiming,
  "firstTokenNs" | "lastTokenNs" | "firstOutputNs" | "gapsNs"
> & {
    readonly firstMs: number;
    readonly outputMs?: number;
    readonly gapsMs: readonly number[];
  };

const ANSWERED: Readonly<Record<string, Expected>> = {
  "role-usage-done": { firstMs: 180, endMs: 258, gapsMs: [25, 26, 27], tokens: 5, tokensFrom: "usage", text: "The sea is wide." },
  "crlf-comments": { firstMs: 140, endMs: 175, gapsMs: [35], tokens: 2, tokensFrom: "events", text: "Yes." },
  "split-characters": { firstMs: 30, endMs: 44, gapsMs: [14], tokens: 2, tokensFrom: "events", text: "😀ö!" },
  packed: { firstMs: 50, endMs: 91, gapsMs: [0, 40, 0, 0, 1], tokens: 14, tokensFrom: "usage", text: "abcdef" },
  reasoning: { firstMs: 110, outputMs: 190, endMs: 211, gapsMs: [20, 20, 40, 21], tokens: 5, tokensFrom: "usage", text: "Bern" },
  "tool-call": { firstMs: 95, endMs: 150, gapsMs: [25, 30], tokens: 3, tokensFrom: "events", text: '{"city":"Bern"}' },
  completions: { firstMs: 33, endMs: 70, gapsMs: [17, 20], tokens: 3, tokensFrom: "usage", text: " x y z" },
};

const FAILED: Readonly<Record<string, { readonly why: string; readonly detail: string }>> = {
  "error-event": { why: "in-band", detail: "EngineCore died" },
  "named-error-event": { why: "in-band", detail: "context window exceeded" },
  truncated: { why: "truncated", detail: "ended after 2 token events with neither finish_reason nor [DONE]" },
};

test("every recorded stream is expected to mean something", () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(".txt"));
  expect(files.map((name) => name.replace(".txt", "")).sort()).toEqual([...Object.keys(ANSWERED), ...Object.keys(FAILED)].sort());
});

describe("a recorded stream has its exact times", () => {
  test.each(Object.entries(ANSWERED))("%s", (name, { firstMs, outputMs, endMs, gapsMs, tokens, tokensFrom, text }) => {
    expect(read(recorded(name))).toEqual({
      endNs: endMs * MS,
      result: {
        kind: "ok",
        stream: {
          firstTokenNs: firstMs * MS,
          ...(outputMs === undefined ? {} : { firstOutputNs: outputMs * MS }),
          lastTokenNs: endMs * MS,
          tokens,
          tokensFrom,
          gapsNs: gapsMs.map((ms) => ms * MS),
        },
      },
    });
    expect(read(recorded(name), text).result.kind).toBe("ok");
    expect(read(recorded(name), `${text}?`).result).toMatchObject({ why: "check" });
  });

  test.each(Object.entries(FAILED))("%s is a failure", (name, { why, detail }) => {
    const { result } = read(recorded(name));
    expect(result).toMatchObject({ kind: "failed", why });
    expect(result.kind === "failed" && result.detail).toContain(detail);
  });

  test("and these are what the metrics hold: TTFT, TTFO, TPOT, latency, gaps", () => {
    const recorder = openRecorder([{ index: 0, pair: undefined, startS: 0, durationS: 10 }], 0, { timeoutS: 30 });
    const { result, endNs } = read(recorded("reasoning"));
    const sent = { intendedNs: 0, dispatchedNs: 0, attempts: 1, attemptNs: 0, wireNs: 1 * MS, firstByteNs: 20 * MS };
    recorder.add({ index: 0, ...sent, endNs, connectNs: undefined, dnsNs: undefined, tlsNs: undefined, status: 200, result });
    const { histograms } = recorder.finish()[0]!;
    const ms = (name: keyof typeof histograms) => Math.round((quantileOf(decodeBins(histograms[name]!), 1) ?? 0) * 1e5) / 100;
    // (211 − 110) / (5 − 1) = 25.25
    expect({ ttft: ms("ttft"), ttfo: ms("ttfo"), latency: ms("latency"), service: ms("service"), tpot: ms("tpot") }).toEqual({
      ttft: expect.closeTo(110, 0) as number,
      ttfo: expect.closeTo(190, 0) as number,
      latency: expect.closeTo(211, 0) as number,
      service: expect.closeTo(210, 0) as number,
      tpot: expect.closeTo(25.25, 1) as number,
    });
    expect(decodeBins(histograms.itl!).total).toBe(4);
  });
});

/** The reads cut anew at the given places: a byte keeps the time of the read that it came with. */
function cutAgain(arrivals: readonly Arrival[], places: readonly number[]): readonly Arrival[] {
  let from = 0;
  return arrivals.flatMap(([atNs, chunk]) => {
    const all = chunk as Uint8Array;
    const inside = places.map((place) => place - from).filter((place) => place > 0 && place < all.length);
    from += all.length;
    const bounds = [0, ...new Set(inside.toSorted((a, b) => a - b)), all.length];
    return bounds.slice(1).map((end, i): Arrival => [atNs, all.subarray(bounds[i], end)]);
  });
}

describe("however a recorded stream is cut into reads", () => {
  test("without moving a byte in time, everything is the same", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(ANSWERED), ...Object.keys(FAILED)),
        fc.array(fc.nat(2500), { maxLength: 60 }),
        (name, places) => {
          expect(read(cutAgain(recorded(name), places))).toEqual(read(recorded(name)));
        },
      ),
    );
  });

  test("tokens, their source and the text stay, and each token has the time of the read that brought its first byte", () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(ANSWERED)), fc.array(fc.nat(2500), { maxLength: 30 }), (name, places) => {
        const { tokens, tokensFrom, text } = ANSWERED[name]!;
        const whole = Uint8Array.from(recorded(name).flatMap(([, chunk]) => [...(chunk as Uint8Array)]));
        const reads = cutAgain([[0, whole]], places).map(([, chunk], i): Arrival => [(i + 1) * MS, chunk]);
        const { result } = read(reads, text);
        expect(result).toMatchObject({ kind: "ok", stream: { tokens, tokensFrom } });
        const { firstTokenNs, gapsNs, lastTokenNs } = (result as { readonly stream: StreamTiming }).stream;
        expect(gapsNs).toHaveLength(ANSWERED[name]!.gapsMs.length);
        expect(gapsNs.every((gap) => gap >= 0 && gap % MS === 0)).toBe(true);
        expect(gapsNs.reduce((sum, gap) => sum + gap, firstTokenNs)).toBe(lastTokenNs);
      }),
    );
  });

  test("and whatever is cut off behind the last whole token, it is a failure with a name", () => {
    for (const name of Object.keys(ANSWERED)) {
      const whole = Uint8Array.from(recorded(name).flatMap(([, chunk]) => [...(chunk as Uint8Array)]));
      const text = new TextDecoder("latin1").decode(whole);
      const finish = text.search(/"finish_reason":"|\[DONE\]/);
      for (const end of [0, 1, 40, Math.floor(finish / 2), finish]) {
        const { result } = read([[MS, whole.subarray(0, end)]]);
        expect(result, `${name} cut at ${end}`).toMatchObject({
          kind: "failed",
          why: end < 4 ? expect.stringMatching(/body|truncated/) : "truncated",
        });
      }
    }
  });
});
