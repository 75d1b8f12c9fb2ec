import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { referencedFiles, scenarioDigests, suiteDigest } from "../../../src/core/suite/digest.ts";
import { parseSuite } from "../../../src/core/suite/parse.ts";
import { EXAMPLE } from "./suites.ts";

const FILES = new Map([["data/tickets.jsonl", new TextEncoder().encode('"a"\n"b"\n')]]);
const digest = (text: string, overrides: readonly string[] = [], files: ReadonlyMap<string, Uint8Array> = FILES): string =>
  suiteDigest(parseSuite(text, "suite.yaml", overrides).suite, files);
const CHAT = `name: chat
target: { protocol: openai-chat, model: m, max-tokens: 64 }
payloads: { a: { messages: [{ role: user, content: hi }] } }
scenarios: [{ name: s, load: { concurrency: 4 } }]
`;

test("the digest of the contract's example is known: a change of it orphans every stored baseline", () => {
  expect(digest(EXAMPLE)).toMatchInlineSnapshot(`"6270cd296f2a8b71c222dfe47d1b5babb534125c1bbcdaa96a65630e6dd9168b"`);
});

describe("what does not shape the workload does not change the digest", () => {
  test.each([
    ["comments and blank lines", EXAMPLE.replaceAll(/#.*$/gm, "").replaceAll("\n", "\n\n"), []],
    ["the name", EXAMPLE.replace("name: sentiment", "name: mood"), []],
    ["a gate's numbers", EXAMPLE, ["scenarios.steady.gates.latency.p99.limit=1ms"]],
    ["one more gate", EXAMPLE, ["scenarios.steady.gates.latency.p50.regression=1%"]],
    ["no gate at all", EXAMPLE, ["scenarios.steady.gates={}"]],
    ["telemetry", EXAMPLE, ["telemetry.0.dcgm=http://other/metrics", "telemetry.0.interval=2s"]],
    ["the decision's levels", EXAMPLE, ["decision.false-alarm=2%"]],
    [
      "endpoint, readiness and identity",
      EXAMPLE,
      ["target.endpoint=http://other:1", "target.ready.timeout=1s", "target.identity.equals=x"],
    ],
    ["defaults that are written out", EXAMPLE, ["target.timeout=30s", "target.max-in-flight=1024", "scenarios.steady.warm-up=auto"]],
    ["another way to write the same quantity", EXAMPLE, ["scenarios.steady.load.rate=3000/m", "scenarios.steady.load.duration=120s"]],
  ] as const)("%s", (_, text, overrides) => {
    expect(text === EXAMPLE && overrides.length === 0).toBe(false);
    expect(digest(text, overrides)).toBe(digest(EXAMPLE));
  });

  test("the name of a payload file", () => {
    const moved = new Map([["elsewhere.jsonl", FILES.get("data/tickets.jsonl")!]]);
    expect(digest(EXAMPLE.replace("data/tickets.jsonl", "elsewhere.jsonl"), [], moved)).toBe(digest(EXAMPLE));
  });

  test("the order of keys, anywhere", () => {
    const plain = { json: { b: [1, { d: 1, c: 2 }], a: null }, weight: 2 };
    const suite = {
      name: "a",
      seed: 3,
      target: { protocol: "raw", path: "/x", headers: { "x-b": "1", "x-a": "2" }, check: { status: [200, 201], contains: "y" } },
      payloads: { one: plain, two: { body: "z" } },
      scenarios: [{ name: "s", mix: { two: 1, one: 3 }, load: { rate: "5/s", duration: "10s" } }],
    };
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat(1000)), (numbers) => {
        expect(digest(stringify(shuffled(suite, numbers)))).toBe(digest(stringify(suite)));
      }),
      { numRuns: 30 },
    );
  });
});

describe("what shapes the workload changes the digest", () => {
  const changes = [
    "seed=43",
    "target.protocol=raw",
    "target.path=/other",
    "target.model=bert",
    "target.timeout=29s",
    "target.max-in-flight=1023",
    "target.headers.authorization=Bearer ${env:OTHER}",
    "target.headers.x-more=1",
    "target.check.status=200",
    "target.check.contains=ok",
    "payloads.short.weight=61",
    "payloads.short.text.words=[5, 21]",
    "payloads.extra.json=1",
    "scenarios.steady.name=other",
    "scenarios.steady.load.rate=51/s",
    "scenarios.steady.load.arrivals=constant",
    "scenarios.steady.load.duration=121s",
    "scenarios.steady.load={ concurrency: 8 }",
    "scenarios.steady.mix={ short: 1 }",
    "scenarios.steady.warm-up=none",
    "scenarios.steady.block.duration=11s",
    "scenarios.steady.block.requests=101",
  ];

  test.each(changes)("%s", (change) => {
    expect(digest(EXAMPLE, [change])).not.toBe(digest(EXAMPLE));
  });

  test.each([
    "target.stream=false",
    "target.max-tokens=65",
    "payloads.a.messages.0.content=ho",
    "payloads.a.messages.0.role=system",
    "scenarios.s.load.concurrency=5",
  ])("%s", (change) => {
    expect(digest(CHAT, [change])).not.toBe(digest(CHAT));
  });

  test("the contents of a payload file", () => {
    expect(digest(EXAMPLE, [], new Map([["data/tickets.jsonl", new TextEncoder().encode('"a"\n"c"\n')]]))).not.toBe(digest(EXAMPLE));
  });

  test("its kind, which says how it is cut into requests", () => {
    const text = new Map([["data/tickets.txt", FILES.get("data/tickets.jsonl")!]]);
    expect(digest(EXAMPLE.replace(".jsonl", ".txt"), [], text)).not.toBe(digest(EXAMPLE));
  });

  test("no two of these changes give the same digest", () => {
    expect(new Set(changes.map((change) => digest(EXAMPLE, [change]))).size).toBe(changes.length);
  });
});

test("a payload file that was not read is a mistake of the caller", () => {
  expect(() => digest(EXAMPLE, [], new Map())).toThrow(RangeError);
});

describe("a load that is not steady", () => {
  const TRACE = new TextEncoder().encode("ts\n1\n2\n");
  const files = new Map([...FILES, ["t.csv", TRACE], ["u.csv", TRACE], ["t.jsonl", TRACE]]);
  const of = (load: string, held: ReadonlyMap<string, Uint8Array> = files) => digest(EXAMPLE, [`scenarios.steady.load=${load}`], held);
  const shape = "{ shape: [{ ramp: [5/s, 9/s], duration: 1m }, { sine: [5/s, 9/s], period: 10s, duration: 1m }] }";
  const users = "{ concurrency: 4, duration: 1m, think-time: 1s, pacing: 2s }";
  const trace = "{ trace: t.csv, from: 1s, speed: 2, sample: 50%, duration: 1m }";

  test.each([
    [shape, shape.replace("9/s]", "8/s]")],
    [shape, shape.replace("period: 10s", "period: 11s")],
    [shape, shape.replace("}]", "}], arrivals: { gamma: 2 }")],
    [shape.replace("}]", "}], arrivals: { gamma: 2 }"), shape.replace("}]", "}], arrivals: { gamma: 3 }")],
    [users, users.replace("think-time: 1s", "think-time: [1s, 1s]")],
    [users, users.replace("pacing: 2s", "pacing: 3s")],
    [trace, trace.replace("from: 1s", "from: 2s")],
    [trace, trace.replace("speed: 2", "speed: 3")],
    [trace, trace.replace("50%", "51%")],
    [trace, trace.replace("from", "unit: ms, from")],
    [trace, trace.replace("from", "time: ts, from")],
    [trace, trace.replace("t.csv", "t.jsonl")],
  ])("%s is another workload than %s", (one, other) => {
    expect(of(one)).not.toBe(of(other));
  });

  test("a shape of one level is that level, and a trace is what it holds, whatever it is called", () => {
    expect(of("{ shape: [{ rate: 50/s, duration: 1m }, { rate: 50/s, duration: 1m }] }")).toBe(digest(EXAMPLE));
    expect(of(trace.replace("t.csv", "u.csv"))).toBe(of(trace));
    expect(of(trace, new Map([...files, ["t.csv", new TextEncoder().encode("ts\n1\n3\n")]]))).not.toBe(of(trace));
  });

  test("that runs together with another is another workload", () => {
    const two = EXAMPLE.replace("telemetry:", "  - name: other\ntelemetry:");
    expect(digest(two, ["scenarios.steady.together=g", "scenarios.other.together=g"])).not.toBe(digest(two));
  });
});

test("payload files and traces are listed once, in order", () => {
  const text = `name: a
target: { protocol: raw }
payloads: { a: { file: z.txt }, b: { file: a.txt }, c: { file: z.txt }, d: { body: x } }
scenarios: [{ name: s, load: { trace: m.csv } }, { name: t, load: { trace: m.csv } }]
`;
  expect(referencedFiles(parseSuite(text, "f").suite)).toEqual(["a.txt", "m.csv", "z.txt"]);
});

/** A copy with its keys in another order; lists keep theirs. */
function shuffled(value: unknown, numbers: Iterator<number>): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, numbers));
  if (typeof value !== "object" || value === null) return value;
  const keyed = Object.entries(value).map(([key, item]) => [numbers.next().value as number, key, shuffled(item, numbers)] as const);
  return Object.fromEntries(keyed.sort(([a], [b]) => a - b).map(([, key, item]) => [key, item]));
}

describe("the digest of a scenario", () => {
  const SUITE = `name: pair
target: { protocol: raw, headers: { a: "1" } }
payloads:
  short: { body: "x" }
  long: { body: "xxxxxxxx", weight: 3 }
  rare: { body: "r", weight: 2 }
scenarios:
  - { name: steady, mix: { short: 1 }, load: { rate: 5/s, duration: 10s }, gates: { latency.p99: { regression: 10% } } }
  - { name: burst, mix: { long: 1 }, load: { rate: 50/s, duration: 10s } }
  - { name: left, together: pair, load: { rate: 5/s, duration: 10s } }
  - { name: right, together: pair, mix: { rare: 1 }, load: { rate: 9/s, duration: 10s } }
`;
  const of = (text: string, overrides: readonly string[] = []) =>
    scenarioDigests(parseSuite(text, "suite.yaml", overrides).suite, new Map());
  const before = of(SUITE);
  const changedBy = (...overrides: readonly string[]) =>
    [...of(SUITE, overrides)].filter(([name, is]) => before.get(name) !== is).map(([name]) => name);

  test("is there for each, and they differ", () => {
    expect([...before.keys()]).toEqual(["steady", "burst", "left", "right"]);
    expect(new Set(before.values()).size).toBe(4);
  });

  test.each([
    ["a gate", "scenarios.steady.gates={}", []],
    ["its load", "scenarios.burst.load.rate=60/s", ["burst"]],
    ["the load of one that runs beside another", "scenarios.left.load.rate=6/s", ["left", "right"]],
    ["a payload of one scenario", "payloads.rare.body=rr", ["left", "right"]],
    ["a payload of two", "payloads.short.body=y", ["steady", "left", "right"]],
    ["a weight in the suite's own mix", "payloads.long.weight=4", ["left", "right"]],
    ["the target", "target.path=/other", ["steady", "burst", "left", "right"]],
    ["the seed", "seed=9", ["steady", "burst", "left", "right"]],
  ])("changes with %s: %s", (_, override, names) => {
    expect(changedBy(override)).toEqual(names);
  });

  test("stays what it is when another scenario is added or removed", () => {
    const more = of(SUITE.replace("  - { name: burst", "  - { name: more, load: { rate: 1/s, duration: 10s } }\n  - { name: burst"));
    expect(more.get("burst")).toBe(before.get("burst"));
    expect(of(SUITE.replace(/.*name: burst.*\n/, "")).get("steady")).toBe(before.get("steady"));
  });

  test("follows the contents of the files that it uses", () => {
    const text =
      "name: f\ntarget: { protocol: raw }\npayloads: { a: { file: a.txt } }\nscenarios: [{ name: s, load: { concurrency: 1 } }]\n";
    const withFile = (content: string) =>
      scenarioDigests(parseSuite(text, "suite.yaml", []).suite, new Map([["a.txt", Buffer.from(content)]]));
    expect(withFile("1").get("s")).not.toBe(withFile("2").get("s"));
  });
});

test("how answers are judged beside being right is no part of it, and a relative tolerance is", () => {
  const of = (target: string, more = "") =>
    suiteDigest(
      parseSuite(`name: a\ntarget: { protocol: openai-chat${target} }\n${more}scenarios: [{ name: s }]\n`, "s.yaml").suite,
      new Map(),
    );
  const plain = of("");
  expect(of(", check: { same-answers: yes }")).toBe(plain);
  expect(of(", check: { same-answers: report }", "goodput: { ttft: 1s }\n")).toBe(plain);
  const near = (tolerance: string) => of(`, check: { json: [{ path: $, equals: 1, tolerance: ${tolerance} }] }`);
  expect(new Set([near("0.01"), near("{ relative: 0.01 }"), plain]).size).toBe(3);
});
