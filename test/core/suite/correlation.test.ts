import { describe, expect, test } from "vitest";
import { describeSuite } from "../../../src/core/suite/describe.ts";
import { suiteDigest } from "../../../src/core/suite/digest.ts";
import { parseSuite } from "../../../src/core/suite/parse.ts";
import { complaints, withTarget } from "./suites.ts";

const target = (more: string, overrides: readonly string[] = []) =>
  parseSuite(withTarget(`{ protocol: raw, ${more} }`), "suite.yaml", overrides).suite.target;
const wrong = (more: string) => complaints(withTarget(`{ protocol: raw, ${more} }`));
const digest = (more: string) => suiteDigest(parseSuite(withTarget(`{ protocol: raw, ${more} }`), "s").suite, new Map());

describe("trace", () => {
  test("is off unless the suite asks for it: the header changes what an endpoint does that samples its traces", () => {
    expect(target("path: /")).not.toHaveProperty("trace");
    expect(target("trace: {}")).not.toHaveProperty("trace");
    expect(target("trace: { traceparent: no }")).not.toHaveProperty("trace");
  });

  test.each([
    ["traceparent: yes", true],
    ["traceparent: true, sampled: yes", true],
    ["traceparent: yes, sampled: no", false],
    ["traceparent: yes, sampled: false", false],
  ])("{ %s }", (written, sampled) => {
    expect(target(`trace: { ${written} }`).trace).toEqual({ sampled });
  });

  test("can be set from the command line", () => {
    expect(target("path: /", ["target.trace.traceparent=yes"]).trace).toEqual({ sampled: true });
  });

  test("is part of the workload only where something is sent", () => {
    expect(digest("trace: { traceparent: no }")).toBe(digest("timeout: 30s"));
    const [off, on, unsampled] = [
      digest("timeout: 30s"),
      digest("trace: { traceparent: yes }"),
      digest("trace: { traceparent: yes, sampled: no }"),
    ];
    expect(new Set([off, on, unsampled]).size).toBe(3);
  });

  test("contradicts a header of the suite's own, and a flag without the header", () => {
    expect(wrong("headers: { Traceparent: x }, trace: { traceparent: yes }")).toMatchInlineSnapshot(
      `"suite.yaml:2:37: target.headers.Traceparent: with target.trace every request has a Traceparent of its own; leave it out here, or write trace: { traceparent: no }"`,
    );
    expect(wrong("trace: { sampled: no }")).toMatchInlineSnapshot(
      `"suite.yaml:2:35: target.trace.sampled: without traceparent: yes there is no header that could ask for it; add traceparent: yes, or leave this out"`,
    );
    expect(wrong("trace: { traceparent: maybe }")).toMatchInlineSnapshot(
      `"suite.yaml:2:48: target.trace.traceparent: "maybe" is not known here; known are yes, no"`,
    );
    expect(target("headers: { traceparent: x }").headers).toEqual({ traceparent: "x" });
  });
});

describe("server-timing and response-header", () => {
  test("say which names are which phases, in lower case", () => {
    expect(target("path: /")).not.toHaveProperty("phases");
    expect(
      target(
        "server-timing: { queue: [Wait, q], infer: model }, response-header: { preprocess: X-Tokenization-Time, queue: { name: x-q, unit: s } }",
      ).phases,
    ).toEqual({
      serverTiming: { queue: ["wait", "q"], infer: ["model"] },
      headers: [
        { phase: "preprocess", name: "x-tokenization-time", unit: "ms" },
        { phase: "queue", name: "x-q", unit: "s" },
      ],
    });
  });

  test("are part of the workload only where they are written: what is read under another name is another quantity", () => {
    expect(digest("server-timing: {}, response-header: {}")).toBe(digest("timeout: 30s"));
    expect(new Set([digest("timeout: 30s"), digest("server-timing: { queue: q }"), digest("response-header: { queue: q }")]).size).toBe(3);
  });

  test("cannot name what is no phase, no name, or two phases at once", () => {
    expect(wrong("server-timing: { que: q }")).toMatchInlineSnapshot(
      `"suite.yaml:2:43: target.server-timing: unknown key "que"; did you mean "queue"?"`,
    );
    expect(wrong('server-timing: { queue: "a b" }')).toMatchInlineSnapshot(
      `"suite.yaml:2:50: target.server-timing.queue: "a b" is not usable here; write for example [wait, q]"`,
    );
    expect(wrong("server-timing: { queue: [] }")).toMatchInlineSnapshot(
      `"suite.yaml:2:50: target.server-timing.queue: this list is empty; write [wait, q]"`,
    );
    expect(wrong("server-timing: { queue: [q, Q], infer: q }")).toMatchInlineSnapshot(`
      "suite.yaml:2:50: target.server-timing.queue: "Q" is written twice; give each phase names of its own
      suite.yaml:2:65: target.server-timing.infer: "q" is queue already; give each phase names of its own"
    `);
    expect(wrong("response-header: { queue: Server-Timing }")).toMatchInlineSnapshot(
      `"suite.yaml:2:52: target.response-header.queue: Server-Timing holds more than a number; write server-timing: { queue: NAME }"`,
    );
    expect(wrong("response-header: { queue: { name: x, unit: minutes } }")).toMatchInlineSnapshot(
      `"suite.yaml:2:69: target.response-header.queue.unit: "minutes" is not s or ms or us; write s or ms or us"`,
    );
    expect(wrong("response-header: { queue: 7 }")).toMatchInlineSnapshot(
      `"suite.yaml:2:52: target.response-header.queue: 7 is not usable here; write for example x-queue-time"`,
    );
  });
});

test("all of it is told in words, where there is something to say", () => {
  const said = (more: string) =>
    describeSuite(parseSuite(withTarget(`{ protocol: raw, ${more} }`), "s").suite)
      .split("\n")
      .filter((line) => /^(traces|phases)/.test(line));
  expect(said("timeout: 30s")).toEqual([]);
  expect(said("trace: { traceparent: yes, sampled: no }, server-timing: { queue: [w, q] }, response-header: { infer: x-t }")).toEqual([
    "traces: every request carries a traceparent of its own, not to be sampled",
    "phases: queue is w + q of Server-Timing, infer is the header x-t in ms",
  ]);
});

test("a phase can be gated like any other percentile", () => {
  const text =
    "name: a\ntarget: { protocol: raw }\nscenarios: [{ name: s, gates: { phase.queue.p99: { regression: 10%, floor: 1ms } } }]\n";
  expect(parseSuite(text, "s").suite.scenarios[0]!.gates[0]).toMatchObject({ metric: "phase.queue.p99", regression: 0.1, floor: 0.001 });
});
