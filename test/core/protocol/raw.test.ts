import fc from "fast-check";
import { expect, test } from "vitest";
import { raw } from "../../../src/core/protocol/raw.ts";
import type { Target } from "../../../src/core/suite/suite.ts";
import { target } from "../plan/fixtures.ts";
import { bytes, cut, respond } from "./drive.ts";

const answer = (change: Partial<Target>, body: readonly (string | Uint8Array)[], status = 200) =>
  respond(
    raw.openResponse(target(change)),
    body.map((chunk, i) => [10 + i, chunk]),
    { status },
  );
const contains = (text: string) => ({ check: { status: undefined, contains: text } });

test("requests carry method, path and each payload's own type", () => {
  const build = (payload: Parameters<typeof raw.buildRequest>[1]) => raw.buildRequest(target({ method: "PUT", path: "/p" }), payload);
  expect(build({ kind: "empty" })).toEqual({ method: "PUT", path: "/p", headers: {}, body: undefined });
  expect(build({ kind: "body", bytes: bytes("x"), contentType: "image/png" })).toMatchObject({
    headers: { "content-type": "image/png" },
    body: bytes("x"),
  });
  expect(build({ kind: "body", bytes: bytes("x"), contentType: undefined }).headers).toEqual({});
  expect(build({ kind: "text", text: "é" })).toMatchObject({ headers: { "content-type": "text/plain; charset=utf-8" }, body: bytes("é") });
  expect(build({ kind: "json", value: [1] })).toMatchObject({ headers: { "content-type": "application/json" }, body: bytes("[1]") });
});

test("the path is / unless the suite says otherwise", () => {
  expect(raw.buildRequest(target(), { kind: "empty" }).path).toBe("/");
});

test("JSON from a file goes out as it was written, so that no digit changes", () => {
  const source = '{"id": 12345678901234567890, "x": 1.0}';
  expect(raw.buildRequest(target(), { kind: "json", value: JSON.parse(source), source }).body).toEqual(bytes(source));
});

test("payloads of other protocols are refused with what to use", () => {
  expect(() => raw.buildRequest(target(), { kind: "tensors", tensors: [] })).toThrow("protocol raw cannot carry tensors");
  expect(() => raw.buildRequest(target(), { kind: "messages", messages: [] })).toThrow("protocol raw cannot carry messages");
});

test("a 2xx with a body is an answer, ended when HTTP says so", () => {
  expect(answer({}, ["hel", "lo"])).toEqual({ result: { kind: "ok", stream: undefined }, endNs: 1000 });
});

test("any other status is a failure that shows what came", () => {
  expect(answer({}, ["overloaded\n"], 503).result).toEqual({
    kind: "failed",
    why: "status",
    detail: String.raw`status 503, expected 2xx: "overloaded\n"`,
  });
  expect(answer({}, [], 302).result).toMatchObject({ why: "status", detail: "status 302, expected 2xx: an empty body" });
});

test("the suite's statuses replace 2xx", () => {
  const check = { status: [404, 410], contains: undefined };
  expect(answer({ check }, ["gone"], 404).result.kind).toBe("ok");
  expect(answer({ check }, ["fine"], 200).result).toMatchObject({ why: "status", detail: 'status 200, expected 404 or 410: "fine"' });
});

test("an empty answer is a failure of the body, not a fast request", () => {
  expect(answer({}, []).result).toMatchObject({ kind: "failed", why: "body" });
  expect(answer({}, [""]).result).toMatchObject({ kind: "failed", why: "body" });
});

test("an empty answer is right where HTTP has none or the suite names the status", () => {
  expect(answer({}, [], 204).result.kind).toBe("ok");
  expect(answer({}, [], 205).result.kind).toBe("ok");
  expect(answer({ method: "HEAD" }, []).result.kind).toBe("ok");
  expect(answer({ check: { status: [200], contains: undefined } }, []).result.kind).toBe("ok");
});

test("a check finds its text however the body is cut, also inside a character", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 40 })), (places) => {
      expect(answer(contains("Zürich 😀"), cut(bytes('{"city": "Zürich 😀"}'), places)).result.kind).toBe("ok");
    }),
  );
  expect(answer(contains("Zürich"), ['{"city": "Bern"}']).result).toMatchObject({ why: "check" });
});

test("an empty body does not hold what a check looks for, even where it may be empty", () => {
  expect(answer({ check: { status: [200], contains: "x" } }, []).result).toMatchObject({ why: "check" });
});

test("a long body counts as an answer without being kept; searching it in vain is a failure of the body", () => {
  const long = new Uint8Array(5 * 1024 * 1024).fill(0x61);
  expect(answer({}, [long, long]).result.kind).toBe("ok");
  expect(answer(contains("b"), [long, long]).result).toMatchObject({ why: "body" });
  expect(answer(contains("aab"), ["aab", long, long]).result.kind).toBe("ok");
});
