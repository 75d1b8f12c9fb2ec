import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import type { PreparedRequest, Segment } from "../../../src/core/plan/plan.ts";
import { sessionRequests } from "../../../src/core/plan/sessions.ts";
import type { Outcome } from "../../../src/core/record/outcome.ts";
import { DEFAULT_CONNECTION } from "../../../src/core/suite/defaults.ts";
import { readCapture, type Session, type SessionStep } from "../../../src/core/suite/session.ts";
import type { Target } from "../../../src/core/suite/suite.ts";
import { openDriver } from "../../../src/io/load/open-driver.ts";
import { driverOptions } from "../../../src/io/load/target-options.ts";
import { target } from "../../core/plan/fixtures.ts";
import { closed, drive, kinds, open } from "./drive.ts";
import { serve, serveBodies } from "./endpoint.ts";

const NO_TLS = { ca: undefined, cert: undefined, key: undefined };

const step = (name: string, more: Partial<SessionStep> = {}): SessionStep => ({
  name,
  content: { kind: "empty" },
  thinkTime: undefined,
  capture: [],
  method: undefined,
  path: undefined,
  headers: {},
  ...more,
});

const session = (steps: readonly SessionStep[], more: Partial<Session> = {}): Session => ({
  kind: "session",
  steps,
  turns: undefined,
  history: "none",
  cookies: "keep",
  connection: "shared",
  ...more,
});

const RAW = target({ protocol: "raw", method: "GET", check: { status: [200, 201, 204], contains: undefined } });

const prepare = (of: Session, change: Target = RAW): readonly PreparedRequest[] =>
  sessionRequests({ name: "visit", session: of, target: change, files: new Map(), seed: 1 });

/** So many sessions at even distances, all of them the first in the list. */
const arrivals = (count: number, everyS = 0.01, durationS = count * everyS): Segment => ({
  arm: "head",
  phase: "measure",
  untilSteady: false,
  durationS,
  load: { kind: "open", arrivalsS: Float64Array.from({ length: count }, (_, i) => i * everyS) },
  picks: new Uint32Array(count),
  blocks: [],
});

const openFor = (url: string, of: Target = RAW) => open(url, driverOptions({ url, target: of, tls: NO_TLS }));

const json = (response: ServerResponse, status: number, value: unknown, headers: Record<string, string | string[]> = {}): void =>
  void response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));

/** Of each session its outcomes, in the order of their steps. */
const bySession = (outcomes: readonly Outcome[]): readonly (readonly Outcome[])[] =>
  [...Map.groupBy(outcomes, ({ index }) => index).values()].map((of) => of.toSorted((a, b) => (a.step ?? 0) - (b.step ?? 0)));

/** A shop that knows its own baskets: each has an id, a secret that its owner has to show, and what was put into it. */
async function shop(): Promise<{
  readonly url: string;
  readonly wrong: string[];
  readonly baskets: Map<string, { secret: string; items: string[] }>;
}> {
  const baskets = new Map<string, { secret: string; items: string[] }>();
  const wrong: string[] = [];
  const url = await serveBodies((request, response, body) => {
    const [, root, id = ""] = request.url!.split("/");
    if (root === "baskets" && id === "") {
      const [fresh, secret] = [`a "b"/${randomBytes(4).toString("hex")}`, randomBytes(4).toString("hex")];
      baskets.set(fresh, { secret, items: [] });
      return json(response, 201, { basket: { id: fresh, size: 0 } }, { "x-secret": secret });
    }
    const { of, item, size } = JSON.parse(body) as { of: string; item: string; size: unknown };
    const basket = baskets.get(decodeURIComponent(id));
    const isRight =
      basket !== undefined && basket.secret === request.headers["x-secret"] && of === `basket ${decodeURIComponent(id)}` && size === 0;
    if (!isRight) {
      wrong.push(`${request.url} ${String(request.headers["x-secret"])} ${of} ${String(size)}`);
      return json(response, 403, { error: "not yours" });
    }
    basket.items.push(item);
    return json(response, 200, { items: basket.items });
  });
  return { url, wrong, baskets };
}

const SHOPPING = session([
  step("open", {
    path: "/baskets",
    method: "POST",
    capture: [readCapture("id", "$.basket.id"), readCapture("size", "$.basket.size"), readCapture("secret", "header:X-Secret")],
  }),
  ...["tea", "milk"].map((item) =>
    step(item, {
      method: "PUT",
      path: "/baskets/{{capture.id}}",
      headers: { "x-secret": "{{capture.secret}}" },
      content: { kind: "json", value: { of: "basket {{capture.id}}", item, size: "{{capture.size}}" } },
      thinkTime: { kind: "fixed", seconds: 0.03 },
    }),
  ),
]);

describe("a session", () => {
  test("sends later steps with what its own earlier answers held: in the path, in headers, in JSON", async () => {
    const { url, wrong, baskets } = await shop();
    const { outcomes, offered } = await drive(openFor(url), arrivals(20), { requests: prepare(SHOPPING) });
    expect(wrong).toEqual([]);
    expect(new Set(kinds(outcomes))).toEqual(new Set(["ok"]));
    expect([offered, outcomes.length]).toEqual([60, 60]);
    expect([...baskets.values()].map(({ items }) => items)).toEqual(Array.from({ length: 20 }, () => ["tea", "milk"]));
  });

  test("thinks before a step, which is part of no latency, and ends with the sum of its steps' latencies", async () => {
    const { url } = await shop();
    const { outcomes } = await drive(openFor(url), arrivals(10), { requests: prepare(SHOPPING) });
    for (const steps of bySession(outcomes)) {
      const [first, second, third] = steps as [Outcome, Outcome, Outcome];
      expect(steps.map((one) => one.step)).toEqual([undefined, 1, 2]);
      expect(second.intendedNs - first.endNs).toBeGreaterThanOrEqual(0.03e9);
      expect(third.intendedNs - second.endNs).toBeGreaterThanOrEqual(0.03e9);
      expect([first.session, second.session]).toEqual([undefined, undefined]);
      const latencyNs = steps.reduce((sum, { intendedNs, endNs }) => sum + endNs - intendedNs, 0);
      expect(third.session).toEqual({ completed: true, latencyNs });
    }
  });

  test("ends with the step that fails, and sends nothing after it", async () => {
    const seen: string[] = [];
    const url = await serve((request, response) => {
      seen.push(request.url!);
      json(response, request.url === "/2" ? 500 : 200, { ok: true });
    });
    const requests = prepare(session(["/1", "/2", "/3"].map((path, i) => step(String(i + 1), { path }))));
    const { outcomes } = await drive(openFor(url), arrivals(4), { requests });
    expect(seen.toSorted()).toEqual(["/1", "/1", "/1", "/1", "/2", "/2", "/2", "/2"]);
    for (const [first, second] of bySession(outcomes)) {
      expect(first!.session).toBeUndefined();
      expect(second!.result).toMatchObject({ kind: "failed", why: "status" });
      expect(second!.session).toMatchObject({ completed: false });
    }
  });

  test("fails where an answer lacks what is to be captured, in the words of the capture", async () => {
    const url = await serve((_, response) => json(response, 200, { basket: { id: null } }, { "x-secret": "s" }));
    const { outcomes } = await drive(openFor(url), arrivals(1), { requests: prepare(SHOPPING) });
    expect(outcomes.map(({ result }) => result)).toEqual([
      { kind: "failed", why: "check", detail: 'capture "id": expected a value at $.basket.id, got null' },
    ]);
    expect(outcomes[0]!.session).toMatchObject({ completed: false });
  });

  test("sends its cookies back, its own and nobody else's", async () => {
    const wrong: string[] = [];
    let logins = 0;
    const url = await serve((request, response) => {
      const { cookie } = request.headers;
      if (request.url === "/login") {
        const id = ++logins;
        if (cookie !== undefined) wrong.push(`a new session came with ${cookie}`);
        return json(response, 200, { id }, { "set-cookie": [`sid=${id}; Path=/; HttpOnly`, "admin=1; Path=/admin", "gone=1; Max-Age=0"] });
      }
      const expected = request.url!.startsWith("/admin") ? /^admin=1; sid=\d+$/ : /^sid=\d+$/;
      if (!expected.test(cookie ?? "") || !cookie!.endsWith(`sid=${request.headers["x-id"] as string}`))
        wrong.push(`${request.url} with ${cookie}`);
      return json(response, 200, {});
    });
    const headers = { "x-id": "{{capture.id}}" };
    const steps = [
      step("login", { path: "/login", capture: [readCapture("id", "$.id")] }),
      step("page", { path: "/page", headers }),
      step("admin", { path: "/admin/users", headers }),
    ];
    await drive(openFor(url), arrivals(12), { requests: prepare(session(steps)) });
    expect(wrong).toEqual([]);
    const without = await drive(openFor(url), arrivals(2), { requests: prepare(session(steps, { cookies: "none" })) });
    expect(wrong).toHaveLength(4);
    expect(without.outcomes).toHaveLength(6);
  });

  test("has an id that no other session has, and follows an address that it was given", async () => {
    const ids = new Map<string, string[]>();
    const url = await serve((request, response) => {
      const id = request.headers["x-session"] as string;
      ids.set(id, [...(ids.get(id) ?? []), request.url!]);
      response.writeHead(201, { location: `http://elsewhere.test/jobs/${ids.size}?of=${id.slice(0, 2)}` }).end("{}");
    });
    const headers = { "x-session": "{{session.id}}" };
    const steps = [
      step("start", { headers, method: "POST", path: "/jobs", capture: [readCapture("job", "header:location")] }),
      step("look", { headers, path: "{{capture.job}}" }),
    ];
    await drive(openFor(url), arrivals(6, 0.02), { requests: prepare(session(steps)) });
    expect(ids.size).toBe(6);
    for (const [id, [first, second]] of ids) {
      expect(first).toBe("/jobs");
      expect(second).toMatch(new RegExp(`^/jobs/\\d\\?of=${id.slice(0, 2)}$`));
    }
  });

  test("keeps one connection to itself where it is asked to, until it is over", async () => {
    const ports = new Map<string, Set<number>>();
    let open = 0;
    const url = await serve((request, response) => {
      const id = request.headers["x-session"] as string;
      ports.set(id, (ports.get(id) ?? new Set()).add(request.socket.remotePort!));
      open = Math.max(open, ports.size);
      setTimeout(() => json(response, 200, {}), 5);
    });
    const steps = ["1", "2", "3"].map((name, i) =>
      step(name, { headers: { "x-session": "{{session.id}}" }, thinkTime: i === 0 ? undefined : { kind: "fixed", seconds: 0.02 } }),
    );
    await drive(openFor(url), arrivals(20, 0.01), { requests: prepare(session(steps, { connection: "session" })) });
    expect(ports.size).toBe(20);
    for (const used of ports.values()) expect(used.size).toBe(1);
    // Connections are taken again by later sessions.
    expect(new Set([...ports.values()].flatMap((used) => [...used])).size).toBeLessThan(20);
  });

  test("is driven to its end after the load, and its steps carry on where the load would not", async () => {
    const url = await serve((_, response) => json(response, 200, {}));
    const steps = ["1", "2", "3"].map((name, i) => step(name, { thinkTime: i === 0 ? undefined : { kind: "fixed", seconds: 0.15 } }));
    const { outcomes, startedNs, endedNs } = await drive(openFor(url), arrivals(5, 0.01, 0.1), { requests: prepare(session(steps)) });
    expect(outcomes).toHaveLength(15);
    expect(outcomes.filter((one) => one.session?.completed === true)).toHaveLength(5);
    expect(outcomes.filter(({ intendedNs }) => intendedNs > 0.1e9).length).toBeGreaterThanOrEqual(5);
    expect(Number(endedNs - startedNs) / 1e9).toBeGreaterThan(0.3);
  });

  test("stops at once when the load is cancelled, thinking or not", async () => {
    const url = await serve((_, response) => json(response, 200, {}));
    const cancel = new AbortController();
    const steps = ["1", "2"].map((name, i) => step(name, { thinkTime: i === 0 ? undefined : { kind: "fixed", seconds: 60 } }));
    let answers = 0;
    const onOutcome = () => {
      if (++answers === 3) setTimeout(() => cancel.abort(), 50);
    };
    const began = performance.now();
    const { outcomes, cancelled } = await drive(openFor(url), arrivals(3, 0.01, 0.05), {
      requests: prepare(session(steps)),
      signal: cancel.signal,
      onOutcome,
    });
    expect([cancelled, outcomes.length]).toEqual([true, 3]);
    expect(performance.now() - began).toBeLessThan(5000);
  });

  test("ends without another step when there was enough", async () => {
    const url = await serve((_, response) => json(response, 200, {}));
    const enough = new AbortController();
    const steps = ["1", "2"].map((name, i) => step(name, { thinkTime: i === 0 ? undefined : { kind: "fixed", seconds: 60 } }));
    let answers = 0;
    const onOutcome = () => {
      if (++answers === 3) setTimeout(() => enough.abort(), 50);
    };
    const { outcomes, cancelled } = await drive(openFor(url), arrivals(3, 0.01, 30), {
      requests: prepare(session(steps)),
      enough: enough.signal,
      onOutcome,
    });
    expect([cancelled, outcomes.length]).toEqual([false, 3]);
    expect(outcomes.map((one) => one.session)).toEqual([undefined, undefined, undefined]);
  });

  test("is what a user of a closed loop does, one after the other, each from its beginning to its end", async () => {
    const under = new Set<string>();
    let most = 0;
    const url = await serve((request, response) => {
      const id = request.headers["x-session"] as string;
      if (request.url === "/1") under.add(id);
      most = Math.max(most, under.size);
      if (request.url === "/3") under.delete(id);
      setTimeout(() => json(response, 200, {}), 5);
    });
    const steps = ["1", "2", "3"].map((name) => step(name, { path: `/${name}`, headers: { "x-session": "{{session.id}}" } }));
    const { outcomes } = await drive(openFor(url), closed(3, 0.4), { requests: prepare(session(steps)) });
    expect(most).toBe(3);
    for (const steps of bySession(outcomes)) expect(steps.map((one) => one.session?.completed)).toEqual([undefined, undefined, true]);
    const lateStarts = outcomes.filter((one) => one.step === undefined && one.intendedNs >= 0.4e9);
    expect(lateStarts).toEqual([]);
    expect(outcomes.length).toBeGreaterThan(30);
  });

  test("sends a step again by the retry policy, and goes on when it was answered", async () => {
    const tried = new Map<string, number>();
    const url = await serve((request, response) => {
      const key = `${request.headers["x-session"] as string} ${request.url}`;
      tried.set(key, (tried.get(key) ?? 0) + 1);
      json(response, request.url === "/2" && tried.get(key) === 1 ? 503 : 200, { n: 7 });
    });
    const headers = { "x-session": "{{session.id}}" };
    const steps = ["1", "2", "3"].map((name) => step(name, { path: `/${name}`, headers, capture: [readCapture("n", "$.n")] }));
    const of = { ...RAW, retry: { attempts: 3, on: [503], backoffS: 0.005, maxBackoffS: 0.01, retryAfter: "respect" } } as const;
    const { outcomes } = await drive(openFor(url, of), arrivals(4), { requests: prepare(session(steps, { connection: "session" }), of) });
    for (const steps of bySession(outcomes)) {
      expect(steps.map(({ attempts }) => attempts)).toEqual([1, 2, 1]);
      expect(steps.at(-1)!.session?.completed).toBe(true);
    }
  });

  test("breaks where too many requests are under way, and says so", async () => {
    const url = await serve((_, response) => void setTimeout(() => json(response, 200, {}), 100));
    const requests = prepare(session([step("1"), step("2")]));
    const { outcomes } = await drive(openFor(url, { ...RAW, maxInFlight: 2 }), arrivals(6, 0.001), { requests });
    const broken = bySession(outcomes).filter(([first]) => first!.result.kind === "failed");
    expect(broken).toHaveLength(4);
    for (const [first] of broken) expect(first).toMatchObject({ attempts: 0, session: { completed: false }, result: { why: "overflow" } });
  });

  test("goes over HTTP/2 as well, with many others on one connection", async () => {
    const { createServer } = await import("node:http2");
    const server = createServer();
    const paths: string[] = [];
    server.on("stream", (stream, headers) => {
      paths.push(String(headers[":path"]));
      stream.respond({ ":status": 200, "content-type": "application/json", "set-cookie": ["a=1", "b=2"] });
      stream.end(JSON.stringify({ id: "x", cookie: headers.cookie }));
    });
    const url = await serve(() => {}, server as never);
    const of = { ...RAW, connection: { ...DEFAULT_CONNECTION, http: "2" } } as const;
    const steps = [
      step("1", { capture: [readCapture("id", "$.id")] }),
      step("2", { path: "/of/{{capture.id}}", capture: [readCapture("back", "$.cookie")] }),
    ];
    const { outcomes } = await drive(openFor(url, of), arrivals(5), { requests: prepare(session(steps), of) });
    expect(new Set(kinds(outcomes))).toEqual(new Set(["ok"]));
    expect(paths.filter((path) => path === "/of/x")).toHaveLength(5);
  });
});

test("sessions of several sending threads stay whole, each on one of them", { timeout: 60_000 }, async () => {
  const { url, wrong, baskets } = await shop();
  const driver = openDriver({ url, target: RAW, tls: NO_TLS, threads: 2 });
  onTestFinished(() => driver.close());
  // The first drive waits for the threads, and its arrivals come late: all that matters here is that they come.
  const { outcomes } = await drive(driver, arrivals(12), { requests: prepare(SHOPPING) });
  expect(wrong).toEqual([]);
  expect([...baskets.values()].map(({ items }) => items)).toEqual(Array.from({ length: 12 }, () => ["tea", "milk"]));
  expect(bySession(outcomes).map((steps) => steps.map((one) => [one.index, one.step]))).toEqual(
    Array.from({ length: 12 }, (_, index) => [
      [index, undefined],
      [index, 1],
      [index, 2],
    ]),
  );
});

describe("a conversation", () => {
  type Message = { readonly role: string; readonly content: string };

  /** A chat that remembers what it told whom, and refuses a history that is not its own. */
  async function chat(): Promise<{ readonly url: string; readonly turns: Message[][]; readonly refused: string[] }> {
    const told = new Map<string, readonly Message[]>();
    const turns: Message[][] = [];
    const refused: string[] = [];
    const url = await serveBodies((request, response, body) => {
      const { messages, stream } = JSON.parse(body) as { messages: Message[]; stream: boolean };
      turns.push(messages);
      const id = request.headers["x-session"] as string;
      if (JSON.stringify(told.get(id) ?? [{ role: "system", content: "Be brief." }]) !== JSON.stringify(messages.slice(0, -1))) {
        refused.push(JSON.stringify(messages));
        return json(response, 400, { error: { message: "this is not how our conversation went" } });
      }
      const answer = `answer "${randomBytes(3).toString("hex")}"\n→ ☃ to ${messages.at(-1)!.content.length}`;
      told.set(id, [...messages, { role: "assistant", content: answer }]);
      if (!stream) return json(response, 200, { choices: [{ message: { role: "assistant", content: answer }, finish_reason: "stop" }] });
      response.writeHead(200, { "content-type": "text/event-stream" });
      const pieces = [{ role: "assistant", content: "" }, { reasoning_content: "hm" }, ...[...answer].map((content) => ({ content }))];
      for (const delta of pieces) response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: null }] })}\n\n`);
      return response.end(`data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] })}\n\ndata: [DONE]\n\n`);
    });
    return { url, turns, refused };
  }

  const turns = (count: number, more: Partial<Session> = {}): Session =>
    session(
      Array.from({ length: count }, (_, i) =>
        step(String(i + 1), { content: { kind: "text", words: [3, 8] }, headers: { "x-session": "{{session.id}}" } }),
      ),
      { history: "grow", system: "Be brief.", ...more },
    );

  test.each([true, false])("holds in each turn what was really answered in the turns before (stream: %s)", async (stream) => {
    const { url, turns: seen, refused } = await chat();
    const of = target({ protocol: "openai-chat", model: "m", stream, maxTokens: 64 });
    const requests = sessionRequests({ name: "chat", session: turns(4), target: of, files: new Map(), seed: 3 });
    const { outcomes } = await drive(openFor(url, of), arrivals(10), { requests });
    expect(refused).toEqual([]);
    expect(new Set(kinds(outcomes))).toEqual(new Set(["ok"]));
    expect(outcomes).toHaveLength(40);
    const longest = seen.filter(({ length }) => length === 8);
    expect(longest).toHaveLength(10);
    for (const messages of longest)
      expect(messages.map(({ role }) => role)).toEqual(["system", "user", "assistant", "user", "assistant", "user", "assistant", "user"]);
    expect(outcomes.filter((one) => one.session?.completed === true)).toHaveLength(10);
  });

  test("sends each turn alone where its history does not grow", async () => {
    const seen: unknown[] = [];
    const url = await serveBodies((request, response, body) => {
      seen.push((JSON.parse(body) as { messages: Message[] }).messages.map(({ role }) => role));
      json(response, 200, { choices: [{ message: { content: "yes" }, finish_reason: "stop" }] });
    });
    const of = target({ protocol: "openai-chat", model: "m", stream: false });
    const requests = sessionRequests({ name: "chat", session: turns(3, { history: "none" }), target: of, files: new Map(), seed: 3 });
    await drive(openFor(url, of), arrivals(2), { requests });
    expect(seen).toEqual(Array.from({ length: 6 }, () => ["system", "user"]));
  });

  test("cannot go on from an answer that calls a tool", async () => {
    const url = await serve((_, response) => {
      const message = {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }],
      };
      json(response, 200, { choices: [{ message, finish_reason: "tool_calls" }] });
    });
    const of = target({ protocol: "openai-chat", model: "m", stream: false });
    const requests = sessionRequests({ name: "chat", session: turns(2), target: of, files: new Map(), seed: 3 });
    const { outcomes } = await drive(openFor(url, of), arrivals(1), { requests });
    expect(kinds(outcomes)).toEqual(["check"]);
    expect(outcomes[0]!.result).toMatchObject({ detail: expect.stringContaining("calls a tool") as string });
  });
});
