import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import { NONCE_PLACEHOLDER, nonceSlot, nonceWriter } from "../../../src/core/plan/nonce.ts";
import { payloadPool } from "../../../src/core/plan/payloads.ts";
import type { NonceScope, SharedPrefix } from "../../../src/core/suite/prompt.ts";
import type { PayloadContent } from "../../../src/core/suite/suite.ts";

function nonces(lane: readonly string[], count: number): readonly string[] {
  const write = nonceWriter(lane);
  const into = new Uint8Array(18);
  return Array.from({ length: count }, (_, i) => {
    write(i, into, 1);
    return new TextDecoder().decode(into.subarray(1, 17));
  });
}

describe("nonces", () => {
  test("are sixteen small letters, and nothing around them is touched", () => {
    const into = new Uint8Array(18).fill(33);
    nonceWriter(["run", "scope"])(5, into, 1);
    expect(new TextDecoder().decode(into)).toMatch(/^![a-p]{16}!$/);
    expect(NONCE_PLACEHOLDER).toMatch(/^[a-z]{16}$/);
  });

  test("differ within a lane and between lanes, and are the same for the same lane", () => {
    const [one, other] = [nonces(["run", "1"], 50_000), nonces(["run", "2"], 50_000)];
    expect(new Set([...one, ...other]).size).toBe(100_000);
    expect(nonces(["run", "1"], 100)).toEqual(one.slice(0, 100));
    expect(nonces(["run1", ""], 100)).not.toEqual(one.slice(0, 100));
  });

  test("of neighbours begin differently: no first three letters are shared by more than chance brings", () => {
    const counts = [...Map.groupBy(nonces(["a"], 40_960), (nonce) => nonce.slice(0, 3)).values()].map(({ length }) => length);
    expect(counts.length).toBe(4096);
    expect(Math.max(...counts)).toBeLessThan(40);
  });

  test("have one place in a body, or there is a mistake", () => {
    const body = (text: string) => new TextEncoder().encode(text);
    expect(nonceSlot(body(`{"é":"${NONCE_PLACEHOLDER} x"}`), "request", "a")).toEqual({ at: 7, per: "request" });
    for (const text of ["", "{}", `${NONCE_PLACEHOLDER} ${NONCE_PLACEHOLDER}`])
      expect(() => nonceSlot(body(text), "request", "a")).toThrow(InputError);
    expect(() => nonceSlot(undefined, "pass", "a")).toThrow(InputError);
  });
});

describe("The prompts of a class", () => {
  const files = new Map([
    [
      "a.jsonl",
      new TextEncoder().encode(
        '"one"\n{"prompt": "two"}\n{"messages": [{"role": "user", "content": [{"type": "image_url"}, {"type": "text", "text": "three"}]}]}\n{"input": ["four", "five"]}\n',
      ),
    ],
    ["numbers.jsonl", new TextEncoder().encode("[1, 2]\n")],
  ]);
  const pool = (content: PayloadContent, more: { readonly prefix?: SharedPrefix; readonly unique?: NonceScope }) =>
    payloadPool({ name: "a", weight: 1, content, ...more }, files, 7);
  const texts = (content: PayloadContent, more: Parameters<typeof pool>[1]) =>
    pool(content, more).map((payload) => (payload.kind === "text" ? payload.text : JSON.stringify(payload)));
  const WORDS = { kind: "text", words: [5, 20] } as const;

  test("keep their number of words with a nonce in place of the first", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 30 }), (least, more) => {
        for (const text of texts({ kind: "text", words: [least, least + more] }, { unique: "request" })) {
          expect(text.startsWith(NONCE_PLACEHOLDER)).toBe(true);
          const words = text.split(" ").length;
          expect(words >= least && words <= least + more, text).toBe(true);
        }
      }),
      { numRuns: 20 },
    );
  });

  test("share a prefix on top of their own length, each of several equally often", () => {
    for (const groups of [1, 3, 64, 100]) {
      const all = texts(WORDS, { prefix: { unit: "words", length: 40, groups } });
      const heads = all.map((text) => text.split("\n\n")[0]!);
      const counts = [...Map.groupBy(heads, (head) => head).values()].map(({ length }) => length);
      expect(counts).toEqual(Array(groups).fill(all.length / groups));
      expect(all.length).toBeGreaterThanOrEqual(64);
      for (const head of heads) expect(head.split(" ")).toHaveLength(40);
      for (const text of all) expect(text.split("\n\n")[1]!.split(" ").length).toBeGreaterThanOrEqual(5);
    }
    const [tokens] = texts(WORDS, { prefix: { unit: "tokens", length: 40, groups: 1 } });
    expect(tokens!.split("\n\n")[0]!.match(/\w+|\./g)).toHaveLength(40);
  });

  test("have the nonce behind the prefix, so that this stays shared", () => {
    for (const text of texts(WORDS, { prefix: { unit: "words", length: 3, groups: 1 }, unique: "request" }))
      expect(text).toMatch(/^\w+ \w+ \w+\.\n\nnoncetobewritten \w/);
  });

  test("begin so wherever the first text of a request stands", () => {
    expect(texts({ kind: "file", path: "a.jsonl" }, { unique: "pass" })).toEqual([
      '{"kind":"json","value":"noncetobewritten one"}',
      '{"kind":"json","value":{"prompt":"noncetobewritten two"}}',
      '{"kind":"json","value":{"messages":[{"role":"user","content":[{"type":"image_url"},{"type":"text","text":"noncetobewritten three"}]}]}}',
      '{"kind":"json","value":{"input":["noncetobewritten four","five"]}}',
    ]);
    const messages = [
      { role: "system", content: "Be brief." },
      { role: "user", content: "Why?" },
    ];
    expect(pool({ kind: "messages", messages }, { unique: "request" })).toEqual([
      { kind: "messages", messages: [{ role: "system", content: "noncetobewritten Be brief." }, messages[1]] },
    ]);
  });

  test("that hold no text are a mistake, with what to do", () => {
    expect(() => pool({ kind: "file", path: "numbers.jsonl" }, { unique: "request" })).toThrow(
      'payload "a" holds no text that could begin with a nonce',
    );
    expect(() => pool({ kind: "empty" }, { prefix: { unit: "words", length: 3, groups: 1 } })).toThrow(
      'payload "a" holds no text that could begin with a prefix',
    );
  });

  test("that would not fit into memory are refused before they are made", () => {
    const long = (groups: number) => () => pool(WORDS, { prefix: { unit: "tokens", length: 1_000_000, groups } });
    expect(long(1)).toThrow('the prefixes of payload "a" would take more than 256 MiB in its 64 requests');
    expect(long(1000)).toThrow('the prefixes of payload "a" would take more than 256 MiB in its 1000 requests');
  });

  test("are what they were where nothing is said about their beginning", () => {
    expect(texts(WORDS, {})[0]).toMatchInlineSnapshot(
      `"Remain usual has two little white more tomorrow care page name several side phone."`,
    );
  });
});
