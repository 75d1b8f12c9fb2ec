import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type InputError, InputErrors } from "../../../src/core/errors.ts";
import { METRICS } from "../../../src/core/metric.ts";
import { steadyRate, steadyUsers } from "../../../src/core/suite/load.ts";
import { parseSuite } from "../../../src/core/suite/parse.ts";
import type { Suite } from "../../../src/core/suite/suite.ts";
import { EXAMPLE, MINIMAL, withPayload, withScenario, withTarget } from "./suites.ts";

const read = (text: string, ...overrides: string[]): Suite => parseSuite(text, "suite.yaml", overrides).suite;
const scenario = (text: string) => read(withScenario(text)).scenarios[0]!;
const content = (payload: string, protocol?: string) => read(withPayload(payload, protocol)).payloads[0]!.content;
const gatesOf = (suite: Suite) =>
  Object.fromEntries(suite.scenarios[0]!.gates.map(({ metric, regression, floor, limit }) => [metric, { regression, floor, limit }]));

describe("a suite as it is written", () => {
  test("the example of the contract is read in base units", () => {
    const suite = read(EXAMPLE);
    expect(suite).toMatchObject({ version: 1, name: "sentiment", seed: 42 });
    expect(suite.target).toMatchObject({
      protocol: "kserve-v2",
      ready: { path: "/v2/health/ready", timeoutS: 300 },
      identity: { path: "/version", equals: "${env:GITHUB_SHA}", field: undefined },
      headers: { authorization: "Bearer ${env:API_TOKEN}" },
    });
    expect(suite.payloads).toEqual([
      { name: "long", weight: 10, content: { kind: "file", path: "data/tickets.jsonl" } },
      { name: "medium", weight: 30, content: { kind: "text", words: [50, 200] } },
      { name: "short", weight: 60, content: { kind: "text", words: [5, 20] } },
    ]);
    expect(suite.scenarios[0]!.load).toEqual(steadyRate(50, "poisson", 120));
    expect(gatesOf(suite)).toEqual({
      "latency.p99": { regression: 0.1, floor: 0.002, limit: 0.5 },
      throughput: { regression: 0.1, floor: undefined, limit: undefined },
      "errors.ratio": { regression: undefined, floor: undefined, limit: 0.001 },
      "gpu.memory.peak": { regression: 0.02, floor: undefined, limit: undefined },
    });
    expect(suite.telemetry).toEqual([
      { kind: "dcgm", url: "http://preview:9400/metrics", baselineUrl: undefined, intervalS: 1, metrics: {} },
    ]);
  });

  test("three lines are a suite, with every default in place", () => {
    expect(read(MINIMAL)).toEqual({
      version: 1,
      name: "small",
      seed: 1,
      target: {
        protocol: "raw",
        endpoint: undefined,
        method: "GET",
        path: undefined,
        model: undefined,
        stream: false,
        maxTokens: undefined,
        tensorEncoding: "json",
        headers: {},
        timeoutS: 30,
        maxInFlight: 1024,
        ready: { path: undefined, timeoutS: 30 },
        identity: undefined,
        check: { status: undefined, contains: undefined },
        connection: { reuse: "keep-alive", requestsEach: undefined, http: "1.1", streams: 100, dns: "each", proxy: undefined },
        tls: { ca: undefined, cert: undefined, key: undefined, serverName: undefined, verify: true },
        retry: undefined,
      },
      payloads: [{ name: "default", weight: 1, content: { kind: "empty" } }],
      scenarios: [
        {
          name: "steady",
          load: steadyRate(30, "poisson", 120),
          mix: undefined,
          together: undefined,
          warmUp: "auto",
          block: { durationS: 10, requests: 100 },
          gates: [
            { metric: "latency.p50", regression: 0.05, floor: 0.001, limit: undefined },
            { metric: "latency.p95", regression: 0.1, floor: 0.001, limit: undefined },
            { metric: "latency.p99", regression: 0.1, floor: 0.001, limit: undefined },
            { metric: "throughput", regression: 0.05, floor: undefined, limit: undefined },
            { metric: "errors.ratio", regression: 0.005, floor: undefined, limit: 0.05 },
          ],
        },
      ],
      telemetry: [],
      decision: {
        falseAlarm: 0.01,
        falsePass: 0.05,
        pass: "strict",
        ceiling: 0.3,
        sameHost: "auto",
        budget: { passes: 6 },
        betweenRuns: undefined,
        betweenDeployments: undefined,
        cacheTolerance: 0.05,
      },
      generator: { threads: "auto", calibration: true },
    });
  });

  test("a stream is gated by its first token and its pace, not by the length of its answers", () => {
    const suite = read(withTarget("{ protocol: openai-chat, model: m }"));
    expect(suite.target.stream).toBe(true);
    expect(suite.scenarios[0]!.gates.map(({ metric }) => metric)).toEqual([
      "ttft.p50",
      "ttft.p95",
      "ttft.p99",
      "tpot.p50",
      "tpot.p99",
      "throughput",
      "errors.ratio",
    ]);
    const whole = read(withTarget("{ protocol: openai-chat, stream: false }"));
    expect(whole.scenarios[0]!.gates.map(({ metric }) => metric)).toContain("latency.p99");
  });

  test("raw posts what it has to send, and gets where there is nothing to send", () => {
    expect(read(withPayload("{ body: x }")).target.method).toBe("POST");
    expect(read(withTarget("{ protocol: raw, method: PUT }")).target.method).toBe("PUT");
  });

  test("a suite with `ready` waits a minute unless it says otherwise", () => {
    expect(read(withTarget("{ protocol: raw, ready: { path: /up } }")).target.ready).toEqual({ path: "/up", timeoutS: 60 });
    expect(read(withTarget("{ protocol: raw, ready: {} }")).target.ready).toEqual({ path: undefined, timeoutS: 60 });
  });

  test("header names lose their case, because HTTP ignores it", () => {
    expect(read(withTarget("{ protocol: raw, headers: { X-Api-Key: abc } }")).target.headers).toEqual({ "x-api-key": "abc" });
  });

  test("one status or several may be accepted", () => {
    expect(read(withTarget("{ protocol: raw, check: { status: 204 } }")).target.check.status).toEqual([204]);
    expect(read(withTarget("{ protocol: raw, check: { status: [200, 404], contains: ok } }")).target.check).toEqual({
      status: [200, 404],
      contains: "ok",
    });
  });

  test("every kind of payload is read", () => {
    expect(content("{ body: hi, content-type: text/plain }")).toEqual({ kind: "body", text: "hi", contentType: "text/plain" });
    expect(content("{ body: '' }")).toEqual({ kind: "body", text: "", contentType: undefined });
    expect(content("{ json: { a: [1, null, true] } }")).toEqual({ kind: "json", value: { a: [1, null, true] } });
    expect(content("{ json: null }")).toEqual({ kind: "json", value: null });
    expect(content("{ file: ../data/a.jsonl }")).toEqual({ kind: "file", path: "../data/a.jsonl" });
    expect(content("{ text: { words: 7 } }")).toEqual({ kind: "text", words: [7, 7] });
    expect(content("{ messages: [{ role: user, content: hi }] }", "openai-chat")).toEqual({
      kind: "messages",
      messages: [{ role: "user", content: "hi" }],
    });
    expect(content("{ tensors: [{ name: x, shape: [1, [2, 4]], datatype: FP32, range: [-1, 1] }] }", "kserve-v2")).toEqual({
      kind: "tensors",
      tensors: [{ name: "x", shape: [1, [2, 4]], datatype: "FP32", range: [-1, 1], data: undefined }],
    });
  });

  test("a concurrency is a closed loop", () => {
    expect(scenario("load: { concurrency: 8, duration: 1m }").load).toEqual(steadyUsers(8, 60));
  });

  test("a load that is half written keeps the other half's default", () => {
    expect(scenario("load: { rate: 600/m }").load).toEqual(steadyRate(10, "poisson", 120));
    expect(scenario("load: { duration: 10s, arrivals: constant }").load).toMatchObject({
      ratePerS: 30,
      arrivals: "constant",
      durationS: 10,
    });
  });

  test("warm-up is auto, none or a duration", () => {
    expect(scenario("warm-up: none").warmUp).toBe("none");
    expect(scenario("warm-up: auto").warmUp).toBe("auto");
    expect(scenario("warm-up: 10s").warmUp).toBe(10);
  });

  test("a prometheus source names series shortly or in full, and aggregates as the metric is defined", () => {
    const text = `${MINIMAL}telemetry:
  - prometheus: http://a/metrics
    baseline: http://b/metrics
    interval: 500ms
    metrics:
      queue.depth: 'waiting{model="a", zone="b"}'
      gpu.utilization: { series: util, scale: 0.01 }
      gpu.temperature: { series: temp, labels: { gpu: "0" }, aggregate: mean }
`;
    expect(read(text).telemetry).toEqual([
      {
        kind: "prometheus",
        url: "http://a/metrics",
        baselineUrl: "http://b/metrics",
        intervalS: 0.5,
        metrics: {
          "queue.depth": { series: "waiting", labels: { model: "a", zone: "b" }, aggregate: "sum", scale: 1 },
          "gpu.utilization": { series: "util", labels: {}, aggregate: "mean", scale: 0.01 },
          "gpu.temperature": { series: "temp", labels: { gpu: "0" }, aggregate: "mean", scale: 1 },
        },
      },
    ]);
  });
});

const SESSION = "payloads: { a: { session: { steps: [{ path: / }] } } }\n";

describe("gates", () => {
  test("gating anything limits errors too: an endpoint that fails fast must not pass for a fast one", () => {
    expect(scenario("gates: { latency.p50: { limit: 1s } }").gates).toEqual([
      { metric: "latency.p50", regression: undefined, floor: undefined, limit: 1 },
      { metric: "errors.ratio", regression: undefined, floor: undefined, limit: 0.05 },
    ]);
  });

  test("the suite's own gate on errors is left as it is", () => {
    expect(scenario("gates: { errors.ratio: { regression: 1pp } }").gates).toEqual([
      { metric: "errors.ratio", regression: 0.01, floor: undefined, limit: undefined },
    ]);
  });

  test("an empty mapping gates nothing", () => {
    expect(scenario("gates: {}").gates).toEqual([]);
  });

  test("each metric is written in its own unit", () => {
    const gates = `gates:
      throughput: { regression: 5%, floor: 1/s, limit: 600/m }
      gpu.utilization: { regression: 5% }
      gpu.memory.peak: { limit: 16GiB }
      gpu.power: { limit: 300W }
      gpu.temperature: { regression: 5°C, limit: 80 °C }
      gpu.sm_clock: { limit: 1410MHz }
      gpu.energy_per_request: { limit: 25J }
      queue.depth: { limit: 8 }`;
    const text = `name: a\ntarget: { protocol: raw }\nscenarios:\n  - name: s\n    ${gates}\ntelemetry: [{ dcgm: "http://a/m" }, { prometheus: "http://a/m", metrics: { queue.depth: q } }]\n`;
    expect(gatesOf(read(text))).toMatchObject({
      throughput: { regression: 0.05, floor: 1, limit: 10 },
      "gpu.utilization": { regression: 0.05 },
      "gpu.memory.peak": { limit: 16 * 1024 ** 3 },
      "gpu.power": { limit: 300 },
      "gpu.temperature": { regression: 5, limit: 80 },
      "gpu.sm_clock": { limit: 1.41e9 },
      "gpu.energy_per_request": { limit: 25 },
      "queue.depth": { limit: 8 },
    });
  });

  test("their order is that of the metrics, not of the file", () => {
    const forth = scenario("gates: { throughput: { regression: 5% }, latency.p99: { regression: 5% } }");
    const back = scenario("gates: { latency.p99: { regression: 5% }, throughput: { regression: 5% } }");
    expect(forth).toEqual(back);
  });

  test("of energy per tokens follow from the counters of energy, and of GPUs from any source that tells of them", () => {
    const suite = (telemetry: string) =>
      read(
        `name: a\ntarget: { protocol: openai-chat }\nscenarios: [{ name: s, gates: { gpu.energy_per_1k_tokens: { regression: 5% }, gpu.power: { limit: 1kW } } }]\ntelemetry: [${telemetry}]\n`,
      );
    for (const entry of ['{ url: "http://a/m" }', "{ nvidia-smi: all }", '{ amd: "http://a/m" }', '{ nvidia-gpu-exporter: "http://a/m" }'])
      expect(suite(entry).scenarios[0]!.gates, entry).toHaveLength(3);
    expect(
      suite('{ prometheus: "http://a/m", metrics: { gpu.energy_per_request: { series: e, scale: 0.001 }, gpu.power: p } }').telemetry[0]!
        .metrics,
    ).toMatchObject({
      "gpu.power": { series: "p", aggregate: "sum" },
    });
  });

  test("every metric of the table can be gated in a suite that measures it", () => {
    for (const [metric, { measure }] of Object.entries(METRICS)) {
      const protocol = /^(ttft|ttfo|itl|tpot|throughput\.tokens|tokens\.|gpu\.energy_per_1k_tokens|cost_per_million_tokens)/.test(metric)
        ? "openai-chat"
        : "raw";
      const change = /temperature/.test(metric) ? "5°C" : "5%";
      const told = metric === "gpu.energy_per_1k_tokens" ? "gpu.energy_per_request" : metric;
      const telemetry = measure.kind === "gauge" ? `telemetry: [{ prometheus: "http://a/m", metrics: { ${told}: s } }]\n` : "";
      const retry = metric === "retried.ratio" ? ", retry: {}" : "";
      const [check, payloads] =
        metric === "wrong.ratio"
          ? [", check: { answer: {} }", "payloads: { a: { file: a.jsonl, label: b } }\n"]
          : [metric === "changed.ratio" ? ", check: { same-answers: yes }" : "", /^sessions?\./.test(metric) ? SESSION : ""];
      const goodput = metric.startsWith("goodput") ? "goodput: { latency: 2s }\n" : "";
      const isPriced = measure.kind === "cost";
      const load = isPriced ? "load: { concurrency: 2 }, " : "";
      const price = isPriced ? "cost: { price-per-hour: 2.49 }\n" : "";
      const text = `${price}${payloads}${goodput}name: a\ntarget: { protocol: ${protocol}${retry}${check} }\nscenarios: [{ name: s, ${load}gates: { ${metric}: { regression: ${change} } } }]\n${telemetry}`;
      expect(read(text).scenarios[0]!.gates[0]?.metric, metric).toBe(metric);
    }
  });
});

describe("goodput", () => {
  test("of the suite holds in every scenario that has none of its own", () => {
    const { scenarios } = read(
      "name: a\ntarget: { protocol: openai-chat }\ngoodput: { ttft: 500ms, tpot: 50ms }\nscenarios: [{ name: a }, { name: b, goodput: { latency: 2s } }]\n",
    );
    expect(scenarios.map(({ goodput }) => goodput)).toEqual([{ ttftS: 0.5, tpotS: 0.05 }, { latencyS: 2 }]);
    expect(read("name: a\ntarget: { protocol: raw }\nscenarios: [{ name: a }]\n").scenarios[0]).not.toHaveProperty("goodput");
  });
});

test("answers that have to stay the same are gated, unless nothing is or the suite says otherwise", () => {
  const gatesOf = (check: string, gates = "") =>
    read(`name: a\ntarget: { protocol: raw, check: { same-answers: ${check} } }\nscenarios: [{ name: a${gates} }]\n`)
      .scenarios[0]!.gates.filter(({ metric }) => metric === "changed.ratio")
      .map(({ regression }) => regression);
  expect(gatesOf("yes")).toEqual([0.02]);
  expect(gatesOf("yes", ", gates: { changed.ratio: { regression: 5% } }")).toEqual([0.05]);
  expect(gatesOf("yes", ", gates: {}")).toEqual([]);
  expect(gatesOf("report")).toEqual([]);
});

test("telemetry of exporters, of GPUs of this machine and of one endpoint only", () => {
  const entries = [
    'url: "http://a/m"',
    'nvidia-gpu-exporter: "http://a/m", baseline: "http://b/m"',
    "nvidia-smi: all, interval: 500ms",
    'nvidia-smi: "0, 1", baseline-gpus: 2',
    'amd: "http://a/m", arm: head',
    'dcgm: "http://a/m", arm: both',
  ];
  const { telemetry } = read(
    `name: a\ntarget: { protocol: raw }\nscenarios: [{ name: s }]\ntelemetry: [${entries.map((entry) => `{ ${entry} }`).join(", ")}]\n`,
  );
  expect(telemetry.map(({ kind, url, baselineUrl, arm, intervalS }) => [kind, url, baselineUrl, arm, intervalS])).toEqual([
    ["auto", "http://a/m", undefined, undefined, 1],
    ["nvidia-gpu-exporter", "http://a/m", "http://b/m", undefined, 1],
    ["nvidia-smi", "nvidia-smi:", undefined, undefined, 0.5],
    ["nvidia-smi", "nvidia-smi:0,1", "nvidia-smi:2", undefined, 1],
    ["amd", "http://a/m", undefined, "head", 1],
    ["dcgm", "http://a/m", undefined, undefined, 1],
  ]);
});

describe("positions", () => {
  const { locate } = parseSuite(EXAMPLE, "suite.yaml");

  test("a value is found where it stands", () => {
    expect(locate(["target", "ready", "timeout"])).toEqual({ file: "suite.yaml", line: 6, column: 45 });
    expect(locate(["scenarios", 0, "gates", "latency.p99", "limit"])).toEqual({ file: "suite.yaml", line: 17, column: 58 });
  });

  test("a header is found in whatever case it was written", () => {
    expect(locate(["target", "headers", "Authorization"])).toEqual({ file: "suite.yaml", line: 8, column: 29 });
  });

  test("a default is found at the last step that is written", () => {
    expect(locate(["scenarios", 0, "block", "duration"])).toEqual({ file: "suite.yaml", line: 14, column: 5 });
  });
});

describe("YAML", () => {
  test("anchors and aliases work, within reason", () => {
    const text = `name: a\ntarget: { protocol: raw }\nscenarios:\n  - { name: s, load: &l { rate: 5/s } }\n  - { name: t, load: *l }\n`;
    expect(read(text).scenarios[1]!.load).toMatchObject({ ratePerS: 5 });
  });

  test("a number may name a payload class", () => {
    const text = "name: a\ntarget: { protocol: raw }\npayloads: { 512: { body: x } }\nscenarios: [{ name: s, mix: { 512: 1 } }]\n";
    expect(read(text).payloads[0]!.name).toBe("512");
    expect(read(text, "payloads.512.weight=3").payloads[0]!.weight).toBe(3);
  });

  test("a byte order mark and Windows line ends do not matter", () => {
    expect(read(`\uFEFF${MINIMAL.replaceAll("\n", "\r\n")}`)).toEqual(read(MINIMAL));
  });

  test("`on`, `no` and 12:30 stay text (YAML 1.2)", () => {
    expect(content('{ json: [on, no, 12:30, "5"] }')).toEqual({ kind: "json", value: ["on", "no", "12:30", "5"] });
  });

  test("no text whatever brings the parser down in another way than by an InputError", () => {
    const pieces = fc.constantFrom(
      "name",
      "target",
      "scenarios",
      ": ",
      "- ",
      "\n",
      "  ",
      "{",
      "}",
      "[",
      "]",
      "&a ",
      "*a",
      "!!x ",
      "'",
      '"',
      "#",
      "|",
      ">",
      "%",
      "50/s",
      "\t",
      "---",
      "...",
      "? ",
      "<<",
      "\u0000",
      "é",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        expect(["read", "InputError"]).toContain(fate(parts.join("")).name);
      }),
      { numRuns: 600 },
    );
  });

  test("a suite with a character changed anywhere is read, or refused with positions and what to do", () => {
    const edit = fc.tuple(fc.nat(EXAMPLE.length - 1), fc.nat(3), fc.constantFrom("", " ", "\n", ":", "{", "0", "-", '"', "%", "x"));
    fc.assert(
      fc.property(edit, ([at, length, inserted]) => {
        for (const { hint, position } of fate(EXAMPLE.slice(0, at) + inserted + EXAMPLE.slice(at + length)).errors) {
          expect(hint ?? "").not.toBe("");
          expect(position?.file === "f" && position.line >= 1 && position.column >= 1).toBe(true);
        }
      }),
      { numRuns: 120 },
    );
  });
});

/** What becomes of a text: it is read, or refused with mistakes. Anything else is thrown on. */
function fate(text: string): { readonly name: string; readonly errors: readonly InputError[] } {
  try {
    parseSuite(text, "f");
    return { name: "read", errors: [] };
  } catch (error) {
    if (error instanceof InputErrors) return error;
    throw error;
  }
}
