import type { RequestListener } from "node:http";
import { createServer } from "node:http2";
import { describe, expect, onTestFinished, test } from "vitest";
import { NONCE_PLACEHOLDER, nonceSlot } from "../../../src/core/plan/nonce.ts";
import type { PreparedRequest, Segment } from "../../../src/core/plan/plan.ts";
import type { NonceScope } from "../../../src/core/suite/prompt.ts";
import { openDriver } from "../../../src/io/load/open-driver.ts";
import { target } from "../../core/plan/fixtures.ts";
import { closed, drive, kinds, steady } from "./drive.ts";
import { listen, serve } from "./endpoint.ts";

const NO_TLS = { ca: undefined, cert: undefined, key: undefined };

const request = (per: NonceScope, i: number): PreparedRequest => {
  const body = new TextEncoder().encode(`{"prompt":"${NONCE_PLACEHOLDER} number ${i}"}`);
  return { payloadClass: "a", method: "POST", path: "/", headers: {}, body, nonce: nonceSlot(body, per, "a") };
};

/** An endpoint that keeps what it was sent, and refuses every tenth request. */
async function listening(http: "1.1" | "2") {
  const bodies: string[] = [];
  const answer: RequestListener = (incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      bodies.push(Buffer.concat(chunks).toString());
      response.statusCode = bodies.length % 10 === 0 ? 503 : 200;
      response.end("x");
    });
  };
  const url = http === "1.1" ? await serve(answer) : `http://127.0.0.1:${await listen(createServer(answer as never))}`;
  // With fewer attempts one of thousands of requests meets as many tenth answers in a row.
  const retry = { attempts: 9, on: [503], backoffS: 0.001, maxBackoffS: 0.002, retryAfter: "ignore" } as const;
  const options = target({ timeoutS: 5, retry, connection: { ...target().connection, http } });
  const open = (run: string, threads = 1) => {
    const driver = openDriver({ url, target: options, tls: NO_TLS, threads, nonces: { run, sender: "1" } });
    onTestFinished(() => driver.close());
    return driver;
  };
  return { bodies, open };
}

const scoped = (segment: Segment, nonceScope: string): Segment => ({ ...segment, nonceScope });
const nonceOf = (body: string): string => (JSON.parse(body) as { prompt: string }).prompt.slice(0, 16);

describe("requests that begin anew", () => {
  test.each(["1.1", "2"] as const)("differ each time that one is sent, over HTTP/%s, after a retry and in another run", async (http) => {
    const { bodies, open } = await listening(http);
    const requests = [request("request", 0), request("request", 1)];
    const prepared = requests.map(({ body }) => new TextDecoder().decode(body));
    for (const run of ["one", "two"]) {
      const driver = open(run);
      for (const segment of [closed(6, 0.3), closed(6, 0.1)]) {
        const load = { ...scoped(segment, "s/head/measure/1"), picks: Uint32Array.of(0, 1, 1) };
        const { outcomes } = await drive(driver, load, { requests });
        expect(new Set(kinds(outcomes))).toEqual(new Set(["ok"]));
      }
    }
    expect(bodies.length).toBeGreaterThan(100);
    expect(new Set(bodies.map(nonceOf)).size).toBe(bodies.length);
    for (const body of bodies) expect(body).toMatch(/^\{"prompt":"[a-p]{16} number [01]"\}$/);
    expect(requests.map(({ body }) => new TextDecoder().decode(body))).toEqual(prepared);
  });

  test("are counted by every thread for itself, and share the beginning of their pass over all threads", async () => {
    const { bodies, open } = await listening("1.1");
    const requests = [request("request", 0), request("pass", 1)];
    const passes: string[] = [];
    const [threads, other] = [open("one", 2), open("two")];
    for (const [driver, scope] of [
      [threads, "s/head/measure/1"],
      [threads, "s/head/measure/2"],
      [threads, "s/base/measure/1"],
      [other, "s/head/measure/1"],
    ] as const) {
      const segment = scoped(steady(100, 0.2), scope);
      await drive(driver, { ...segment, picks: segment.picks.map((_, i) => (i >> 1) & 1) }, { requests });
      passes.push(...new Set(bodies.filter((body) => body.includes("number 1")).map(nonceOf)));
    }
    const each = bodies.filter((body) => body.includes("number 0"));
    expect(each.length).toBeGreaterThanOrEqual(40);
    expect(new Set(each.map(nonceOf)).size).toBe(each.length);
    // What is new in each pass: one beginning more than before.
    expect(passes).toHaveLength(1 + 2 + 3 + 4);
    expect(new Set(passes).size).toBe(4);
  });
});
