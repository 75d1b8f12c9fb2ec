import { describe, expect, test } from "vitest";
import { complaints, MINIMAL, withPayload, withScenario, withTarget } from "./suites.ts";

describe("A document: what is said about", () => {
  test("an empty file", () => {
    expect(complaints("")).toMatchInlineSnapshot(
      `"suite.yaml:1:1: the suite is empty; run \`tailgate init\`, or write at least name, target and one scenario"`,
    );
  });

  test("a file of comments only", () => {
    expect(complaints("# nothing yet\n")).toMatchInlineSnapshot(
      `"suite.yaml:1:1: the suite is empty; run \`tailgate init\`, or write at least name, target and one scenario"`,
    );
  });

  test("a list instead of a mapping", () => {
    expect(complaints("- name: a\n")).toMatchInlineSnapshot(
      `"suite.yaml:1:1: a list is not a mapping; write for example { name: sentiment, target: { protocol: raw, path: /predict }, scenarios: [{ name: steady }] }"`,
    );
  });

  test("a second document", () => {
    expect(complaints(`${MINIMAL}---\nname: other\n`)).toMatchInlineSnapshot(
      `"suite.yaml:4:1: a second YAML document begins here; one suite per file: remove the line ---, or split the file"`,
    );
  });

  test("a tab for indentation", () => {
    expect(complaints("name: a\ntarget:\n\tprotocol: raw\n")).toMatchInlineSnapshot(
      `"suite.yaml:3:1: a tab is used for indentation; YAML wants spaces"`,
    );
  });

  test("a colon inside unquoted text", () => {
    expect(complaints("name: a: b\n")).toMatchInlineSnapshot(
      `"suite.yaml:1:7: this reads as a mapping inside a line; put text that holds ": " in quotes"`,
    );
  });

  test("a quote that is never closed", () => {
    expect(complaints(`name: "a\ntarget: { protocol: raw }\n`)).toMatchInlineSnapshot(
      `"suite.yaml:3:1: not valid YAML: Missing closing "quote; check quotes, colons and indentation around here"`,
    );
  });

  test("a key that is written twice", () => {
    expect(complaints(`${MINIMAL}seed: 1\nseed: 2\n`)).toMatchInlineSnapshot(
      `"suite.yaml:5:1: the key "seed" is written twice; remove one; the first is on line 4"`,
    );
  });

  test("a key that is a list", () => {
    expect(complaints(`${MINIMAL}? [a, b]\n: 1\n`)).toMatchInlineSnapshot(`"suite.yaml:4:3: a key is not plain text; put it in quotes"`);
  });

  test("a tag", () => {
    expect(complaints(`${MINIMAL}seed: !secret 5\n`)).toMatchInlineSnapshot(
      `"suite.yaml:4:7: a suite has no tags (!name); remove the tag, or put the text in quotes"`,
    );
  });

  test("an alias without its anchor", () => {
    expect(complaints(`${MINIMAL}seed: *nowhere\n`)).toMatchInlineSnapshot(
      `"suite.yaml:4:7: this alias (*name) names no anchor (&name) above it; put text that begins with * in quotes"`,
    );
  });

  test("aliases that multiply", () => {
    expect(
      complaints(
        `${MINIMAL}x1: &a [1,1,1,1,1,1,1,1,1,1]\nx2: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nx3: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nx4: [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n`,
      ),
    ).toMatchInlineSnapshot(`"suite.yaml:1:1: the aliases (*name) expand to too much; write the values out; 100 aliases are allowed"`);
  });

  test("a suite of more than a mebibyte", () => {
    expect(complaints(`${MINIMAL}#${"x".repeat(1024 * 1024)}`)).toMatchInlineSnapshot(
      `"suite.yaml:1:1: the suite is longer than 1 MiB; put payload data into a file and name it under file:"`,
    );
  });
});

describe("The suite itself: what is said about", () => {
  test("everything missing", () => {
    expect(complaints("seed: 1\n")).toMatchInlineSnapshot(`
      "suite.yaml:1:1: "name" is missing; add name: sentiment
      suite.yaml:1:1: "target" is missing; add target: { protocol: raw, method: POST, path: / }
      suite.yaml:1:1: "scenarios" is missing; add scenarios: [{ name: steady }]"
    `);
  });

  test("a key with a typing error", () => {
    expect(complaints(`${MINIMAL}sed: 3\n`)).toMatchInlineSnapshot(`"suite.yaml:4:1: unknown key "sed"; did you mean "seed"?"`);
  });

  test("a key of another tool", () => {
    expect(complaints(`${MINIMAL}tests: []\n`)).toMatchInlineSnapshot(`"suite.yaml:4:1: unknown key "tests"; did you mean "scenarios"?"`);
  });

  test("a version that this tailgate does not know", () => {
    expect(complaints(`version: 2\n${MINIMAL}`)).toMatchInlineSnapshot(
      `"suite.yaml:1:10: version: 2 is not 1; write version: 1, or update tailgate if the suite was made for a newer one"`,
    );
  });

  test("a name that cannot name an artifact", () => {
    expect(complaints(MINIMAL.replace("small", "my:suite"))).toMatchInlineSnapshot(
      `"suite.yaml:1:7: name: "my:suite" is not a usable name; use letters, digits, spaces and . _ -, at most 64, beginning with a letter or digit"`,
    );
  });

  test("a name that YAML reads as a number", () => {
    expect(complaints(MINIMAL.replace("small", "7"))).toMatchInlineSnapshot(
      `"suite.yaml:1:7: name: 7 is not text; write it in quotes: "7""`,
    );
  });

  test("a seed that is not a whole number", () => {
    expect(complaints(`${MINIMAL}seed: 1.5\n`)).toMatchInlineSnapshot(
      `"suite.yaml:4:7: seed: 1.5 is not a whole number; write a whole number"`,
    );
  });

  test("no scenario", () => {
    expect(complaints("name: a\ntarget: { protocol: raw }\nscenarios: []\n")).toMatchInlineSnapshot(
      `"suite.yaml:3:12: scenarios: this list is empty; write [{ name: steady }]"`,
    );
  });

  test("a key without a value", () => {
    expect(complaints("name: a\ntarget:\nscenarios: [{ name: s }]\n")).toMatchInlineSnapshot(
      `"suite.yaml:2:8: target: this key has no value; write { protocol: raw, method: POST, path: / }"`,
    );
  });

  test("a probability without a unit", () => {
    expect(complaints(`${MINIMAL}decision: { false-alarm: 0.01, pass: lenient }\n`)).toMatchInlineSnapshot(`
      "suite.yaml:4:26: decision.false-alarm: 0.01 has no unit; write 1% (or 0.01%, if that is meant)
      suite.yaml:4:38: decision.pass: "lenient" is not known here; known are strict, resolvable"
    `);
  });
});

describe("The target: what is said about", () => {
  test("no protocol", () => {
    expect(complaints(withTarget("{ path: / }"))).toMatchInlineSnapshot(
      `"suite.yaml:2:1: target: "protocol" is missing; add protocol: raw"`,
    );
  });

  test("a misspelled protocol", () => {
    expect(complaints(withTarget("{ protocol: kserve }"))).toMatchInlineSnapshot(
      `"suite.yaml:2:21: target.protocol: "kserve" is not known here; write kserve-v2"`,
    );
  });

  test("a protocol by another name", () => {
    expect(complaints(withTarget("{ protocol: triton-grpc }"))).toMatchInlineSnapshot(
      `"suite.yaml:2:21: target.protocol: "triton-grpc" is not known here; write kserve-v2-grpc"`,
    );
  });

  test("a protocol over another version of HTTP than it has", () => {
    expect(complaints(withTarget('{ protocol: kserve-v2-grpc, model: m, connection: { http: "1.1" } }'))).toMatchInlineSnapshot(
      `"suite.yaml:2:67: target.connection.http: protocol kserve-v2-grpc needs HTTP/2; leave it out"`,
    );
    expect(complaints(withTarget("{ protocol: kserve-v2-grpc, model: m, connection: { http: 2, streams: 10 } }"))).toBe("no complaint");
  });

  test("binary tensors where there are none", () => {
    expect(complaints(withTarget("{ protocol: tf-serving, model: m, tensor-encoding: binary }"))).toMatchInlineSnapshot(
      `"suite.yaml:2:43: target.tensor-encoding: protocol tf-serving has no use for this; leave it out; it is for kserve-v2"`,
    );
  });

  test("an endpoint without a scheme", () => {
    expect(complaints(withTarget("{ protocol: raw, endpoint: localhost:8000 }"))).toMatchInlineSnapshot(
      `"suite.yaml:2:36: target.endpoint: "localhost:8000" is not an http or https URL; write http://localhost:8000"`,
    );
  });

  test("a path without a slash", () => {
    expect(complaints(withTarget("{ protocol: raw, path: predict }"))).toMatchInlineSnapshot(
      `"suite.yaml:2:32: target.path: "predict" is not a path; write "/predict""`,
    );
  });

  test("a key in another spelling", () => {
    expect(complaints(withTarget("{ protocol: raw, maxInFlight: 5 }"))).toMatchInlineSnapshot(
      `"suite.yaml:2:26: target: unknown key "maxInFlight"; did you mean "max-in-flight"?"`,
    );
  });

  test("a key of openai-chat with another protocol", () => {
    expect(complaints(withTarget("{ protocol: raw, stream: true, max-tokens: 5 }"))).toMatchInlineSnapshot(
      `"suite.yaml:2:40: target.max-tokens: protocol raw has no use for this; leave it out; it is for openai-chat or openai-completions"`,
    );
  });

  test("a model for raw", () => {
    expect(complaints(withTarget("{ protocol: raw, model: a }"))).toMatchInlineSnapshot(
      `"suite.yaml:2:26: target.model: protocol raw has no use for this; put it into the path or the payload"`,
    );
  });

  test("a time without a unit", () => {
    expect(complaints(withTarget("{ protocol: raw, timeout: 10 }"))).toMatchInlineSnapshot(
      `"suite.yaml:2:35: target.timeout: 10 has no unit; write 10ms or 10s"`,
    );
  });

  test("a time in words", () => {
    expect(complaints(withTarget("{ protocol: raw, timeout: 10 seconds }"))).toMatchInlineSnapshot(
      `"suite.yaml:2:35: target.timeout: "10 seconds" has the unknown unit "seconds"; write 10s"`,
    );
  });

  test("a time that is nothing or too long", () => {
    expect(complaints(withTarget("{ protocol: raw, timeout: 0s, ready: { timeout: 7h } }"))).toMatchInlineSnapshot(`
      "suite.yaml:2:35: target.timeout: "0s" must be more than zero; write for example 10s
      suite.yaml:2:57: target.ready.timeout: "7h" is too much; at most 6h"
    `);
  });

  test("a variable without env:", () => {
    expect(complaints(withTarget('{ protocol: raw, headers: { authorization: "Bearer ${API_TOKEN}" } }'))).toMatchInlineSnapshot(
      `"suite.yaml:2:52: target.headers.authorization: "\${API_TOKEN}" is not a reference; write \${env:API_TOKEN}, or $\${ for the text itself"`,
    );
  });

  test("a GitHub expression", () => {
    expect(
      complaints(withTarget('{ protocol: raw, headers: { authorization: "Bearer ${{ secrets.API_TOKEN }}" } }')),
    ).toMatchInlineSnapshot(
      `"suite.yaml:2:52: target.headers.authorization: "\${{ secrets.API_TOKEN }}" is a GitHub expression, and a suite evaluates none; write \${env:API_TOKEN} and set API_TOKEN in the workflow's env:"`,
    );
  });

  test("a header that is a number", () => {
    expect(complaints(withTarget("{ protocol: raw, headers: { x-version: 5 } }"))).toMatchInlineSnapshot(
      `"suite.yaml:2:48: target.headers.x-version: 5 is not text; write it in quotes: "5""`,
    );
  });

  test("a header that the client sets", () => {
    expect(complaints(withTarget("{ protocol: raw, headers: { Content-Length: '5' } }"))).toMatchInlineSnapshot(
      `"suite.yaml:2:37: target.headers: the header "Content-Length" is set by tailgate itself; leave it out"`,
    );
  });

  test("a header in two spellings", () => {
    expect(complaints(withTarget("{ protocol: raw, headers: { X-A: a, x-a: b } }"))).toMatchInlineSnapshot(
      `"suite.yaml:2:45: target.headers: the header "x-a" is written twice; case does not count: remove one"`,
    );
  });

  test("an identity without its value", () => {
    expect(complaints(withTarget("{ protocol: raw, identity: { path: /version } }"))).toMatchInlineSnapshot(
      `"suite.yaml:2:26: target.identity: "equals" is missing; add equals: "\${env:GITHUB_SHA}""`,
    );
  });

  test("a status that is none", () => {
    expect(complaints(withTarget("{ protocol: raw, check: { status: 99 } }"))).toMatchInlineSnapshot(
      `"suite.yaml:2:43: target.check.status: 99 is too small; write 100 or more"`,
    );
  });
});

describe("Payloads: what is said about", () => {
  test("no class", () => {
    expect(complaints("name: a\ntarget: { protocol: raw }\npayloads: {}\nscenarios: [{ name: s }]\n")).toMatchInlineSnapshot(
      `"suite.yaml:3:1: payloads: no class is named; leave it out, or write one: short: { text: { words: [5, 20] } }"`,
    );
  });

  test("a class made of nothing", () => {
    expect(complaints(withPayload("{ weight: 2 }"))).toMatchInlineSnapshot(
      `"suite.yaml:3:13: payloads.a: this payload class is made of nothing; write one of body, json, file, files, text, tensors, messages, image, audio, multipart, from-trace, session"`,
    );
  });

  test("a class made of two things", () => {
    expect(complaints(withPayload("{ body: x, json: {} }"))).toMatchInlineSnapshot(
      `"suite.yaml:3:27: payloads.a.json: this payload class has both body and json; keep one, or make two classes"`,
    );
  });

  test("weights that are not positive", () => {
    expect(complaints(withPayload("{ weight: 0, body: x }, b: { weight: -1, body: y }"))).toMatchInlineSnapshot(`
      "suite.yaml:3:26: payloads.a.weight: 0 is too small; write a number above 0
      suite.yaml:3:53: payloads.b.weight: -1 is too small; write a number above 0"
    `);
  });

  test("a kind that the protocol cannot carry", () => {
    expect(complaints(withPayload("{ body: x }", "kserve-v2"))).toMatchInlineSnapshot(
      `"suite.yaml:3:18: payloads.a.body: protocol kserve-v2 cannot carry body; write tensors, text, json, file, files, image, audio or from-trace, or use protocol raw or torchserve"`,
    );
  });

  test("a number of words that runs backwards", () => {
    expect(complaints(withPayload("{ text: { words: [20, 5] } }"))).toMatchInlineSnapshot(
      `"suite.yaml:3:33: payloads.a.text.words: [20, 5] runs backwards; write the smaller number first"`,
    );
  });

  test("text without a number of words", () => {
    expect(complaints(withPayload("{ text: hello }"))).toMatchInlineSnapshot(
      `"suite.yaml:3:24: payloads.a.text: "hello" is not a mapping; write for example { words: [5, 20] }"`,
    );
  });

  test("a dynamic dimension as -1", () => {
    expect(complaints(withPayload("{ tensors: [{ name: x, shape: [1, -1], datatype: FP32 }] }", "kserve-v2"))).toMatchInlineSnapshot(
      `"suite.yaml:3:50: payloads.a.tensors.x.shape.1: -1 is too small; write 1 or more, or a range such as [1, 512] for a dimension that varies"`,
    );
  });

  test("a datatype by its other name", () => {
    expect(complaints(withPayload("{ tensors: [{ name: x, shape: [1], datatype: float32 }] }", "kserve-v2"))).toMatchInlineSnapshot(
      `"suite.yaml:3:61: payloads.a.tensors.x.datatype: "float32" is not known here; write FP32"`,
    );
  });

  test("values that do not fill a tensor", () => {
    expect(
      complaints(withPayload("{ tensors: [{ name: x, shape: [2, 3], datatype: FP32, data: [1, 2] }] }", "kserve-v2")),
    ).toMatchInlineSnapshot(
      `"suite.yaml:3:76: payloads.a.tensors.x.data: 2 values do not fill a shape of 6; write 6 values, or one for all"`,
    );
  });

  test("an absolute path", () => {
    expect(complaints(withPayload("{ file: /data/a.jsonl }"))).toMatchInlineSnapshot(
      `"suite.yaml:3:24: payloads.a.file: "/data/a.jsonl" is not a relative path; write it relative to the suite file and with forward slashes: data/a.jsonl"`,
    );
  });

  test("a content type beside json", () => {
    expect(complaints(withPayload("{ json: 1, content-type: text/plain }"))).toMatchInlineSnapshot(
      `"suite.yaml:3:27: payloads.a.content-type: json has its own content type; leave it out; it is for body"`,
    );
  });

  test("infinity in JSON", () => {
    expect(complaints(withPayload("{ json: [.inf] }"))).toMatchInlineSnapshot(
      `"suite.yaml:3:24: payloads.a.json: JSON has no infinity and no NaN; write a finite number"`,
    );
  });
});

describe("Loads: what is said about", () => {
  test("a rate without a unit", () => {
    expect(complaints(withScenario("load: { rate: 50 }"))).toMatchInlineSnapshot(
      `"suite.yaml:3:43: scenarios.steady.load.rate: 50 has no unit; write 50/s"`,
    );
  });

  test("a rate as other tools write it", () => {
    expect(complaints(withScenario("load: { rate: 50rps }"))).toMatchInlineSnapshot(
      `"suite.yaml:3:43: scenarios.steady.load.rate: "50rps" has the unknown unit "rps"; write 50/s"`,
    );
  });

  test("a rate and a concurrency", () => {
    expect(complaints(withScenario("load: { rate: 5/s, concurrency: 5 }"))).toMatchInlineSnapshot(
      `"suite.yaml:3:48: scenarios.steady.load.concurrency: a load has a rate or a concurrency, not both; keep rate for requests that arrive on their own (what users do), concurrency for a fixed number of callers"`,
    );
  });

  test("arrivals of a closed loop", () => {
    expect(complaints(withScenario("load: { concurrency: 5, arrivals: constant }"))).toMatchInlineSnapshot(
      `"suite.yaml:3:53: scenarios.steady.load.arrivals: a closed loop has no arrivals; leave it out, or write rate instead of concurrency"`,
    );
  });

  test("a key one level too high", () => {
    expect(complaints(withScenario("rate: 5/s"))).toMatchInlineSnapshot(
      `"suite.yaml:3:29: scenarios.steady: unknown key "rate"; it belongs under "load""`,
    );
  });

  test("a load that is too much to plan", () => {
    expect(complaints(withScenario("load: { rate: 90000/s, duration: 10h }"))).toMatchInlineSnapshot(
      `"suite.yaml:3:62: scenarios.steady.load.duration: this load is 3,240,000,000 requests; at most 50,000,000 can be planned: lower rate or duration"`,
    );
  });

  test("a load of less than a request", () => {
    expect(complaints(withScenario("load: { rate: 1/h, duration: 1m }"))).toMatchInlineSnapshot(
      `"suite.yaml:3:58: scenarios.steady.load.duration: this load is less than one request; raise rate or duration"`,
    );
  });

  test("a warm-up of nothing", () => {
    expect(complaints(withScenario("warm-up: 0s"))).toMatchInlineSnapshot(
      `"suite.yaml:3:38: scenarios.steady.warm-up: "0s" is no warm-up; write none"`,
    );
  });

  test("a mix of unknown classes", () => {
    expect(complaints(withScenario("mix: { defualt: 1 }"))).toMatchInlineSnapshot(
      `"suite.yaml:3:36: scenarios.steady.mix: no payload class is called "defualt"; did you mean "default"?"`,
    );
  });

  test("two scenarios of one name", () => {
    expect(complaints("name: a\ntarget: { protocol: raw }\nscenarios: [{ name: s }, { name: s }]\n")).toMatchInlineSnapshot(
      `"suite.yaml:3:34: scenarios.s.name: two scenarios are called "s"; results are kept by name: give each its own"`,
    );
  });
});

describe("Gates: what is said about", () => {
  test("a start in a later scenario, and a steady state that nobody looks for", () => {
    const gates = "gates: { cold.first_success: { limit: 30s } }";
    expect(complaints(withScenario(gates))).toBe("no complaint");
    expect(complaints(`name: a\ntarget: { protocol: raw }\nscenarios: [{ name: s }, { name: t, ${gates} }]\n`)).toMatchInlineSnapshot(
      `"suite.yaml:3:46: scenarios.t.gates.cold.first_success: cold.first_success is seen in the first scenario only; move this gate to the first scenario: later ones meet an endpoint that has been driven already"`,
    );
    expect(complaints(withScenario("warm-up: 5s, gates: { cold.steady: { limit: 30s } }"))).toMatchInlineSnapshot(
      `"suite.yaml:3:51: scenarios.steady.gates.cold.steady: only warm-up: auto looks for a steady state; leave warm-up out, or gate cold.first_success"`,
    );
  });

  test("a metric that does not exist", () => {
    expect(complaints(withScenario("gates: { latency.p98: { limit: 1s } }"))).toMatchInlineSnapshot(
      `"suite.yaml:3:38: scenarios.steady.gates: unknown key "latency.p98"; did you mean "latency.p90"?"`,
    );
  });

  test("a percentage without a unit", () => {
    expect(complaints(withScenario("gates: { latency.p99: { regression: 10, floor: 5, limit: 500 } }"))).toMatchInlineSnapshot(`
      "suite.yaml:3:65: scenarios.steady.gates.latency.p99.regression: 10 has no unit; write 10%
      suite.yaml:3:76: scenarios.steady.gates.latency.p99.floor: 5 has no unit; write 5ms or 5s
      suite.yaml:3:86: scenarios.steady.gates.latency.p99.limit: 500 has no unit; write 500ms or 500s"
    `);
  });

  test("a ratio for a percentage", () => {
    expect(complaints(withScenario("gates: { latency.p99: { regression: 0.1 } }"))).toMatchInlineSnapshot(
      `"suite.yaml:3:65: scenarios.steady.gates.latency.p99.regression: 0.1 has no unit; write 10% (or 0.1%, if that is meant)"`,
    );
  });

  test("a time for a percentage, and a percentage for a time", () => {
    expect(complaints(withScenario("gates: { latency.p99: { regression: 5ms, limit: 10% } }"))).toMatchInlineSnapshot(`
      "suite.yaml:3:65: scenarios.steady.gates.latency.p99.regression: "5ms" has the unknown unit "ms"; units are %: write a percentage, for example 10%
      suite.yaml:3:77: scenarios.steady.gates.latency.p99.limit: "10%" has the unknown unit "%"; units are us, ms, s, m, h: write a duration, for example 10s"
    `);
  });

  test("a number instead of a gate", () => {
    expect(complaints(withScenario("gates: { latency.p99: 10% }"))).toMatchInlineSnapshot(
      `"suite.yaml:3:51: scenarios.steady.gates.latency.p99: "10%" is not a mapping; write for example { regression: 10% }"`,
    );
  });

  test("a gate without numbers", () => {
    expect(complaints(withScenario("gates: { latency.p99: {} }"))).toMatchInlineSnapshot(
      `"suite.yaml:3:38: scenarios.steady.gates.latency.p99: this gate has no number to compare with; add a regression or a limit"`,
    );
  });

  test("a floor without a regression", () => {
    expect(complaints(withScenario("gates: { latency.p99: { floor: 2ms } }"))).toMatchInlineSnapshot(
      `"suite.yaml:3:53: scenarios.steady.gates.latency.p99.floor: a floor needs a regression to soften; add regression: 10%, or write limit for a hard ceiling"`,
    );
  });

  test("gates without a value", () => {
    expect(complaints(withScenario("gates: "))).toMatchInlineSnapshot(
      `"suite.yaml:3:37: scenarios.steady.gates: this key has no value; write {} to gate nothing, or leave the key out for the usual gates"`,
    );
  });

  test("a loss of more than everything", () => {
    expect(complaints(withScenario("gates: { throughput: { regression: 150% } }"))).toMatchInlineSnapshot(
      `"suite.yaml:3:64: scenarios.steady.gates.throughput.regression: "150%" is too much; at most 99%"`,
    );
  });

  test("a limit that a timeout makes unreachable", () => {
    expect(complaints(withScenario("gates: { latency.p99: { limit: 30s } }"))).toMatchInlineSnapshot(
      `"suite.yaml:3:53: scenarios.steady.gates.latency.p99.limit: this limit cannot be exceeded: no request takes longer than target.timeout; lower the limit or raise target.timeout"`,
    );
  });

  test("a stream's metric without a stream", () => {
    expect(complaints(withScenario("gates: { ttft.p99: { limit: 1s } }"))).toMatchInlineSnapshot(
      `"suite.yaml:3:38: scenarios.steady.gates.ttft.p99: ttft.p99 is measured on streams of tokens only; add stream: true to the target, or gate latency"`,
    );
  });

  test("a GPU metric without telemetry", () => {
    expect(complaints(withScenario("gates: { gpu.memory.peak: { regression: 2% } }"))).toMatchInlineSnapshot(
      `"suite.yaml:3:38: scenarios.steady.gates.gpu.memory.peak: no telemetry of this suite measures gpu.memory.peak; add under telemetry: - dcgm: URL, or one of nvidia-gpu-exporter, amd, triton, torchserve"`,
    );
  });

  test("a queue that dcgm does not see", () => {
    expect(
      complaints(`${withScenario("gates: { queue.depth: { limit: 5 } }")}telemetry: [{ dcgm: "http://a/m" }]\n`),
    ).toMatchInlineSnapshot(
      `"suite.yaml:3:38: scenarios.steady.gates.queue.depth: no telemetry of this suite measures queue.depth; add under telemetry: - triton: URL, or one of vllm, sglang, tensorrt-llm, tgi, llama.cpp, ray-serve"`,
    );
  });
});

test.each([
  ["raw", "inference.time", "- triton: URL, or one of vllm, tensorrt-llm, tgi, torchserve, tf-serving, ray-serve"],
  ["kserve-v2, model: m", "queue.depth", "- triton: URL, or one of vllm"],
  ["openai-chat, model: m", "queue.depth", "- vllm: URL, or one of triton"],
  ["torchserve, model: m", "queue.time", "- torchserve: URL, or one of triton"],
  ["tf-serving, model: m", "request.time", "- tf-serving: URL, or one of triton"],
  ["raw", "host.cpu.utilization", "- triton: URL, or one of node-exporter"],
  ["raw", "disk.read", "- node-exporter: URL"],
])("a gate of protocol %s on %s is told which telemetry would measure it", (protocol, metric, hint) => {
  const text = `name: x\ntarget: { protocol: ${protocol} }\nscenarios: [{ name: s, gates: { ${metric}: { limit: 1${metric.endsWith("time") ? "s" : metric === "disk.read" ? "MB/s" : ""} } } }]\n`;
  expect(complaints(text)).toContain(`no telemetry of this suite measures ${metric}; add under telemetry: ${hint}`);
});

describe("Telemetry: what is said about", () => {
  test("no server that the contract names", () => {
    const kinds = ["triton", "vllm", "sglang", "tensorrt-llm", "tgi", "torchserve", "tf-serving", "llama.cpp", "ray-serve"];
    const entries = kinds.map((kind) => `{ ${kind}: "http://a/metrics", baseline: "http://b/metrics" }`).join(", ");
    expect(complaints(`${MINIMAL}telemetry: [${entries}]\n`)).toBe("no complaint");
  });

  test.each([
    ["llamacpp", "llama.cpp"],
    ["trtllm", "tensorrt-llm"],
    ["node_exporter", "node-exporter"],
    ["tritonserver", "triton"],
  ])("%s, which is called %s here", (written, kind) => {
    expect(complaints(`${MINIMAL}telemetry: [{ ${written}: "http://a/metrics" }]\n`)).toContain(`did you mean "${kind}"?`);
  });

  test.each([
    [
      "network.rx: eth_bytes_total",
      "eth_bytes_total is a counter by its name, and network.rx is no count since the start; write { series: eth_bytes_total, rate: yes } for its increase per second",
    ],
    [
      "queue.time: { series: wait_seconds_total, labels: { a: b } }",
      "and queue.time is no count since the start; write { series: wait_seconds_total, whole: OTHER_COUNTER } for its share of another",
    ],
    [
      "queue.depth: 'queued_total{a=\"b\"}'",
      "and queue.depth is no count since the start; choose a series that is a gauge, or add rate: no where this one is",
    ],
    ["queue.depth: { series: queued, rate: yes }", "metrics.queue.depth.rate: queue.depth is no increase per second; leave rate out"],
    ["gpu.energy_per_request: { series: joules_total, rate: yes }", "gpu.energy_per_request is counted already"],
    ["memory.resident: { series: a, whole: b }", "memory.resident is not a share; leave whole out"],
    ["cache.hit_ratio: { series: a, whole: b, rate: yes }", "a metric is a rate or a share of another counter, not both"],
  ])("a counter: %s", (metric, complaint) => {
    expect(complaints(`${MINIMAL}telemetry: [{ prometheus: "http://a/m", metrics: { ${metric} } }]\n`)).toContain(complaint);
  });

  test.each([
    "network.rx: { series: eth_bytes_total, rate: yes, scale: 0.125 }",
    "queue.time: { series: wait_ms_sum, whole: wait_ms_count, scale: 0.001 }",
    "queue.time: { series: wait_seconds_total, whole: 'requests_total{a=\"b\"}' }",
    "cpu.cores: { series: cpu_seconds_total, rate: yes }",
    "gpu.energy_per_request: joules_total",
    "queue.depth: total_queued",
    "queue.depth: { series: queued_total, rate: no }",
  ])("nothing about %s", (metric) => {
    expect(complaints(`${MINIMAL}telemetry: [{ prometheus: "http://a/m", metrics: { ${metric} } }]\n`)).toBe("no complaint");
  });

  test("an entry without a source", () => {
    expect(complaints(`${MINIMAL}telemetry: [{ interval: 1s }]\n`)).toMatchInlineSnapshot(
      `"suite.yaml:4:13: telemetry.0: this entry names no source; write - url: http://…/metrics, - nvidia-smi: all, or - prometheus: http://…/metrics"`,
    );
  });

  test("two sources in one entry", () => {
    expect(complaints(`${MINIMAL}telemetry: [{ dcgm: "http://a/m", prometheus: "http://a/m" }]\n`)).toMatchInlineSnapshot(
      `"suite.yaml:4:35: telemetry.0.prometheus: one entry has both dcgm and prometheus; begin a second entry: - prometheus: …"`,
    );
  });

  test("an exposition of which nothing is read", () => {
    expect(complaints(`${MINIMAL}telemetry: [{ prometheus: "http://a/m" }]\n`)).toMatchInlineSnapshot(
      `"suite.yaml:4:15: telemetry.0.prometheus: nothing says what to read from this exposition; add metrics: { queue.depth: NAME_OF_THE_SERIES }"`,
    );
  });

  test.each([
    ['{ nvidia-smi: all, baseline: "http://a/m" }', "nvidia-smi is asked on this machine and not over a URL; write baseline-gpus"],
    ['{ dcgm: "http://a/m", baseline-gpus: 1 }', "this is for nvidia-smi; write baseline: URL"],
    ["{ nvidia-smi: 0, baseline-gpus: 1, arm: head }", "with baseline-gpus this entry tells about both endpoints, each for itself"],
    ["{ nvidia-smi: all, metrics: { gpu.power: a } }", "metrics is for prometheus; nvidia-smi knows its own"],
    ['{ amd: "http://a/m", url: "http://b/m" }', "one entry has both amd and url; begin a second entry: - url: …"],
    ["{ nvidia-smi: ./evil.sh }", 'telemetry.0.nvidia-smi: "./evil.sh" is not usable here'],
    ["{ nvidia-smi: --help }", 'telemetry.0.nvidia-smi: "--help" is not usable here'],
    ["{ rocm: a }", 'did you mean "amd"?'],
  ])("%s", (entry, complaint) => {
    expect(complaints(`${MINIMAL}telemetry: [${entry}]\n`)).toContain(complaint);
  });

  test("energy per tokens of a protocol without tokens", () => {
    expect(complaints(`${withScenario("gates: { gpu.energy_per_1k_tokens: { limit: 5J } }")}telemetry: [{ nvidia-smi: all }]\n`)).toContain(
      "gpu.energy_per_1k_tokens is measured with protocol openai-chat or openai-completions only; gate gpu.energy_per_request",
    );
  });

  test("a metric that telemetry does not fill", () => {
    expect(
      complaints(`${MINIMAL}telemetry: [{ prometheus: "http://a/m", metrics: { gpu.powr: a, latency.p99: b } }]\n`),
    ).toMatchInlineSnapshot(`
      "suite.yaml:4:52: telemetry.0.metrics: unknown key "gpu.powr"; did you mean "gpu.power"?
      suite.yaml:4:65: telemetry.0.metrics: unknown key "latency.p99"; known are gpu.utilization, gpu.sm_activity, gpu.tensor_activity, gpu.dram_activity, gpu.memory.used, gpu.memory.peak, gpu.memory.utilization, gpu.power, gpu.temperature, gpu.sm_clock, gpu.throttled, gpu.power_capped, gpu.pcie.rx, gpu.pcie.tx, gpu.nvlink, gpu.energy_per_request, …"
    `);
  });

  test("a mapping instead of a list", () => {
    expect(complaints(`${MINIMAL}telemetry: { dcgm: "http://a/m" }\n`)).toMatchInlineSnapshot(
      `"suite.yaml:4:12: telemetry: a mapping is not a list; begin every entry with a dash: - …"`,
    );
  });
});

test("all mistakes are said at once, in the order of the file", () => {
  const text = `${withTarget("{ protocol: rawr, timeout: 5 }")}sed: 1\ndecision: { ceiling: 3 }\n`;
  expect(complaints(text)).toMatchInlineSnapshot(`
    "suite.yaml:2:21: target.protocol: "rawr" is not known here; did you mean "raw"?
    suite.yaml:2:36: target.timeout: 5 has no unit; write 5ms or 5s
    suite.yaml:4:1: unknown key "sed"; did you mean "seed"?
    suite.yaml:5:22: decision.ceiling: 3 has no unit; write 3%"
  `);
});

describe("The check of an answer: what is said about", () => {
  test("a path, an expression and a schema that are none", () => {
    expect(
      complaints(withTarget('{ protocol: raw, check: { json: [{ path: "$.a[" }], matches: "(", schema: { type: nothing } } }')),
    ).toMatchInlineSnapshot(`
      "suite.yaml:2:50: target.check.json.0.path: "$.a[" is no JSON path: unclosed bracketed selection; write one of RFC 9535, such as $.outputs[0].data[*]
      suite.yaml:2:70: target.check.matches: "(" is no regular expression: Unterminated group; it is JavaScript's, with the flag u
      suite.yaml:2:83: target.check.schema: this is no JSON Schema: schema is invalid: data/type must be equal to one of the allowed values, data/type must be array, data/type must match a schema in anyOf; write one of draft 2020-12, without keywords that it does not know"
    `);
  });

  test("JSON where there is none", () => {
    expect(complaints(withTarget('{ protocol: kserve-v2-grpc, model: m, check: { json: [{ path: "$" }] } }'))).toMatchInlineSnapshot(
      `"suite.yaml:2:56: target.check.json: a gRPC answer is not JSON; write contains or matches, or measure over JSON in a suite of its own"`,
    );
    expect(
      complaints(withTarget("{ protocol: kserve-v2, model: m, tensor-encoding: binary, check: { schema: { type: object } } }")),
    ).toMatchInlineSnapshot(
      `"suite.yaml:2:76: target.check.schema: an answer with binary tensors is not JSON; write contains or matches, or measure over JSON in a suite of its own"`,
    );
  });
});

describe("Labels: what is said about", () => {
  const labelled = (target: string, payload: string) =>
    complaints(`name: x\ntarget: ${target}\npayloads: { a: ${payload} }\nscenarios: [{ name: steady }]\n`);

  test("one that nothing is compared with, and the other way about", () => {
    expect(labelled("{ protocol: raw }", "{ file: a.jsonl, label: answer }")).toMatchInlineSnapshot(
      `"suite.yaml:3:33: payloads.a.label: nothing says how answers are compared with this label; add to the target: check: { answer: { path: "$.outputs[0].data[0]" } }"`,
    );
    expect(labelled('{ protocol: raw, check: { answer: { path: "$" } } }', "{ file: a.jsonl }")).toMatchInlineSnapshot(
      `"suite.yaml:2:35: target.check.answer: no payload has a label to compare an answer with; write label: FIELD beside the file of a payload, or leave this out"`,
    );
  });

  test("answers of a stream over gRPC, which nobody would compare", () => {
    expect(
      labelled("{ protocol: kserve-v2-grpc, model: m, stream: true, check: { answer: {} } }", "{ file: a.jsonl, label: b }"),
    ).toMatchInlineSnapshot(
      `"suite.yaml:2:70: target.check.answer: the answers of a gRPC stream are not compared with labels; leave stream out, or measure the labels in a suite of its own"`,
    );
  });

  test("one of something that has no fields", () => {
    expect(labelled("{ protocol: raw, check: { answer: {} } }", "{ file: a.txt, label: answer }")).toMatchInlineSnapshot(
      `"suite.yaml:3:31: payloads.a.label: a label is a field of the lines of a .jsonl or .csv file; leave it out, or put the payloads into such a file"`,
    );
  });

  test("a gate on wrong answers without any", () => {
    expect(complaints(withScenario("gates: { wrong.ratio: { limit: 1% } }"))).toMatchInlineSnapshot(
      `"suite.yaml:3:38: scenarios.steady.gates.wrong.ratio: without labelled payloads wrong.ratio is not measured; write label: FIELD beside the file of a payload"`,
    );
  });
});

describe("Goodput and answers that are compared: what is said about", () => {
  const chat = (more: string, gates = "", target = "protocol: openai-chat") =>
    complaints(`name: x\ntarget: { ${target} }\n${more}\nscenarios: [{ name: steady, gates: { ${gates} } }]\n`);

  test("limits that no answer has, or that none can break", () => {
    expect(chat("goodput: { ttft: 1s }", "", "protocol: raw")).toMatchInlineSnapshot(
      `"suite.yaml:3:12: goodput.ttft: ttft is measured on streams only; write latency, or use protocol raw, kserve-v2-grpc, openai-chat, openai-completions or torchserve with a stream"`,
    );
    expect(chat("goodput: { latency: 1m, tpot: 40s }")).toMatchInlineSnapshot(`
      "suite.yaml:3:21: goodput.latency: no answer takes longer than target.timeout; lower the limit or raise target.timeout
      suite.yaml:3:31: goodput.tpot: no answer takes longer than target.timeout; lower the limit or raise target.timeout"
    `);
    expect(chat("goodput: {}")).toMatchInlineSnapshot(
      `"suite.yaml:3:1: goodput: no limit is named, and every answer would be good; write one: { latency: 2s }"`,
    );
    expect(chat("goodput: { itl: 1s, ttft: 2 }")).toMatchInlineSnapshot(`
      "suite.yaml:3:12: goodput: unknown key "itl"; known are latency, ttft, ttfo, tpot
      suite.yaml:3:27: goodput.ttft: 2 has no unit; write 2ms or 2s"
    `);
  });

  test("gates on what nothing measures", () => {
    expect(chat("", "goodput: { regression: 5% }, goodput.ratio: { limit: 99% }")).toMatchInlineSnapshot(`
      "suite.yaml:4:38: scenarios.steady.gates.goodput: nothing says within what limits an answer counts into goodput; add to the suite: goodput: { latency: 2s }
      suite.yaml:4:67: scenarios.steady.gates.goodput.ratio: nothing says within what limits an answer counts into goodput.ratio; add to the suite: goodput: { latency: 2s }"
    `);
    expect(chat("", "changed.ratio: { regression: 2% }")).toMatchInlineSnapshot(
      `"suite.yaml:4:38: scenarios.steady.gates.changed.ratio: answers are not compared with one another, and changed.ratio is not measured; add to the target: check: { same-answers: yes }"`,
    );
    expect(chat("", "tokens.output.mean: { regression: 5% }", "protocol: kserve-v2, model: m")).toMatchInlineSnapshot(
      `"suite.yaml:4:38: scenarios.steady.gates.tokens.output.mean: tokens.output.mean is measured with protocol openai-chat or openai-completions only; gate throughput"`,
    );
  });

  test("the limits of another scenario", () => {
    const text = `name: x\ntarget: { protocol: raw }\nscenarios:\n  - { name: a, goodput: { latency: 1s }, gates: { goodput: { regression: 5% } } }\n  - { name: b, gates: { goodput: { regression: 5% } } }\n`;
    expect(complaints(text)).toMatchInlineSnapshot(
      `"suite.yaml:5:25: scenarios.b.gates.goodput: nothing says within what limits an answer counts into goodput; add to the suite: goodput: { latency: 2s }"`,
    );
  });

  test("answers that nobody compares, and a tolerance that is none", () => {
    const grpc = "protocol: kserve-v2-grpc, model: m, stream: true";
    expect(chat("", "", `${grpc}, check: { same-answers: yes }`)).toMatchInlineSnapshot(
      `"suite.yaml:2:70: target.check.same-answers: the answers of a gRPC stream are not compared with one another; leave stream out, or measure this in a suite of its own"`,
    );
    expect(chat("", "", "protocol: raw, check: { same-answers: no }")).toMatchInlineSnapshot(
      `"suite.yaml:2:49: target.check.same-answers: "no" is not known here; known are yes, report"`,
    );
    expect(chat("", "", 'protocol: raw, check: { json: [{ path: "$", equals: 1, tolerance: { relative: 2 } }] }')).toMatchInlineSnapshot(
      `"suite.yaml:2:89: target.check.json.0.tolerance.relative: 2 is too much; write 1 or less"`,
    );
  });
});
