import { describe, expect, test } from "vitest";
import { suiteDigest } from "../../../src/core/suite/digest.ts";
import { parseSuite } from "../../../src/core/suite/parse.ts";
import type { PayloadClass, TraceLoad } from "../../../src/core/suite/suite.ts";
import { complaints } from "./suites.ts";

const text = (payload: string, load = "{ trace: t.csv }", more = "") =>
  `name: a\ntarget: { protocol: openai-chat, model: m }\npayloads: { p: ${payload}${more} }\nscenarios: [{ name: s, load: ${load} }]\n`;
const read = (payload: string, load?: string) => parseSuite(text(payload, load), "suite.yaml").suite;
const classOf = (payload: string, load?: string): PayloadClass => read(payload, load).payloads[0]!;
const loadOf = (payload: string, load?: string) => read(payload, load).scenarios[0]!.load as TraceLoad;
const digest = (payload: string, load?: string) => suiteDigest(read(payload, load), new Map([["t.csv", Uint8Array.of(1)]]));

const USUAL_COLUMNS = {
  inputTokens: undefined,
  outputTokens: undefined,
  blocks: undefined,
  blockTokens: 512,
  maxInput: undefined,
  maxOutput: undefined,
};
const TEXT = "text: { words: 5 }";
const RATE = "{ rate: 5/s }";

describe("Payloads from a trace", () => {
  test("read its columns by their usual names, or by those that are written", () => {
    expect(loadOf("{ from-trace: {} }").requests).toEqual(USUAL_COLUMNS);
    const trace = "{ file: t.csv, input-tokens: a, output-tokens: b, blocks: c, block-tokens: 64, max-input: 8000, max-output: 100 }";
    const load = loadOf("{ from-trace: {} }", `{ trace: ${trace}, speed: 2 }`);
    expect(load).toMatchObject({ file: "t.csv", speed: 2 });
    const named = { inputTokens: "a", outputTokens: "b", blocks: "c", blockTokens: 64, maxInput: 8000, maxOutput: 100 };
    expect(load.requests).toEqual(named);
  });

  test("begin anew in every pass, unless it is said otherwise", () => {
    expect(classOf("{ from-trace: {} }")).toEqual({ name: "p", weight: 1, content: { kind: "from-trace" }, unique: "pass" });
    expect(classOf("{ from-trace: { json: { a: [1] } }, unique: no }")).toEqual({
      name: "p",
      weight: 1,
      content: { kind: "from-trace", json: { a: [1] } },
    });
    expect(classOf("{ from-trace: {}, unique: true }").unique).toBe("request");
  });

  test("are another workload than other columns, and a trace of which only the arrivals count is what it was", () => {
    expect(digest(`{ ${TEXT} }`)).toBe(digest(`{ ${TEXT} }`, "{ trace: { file: t.csv } }"));
    expect(digest("{ from-trace: {} }")).not.toBe(digest("{ from-trace: {} }", "{ trace: { file: t.csv, max-input: 9 } }"));
    expect(loadOf(`{ ${TEXT} }`)).not.toHaveProperty("requests");
  });
});

describe("A prefix and unique prompts", () => {
  test("are kept in the units in which they are written", () => {
    expect(classOf(`{ ${TEXT}, prefix: { tokens: 1000, groups: 4 }, unique: yes }`, RATE)).toMatchObject({
      prefix: { unit: "tokens", length: 1000, groups: 4 },
      unique: "request",
    });
    expect(classOf(`{ ${TEXT}, prefix: { words: 10 }, unique: pass }`, RATE)).toMatchObject({
      prefix: { unit: "words", length: 10, groups: 1 },
      unique: "pass",
    });
  });

  test("are part of the digest where there are any", () => {
    const plain = digest(`{ ${TEXT} }`, RATE);
    expect(digest(`{ ${TEXT}, unique: no }`, RATE)).toBe(plain);
    const others = ["unique: yes", "unique: pass", "prefix: { words: 10 }", "prefix: { tokens: 10 }", "prefix: { words: 10, groups: 2 }"];
    expect(new Set([plain, ...others.map((more) => digest(`{ ${TEXT}, ${more} }`, RATE))]).size).toBe(6);
  });
});

describe("Prompts: what is said about", () => {
  test("payloads from a trace without one, and columns that nothing is made from", () => {
    expect(complaints(text("{ from-trace: {} }", RATE))).toMatchInlineSnapshot(
      `"suite.yaml:4:13: scenarios.s: the load of this scenario is no trace, and payload "p" is made from one; write load: { trace: FILE }"`,
    );
    expect(complaints(text("{ from-trace: {} }", RATE, ", q: { text: { words: 3 } }"))).toMatchInlineSnapshot(
      `"suite.yaml:4:13: scenarios.s: the load of this scenario is no trace, and payload "p" is made from one; write load: { trace: FILE }, or mix: { q: 1 }"`,
    );
    expect(complaints(text(`{ ${TEXT} }`, "{ trace: { file: t.csv, input-tokens: a } }"))).toMatchInlineSnapshot(
      `"suite.yaml:4:54: scenarios.s.load.trace.input-tokens: no payload of this scenario is made from the trace, so that only its arrivals are replayed; add payloads: { traffic: { from-trace: {} } }"`,
    );
    expect(complaints(text("{ from-trace: {} }", "{ trace: { input-tokens: a } }"))).toMatchInlineSnapshot(
      `"suite.yaml:4:32: scenarios.s.load.trace: "file" is missing; add file: data/trace.csv"`,
    );
    expect(complaints(text("{ from-trace: {} }", "{ trace: { file: t.parquet } }"))).toMatchInlineSnapshot(
      `"suite.yaml:4:47: scenarios.s.load.trace.file: "t.parquet" is not a kind of trace that can be read; write a .csv file with a header, or a .jsonl file with one object a line"`,
    );
  });

  test("a prefix without a length or with two, of a trace, or of what has no prompt", () => {
    expect(complaints(text(`{ ${TEXT}, prefix: {} }`, RATE))).toMatchInlineSnapshot(
      `"suite.yaml:3:38: payloads.p.prefix: this prefix has no length; write tokens: 1000, or words: 800"`,
    );
    expect(complaints(text(`{ ${TEXT}, prefix: { words: 5, tokens: 5 } }`, RATE))).toMatchInlineSnapshot(
      `"suite.yaml:3:38: payloads.p.prefix: a prefix has words or tokens, not both; write tokens: 1000, or words: 800"`,
    );
    expect(complaints(text("{ from-trace: {}, prefix: { words: 5 } }"))).toMatchInlineSnapshot(
      `"suite.yaml:3:34: payloads.p.prefix: a trace says itself what its prompts share; leave it out"`,
    );
    const raw = text("{ body: x, unique: yes }", RATE).replace("openai-chat, model: m", "raw");
    expect(complaints(raw)).toMatchInlineSnapshot(
      `"suite.yaml:3:27: payloads.p.unique: body has no prompt that could begin with it; leave it out; it is for texts"`,
    );
  });

  test("a gate on a hit ratio that nothing tells: answers of the OpenAI protocols may, others do not", () => {
    const gated = text(`{ ${TEXT} }`, RATE).replace(" }]\n", ", gates: { cache.hit_ratio: { regression: 5% } } }]\n");
    expect(complaints(gated)).toBe("no complaint");
    expect(complaints(gated.replace("openai-chat, model: m", "raw"))).toMatchInlineSnapshot(
      `"suite.yaml:4:54: scenarios.s.gates.cache.hit_ratio: no telemetry of this suite measures cache.hit_ratio; add under telemetry: - vllm: URL, or one of sglang, tensorrt-llm, llama.cpp"`,
    );
  });

  test("a share of what is none", () => {
    const telemetry = (metric: string) =>
      complaints(
        `${text(`{ ${TEXT} }`, RATE)}telemetry: [{ prometheus: "http://x/metrics", metrics: { ${metric}: { series: a, whole: b } } }]\n`,
      );
    expect(telemetry("queue.depth")).toMatchInlineSnapshot(
      `"suite.yaml:5:84: telemetry.0.metrics.queue.depth.whole: queue.depth is not a share; leave whole out; it is for shares and for means of times"`,
    );
    expect(telemetry("cache.hit_ratio")).toBe("no complaint");
    expect(telemetry("queue.time")).toBe("no complaint");
  });
});
