import { describe, expect, test } from "vitest";
import { readIdentity } from "../../../src/io/load/identity.ts";
import { freePort, serve } from "./endpoint.ts";

const SHA = "0123456789abcdef0123456789abcdef01234567";
const ask = async (body: string, equals: string, field?: string, status = 200) => {
  const url = await serve((request, response) => void response.writeHead(request.url === "/v1/version" ? status : 404).end(body));
  return readIdentity(`${url}/v1`, { path: "/version", equals, field }, {}, new AbortController().signal);
};

describe("an endpoint's identity", () => {
  test.each([
    [SHA, SHA, undefined],
    [`${SHA}\n`, SHA, undefined],
    [`"${SHA}"`, SHA, undefined],
    ["v1.2.3", "v1.2.3", undefined],
    [SHA.slice(0, 7), SHA, undefined],
    [SHA, SHA.slice(0, 12).toUpperCase(), undefined],
    [JSON.stringify({ build: { commit: SHA } }), SHA, "build.commit"],
    [JSON.stringify({ images: [{ tag: "a" }, { tag: 17 }] }), "17", "images.1.tag"],
  ])("%j matches %j", async (body, expected, field) => {
    expect(await ask(body, expected, field)).toMatchObject({ path: "/version", expected, matches: true });
  });

  test.each([
    ["abcdef0", SHA, undefined],
    [SHA.slice(0, 6), SHA, undefined],
    ["v1.2.34", "v1.2.3", undefined],
    ["", "", undefined],
    [JSON.stringify({ commit: SHA }), SHA, undefined],
    [JSON.stringify({ commit: SHA }), SHA, "build.commit"],
    [JSON.stringify({ commit: SHA }), "", "commit.length"],
    ["not json", "x", "commit"],
  ])("%j does not match %j", async (body, expected, field) => {
    expect(await ask(body, expected, field)).toMatchObject({ expected, matches: false });
  });

  test("says what was observed, at most 200 characters of it", async () => {
    expect((await ask(JSON.stringify({ a: { b: true } }), "x", "a")).observed).toBe('{"b":true}');
    expect((await ask("y".repeat(5000), "x")).observed.length).toBe(200);
  });

  test("is unknown, in words, when there is no proper answer", async () => {
    expect(await ask("x", "x", undefined, 500)).toMatchObject({ observed: "(answered 500)", matches: false });
    expect(await ask("{}", "x", "commit")).toMatchObject({ observed: "(no field commit in the answer)", matches: false });
    const dead = `http://127.0.0.1:${await freePort()}`;
    const unknown = await readIdentity(dead, { path: "/", equals: "x", field: undefined }, {}, new AbortController().signal);
    expect(unknown.observed).toMatch(/^\(connection refused at .*\)$/);
  });
});
