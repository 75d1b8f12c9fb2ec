import { describe, expect, test } from "vitest";
import { parseSuite } from "../../../src/core/suite/parse.ts";
import { complaints, EXAMPLE, MINIMAL } from "./suites.ts";

const read = (text: string, ...overrides: string[]) => parseSuite(text, "suite.yaml", overrides).suite;

describe("--set", () => {
  test("changes a value that is written", () => {
    expect(read(EXAMPLE, "seed=7").seed).toBe(7);
    expect(read(EXAMPLE, "target.ready.timeout=1s").target.ready.timeoutS).toBe(1);
  });

  test("adds what is not written, with the mappings on the way", () => {
    const { scenarios, target } = read(MINIMAL, "scenarios.steady.load.duration=10s", "target.ready.path=/up");
    expect(scenarios[0]!.load.durationS).toBe(10);
    expect(target.ready).toEqual({ path: "/up", timeoutS: 60 });
  });

  test("finds scenarios by name and by index", () => {
    const text = "name: a\ntarget: { protocol: raw }\nscenarios: [{ name: s }, { name: peak.hour }]\n";
    const { scenarios } = read(text, "scenarios.1.load.rate=1/s", "scenarios.peak.hour.load.duration=20s");
    expect(scenarios[1]!.load).toMatchObject({ ratePerS: 1, durationS: 20 });
    expect(scenarios[0]!.load).toMatchObject({ ratePerS: 30, durationS: 120 });
  });

  test("knows that metrics have dots in their names", () => {
    const gate = (suite: ReturnType<typeof read>, metric: string) => suite.scenarios[0]!.gates.find((one) => one.metric === metric);
    expect(gate(read(EXAMPLE, "scenarios.steady.gates.latency.p99.limit=80ms"), "latency.p99")).toMatchObject({
      limit: 0.08,
      regression: 0.1,
    });
    expect(gate(read(MINIMAL, "scenarios.steady.gates.latency.p50.limit=80ms"), "latency.p50")).toMatchObject({ limit: 0.08 });
  });

  test("takes the longest name that exists", () => {
    const text = "name: a\ntarget: { protocol: raw }\npayloads: { a: { body: x }, a.json: { body: y } }\nscenarios: [{ name: s }]\n";
    expect(read(text, "payloads.a.json.weight=5").payloads.map(({ weight }) => weight)).toEqual([1, 5]);
  });

  test("later ones win, and see what earlier ones made", () => {
    expect(read(MINIMAL, "payloads.a.text.words=5", "payloads.a.text.words=9").payloads[0]!.content).toEqual({
      kind: "text",
      words: [9, 9],
    });
  });

  test("reads braces, brackets and quotes as YAML, and any other text as it is", () => {
    expect(read(MINIMAL, "scenarios.steady.load={ concurrency: 3, duration: 10s }").scenarios[0]!.load).toMatchObject({ concurrency: 3 });
    expect(read(EXAMPLE, "payloads.short.text.words=[1, 2]").payloads[2]!.content).toMatchObject({ words: [1, 2] });
    const { headers } = read(MINIMAL, "target.headers.x-a=a: b # c", 'target.headers.x-b="7"', "target.headers.x-c=a=b").target;
    expect(headers).toEqual({ "x-a": "a: b # c", "x-b": "7", "x-c": "a=b" });
  });

  test("takes text as text, since a shell eats quotes", () => {
    expect(read(MINIMAL, "target.headers.x-a=7", "name=8").target.headers).toEqual({ "x-a": "7" });
  });

  test("puts any key into a JSON payload", () => {
    expect(read(MINIMAL, "payloads.a.json.model.size=5").payloads[0]!.content).toEqual({ kind: "json", value: { model: { size: 5 } } });
  });

  test("changes an alias without changing its anchor", () => {
    const text = "name: a\ntarget: { protocol: raw }\nscenarios:\n  - { name: s, load: &l { rate: 5/s } }\n  - { name: t, load: *l }\n";
    const { scenarios } = read(text, "scenarios.t.load.rate=9/s");
    expect(scenarios.map(({ load }) => load)).toMatchObject([{ ratePerS: 5 }, { ratePerS: 9 }]);
  });

  test("what it set is located in it", () => {
    const { locate } = parseSuite(MINIMAL, "suite.yaml", ["seed=7", "target.timeout=1s"]);
    expect(locate(["target", "timeout"])).toEqual({ file: "--set", line: 2, column: 16 });
    expect(locate(["name"])).toEqual({ file: "suite.yaml", line: 1, column: 7 });
  });
});

describe("a wrong --set", () => {
  test.each([
    ["nope", '--set:1:1: "nope" is not path=value; write for example --set seed=7'],
    ["=5", '--set:1:1: "=5" is not path=value; write for example --set seed=7'],
    ["sed=5", '--set:1:1: the suite has no key "sed"; did you mean seed?'],
    ["targt.ready.timeout=1s", '--set:1:1: the suite has no key "targt"; did you mean target.ready.timeout?'],
    ["target.raedy.timeout=1s", '--set:1:1: target has no key "raedy"; did you mean target.ready.timeout?'],
    ["scenarios.stead.load.duration=1s", '--set:1:1: scenarios has no entry "stead"; did you mean "steady"?'],
    ["scenarios.1.load.duration=1s", '--set:1:1: scenarios has no entry "1"; known are steady'],
    ["scenarios.steady.duration=1s", '--set:1:1: scenarios.steady has no key "duration"; it belongs under "load"'],
    [
      "scenarios.steady.gates.latncy.p99.limit=1s",
      '--set:1:1: scenarios.steady.gates has no key "latncy"; did you mean scenarios.steady.gates.latency.p99.limit?',
    ],
    ["seed.x=1", '--set:1:1: seed is a single value, "x" cannot stand below it; write seed=…'],
    ["seed=many", '--set:1:6: seed: "many" is not a whole number; write a whole number'],
    ["seed=", "--set:1:6: seed: this key has no value; write a value, or leave the key out"],
    ["target.timeout=10", "--set:1:16: target.timeout: 10 has no unit; write 10ms or 10s"],
    [
      "scenarios.steady.load={ rate: 5/s",
      "--set:1:23: not valid YAML: Flow map must end with a }; check quotes, colons and indentation around here",
    ],
  ])("%s", (override, message) => {
    expect(complaints(MINIMAL, [override])).toBe(message);
  });

  test("has its own place even inside braces", () => {
    expect(complaints(MINIMAL, ["scenarios.steady.load={ duration: 1m, rate: 5 }"])).toBe(
      "--set:1:45: scenarios.steady.load.rate: 5 has no unit; write 5/s",
    );
  });

  test("has its place when it is text with a colon", () => {
    expect(complaints(MINIMAL, ["scenarios.steady.load.arrivals=a: b"])).toBe(
      '--set:1:32: scenarios.steady.load.arrivals: "a: b" is not known here; known are poisson, constant',
    );
    expect(complaints(MINIMAL, ["seed=a: b"])).toBe('--set:1:6: seed: "a: b" is not a whole number; write a whole number');
  });

  test("says so for all of them, by their number", () => {
    expect(complaints(MINIMAL, ["sed=5", "seed=5", "tim=2"]).split("\n")).toEqual([
      '--set:1:1: the suite has no key "sed"; did you mean seed?',
      expect.stringMatching(/^--set:3:1: the suite has no key "tim"/),
    ]);
  });

  test("cannot reach into the objects of the language", () => {
    for (const path of ["__proto__.polluted=1", "constructor.prototype.polluted=1", "payloads.__proto__.polluted=1"]) {
      expect(complaints(MINIMAL, [path])).not.toBe("no complaint");
      expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    }
  });
});
