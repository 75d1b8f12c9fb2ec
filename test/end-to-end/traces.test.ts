import { expect, test } from "vitest";
import { makePlan } from "../../src/core/plan/make-plan.ts";
import { NONCE_TOKENS } from "../../src/core/plan/nonce.ts";
import { parseSuite } from "../../src/core/suite/parse.ts";
import { serve } from "../io/load/endpoint.ts";
import { workplace } from "./tailgate.ts";

const scenario = (name: string) => `
  - name: ${name}
    together: both
    mix: { ${name}: 1 }
    load: { trace: { file: t.jsonl, block-tokens: 32, max-output: 9 }, unit: ms, duration: 2s }
    warm-up: none
    block: { duration: 1s, requests: 5 }
    gates: { latency.p50: { regression: 10% } }`;
const SUITE = `name: traces
target: { protocol: openai-chat, model: m, stream: false, timeout: 5s }
payloads:
  again: { from-trace: {}, unique: no }
  anew: { from-trace: { json: { ignore_eos: true } } }
scenarios:${scenario("again")}${scenario("anew")}
decision: { budget: 1 }
generator: { calibration: no }
`;
/** Every prompt of 160 tokens begins with one of two blocks and goes on with one of its own. */
const TRACE = Array.from({ length: 40 }, (_, i) =>
  JSON.stringify({ timestamp: i * 55, input_length: 160, output_length: 5 + i, hash_ids: [i % 2, 100 + i] }),
).join("\n");

type Asked = { readonly messages: readonly [{ readonly content: string }]; readonly max_tokens: number; readonly ignore_eos?: boolean };

/** A model with a prefix cache of blocks of 16 words, which takes its time for the words that the cache does not know. */
function model() {
  const known = new Set<string>();
  const asked: Asked[] = [];
  const read = (prompt: string) => {
    const words = prompt.split(" ");
    const prefixes = Array.from({ length: Math.floor(words.length / 16) }, (_, i) => words.slice(0, 16 * (i + 1)).join(" "));
    const hits = prefixes.findIndex((prefix) => !known.has(prefix));
    for (const prefix of prefixes) known.add(prefix);
    return { tokens: words.length, cached: 16 * (hits < 0 ? prefixes.length : hits) };
  };
  const url = serve((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      if (request.method !== "POST") return response.end();
      const question = JSON.parse(body) as Asked;
      asked.push(question);
      const { tokens, cached } = read(question.messages[0].content);
      const usage = { prompt_tokens: tokens, completion_tokens: 3, prompt_tokens_details: { cached_tokens: cached } };
      const answer = { choices: [{ message: { content: "a b c" }, finish_reason: "stop" }], usage };
      setTimeout(() => response.end(JSON.stringify(answer)), 60 + tokens - cached);
    });
  });
  return { url, asked, read };
}

test("a base that knows the prompts from an earlier run is not compared with a head that does not, unless prompts begin anew", async () => {
  const [base, head] = [model(), model()];
  const files = new Map([["t.jsonl", new TextEncoder().encode(TRACE)]]);
  const earlier = makePlan({ suite: parseSuite(SUITE, "suite.yaml").suite, digest: "", files, design: "single" });
  for (const { requests } of earlier.scenarios)
    for (const { body } of requests) base.read((JSON.parse(new TextDecoder().decode(body)) as Asked).messages[0].content);

  const place = await workplace({ "suite.yaml": SUITE, "t.jsonl": TRACE });
  const { code } = await place.tailgate(["run", "suite.yaml", "--endpoint", await head.url, "--baseline-endpoint", await base.url]);
  expect(code, place.read("tailgate-out/comment.md")).toBe(3);
  const metric = (name: string, which: string) =>
    place
      .verdict()
      .scenarios.find((each) => each.name === name)!
      .metrics.find((each) => each.metric === which)!;

  // The head looks slower by far, and that is the cache and not the head.
  expect(metric("again", "latency.p50").delta!.relative).toBeGreaterThan(0.3);
  expect(metric("again", "latency.p50")).toMatchObject({ verdict: "inconclusive", reason: expect.stringContaining("cache-differs") });
  expect(metric("again", "cache.hit_ratio").base!.value).toBeGreaterThan(0.8);
  expect(metric("again", "cache.hit_ratio").head!.value).toBeLessThan(0.6);

  // Within a pass the prompts share what the trace says, on either arm.
  expect(metric("anew", "latency.p50").reason).not.toContain("cache-differs");
  const ratios = (["base", "head"] as const).map((arm) => metric("anew", "cache.hit_ratio")[arm]!.value);
  expect(Math.abs(ratios[0]! - ratios[1]!)).toBeLessThan(0.05);
  expect(ratios[0]).toBeGreaterThan(0.1);
  expect(place.record().scenarios[1]!.arms.head!.blocks[0]!.prompt).toMatchObject({ tokens: expect.any(Number) });

  const anew = [base, head].map(({ asked }) => asked.filter(({ ignore_eos: ignores }) => ignores));
  const begins = anew.map((all) => new Set(all.map(({ messages }) => messages[0].content.slice(0, 16))));
  expect(begins.map(({ size }) => size)).toEqual([1, 1]);
  expect(begins[0]).not.toEqual(begins[1]);
  for (const all of anew) {
    expect(all.map(({ max_tokens: most }) => most).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 37 }, (_, i) => Math.min(9, 5 + i)),
    );
    for (const { messages } of all) expect(messages[0].content.match(/\w+|\./g)).toHaveLength(160 - NONCE_TOKENS + 1);
  }
});
