import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodeBins } from "../../src/core/record/distribution.ts";
import { workplace } from "../end-to-end/tailgate.ts";
import { LLAMA_CPP, type LlamaServer, startLlama } from "./llamacpp.ts";
import { pythonWith, useTool } from "./tools.ts";

// The server announces keep-alive and closes the connection after every streamed answer all the same.
const STREAM = "stream: true, connection: { reuse: new }";
/** Tokens of an answer. The model never ends one by itself. */
const TOKENS = 24;

const suite = ({ target, load = "concurrency: 8, duration: 3s", gates }: { target: string; load?: string; gates: string }) => `name: llama
target: { ${target}, ready: { path: /health, timeout: 30s }, timeout: 20s }
payloads: { short: { text: { words: [3, 9] } } }
telemetry:
  - { llama.cpp: "METRICS", interval: 100ms }
scenarios:
  - name: steady
    load: { ${load} }
    warm-up: none
    gates: { ${gates} }
decision: { budget: 1 }
`;
const GENERATE = `max-tokens: ${TOKENS}`;
const LENIENT = "errors.ratio: { limit: 10% }, latency.p50: { limit: 15s }";

describe("against the server of llama.cpp, which others wrote", () => {
  const python = useTool(() => pythonWith("llamacpp", LLAMA_CPP));
  let base: LlamaServer | undefined;
  let deeper: LlamaServer | undefined;
  beforeAll(async () => {
    if (python() !== "") [base, deeper] = await Promise.all([startLlama(python(), 2), startLlama(python(), 8)]);
  });
  afterAll(() => {
    base?.stop();
    deeper?.stop();
  });

  const run = async (text: string, ...more: readonly string[]) => {
    const place = await workplace({ "suite.yaml": text.replace("METRICS", `${base!.url}/metrics`) });
    return { place, ended: await place.tailgate(["run", "suite.yaml", "--endpoint", base!.url, ...more]) };
  };

  test.each([
    ["chats", "openai-chat"],
    ["completions", "openai-completions"],
  ])("streamed %s: every token is timed, the server counts as many, and its queue is read beside", async (_, protocol) => {
    const { place, ended } = await run(suite({ target: `protocol: ${protocol}, ${STREAM}, ${GENERATE}`, gates: LENIENT }));
    expect(ended.code, ended.stderr + ended.stdout).toBe(0);
    const blocks = place.record().scenarios[0]!.arms.head!.blocks;
    expect(blocks.flatMap(({ failures }) => Object.entries(failures))).toEqual([]);
    const ok = blocks.reduce((sum, block) => sum + block.ok, 0);
    expect(ok).toBeGreaterThan(16);
    expect(blocks.reduce((sum, { tokens }) => sum + tokens!.output, 0)).toBe(TOKENS * ok);
    expect(new Set(blocks.map(({ tokens }) => tokens!.from))).toEqual(new Set(["usage"]));
    const count = (of: "ttft" | "itl" | "tpot") => blocks.reduce((sum, { histograms }) => sum + decodeBins(histograms[of]!).total, 0);
    // One event a token, as the server counts them.
    expect([count("ttft"), count("tpot"), count("itl")]).toEqual([ok, ok, (TOKENS - 1) * ok]);
    // Eight users, four slots: the others wait.
    const waiting = blocks.map(({ gauges }) => gauges["queue.depth"]!.mean);
    expect(Math.max(...waiting)).toBeGreaterThan(1);
    expect(Math.max(...waiting)).toBeLessThanOrEqual(4);
    // It counts the time of a token when an answer is complete, and no time without one.
    const perToken = blocks.flatMap(({ gauges }) => gauges["decode.time_per_token"]?.mean ?? []);
    expect(perToken.length).toBeGreaterThan(0);
    expect(Math.min(...perToken)).toBeGreaterThan(0);
    expect(Math.max(...perToken)).toBeLessThan(1);
  });

  test("a chat that comes whole has its tokens from the usage report, and no time to first token", async () => {
    const { place, ended } = await run(suite({ target: `protocol: openai-chat, stream: false, ${GENERATE}`, gates: LENIENT }));
    expect(ended.code, ended.stderr + ended.stdout).toBe(0);
    const blocks = place.record().scenarios[0]!.arms.head!.blocks;
    expect(blocks.reduce((sum, { tokens }) => sum + tokens!.output, 0)).toBe(TOKENS * blocks.reduce((sum, { ok }) => sum + ok, 0));
    expect(blocks.flatMap(({ histograms }) => Object.keys(histograms))).not.toContain("ttft");
  });

  test("a model of four times as many layers does not pass, and the gap between tokens says by how much", async () => {
    const text = suite({
      target: `protocol: openai-chat, ${STREAM}, ${GENERATE}`,
      load: "concurrency: 2, duration: 10s",
      gates: "itl.p50: { regression: 30% }",
    });
    const place = await workplace({ "suite.yaml": text.replace("METRICS", `${base!.url}/metrics`) });
    const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", deeper!.url, "--baseline-endpoint", base!.url]);
    // A machine that other work disturbs may leave it undecided.
    expect(ended.code, ended.stdout).not.toBe(0);
    expect(place.verdict().verdict).not.toBe("pass");
    const itl = place.verdict().scenarios[0]!.metrics.find(({ metric }) => metric === "itl.p50")!;
    expect(itl.delta!.relative).toBeGreaterThan(0.5);
  });

  test.each([
    ["a protocol that it does not speak", "protocol: kserve-v2, model: random", "status 404", "File Not Found"],
    ["embeddings, for which it was not started", "protocol: openai-embeddings, model: random", "status 501", "embeddings"],
  ])("%s fails by name, with the server's words", async (_, target, ...words) => {
    const { place, ended } = await run(suite({ target, load: "rate: 20/s, duration: 1s", gates: "errors.ratio: { limit: 10% }" }));
    expect(ended.code, ended.stderr).toBe(1);
    const comment = place.read("tailgate-out/comment.md");
    for (const word of words) expect(comment).toContain(word);
  });
});
