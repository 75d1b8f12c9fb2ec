import { describe, expect, test } from "vitest";
import { describeSuite } from "../../../src/core/suite/describe.ts";
import { referencedFiles, suiteDigest } from "../../../src/core/suite/digest.ts";
import { parseSuite } from "../../../src/core/suite/parse.ts";
import type { PayloadClass } from "../../../src/core/suite/suite.ts";
import { complaints, withPayload } from "./suites.ts";

/** Gates only what any class has. */
const parsed = (payload: string, protocol = "raw") =>
  parseSuite(withPayload(payload, protocol).replace("name: steady", "name: steady, gates: { errors.ratio: { limit: 1% } }"), "suite.yaml")
    .suite;
const classOf = (payload: string, protocol = "raw"): PayloadClass => parsed(payload, protocol).payloads[0]!;
const contentOf = (payload: string, protocol = "raw") => classOf(payload, protocol).content;
const said = (payload: string, protocol = "raw") => complaints(withPayload(payload, protocol));

describe("inputs as they are written become", () => {
  test("images and recordings", () => {
    expect(contentOf("{ image: { format: jpeg, width: 640, height: [224, 1024] } }")).toEqual({
      kind: "image",
      format: "jpeg",
      width: [640, 640],
      height: [224, 1024],
      quality: 85,
    });
    expect(contentOf("{ audio: { seconds: [0.5, 10] }, input: WAVE }", "kserve-v2")).toEqual({
      kind: "audio",
      seconds: [0.5, 10],
      rateHz: 16_000,
      input: "WAVE",
    });
  });

  test("texts: by words what they were, by anything else with their unit", () => {
    expect(contentOf("{ text: { words: [5, 20] } }")).toEqual({ kind: "text", words: [5, 20] });
    expect(contentOf("{ text: { tokens: 100 } }")).toEqual({ kind: "sized-text", unit: "tokens", length: [100, 100] });
    expect(contentOf("{ text: { words: { median: 50, p99: 400 } } }")).toMatchObject({ unit: "words", length: { median: 50, p99: 400 } });
    expect(contentOf("{ text: { edge: [empty, unicode] } }")).toMatchObject({
      unit: "characters",
      length: [64, 64],
      edges: ["empty", "unicode"],
    });
  });

  test("data sets with a template, a sample and an order", () => {
    const payload = "{ file: q.csv, template: { q: '{{question}}' }, sample: 10%, order: shuffle }";
    expect(classOf(payload)).toMatchObject({
      content: { kind: "file", path: "q.csv", template: { q: "{{question}}" }, sample: { share: 0.1 } },
      order: "shuffle",
    });
    expect(classOf("{ file: q.txt, sample: 5, order: random }")).toEqual({
      name: "a",
      weight: 1,
      content: { kind: "file", path: "q.txt", sample: { rows: 5 } },
    });
  });

  test("tensors of the model", () => {
    expect(
      contentOf("{ tensors: from-model, dimensions: { -1: [4, 8], ids: [1, [2, 3]] }, values: { mask: { data: [1] } } }", "kserve-v2"),
    ).toEqual({
      kind: "model-tensors",
      dimensions: { "-1": [4, 8], ids: [1, [2, 3]] },
      values: { mask: { data: [1] } },
    });
    const { suite } = parseSuite("name: x\ntarget: { protocol: kserve-v2, metadata: ignore }\nscenarios: [{ name: s }]\n", "suite.yaml");
    expect(suite.target.metadata).toBe("ignore");
    expect(complaints("name: x\ntarget: { protocol: raw, metadata: ignore }\nscenarios: [{ name: s }]\n")).toContain(
      "protocol raw has no use for this",
    );
  });

  test("refusals: 4xx where nothing else is written", () => {
    expect(classOf("{ json: { a: 1 }, malformed: truncated }").expect).toEqual(["4xx"]);
    expect(classOf("{ json: { a: 1 }, malformed: truncated, expect: { status: [400, 422] } }").expect).toEqual([400, 422]);
    expect(classOf("{ json: { a: 1 } }").expect).toBeUndefined();
  });
});

describe("it is said", () => {
  const cases: readonly (readonly [payload: string, complaint: string, protocol?: string])[] = [
    [
      "{ image: { width: 9, height: [9, 3] } }",
      "suite.yaml:3:45: payloads.a.image.height: [9, 3] runs backwards; write the smaller number first",
    ],
    ["{ image: { width: 8000, height: 8000 } }", "payloads.a.image: an image of 64000000 pixels is too large; 16777216 are the most"],
    ["{ image: { format: gif, width: 1, height: 1 } }", '"gif" is not known here'],
    ["{ audio: { seconds: 0 } }", "0 is too small"],
    ["{ audio: { seconds: [3, 1] } }", "[3, 1] runs backwards"],
    ["{ text: {} }", "nothing says how long this text is; add words: [5, 20], or characters or tokens"],
    ["{ text: { words: 5, tokens: 5 } }", "payloads.a.text.tokens: this text has both words and tokens; keep one"],
    ["{ text: { words: { median: 9, p99: 9 } } }", "the median is not below the 99th percentile"],
    ["{ text: { edge: longest } }", "nothing says how long the longest text is"],
    ["{ text: { edge: unicod } }", 'did you mean "unicode"?'],
    ["{ text: { edge: [empty, unicod] } }", 'did you mean "unicode"?'],
    ["{ tensors: from-modl }", '"from-modl" is not from-model', "kserve-v2"],
    ["{ tensors: from-model }", "protocol tf-serving is not asked which inputs its model takes", "tf-serving"],
    ["{ tensors: from-model, dimensions: { -1: [9, 3] } }", "[9, 3] runs backwards", "kserve-v2"],
    ["{ tensors: from-model, values: { x: { range: [0, 1], data: [1] } } }", "an input has a range or data, not both", "kserve-v2"],
    ["{ text: { words: 3 }, dimensions: { -1: 4 } }", "this is for tensors: from-model", "kserve-v2"],
    ["{ text: { word: 5 } }", 'unknown key "word"'],
    ["{ multipart: [{ name: x }] }", "payloads.a.multipart.x: this part holds nothing; write one of value, json, file, image, audio"],
    ["{ multipart: [{ name: x, value: a, file: b }] }", "this part has both value and file"],
    ['{ multipart: [{ name: "a\\nb", value: x }] }', "it has a control character; remove it"],
    ["{ multipart: [{ name: x, value: '{{uid}}' }] }", 'nothing is called "uid"; did you mean "uuid"?'],
    [
      "{ json: { a: [1, '{{int 5 1}}'] } }",
      'suite.yaml:3:33: payloads.a.json.a.1: "{{int 5 1}}" cannot be drawn; write {{int LOWEST HIGHEST}}',
    ],
    ["{ body: '{{int 5' }", '"{{int 5" is not closed; write }} behind it, or {{{{ for the braces themselves'],
    ["{ messages: [{ role: user, content: '{{nope}}' }] }", 'nothing is called "nope"', "openai-chat"],
    ["{ file: a.csv, template: '{{a' }", '"{{a" is not closed'],
    ["{ file: a.png, template: x }", "a template is for the lines of a .jsonl, .csv or .txt file; name the file so, or leave this out"],
    ["{ json: 1, sample: 5 }", "a sample is for the lines of a .jsonl, .csv or .txt file"],
    ["{ file: a.txt, sample: 150% }", "is too much"],
    ["{ file: a.txt, variants: 5 }", "files are not drawn: there are as many requests as they hold; write sample for fewer of them"],
    ["{ image: { width: 1, height: 1 }, prompt: x }", "protocol raw has no place for this; leave it out; it is what openai-chat says"],
    ["{ json: 1, prompt: x }", "json has no use for this", "openai-chat"],
    ["{ image: { width: 1, height: 1 }, input: x }", "protocol openai-chat has no place for this", "openai-chat"],
    ["{ multipart: [{ name: x, value: a }] }", "protocol kserve-v2 cannot carry multipart", "kserve-v2"],
    ["{ image: { width: 1, height: 1 } }", "protocol openai-embeddings cannot carry image", "openai-embeddings"],
    [
      "{ text: { words: 5 }, malformed: truncated }",
      "a gRPC call is not refused with a status of HTTP; use protocol kserve-v2 for it",
      "kserve-v2-grpc",
    ],
    ["{ text: { words: 5 }, malformed: trunkated }", 'did you mean "truncated"?'],
    ["{ text: { words: 5 }, expect: { status: 4x } }", '"4x" is not 1xx or 2xx or 3xx or 4xx or 5xx'],
    ["{ text: { words: 5 }, expect: { status: 700 } }", "is too much"],
  ];
  for (const [payload, complaint, protocol] of cases) {
    test(`of ${payload}`, () => {
      expect(said(payload, protocol)).toContain(complaint);
    });
  }

  test("nothing where all is well", () => {
    for (const payload of [
      "{ files: [a.png, b.png] }",
      "{ text: { edge: empty } }",
      "{ text: { edge: longest, characters: 5000 } }",
      "{ body: 'a {{{{ b' }",
      "{ json: '{{pick 1 2}}', variants: 3, order: shuffle }",
      "{ multipart: [{ name: f, audio: { seconds: 1 }, filename: x.wav }, { name: j, json: { a: '{{uuid}}' } }] }",
      "{ file: a.jsonl, template: '{{anything}}' }",
      "{ text: { words: 5 }, expect: { status: 201 } }",
    ])
      expect(said(payload), payload).toBe("no complaint");
  });
});

describe("a scenario of nothing but refusals", () => {
  const scenario = (gates: string, payloads = "{ bad: { json: 1, malformed: truncated } }") =>
    complaints(`name: x\ntarget: { protocol: raw }\npayloads: ${payloads}\nscenarios: [{ name: s${gates} }]\n`);
  const SAID = "all of these requests should be refused, and refusals are not timed";

  test("has no latency to gate, neither by itself nor by default", () => {
    expect(scenario("")).toContain(SAID);
    expect(scenario(", gates: { latency.p99: { limit: 1s } }")).toContain(`scenarios.s.gates.latency.p99: ${SAID}`);
    expect(scenario(", gates: { errors.ratio: { limit: 0.1% } }")).toBe("no complaint");
  });

  test("nor has a class of them in its own gates", () => {
    const classes = (gates: string) => `{ bad: { json: 1, malformed: truncated, gates: { ${gates} } }, good: { json: 1 } }`;
    expect(scenario("", classes("latency.p99: { limit: 1s }"))).toContain(`payloads.bad.gates.latency.p99: ${SAID}`);
    expect(scenario("", classes("errors.ratio: { limit: 1% }"))).toBe("no complaint");
  });

  test("but good requests beside them have", () => {
    const both = "{ bad: { json: 1, malformed: truncated }, good: { json: 1 } }";
    expect(scenario("", both)).toBe("no complaint");
    expect(scenario(", mix: { bad: 1 }", both)).toContain(SAID);
    expect(scenario("", "{ made: { json: 1, expect: { status: [200, 201] } } }")).toBe("no complaint");
  });
});

describe("the digest", () => {
  const files = new Map([
    ["q.csv", new TextEncoder().encode("a\n1")],
    ["other.csv", new TextEncoder().encode("a\n1")],
    ["b.png", Uint8Array.of(1)],
  ]);
  const digest = (payload: string) => suiteDigest(parsed(payload), files);

  test("follows everything that changes what is sent or what counts as an answer", () => {
    const variations = [
      "{ json: { a: 1 } }",
      "{ json: { a: '{{index}}' } }",
      "{ json: { a: '{{index}}' }, variants: 5 }",
      "{ json: { a: 1 }, malformed: truncated }",
      "{ json: { a: 1 }, malformed: truncated, expect: { status: 400 } }",
      "{ json: { a: 1 }, expect: { status: 201 } }",
      "{ file: q.csv }",
      "{ file: q.csv, template: '{{a}}' }",
      "{ file: q.csv, template: '{{a}}', sample: 1 }",
      "{ file: q.csv, template: '{{a}}', order: as-is }",
      "{ files: [q.csv, b.png] }",
      "{ files: [b.png, q.csv] }",
      "{ multipart: [{ name: f, file: b.png }] }",
      "{ multipart: [{ name: f, file: q.csv }] }",
      "{ multipart: [{ name: f, file: other.csv }] }",
      "{ image: { width: 5, height: 5 } }",
      "{ image: { width: 5, height: 6 } }",
      "{ audio: { seconds: 1 } }",
    ].map(digest);
    expect(new Set(variations).size).toBe(variations.length);
  });

  test("of a suite without anything new is what it always was", () => {
    expect(digest("{ json: { a: 1 }, order: random }")).toBe(digest("{ json: { a: 1 } }"));
    expect(digest("{ file: other.csv }")).toBe(digest("{ file: q.csv }"));
    // Taken from the release before there were such inputs.
    expect(digest("{ weight: 2, text: { words: [5, 20] } }")).toBe("b64b28516f50bd89557bac3408547b2e3302a60780d99d973bb814d2e3fe03da");
  });

  test("knows every file that is sent", () => {
    expect(referencedFiles(parsed("{ files: [b.png, a.png] }"))).toEqual(["a.png", "b.png"]);
    expect(referencedFiles(parsed("{ multipart: [{ name: f, file: b.png }, { name: g, value: x }] }"))).toEqual(["b.png"]);
  });
});

test("a person is told what a class is made of and how it is answered", () => {
  expect(describeSuite(parsed("{ text: { tokens: 5 }, malformed: not-utf8 }"))).toContain(
    "payloads: a 100 % (text, not-utf8, answered with 4xx)",
  );
  expect(describeSuite(parsed("{ multipart: [{ name: f, value: x }] }"))).toContain("(multipart)");
});
