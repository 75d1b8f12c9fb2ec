import { describe, expect, test } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import { joinPath, readAddress, toWire } from "../../../src/io/load/address.ts";

test.each([
  ["", "/", "/"],
  ["/", "/infer", "/infer"],
  ["/predict", "/", "/predict"],
  ["/predict/", "/", "/predict/"],
  ["/v1", "/chat", "/v1/chat"],
  ["/v1/", "/chat?x=1", "/v1/chat?x=1"],
  ["/v1?key=a", "/chat", "/v1/chat?key=a"],
  ["/v1?key=a", "/chat?x=1", "/v1/chat?key=a&x=1"],
  ["", "/a b/ü?q=ö", "/a%20b/%C3%BC?q=%C3%B6"],
  ["", "//double", "//double"],
])("below an endpoint at %j the path %j is asked for as %j", (base, path, expected) => {
  expect(joinPath(new URL(`http://host${base}`), path)).toBe(expected);
});

describe("a wire request", () => {
  const request = { payloadClass: "x", method: "POST", path: "/", headers: { "X-Own": "1" }, body: new Uint8Array([1, 2, 3]).subarray(1) };

  test("has each header once, whatever the case, the target's last", () => {
    const { headers } = toWire(readAddress("http://host", { "x-own": "2", Accept: "text/plain" }), request);
    expect(headers).toEqual(["user-agent", "tailgate", "accept", "text/plain", "x-own", "2"]);
  });

  test("shares the memory of its body", () => {
    const { body } = toWire(readAddress("http://host", {}), request);
    expect([...body!]).toEqual([2, 3]);
    expect(body!.buffer).toBe(request.body.buffer);
  });

  test("has no body where there is nothing in it", () => {
    expect(toWire(readAddress("http://host", {}), { ...request, body: new Uint8Array() }).body).toBeNull();
  });

  test("takes a header before the user of the URL", () => {
    expect(readAddress("http://me:pw@host", { Authorization: "x" }).headers).toEqual({ authorization: "x" });
    expect(readAddress("http://me:pw@host", {}).base.href).toBe("http://host/");
  });

  test("can be of no other scheme than http and https", () => {
    expect(() => readAddress("unix:/run/x", {})).toThrow(InputError);
  });
});

test.each([
  ["http://h/v1", "/v1/chat/completions", "/v1/chat/completions"],
  ["http://h/llm/v1/", "/v1/chat/completions?a=b", "/llm/v1/chat/completions?a=b"],
  ["http://h/v1", "/v2/models/m/infer", "/v1/v2/models/m/infer"],
  ["http://h/v1", "/v10/x", "/v1/v10/x"],
  ["http://h/api", "/api/x", "/api/api/x"],
])("a version that endpoint and request both name counts once: %s and %s", (endpoint, path, expected) => {
  expect(joinPath(new URL(endpoint), path)).toBe(expected);
});
