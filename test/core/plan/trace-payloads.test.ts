import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import { makePlan } from "../../../src/core/plan/make-plan.ts";
import { NONCE_PLACEHOLDER, NONCE_TOKENS } from "../../../src/core/plan/nonce.ts";
import type { PreparedRequest, ScenarioPlan, Segment } from "../../../src/core/plan/plan.ts";
import { parseSuite } from "../../../src/core/suite/parse.ts";

type Row = {
  readonly timestamp: number;
  readonly input_length: number;
  readonly output_length: number;
  readonly hash_ids?: readonly number[];
};

type Written = { readonly load?: string; readonly payloads?: string; readonly target?: string; readonly extra?: string };

function plan(rows: readonly Row[], written: Written = {}, input: { readonly design?: "live"; readonly pass?: number } = {}): ScenarioPlan {
  const { load = "trace: { file: t.jsonl, block-tokens: 16 }", payloads = "traffic: { from-trace: {}, unique: no }" } = written;
  const { target = "protocol: openai-completions", extra = "" } = written;
  const text = `name: a\ntarget: { ${target} }\npayloads: { ${payloads} }\nscenarios: [{ name: s, warm-up: 5s, block: { duration: 1s, requests: 1 }, load: { ${load}, unit: s, duration: 60s }${extra} }]\n`;
  const { suite } = parseSuite(text, "suite.yaml");
  const files = new Map([["t.jsonl", new TextEncoder().encode(rows.map((row) => JSON.stringify(row)).join("\n"))]]);
  return makePlan({
    suite,
    digest: "d",
    files,
    design: input.design ?? "single",
    ...(input.pass === undefined ? {} : { pass: input.pass }),
  }).scenarios[0]!;
}

const bodyOf = ({ body }: PreparedRequest) =>
  JSON.parse(new TextDecoder().decode(body)) as { readonly prompt: string; readonly max_tokens?: number };
const units = (text: string): number => (text.match(/\w+|\./g) ?? []).length;
const measured = ({ segments }: ScenarioPlan): readonly Segment[] => segments.filter(({ phase }) => phase === "measure");

/** Rows over more than a minute; the last keeps the trace from ending before the replay does. */
const anyRows: fc.Arbitrary<readonly Row[]> = fc
  .array(
    fc.record({
      timestamp: fc.integer({ min: 0, max: 60 }),
      input_length: fc.integer({ min: 1, max: 200 }),
      output_length: fc.integer({ min: 0, max: 50 }),
      ids: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 13 }),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((rows) => [
    { timestamp: 0, input_length: 20, output_length: 5, hash_ids: [0, 1] },
    ...rows
      .toSorted((a, b) => a.timestamp - b.timestamp)
      .map(({ ids, ...row }) => ({ ...row, hash_ids: ids.slice(0, Math.ceil(row.input_length / 16)) })),
    { timestamp: 61, input_length: 1, output_length: 1 },
  ]);

describe("Requests that are made from a trace", () => {
  test("are one for each row of the window, as long as it says, with the length of its answer", () => {
    fc.assert(
      fc.property(anyRows, fc.integer({ min: 1, max: 250 }), (rows, most) => {
        const load = `trace: { file: t.jsonl, block-tokens: 16, max-input: ${most} }`;
        const { requests, segments } = plan(rows, { load });
        const inside = rows.filter(({ timestamp }) => timestamp < 60);
        expect(requests).toHaveLength(inside.length);
        for (const [i, { input_length, output_length }] of inside.entries()) {
          const { prompt, max_tokens } = bodyOf(requests[i]!);
          expect(units(prompt)).toBe(Math.min(input_length, most));
          expect(max_tokens).toBe(Math.max(1, output_length));
        }
        expect([...measured({ segments } as ScenarioPlan)[0]!.picks]).toEqual(inside.map((_, i) => i));
      }),
      { numRuns: 30 },
    );
  });

  test("begin with the same bytes as far as their blocks are the same, and differ from there on", () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const inside = rows.filter(({ timestamp }) => timestamp < 60);
        const prompts = plan(rows).requests.map((request) => bodyOf(request).prompt);
        for (let i = 0; i < inside.length; i++) {
          for (let j = 0; j < i; j++) {
            const [a, b] = [inside[i]!, inside[j]!];
            const ids = [a.hash_ids ?? [], b.hash_ids ?? []] as const;
            const differs = ids[0].findIndex((id, k) => id !== ids[1][k]);
            const shared = Math.min(16 * (differs < 0 ? ids[0].length : differs), a.input_length, b.input_length);
            const words = (text: string) => text.match(/\w+|\./g) ?? [];
            const [mine, theirs] = [words(prompts[i]!), words(prompts[j]!)];
            expect(mine.slice(0, shared)).toEqual(theirs.slice(0, shared));
            const isLonger = Math.min(mine.length, theirs.length) >= shared + 8;
            if (isLonger) expect(mine.slice(shared, shared + 8)).not.toEqual(theirs.slice(shared, shared + 8));
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  test("are those of the rows that a window, a speed and a sample choose, in their order", () => {
    const rows = Array.from({ length: 400 }, (_, i) => ({ timestamp: i, input_length: i + 1, output_length: 1 }));
    const lengths = (written: Written) => plan(rows, written).requests.map((request) => units(bodyOf(request).prompt));
    expect(lengths({ load: "trace: t.jsonl, from: 100s, speed: 2" })).toEqual(Array.from({ length: 120 }, (_, i) => 101 + i));
    const half = lengths({ load: "trace: t.jsonl, from: 100s, speed: 2, sample: 50%" });
    expect(half.length).toBeGreaterThan(40);
    expect(half.length).toBeLessThan(80);
    expect(half).toEqual([...new Set(half)].toSorted((a, b) => a - b));
    expect(half.every((length) => length >= 101 && length <= 220)).toBe(true);
  });

  test("are the same on both arms of a pair, each once in a pass, and again in the next pass", () => {
    const rows = Array.from({ length: 100 }, (_, i) => ({ timestamp: i, input_length: i + 1, output_length: 1 }));
    const first = plan(rows, {}, { design: "live" });
    for (const [arm, other] of [
      ["base", "head"],
      ["head", "base"],
    ] as const) {
      const picks = measured(first).filter((segment) => segment.arm === arm);
      expect(picks.flatMap((segment) => [...segment.picks])).toEqual(Array.from({ length: 60 }, (_, i) => i));
      for (const { blocks, picks: mine } of picks) {
        const partner = measured(first).find((segment) => segment.arm === other && segment.blocks[0]?.pair === blocks[0]!.pair)!;
        expect(partner.picks).toEqual(mine);
      }
    }
    const second = plan(rows, {}, { design: "live", pass: 2 });
    const heads = measured(second).filter(({ arm }) => arm === "head");
    expect(heads.flatMap(({ picks }) => [...picks])).toEqual(Array.from({ length: 60 }, (_, i) => i));
  });

  test("stand beside other classes: an arrival that is the trace's is its own row", () => {
    const rows = Array.from({ length: 100 }, (_, i) => ({ timestamp: i, input_length: i + 1, output_length: 1 }));
    const payloads = "traffic: { from-trace: {}, weight: 3 }, other: { text: { words: 5 } }";
    const { requests, segments } = plan(rows, { payloads });
    const [{ picks } = { picks: [] }] = measured({ segments } as ScenarioPlan);
    const classes = [...picks].map((pick) => requests[pick]!.payloadClass);
    const [ofTrace, others] = ["traffic", "other"].map((name) => classes.filter((each) => each === name).length);
    expect([ofTrace! > 30, others! > 5]).toEqual([true, true]);
    const offset = requests.findIndex(({ payloadClass }) => payloadClass === "traffic");
    for (const [i, pick] of [...picks].entries()) if (classes[i] === "traffic") expect(pick - offset).toBe(i);
  });

  test("keep their length with a nonce, and what they share behind it", () => {
    const ids = [1, 2, 3];
    const rows = [
      { timestamp: 0, input_length: 48, output_length: 1, hash_ids: ids },
      { timestamp: 1, input_length: 40, output_length: 1, hash_ids: ids },
      { timestamp: 2, input_length: 5, output_length: 1, hash_ids: [1] },
      { timestamp: 70, input_length: 5, output_length: 1 },
    ];
    const { requests, segments } = plan(rows, { payloads: "traffic: { from-trace: {} }" });
    const prompts = requests.map((request) => bodyOf(request).prompt);
    for (const [i, prompt] of prompts.slice(0, 2).entries()) {
      expect(prompt.startsWith(`${NONCE_PLACEHOLDER} `)).toBe(true);
      expect(units(prompt) - 1 + NONCE_TOKENS).toBe(rows[i]!.input_length);
    }
    expect(prompts[0]!.startsWith(prompts[1]!)).toBe(true);
    expect(prompts[2]).toBe(NONCE_PLACEHOLDER);
    expect(requests.map(({ nonce }) => nonce?.per)).toEqual(["pass", "pass", "pass"]);
    expect(segments.map(({ nonceScope }) => nonceScope)).toEqual(["s/head/warm-up/1", "s/head/measure/1"]);
  });

  test("share a prompt with a request of the user's own, and hold its numbers", () => {
    const rows = [
      { timestamp: 0, input_length: 12, output_length: 7 },
      { timestamp: 61, input_length: 1, output_length: 1 },
    ];
    const json = '{ ignore_eos: true, min_tokens: "{output-tokens}", note: "{input-tokens} of {text}" }';
    const beside = plan(rows, {
      payloads: `traffic: { unique: no, from-trace: { json: ${json} } }`,
      target: "protocol: openai-chat, max-tokens: 3",
    });
    const chat = bodyOf(beside.requests[0]!) as unknown as { messages: [{ content: string }] };
    expect(chat).toMatchObject({ max_tokens: 7, ignore_eos: true, min_tokens: 7, stream: true, messages: [{ role: "user" }] });
    expect(units(chat.messages[0].content)).toBe(12);
    const whole = plan(rows, {
      target: "protocol: raw",
      payloads: 'traffic: { unique: no, from-trace: { json: { inputs: "{text}", parameters: { max_new_tokens: "{output-tokens}" } } } }',
    });
    const raw = bodyOf(whole.requests[0]!) as unknown as { inputs: string };
    expect(raw).toEqual({ inputs: expect.any(String), parameters: { max_new_tokens: 7 } });
    expect(units(raw.inputs)).toBe(12);
    const plain = plan(rows, { target: "protocol: raw" });
    expect(units(new TextDecoder().decode(plain.requests[0]!.body))).toBe(12);
    const embeddings = plan(rows, {
      target: "protocol: openai-embeddings",
      payloads: "traffic: { from-trace: { json: { dimensions: 8 } } }",
    });
    expect(bodyOf(embeddings.requests[0]!)).toMatchObject({ dimensions: 8, input: expect.stringMatching(/^noncetobewritten /) });
  });
});

describe("Requests that are made from a trace: what is said about", () => {
  const complaint = (rows: readonly Row[], written: Written) => {
    try {
      plan(rows, written);
    } catch (error) {
      if (error instanceof InputError) return error.sentence;
      throw error;
    }
    return "no complaint";
  };

  test("more of them than fit into memory, before any is built", () => {
    const rows = Array.from({ length: 23_000 }, (_, i) => ({ timestamp: i / 300, input_length: 64_000, output_length: 1 }));
    expect(complaint(rows, {})).toMatchInlineSnapshot(
      `"t.jsonl:1:1: this replay is 18,000 requests with 1,152,000,000 tokens of prompts, about 5951 MiB, and 256 MiB are the most; shorten duration, lower sample, or write max-input: 2572"`,
    );
  });

  test("a whole request in which nothing is of the trace", () => {
    const rows = [
      { timestamp: 0, input_length: 12, output_length: 7 },
      { timestamp: 61, input_length: 1, output_length: 1 },
    ];
    expect(complaint(rows, { target: "protocol: raw", payloads: "traffic: { from-trace: { json: { n: 1 } } }" })).toMatchInlineSnapshot(
      `"the json of payload "traffic" holds no {text}: all of its requests would be the same; write for example json: { inputs: "{text}" }"`,
    );
  });
});
