import fc from "fast-check";
import { decode as decodeJpeg } from "jpeg-js";
import { expect, test } from "vitest";
import { payloadPool } from "../../../src/core/plan/payloads.ts";
import { stream } from "../../../src/core/plan/random.ts";
import { readTemplate, readTextTemplate } from "../../../src/core/plan/template-value.ts";
import { payloadClass } from "./fixtures.ts";

const draw = (seed = 1, index = 0) => ({ next: stream(seed, "template"), index });

function compiled(read: ReturnType<typeof readTemplate>) {
  if ("fill" in read) return read.fill;
  throw new Error(JSON.stringify(read.problems));
}

function fill(template: unknown, row: Readonly<Record<string, unknown>> = {}, at = draw()): unknown {
  return compiled(readTemplate(template, Object.keys(row)))(row, at);
}

const problem = (template: unknown, columns: readonly string[] = []) => {
  const read = readTemplate(template, columns);
  return "problems" in read ? read.problems[0] : undefined;
};

test("a string that is one expression takes the type of what it makes, inside a longer one it is text", () => {
  expect(fill({ n: "{{int 3 3}}", text: "n is {{int 3 3}}!", list: ["{{index}}", true, null, 7] })).toEqual({
    n: 3,
    text: "n is 3!",
    list: [0, true, null, 7],
  });
  expect(typeof fill("{{float 0 1}}")).toBe("number");
  expect(typeof fill("{{bool}}")).toBe("boolean");
  expect(fill("{{pick 7}}")).toBe(7);
  expect(fill('{{pick "7"}}')).toBe("7");
  expect(fill("{{pick true}}")).toBe(true);
  expect(fill("{{pick 'light blue'}}")).toBe("light blue");
});

test("whole numbers and floats stay within their bounds", () => {
  fc.assert(
    fc.property(fc.integer(), fc.nat(), fc.integer(), (low, width, seed) => {
      const high = low + width;
      const value = fill(`{{int ${low} ${high}}}`, {}, draw(seed)) as number;
      expect(value >= low && value <= high && Number.isInteger(value)).toBe(true);
      const float = fill(`{{float ${low} ${high + 1}}}`, {}, draw(seed)) as number;
      expect(float >= low && float < high + 1).toBe(true);
    }),
  );
});

test("texts have the length that was asked for", () => {
  expect((fill("{{words 12}}") as string).split(" ")).toHaveLength(12);
  expect(fill("{{characters 57}}")).toHaveLength(57);
  const words = (fill("{{words 3 9}}") as string).split(" ").length;
  expect(words).toBeGreaterThanOrEqual(3);
  expect(words).toBeLessThanOrEqual(9);
});

test("a uuid has the form of version 4, and another one comes each time", () => {
  const next = stream(1);
  const make = compiled(readTemplate("{{uuid}}"));
  const made = Array.from({ length: 1000 }, (_, index) => make({}, { next, index }));
  for (const id of made) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(made).size).toBe(1000);
});

test("media come as base64 that decodes", () => {
  const bytes = Buffer.from(fill("{{image jpeg 20 10}}") as string, "base64");
  expect(decodeJpeg(bytes)).toMatchObject({ width: 20, height: 10 });
  expect(Buffer.from(fill("{{audio 0.1 8000}}") as string, "base64")).toHaveLength(44 + 2 * 800);
});

test("four braces stand for two, and any text without braces is itself", () => {
  expect(fill("{{{{ x }} {{int 1 1}}")).toBe("{{ x }} 1");
  expect(fill('{"a": {"b": {{int 2 2}}}}')).toBe('{"a": {"b": 2}}');
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(fill(text.replaceAll("{{", "{{{{"))).toBe(text);
    }),
  );
});

test("keys of objects are taken as they are", () => {
  expect(fill({ "{{uuid}}": 1 })).toEqual({ "{{uuid}}": 1 });
});

test("what cannot be read or drawn is told with what to write", () => {
  expect(problem("{{itn 1 2}}")).toMatchObject({
    problem: 'nothing is called "itn"',
    hint: expect.stringContaining('did you mean "int"?'),
  });
  expect(problem("{{int 2 1}}")).toMatchObject({
    problem: '"{{int 2 1}}" cannot be drawn',
    hint: "write {{int LOWEST HIGHEST}}, whole numbers, both included",
  });
  expect(problem("a {{int 1 2")).toMatchObject({ problem: '"{{int 1 2" is not closed' });
  expect(problem("{{}}")).toMatchObject({ problem: '"{{}}" cannot be read' });
  expect(problem('{{pick "a}}')).toMatchObject({ problem: '"{{pick "a}}" cannot be read' });
  expect(problem({ deep: [{ x: "{{nothing}}" }] })).toMatchObject({ path: ["deep", 0, "x"] });
  for (const wrong of [
    "{{int 1}}",
    "{{int a b}}",
    "{{int 0.5 2}}",
    "{{float 1 1}}",
    "{{words 0}}",
    "{{words 2000000}}",
    "{{pick}}",
    "{{uuid 4}}",
    "{{image gif 3 3}}",
    "{{image png 0 3}}",
    "{{audio 0 8000}}",
    "{{audio 1 100}}",
    "{{index 1}}",
    "{{bool 1}}",
    "{{int -9007199254740991 9007199254740991}}",
  ]) {
    expect(problem(wrong), wrong).toMatchObject({ problem: expect.stringContaining("cannot be drawn") });
  }
});

test("columns keep their types, win over generators, and may have spaces in their names", () => {
  const row = { "Question text": "why?", n: 5, index: "mine", list: "[1, 2]", obj: { a: 1 } };
  expect(
    fill({ q: "{{Question text}}", n: "{{n}}", index: "{{index}}", text: "{{text n}}", list: "{{json list}}", in: "<{{n}} {{obj}}>" }, row),
  ).toEqual({
    q: "why?",
    n: 5,
    index: "mine",
    text: "5",
    list: [1, 2],
    in: '<5 {"a":1}>',
  });
  expect(problem("{{Qestion}}", ["Question"])?.hint).toContain('did you mean "Question"?');
});

test("a text template stays text", () => {
  expect(compiled(readTextTemplate("{{int 4 4}}"))({}, draw())).toBe("4");
});

test("a class with expressions has 64 requests, the same for a seed, and others for another", () => {
  const json = payloadClass("j", { kind: "json", value: { id: "{{uuid}}", n: "{{index}}" }, generated: true });
  const pool = (seed: number, variants?: number) =>
    payloadPool({ ...json, ...(variants === undefined ? {} : { variants }) }, new Map(), seed);
  expect(pool(1)).toHaveLength(64);
  expect(pool(1)).toEqual(pool(1));
  expect(pool(1)).not.toEqual(pool(2));
  expect(pool(1, 3).map((payload) => payload.kind === "json" && (payload.value as { n: number }).n)).toEqual([0, 1, 2]);
  const body = payloadPool(payloadClass("b", { kind: "body", text: "{{index}};", contentType: undefined, generated: true }), new Map(), 1);
  expect(body[5]).toMatchObject({ bytes: new TextEncoder().encode("5;") });
  const said = payloadPool(
    payloadClass("m", { kind: "messages", messages: [{ role: "user", content: "{{index}}" }], generated: true }),
    new Map(),
    1,
  );
  expect(said[5]).toEqual({ kind: "messages", messages: [{ role: "user", content: "5" }] });
});

test("requests that would fill the memory are a mistake that says what to change", () => {
  const long = `${"x".repeat(2 ** 23)}{{index}}`;
  const body = payloadClass("big", { kind: "body", text: long, contentType: undefined, generated: true });
  expect(() => payloadPool({ ...body, variants: 1000 }, new Map(), 1)).toThrow(
    'the first 32 of 1000 requests of payload "big" hold more than 256 MiB',
  );
});
