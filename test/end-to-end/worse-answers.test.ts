import type { RequestListener } from "node:http";
import { expect, test } from "vitest";
import { serve } from "../io/load/endpoint.ts";
import { workplace } from "./tailgate.ts";

const SUITE = `name: chat
target: { protocol: openai-chat, timeout: 5s, ready: { timeout: 1s }, check: { same-answers: yes } }
payloads:
  long: { weight: 1, messages: [{ role: user, content: a long question }], gates: { ttfo.p50: { regression: 20% } } }
  short: { weight: 3, messages: [{ role: user, content: a short question }] }
goodput: { ttfo: 400ms }
scenarios:
  - name: steady
    load: { concurrency: 6, duration: 4s }
    warm-up: none
    block: { duration: 1s, requests: 10 }
    gates: { goodput.ratio: { regression: 5% }, tokens.output.mean: { regression: 10% } }
decision: { budget: 1, false-alarm: 20% }
generator: { calibration: no }
`;

const event = (delta: object): string => `data: ${JSON.stringify({ choices: [{ delta }] })}\n\n`;

/** Reasons, and then says so many words; to a long question after a pause. */
const model =
  (words: number, pauseMs: number): RequestListener =>
  (request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const answer = Array.from({ length: words }, (_, i) => event({ content: `${i} ` })).join("");
      setTimeout(() => {
        response.write(event({ reasoning_content: "hm" }));
        setTimeout(() => response.end(`${answer}data: [DONE]\n\n`), 20 + (body.includes("long") ? pauseMs : 0));
      }, 20);
    });
  };

test("a head that thinks longer over some questions and answers them all more briefly fails for each of these", {
  timeout: 90_000,
}, async () => {
  const [base, head] = await Promise.all([serve(model(9, 10)), serve(model(4, 560))]);
  const place = await workplace({ "suite.yaml": SUITE });
  const { code } = await place.tailgate(["run", "suite.yaml", "--endpoint", head, "--baseline-endpoint", base]);
  const comment = place.read("tailgate-out/comment.md");
  expect(code, comment).toBe(1);
  const { scenarios } = place.verdict();
  const failed = scenarios.flatMap(({ name, metrics }) =>
    metrics.flatMap(({ metric, gated, verdict }) => (gated && verdict === "fail" ? [`${metric} in ${name}`] : [])),
  );
  expect(failed.toSorted()).toEqual([
    "changed.ratio in steady",
    "goodput.ratio in steady",
    "tokens.output.mean in steady",
    "ttfo.p50 in steady / long",
  ]);
  const of = (metric: string) => scenarios[0]!.metrics.find((one) => one.metric === metric)!;
  // Everything but the reasoning differs in every answer of the head, and in none of the base.
  expect([of("changed.ratio").base!.value, of("changed.ratio").head!.value]).toEqual([0, 1]);
  expect([of("tokens.output.mean").base!.value, of("tokens.output.mean").head!.value]).toEqual([10, 5]);
  expect(of("goodput.ratio").head!.value).toBeLessThan(0.9);
  expect(comment).toContain("steady / long");
  const [block] = place.record().scenarios[0]!.arms.head!.blocks;
  expect(block).toMatchObject({ good: { within: "ttfo 400ms" }, classes: { long: { good: { answers: 0 } } } });
});
