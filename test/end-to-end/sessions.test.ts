import { expect, test } from "vitest";
import { serveBodies } from "../io/load/endpoint.ts";
import { workplace } from "./tailgate.ts";

const SUITE = `name: chat
target: { protocol: openai-chat, model: m, timeout: 5s, ready: { path: /, timeout: 5s } }
payloads:
  chat:
    session: { turns: [2, 3], system: Be brief., text: { words: [3, 6] }, think-time: 30ms }
scenarios:
  - name: talk
    load: { concurrency: 4, duration: 2s }
    warm-up: none
    block: { duration: 1s, requests: 1 }
    gates: { session.p50: { limit: 4s }, sessions.failed.ratio: { limit: 30% } }
generator: { calibration: no }
decision: { budget: 1 }
`;

type Message = { readonly role: string; readonly content: string };

/**
 * A chat over server-sent events that tells every conversation apart by what it was told itself: the cookie that it gave
 * says which one it is. A history that is not its own is refused.
 */
async function chat() {
  const told = new Map<string, readonly Message[]>();
  const lengths: number[] = [];
  let refused = 0;
  const url = await serveBodies((request, response, body) => {
    if (request.method === "GET") return response.end("ready");
    const { messages } = JSON.parse(body) as { readonly messages: readonly Message[] };
    const id = /conversation=(\d+)/.exec(request.headers.cookie ?? "")?.[1];
    const before = id === undefined ? [{ role: "system", content: "Be brief." }] : told.get(id);
    if (JSON.stringify(before) !== JSON.stringify(messages.slice(0, -1))) {
      refused++;
      return response.writeHead(409).end("not our conversation");
    }
    const own = id ?? String(told.size + 1);
    const answer = `You are number ${own} & said "${messages.at(-1)!.content.slice(0, 10)}"`;
    told.set(own, [...messages, { role: "assistant", content: answer }]);
    lengths.push(messages.length);
    response.writeHead(200, { "content-type": "text/event-stream", "set-cookie": `conversation=${own}; Path=/v1` });
    for (const content of answer.match(/.{1,5}/gs)!) response.write(`data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`);
    return response.end(`data: ${JSON.stringify({ choices: [{ delta: {}, finish_reason: "stop" }] })}\n\ndata: [DONE]\n\n`);
  });
  return { url, told, lengths, refused: () => refused };
}

test("conversations with a server that knows its own are measured turn by turn and as a whole", { timeout: 60_000 }, async () => {
  const server = await chat();
  const place = await workplace({ "suite.yaml": SUITE });
  const { code, stdout } = await place.tailgate([
    "run",
    "suite.yaml",
    "--endpoint",
    server.url,
    "--set",
    "scenarios.talk.load.duration=3s",
  ]);

  expect(server.refused()).toBe(0);
  expect(new Set(server.lengths)).toEqual(new Set([2, 4, 6]));
  const { blocks } = place.record().scenarios[0]!.arms.head!;
  const sum = (of: (block: (typeof blocks)[number]) => number) => blocks.reduce((total, block) => total + of(block), 0);
  // Whatever the server has seen is in the record, and every session that began has ended.
  expect(sum(({ ok }) => ok)).toBe(server.lengths.length);
  expect(sum(({ sessions }) => sessions?.ended ?? 0)).toBe(server.told.size);
  expect(sum(({ sessions }) => sessions?.completed ?? 0)).toBe(server.told.size);

  const { metrics } = place.verdict().scenarios[0]!;
  const of = (name: string) => metrics.find(({ metric }) => metric === name)!;
  expect(of("session.p50").head!.n).toBe(server.told.size);
  // The whole takes longer than one turn, and holds none of the 30 ms that its user thinks before each.
  expect(of("session.p50").head!.value).toBeGreaterThan(of("latency.p50").head!.value);
  expect(of("sessions.failed.ratio")).toMatchObject({ verdict: "pass", head: { value: 0 } });
  expect(code, stdout).toBe(0);
  expect(place.read("tailgate-out/comment.md")).toContain("session.p50");
  expect(place.read("tailgate-out/comment.md")).toContain(`${server.lengths.length} requests of ${server.told.size} sessions in`);

  const check = await place.tailgate(["check", "suite.yaml", "--set", "scenarios.talk.load={ rate: 10/s, duration: 1m }"]);
  expect(check.stdout).toContain("chat 100 % (session of 2 to 3 turns)");
  expect(check.stdout).toContain("about 600 sessions, 1500 requests per endpoint");
});
