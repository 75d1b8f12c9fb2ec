import { describe, expect, test } from "vitest";
import { describeSuite } from "../../../src/core/suite/describe.ts";
import { referencedFiles, suiteDigest } from "../../../src/core/suite/digest.ts";
import { parseSuite } from "../../../src/core/suite/parse.ts";
import { complaints } from "../suite/suites.ts";

const suite = (session: string, { target = "protocol: raw", gates = "" } = {}): string => `name: s
target: { ${target} }
payloads:
  visit: { session: ${session} }
scenarios: [{ name: steady, load: { rate: 5/s, duration: 1m }${gates === "" ? "" : `, gates: { ${gates} }`} }]
`;
const CHAT = "protocol: openai-chat, model: m";
const parse = (text: string) => parseSuite(text, "suite.yaml").suite;
const sessionOf = (text: string) => {
  const [payload] = parse(text).payloads;
  return payload!.content;
};

describe("a session as it is written", () => {
  test("becomes steps with their places, captures and pauses", () => {
    const steps = `{ steps: [
      { name: open, method: post, path: /s, capture: { id: "$.id", token: "header: X-Session " } },
      { path: "/s/{{capture.id}}", headers: { X-Session: "{{capture.token}}" }, json: { go: true }, think-time: [1s, 2s] },
    ], connection: session, cookies: none }`;
    expect(sessionOf(suite(steps))).toEqual({
      kind: "session",
      turns: undefined,
      history: "none",
      cookies: "none",
      connection: "session",
      steps: [
        {
          name: "open",
          content: { kind: "empty" },
          thinkTime: undefined,
          capture: [
            { name: "id", from: "json", path: "$.id" },
            { name: "token", from: "header", header: "x-session" },
          ],
          method: "POST",
          path: "/s",
          headers: {},
        },
        {
          name: "2",
          content: { kind: "json", value: { go: true } },
          thinkTime: { kind: "uniform", lowS: 1, highS: 2 },
          capture: [],
          method: undefined,
          path: "/s/{{capture.id}}",
          headers: { "x-session": "{{capture.token}}" },
        },
      ],
    });
  });

  test("with turns is a conversation whose history grows, and thinks before every turn but the first", () => {
    const content = sessionOf(suite("{ turns: [2, 3], text: { words: 5 }, system: Hi, think-time: 2s }", { target: CHAT }));
    if (content.kind !== "session") throw new Error("no session");
    expect(content).toMatchObject({ turns: [2, 3], history: "grow", cookies: "keep", connection: "shared", system: "Hi" });
    expect(content.steps.map(({ name, thinkTime }) => [name, thinkTime])).toEqual([
      ["1", undefined],
      ["2", { kind: "fixed", seconds: 2 }],
      ["3", { kind: "fixed", seconds: 2 }],
    ]);
  });

  test("is told by tailgate check, with the requests that its sessions make and what a percentile of them rests on", () => {
    const text = suite("{ turns: [2, 4], text: { words: 5 } }", { target: CHAT, gates: "session.p99: { regression: 10% }" });
    expect(describeSuite(parse(text))).toMatchInlineSnapshot(`
      "s: openai-chat m, endpoint not named (give --endpoint), seed 1
      payloads: visit 100 % (session of 2 to 4 turns)
      scenario steady: 5/s poisson for 1m: about 300 sessions, 900 requests per endpoint
        session.p99: blocks when 10% worse
        errors.ratio: at most 5%
        sessions.failed.ratio: blocks when 2 points worse; at most 5%
        note: session.p99 rests on 3 sessions; a pass needs about 1000 sessions in all"
    `);
  });
});

describe("the digest of a suite with sessions", () => {
  const files = (text: string) => new Map([["a.txt", new TextEncoder().encode(text)]]);
  const text = suite("{ steps: [{ file: a.txt }, { text: { words: 5 }, think-time: 1s }] }");

  test("knows their files by what they hold", () => {
    expect(referencedFiles(parse(text))).toEqual(["a.txt"]);
    expect(suiteDigest(parse(text), files("one"))).not.toBe(suiteDigest(parse(text), files("two")));
  });

  test.each([
    ["a pause", text.replace("1s }", "2s }")],
    ["a path", text.replace("file: a.txt", "file: a.txt, path: /x")],
    ["cookies", text.replace("] }", "], cookies: none }")],
  ])("changes with %s", (_, other) => {
    expect(suiteDigest(parse(other), files("one"))).not.toBe(suiteDigest(parse(text), files("one")));
  });

  test("does not change with how a default is written", () => {
    const written = text.replace("] }", "], cookies: keep, connection: shared }");
    expect(suiteDigest(parse(written), files("one"))).toBe(suiteDigest(parse(text), files("one")));
  });
});

describe("A session: what is said about", () => {
  const said = (session: string, more: Parameters<typeof suite>[1] = {}): string => complaints(suite(session, more));

  test("nothing to do, and two ways to say what", () => {
    expect(said("{ cookies: none }")).toMatchInlineSnapshot(
      `"suite.yaml:4:12: payloads.visit.session: this session has no steps; write steps: with a list, or for openai-chat turns: 4"`,
    );
    expect(said("{ turns: 2, steps: [{ path: / }] }", { target: CHAT })).toMatchInlineSnapshot(`
      "suite.yaml:4:23: payloads.visit.session.turns: a session has steps or turns, not both; keep one
      suite.yaml:4:41: payloads.visit.session.steps.0: this step is made of nothing; write one of body, json, file, files, text, tensors, messages, image, audio, multipart
      suite.yaml:4:43: payloads.visit.session.steps.0.path: protocol openai-chat says itself where and how a step is sent; leave it out; it is for raw"
    `);
    expect(said("{ turns: 2 }", { target: CHAT })).toMatchInlineSnapshot(
      `"suite.yaml:4:23: payloads.visit.session.turns: nothing says what the user says in each turn, or two things do; write text: { words: [5, 20] } or file: questions.txt"`,
    );
    expect(said("{ turns: [4, 2], text: { words: 5 } }", { target: CHAT })).toMatchInlineSnapshot(
      `"suite.yaml:4:30: payloads.visit.session.turns: [4, 2] runs backwards; write the smaller number first"`,
    );
    expect(said("{ steps: [{ path: / }], text: { words: 5 } }")).toMatchInlineSnapshot(
      `"suite.yaml:4:45: payloads.visit.session.text: text here is for turns; write it in the steps themselves"`,
    );
  });

  test("what only a chat has", () => {
    expect(said("{ turns: 2, text: { words: 5 } }")).toMatchInlineSnapshot(
      `"suite.yaml:4:23: payloads.visit.session.turns: protocol raw has no conversations; write steps, or use protocol openai-chat"`,
    );
    expect(said("{ steps: [{ path: / }], history: grow }")).toMatchInlineSnapshot(
      `"suite.yaml:4:45: payloads.visit.session.history: protocol raw has no history; leave it out; it is for openai-chat"`,
    );
  });

  test("a value that nobody captured before, and one that is captured too late", () => {
    expect(said('{ steps: [{ path: / }, { path: "/{{capture.id}}" }] }')).toMatchInlineSnapshot(
      `"suite.yaml:4:52: payloads.visit.session.steps.1.path: no earlier step captures id; add capture: to an earlier step"`,
    );
    expect(said('{ steps: [{ path: "/{{capture.id}}", capture: { id: $.id } }] }')).toMatchInlineSnapshot(
      `"suite.yaml:4:39: payloads.visit.session.steps.0.path: no earlier step captures id; add capture: to an earlier step"`,
    );
    expect(said('{ steps: [{ path: /, capture: { ident: $.id } }, { json: { of: [{ a: "{{capture.idnt}}" }] } }] }')).toMatchInlineSnapshot(
      `"suite.yaml:4:90: payloads.visit.session.steps.1.json.of.0.a: no earlier step captures idnt; did you mean "ident"?"`,
    );
  });

  test("a placeholder that would be sent as text", () => {
    expect(said('{ steps: [{ body: "{{capture}} {{session.key}} {{session.id}} {{user}}" }] }')).toMatchInlineSnapshot(`
      "suite.yaml:4:39: payloads.visit.session.steps.0.body: nothing is called "capture"; known are int, float, bool, words, characters, tokens, uuid, pick, index, image, audio; or write {{{{ for the braces themselves
      suite.yaml:4:39: payloads.visit.session.steps.0.body: nothing is called "session.key"; known are int, float, bool, words, characters, tokens, uuid, pick, index, image, audio; or write {{{{ for the braces themselves
      suite.yaml:4:39: payloads.visit.session.steps.0.body: nothing is called "user"; known are int, float, bool, words, characters, tokens, uuid, pick, index, image, audio; or write {{{{ for the braces themselves
      suite.yaml:4:39: payloads.visit.session.steps.0.body: "{{capture}}" is no placeholder; write {{capture.NAME}} or {{session.id}}
      suite.yaml:4:39: payloads.visit.session.steps.0.body: "{{session.key}}" is no placeholder; write {{capture.NAME}} or {{session.id}}"
    `);
  });

  test("a placeholder outside of sessions", () => {
    const text = `name: s
target: { protocol: raw }
payloads: { a: { json: { of: "{{session.id}}" } } }
scenarios: [{ name: steady }]
`;
    expect(complaints(text)).toMatchInlineSnapshot(
      `"suite.yaml:3:30: payloads.a.json.of: only a step of a session knows {{session.id}}; put this payload into session: { steps: [...] }"`,
    );
  });

  test("what cannot be captured", () => {
    expect(said('{ steps: [{ path: /, capture: { id: "$.[", at: "header:a b" } }] }')).toMatchInlineSnapshot(`
      "suite.yaml:4:57: payloads.visit.session.steps.0.capture.id: "$.[" is not a JSON path: unexpected shorthand selector '['; write for example $.id or header:NAME
      suite.yaml:4:68: payloads.visit.session.steps.0.capture.at: "a b" is not the name of a header; write header:NAME"
    `);
    expect(said('{ steps: [{ text: { words: 5 }, capture: { id: "$.id" } }] }', { target: CHAT })).toMatchInlineSnapshot(
      `"suite.yaml:4:68: payloads.visit.session.steps.0.capture.id: a streamed answer is not one JSON value; capture a header, or write stream: false in the target"`,
    );
  });

  test("a step that is made of nothing or of two things, or that its protocol cannot carry", () => {
    expect(said("{ steps: [{ think-time: 1s }] }", { target: CHAT })).toMatchInlineSnapshot(`
      "suite.yaml:4:31: payloads.visit.session.steps.0: this step is made of nothing; write one of body, json, file, files, text, tensors, messages, image, audio, multipart
      suite.yaml:4:33: payloads.visit.session.steps.0.think-time: nothing comes before the first step to think about; leave it out"
    `);
    expect(said("{ steps: [{ body: a, json: 1 }] }")).toMatchInlineSnapshot(
      `"suite.yaml:4:42: payloads.visit.session.steps.0.json: this step has both body and json; keep one, or make two steps"`,
    );
    expect(said("{ steps: [{ body: a, path: /x, method: GET }] }", { target: CHAT })).toMatchInlineSnapshot(`
      "suite.yaml:4:33: payloads.visit.session.steps.0.body: protocol openai-chat cannot carry body; write messages, text, json, file, files, image or audio, or use protocol raw or torchserve
      suite.yaml:4:42: payloads.visit.session.steps.0.path: protocol openai-chat says itself where and how a step is sent; leave it out; it is for raw
      suite.yaml:4:52: payloads.visit.session.steps.0.method: protocol openai-chat says itself where and how a step is sent; leave it out; it is for raw"
    `);
  });

  test("names that something else has", () => {
    expect(said("{ steps: [{ name: a, path: / }, { name: a, path: / }] }")).toMatchInlineSnapshot(
      `"suite.yaml:4:53: payloads.visit.session.steps.a: two steps are called "a"; results are kept by name: give each its own"`,
    );
    expect(
      complaints(suite("{ steps: [{ name: a, path: / }] }").replace("scenarios:", "  visit/a: { body: b }\nscenarios:")),
    ).toMatchInlineSnapshot(
      `"suite.yaml:4:31: payloads.visit.session.steps.a: a payload class is called "visit/a" as well; give the step or the class another name"`,
    );
  });

  test("a header that the target sets", () => {
    const target = "protocol: raw, headers: { X-Key: a }";
    expect(said("{ steps: [{ headers: { x-key: b } }] }", { target })).toMatchInlineSnapshot(
      `"suite.yaml:4:44: payloads.visit.session.steps.0.headers.x-key: target.headers sets x-key for every request, and wins; keep it in one of the two places"`,
    );
  });

  test("protocols and connections that cannot carry it", () => {
    const tensors = "tensors: [{ name: a, shape: [1], datatype: FP32 }]";
    expect(said(`{ steps: [{ ${tensors} }] }`, { target: "protocol: kserve-v2-grpc, model: m" })).toMatchInlineSnapshot(
      `"suite.yaml:4:12: payloads.visit.session: a session over gRPC is not supported; use protocol kserve-v2, which speaks HTTP"`,
    );
    expect(said(`{ steps: [{ ${tensors} }] }`, { target: "protocol: kserve-v2, model: m, tensor-encoding: binary" })).toMatchInlineSnapshot(
      `"suite.yaml:4:12: payloads.visit.session: a session with binary tensors is not supported; leave target.tensor-encoding out"`,
    );
    expect(
      said("{ steps: [{ path: / }], connection: session }", { target: "protocol: raw, connection: { http: 2 }" }),
    ).toMatchInlineSnapshot(
      `"suite.yaml:4:45: payloads.visit.session.connection: an HTTP/2 connection carries the requests of many sessions; leave it out, or use connection.http: 1.1"`,
    );
    expect(
      said("{ steps: [{ path: / }], connection: session }", { target: "protocol: raw, connection: { reuse: new }" }),
    ).toMatchInlineSnapshot(
      `"suite.yaml:4:45: payloads.visit.session.connection: with target.connection.reuse: new no connection serves two steps; leave one of them out"`,
    );
  });

  test("users who think backwards, before anything, or for too long", () => {
    expect(said("{ steps: [{ path: / }, { path: /, think-time: [3s, 1s] }] }")).toMatchInlineSnapshot(
      `"suite.yaml:4:67: payloads.visit.session.steps.1.think-time: [3s, 1s] runs backwards; write the shorter time first"`,
    );
    expect(said("{ steps: [{ path: /, think-time: 1s }] }")).toMatchInlineSnapshot(
      `"suite.yaml:4:42: payloads.visit.session.steps.0.think-time: nothing comes before the first step to think about; leave it out"`,
    );
    expect(said("{ turns: 20, text: { words: 5 }, think-time: [1s, 40s] }", { target: CHAT })).toMatchInlineSnapshot(
      `"suite.yaml:4:12: payloads.visit.session: a session of this kind thinks for 760 s, and every block waits until its sessions have ended; write fewer steps or shorter think times, 600 s in all at most"`,
    );
  });

  test("a gate on sessions without any", () => {
    const text = `name: s
target: { protocol: raw }
scenarios: [{ name: steady, gates: { session.p99: { limit: 1m }, sessions.failed.ratio: { limit: 1% } } }]
`;
    expect(complaints(text)).toMatchInlineSnapshot(`
      "suite.yaml:3:38: scenarios.steady.gates.session.p99: without a payload that is a session session.p99 is not measured; write session: under a payload class, or leave the gate out
      suite.yaml:3:66: scenarios.steady.gates.sessions.failed.ratio: without a payload that is a session sessions.failed.ratio is not measured; write session: under a payload class, or leave the gate out"
    `);
  });
});
