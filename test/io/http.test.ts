import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { getText, undiciVersion } from "../../src/io/http.ts";
import { serve } from "./load/endpoint.ts";

test("gets a whole answer, whatever its status, with flat headers", async () => {
  const url = await serve((request, response) => {
    response.writeHead(418, { "X-Asked": request.headers["x-ask"] ?? "", "set-cookie": ["a=1", "b=2"] });
    response.write("grü");
    setTimeout(() => response.end("ße"), 20);
  });
  const answer = await getText(url, { timeoutS: 5, headers: { "x-ask": "me" } });
  expect(answer).toMatchObject({ status: 418, body: "grüße", headers: { "x-asked": "me", "set-cookie": "a=1, b=2" } });
});

test("keeps its deadline, also in the middle of an answer", async () => {
  const url = await serve((_, response) => void response.write("half"));
  const began = performance.now();
  await expect(getText(url, { timeoutS: 0.2001 })).rejects.toMatchObject({ name: "TimeoutError" });
  expect(performance.now() - began).toBeLessThan(3000);
});

test("can be cancelled", async () => {
  const url = await serve(() => {});
  const cancel = new AbortController();
  setTimeout(() => cancel.abort(), 50);
  await expect(getText(url, { timeoutS: 20, signal: cancel.signal })).rejects.toMatchObject({ name: "AbortError" });
});

test("refuses an answer longer than asked for", async () => {
  const url = await serve((_, response) => void response.end("x".repeat(1001)));
  const secret = `${url.replace("//", "//me:pass@")}/page?token=key`;
  await expect(getText(secret, { timeoutS: 5, maxBytes: 1000 })).rejects.toThrow(`the answer of ${url}/page is longer than 1000 bytes`);
  expect((await getText(url, { timeoutS: 5, maxBytes: 1001 })).body.length).toBe(1001);
});

test("fails with the client's own error where nobody listens", async () => {
  await expect(getText("http://127.0.0.1:9", { timeoutS: 5 })).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

test("knows the version of the client, which is pinned exactly", () => {
  const { dependencies } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    dependencies: Record<string, string>;
  };
  expect(undiciVersion).toBe(dependencies["undici"]);
});
