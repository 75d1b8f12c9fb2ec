import { describe, expect, test } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import { makePlan } from "../../../src/core/plan/make-plan.ts";
import type { PreparedRequest } from "../../../src/core/plan/plan.ts";
import { longestThinkingS } from "../../../src/core/plan/planned-time.ts";
import type { BodyPart } from "../../../src/core/plan/session-step.ts";
import { stripeOf } from "../../../src/core/plan/stripe.ts";
import { parseSuite } from "../../../src/core/suite/parse.ts";

const CHAT = `name: chat
target: { protocol: openai-chat, model: m, max-tokens: 64 }
payloads:
  chat: { weight: 3, session: { turns: [2, 4], system: Hi, text: { words: [3, 9] }, think-time: [1s, 5s] } }
  one: { weight: 1, text: { words: 4 } }
scenarios: [{ name: talk, load: { rate: 10/s, duration: 2m } }]
`;

const plan = (text: string, { files = {}, design = "single" }: { files?: Record<string, string>; design?: "single" | "live" } = {}) =>
  makePlan({
    suite: parseSuite(text, "suite.yaml").suite,
    digest: "d",
    files: new Map(Object.entries(files).map(([name, content]) => [name, new TextEncoder().encode(content)])),
    design,
  }).scenarios[0]!;

const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
const shown = (parts: readonly BodyPart[] = []) => parts.map((part) => ("reference" in part ? part : text(part)));
/** The step's own messages, where nothing is filled in. */
const own = ({ session }: PreparedRequest): string =>
  session!.turn!.own.map((part) => ("reference" in part ? `{{${part.reference}}}` : text(part))).join("");
const starts = (requests: readonly PreparedRequest[]) => requests.flatMap(({ session }, i) => (session?.step === 0 ? [i] : []));

describe("the sessions of a plan", () => {
  test("stand in the list step by step, each under the class of its step", () => {
    const { requests } = plan(CHAT);
    const sessions = starts(requests).map((first) => requests.slice(first, first + requests[first]!.session!.of));
    expect(sessions).toHaveLength(64);
    expect(new Set(sessions.map(({ length }) => length))).toEqual(new Set([2, 3, 4]));
    for (const steps of sessions) {
      expect(steps.map(({ payloadClass }) => payloadClass)).toEqual(steps.map((_, i) => `chat/${i + 1}`));
      expect(steps.map(({ session }) => [session!.step, session!.of])).toEqual(steps.map((_, i) => [i, steps.length]));
      expect(steps[0]!.session!.thinkS).toBe(0);
      for (const { session } of steps.slice(1)) {
        expect(session!.thinkS).toBeGreaterThanOrEqual(1);
        expect(session!.thinkS).toBeLessThan(5);
      }
    }
    expect(requests.filter(({ session }) => session === undefined).every(({ payloadClass }) => payloadClass === "one")).toBe(true);
  });

  test("are picked by their first steps only, by weight", () => {
    const { requests, segments } = plan(CHAT);
    const picked = [...segments[1]!.picks].map((pick) => requests[pick]!);
    expect(picked.every(({ session }) => session === undefined || session.step === 0)).toBe(true);
    const share = picked.filter(({ session }) => session !== undefined).length / picked.length;
    expect(share).toBeGreaterThan(0.7);
    expect(share).toBeLessThan(0.8);
  });

  test("are the same for the same seed, and for both arms of a pair", () => {
    expect(plan(CHAT).requests).toEqual(plan(CHAT).requests);
    expect(plan(CHAT).requests).not.toEqual(plan(CHAT.replace("name: chat", "name: chat\nseed: 2")).requests);
    const pairs = Map.groupBy(
      plan(CHAT, { design: "live" }).segments.filter(({ phase }) => phase === "measure"),
      ({ blocks }) => blocks[0]!.pair,
    );
    for (const [base, head] of pairs.values()) expect(head!.picks).toEqual(base!.picks);
  });

  test("stay whole in every stripe of the load", () => {
    const { requests, segments } = plan(CHAT);
    for (const index of [0, 1, 2]) {
      const { picks } = stripeOf(segments[1]!, { index, of: 3 });
      expect([...picks].every((pick) => (requests[pick]!.session?.step ?? 0) === 0)).toBe(true);
    }
  });

  test("make a block hold as many requests as was asked for, and not as many sessions", () => {
    const block = (session: string) =>
      plan(`name: s
target: { protocol: raw }
payloads: { visit: ${session} }
scenarios: [{ name: a, load: { rate: 2/s, duration: 10m }, block: { duration: 1s, requests: 100 } }]
`).segments.at(-1)!.blocks[0]!.durationS;
    expect(block("{ body: a }")).toBe(50);
    expect(block("{ session: { steps: [{ path: /1 }, { path: /2 }, { path: /3 }, { path: /4 }, { path: /5 }] } }")).toBe(10);
  });

  test("tell how long a segment may go on after its end", () => {
    const { requests } = plan(CHAT);
    const each = starts(requests).map((first) =>
      requests.slice(first, first + requests[first]!.session!.of).reduce((sum, { session }) => sum + session!.thinkS, 0),
    );
    expect(longestThinkingS(requests)).toBe(Math.max(...each));
    expect(longestThinkingS(requests.filter(({ session }) => session === undefined))).toBe(0);
  });

  test("that are all alike are one", () => {
    const { requests } = plan(`name: s
target: { protocol: raw }
payloads: { visit: { session: { steps: [{ path: /1 }, { path: /2, think-time: 1s }] } } }
scenarios: [{ name: a }]
`);
    expect(requests.map(({ path }) => path)).toEqual(["/1", "/2"]);
    expect(requests.every(({ body }) => body === undefined)).toBe(true);
  });

  test("read the lines of a file at different places in each turn", () => {
    const lines = Array.from({ length: 100 }, (_, i) => `question ${i}`);
    const { requests } = plan(CHAT.replace("text: { words: [3, 9] }", "file: q.txt"), { files: { "q.txt": lines.join("\n") } });
    const said = requests.flatMap((request) => (request.session === undefined ? [] : [/question \d+/.exec(own(request))![0]]));
    expect(new Set(said).size).toBeGreaterThan(60);
    expect(starts(requests)).toHaveLength(100);
    for (const first of starts(requests).slice(0, 20)) {
      const { of } = requests[first]!.session!;
      expect(new Set(requests.slice(first, first + of).map(own)).size).toBe(of);
    }
  });
});

describe("a step", () => {
  const STEPS = `name: s
target: { protocol: raw, method: POST }
payloads:
  visit:
    session:
      steps:
        - { path: /a, json: { n: 1 }, capture: { id: "$.id", key: "header:X-Key" } }
        - path: "/a/{{capture.id}}?of={{ session.id }}"
          headers: { X-Key: "key {{capture.key}}" }
          json: { whole: "{{capture.id}}", part: 'is "{{capture.id}}" → ☃', list: ["{{capture.key}}", 2], "{{capture.id}}": null }
        - { body: "id={{capture.id}};", content-type: text/plain, method: PUT }
scenarios: [{ name: a }]
`;

  test("is prepared up to what only its session knows", () => {
    const [first, second, third] = plan(STEPS).requests;
    expect(first).toMatchObject({ method: "POST", path: "/a", headers: { "content-type": "application/json" } });
    expect(text(first!.body)).toBe('{"n":1}');
    expect(first!.session!.capture).toEqual([
      { name: "id", from: "json", path: "$.id", inHeader: false },
      { name: "key", from: "header", header: "x-key", inHeader: true },
    ]);
    const id = { reference: "capture.id" };
    expect(second!.body).toBeUndefined();
    expect(second!.session!.path).toEqual(["/a/", id, "?of=", { reference: "session.id" }]);
    expect(second!.session!.headers).toEqual({ "x-key": ["key ", { reference: "capture.key" }] });
    expect(shown(second!.session!.body)).toEqual([
      '{"whole":',
      { ...id, as: "json" },
      ',"part":"is \\"',
      { ...id, as: "json-text" },
      '\\" → ☃","list":[',
      { reference: "capture.key", as: "json" },
      ",2],",
      { ...id, as: "json" },
      ":null}",
    ]);
    expect(third!.method).toBe("PUT");
    expect(shown(third!.session!.body)).toEqual(["id=", { ...id, as: "text" }, ";"]);
  });

  test("of a chat is taken apart where its history stands", () => {
    const { requests } = plan(CHAT);
    const first = requests[0]!.session!.turn;
    expect(text(first!.head)).toBe('{"model":"m","max_tokens":64,"messages":[');
    expect(text(first!.tail)).toBe('],"stream":true,"stream_options":{"include_usage":true}}');
    expect(own(requests[0]!)).toMatch(/^\{"role":"system","content":"Hi"\},\{"role":"user","content":"[^"]+"\}$/);
    expect(own(requests[1]!)).toMatch(/^\{"role":"user","content":"[^"]+"\}$/);
  });

  test("whose file asks for what nobody captured is a mistake of the file", () => {
    const suite = STEPS.replace('body: "id={{capture.id}};", content-type: text/plain', "file: a.jsonl");
    const files = { "a.jsonl": '{"of": "{{capture.other}}"}\n' };
    expect(() => plan(suite, { files })).toThrow(InputError);
    expect(() => plan(suite, { files })).toThrow('step "3" of "visit" asks for {{capture.other}}, which no earlier step captures');
    expect(() => plan(suite, { files: { "a.jsonl": '{"of": "{{capture.id}}"}\n' } })).not.toThrow();
  });
});
