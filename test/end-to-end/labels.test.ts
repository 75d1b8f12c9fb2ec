import { expect, test } from "vitest";
import { serve } from "../io/load/endpoint.ts";
import { workplace } from "./tailgate.ts";

const LINES = Array.from({ length: 40 }, (_, i) => JSON.stringify({ text: `ticket ${i}`, label: i % 2 === 0 ? "even" : "odd" }));
const SUITE = `name: tickets
target: { protocol: raw, path: /predict, check: { answer: { path: $.label } } }
payloads: { tickets: { file: tickets.jsonl, label: label } }
scenarios:
  - name: steady
    load: { rate: 25/s, duration: 8s }
    warm-up: none
    block: { duration: 1s, requests: 10 }
    gates: { latency.p50: { limit: 5s } }
decision: { budget: 1 }
`;

/** Says whether a ticket's number is even, and in `wrongEvery` of its answers the opposite. */
const model = (delayMs: number, wrongEvery = Number.POSITIVE_INFINITY) => {
  let asked = 0;
  const bodies: string[] = [];
  const url = serve((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      bodies.push(body);
      const isEven = Number(/ticket (\d+)/.exec(body)?.[1]) % 2 === 0;
      const isWrong = ++asked % wrongEvery === 0;
      setTimeout(() => response.end(JSON.stringify({ label: isEven === isWrong ? "odd" : "even" })), delayMs);
    });
  });
  return { url, bodies };
};

test("a head that is faster and answers worse fails, though no gate was written about its answers", { timeout: 90_000 }, async () => {
  const [base, head] = [model(60), model(20, 4)];
  const place = await workplace({ "suite.yaml": SUITE, "tickets.jsonl": LINES.join("\n") });
  const { code } = await place.tailgate(["run", "suite.yaml", "--endpoint", await head.url, "--baseline-endpoint", await base.url]);
  const wrong = place.verdict().scenarios[0]!.metrics.find(({ metric }) => metric === "wrong.ratio")!;
  expect(wrong).toMatchObject({ gated: true, verdict: "fail" });
  expect(wrong.base!.value).toBe(0);
  expect(wrong.head!.value).toBeCloseTo(0.25, 2);
  expect(code, place.read("tailgate-out/comment.md")).toBe(1);
  // The model never sees the label.
  expect(head.bodies.join("")).not.toContain("label");
  expect(place.record().scenarios[0]!.arms.head!.blocks[0]!.labelled).toMatchObject({ answers: expect.any(Number) });
});

test("an equal head does not fail for its answers", { timeout: 90_000 }, async () => {
  const [base, head] = [model(10, 10), model(10, 10)];
  const place = await workplace({ "suite.yaml": SUITE, "tickets.jsonl": LINES.join("\n") });
  await place.tailgate(["run", "suite.yaml", "--endpoint", await head.url, "--baseline-endpoint", await base.url]);
  const wrong = place.verdict().scenarios[0]!.metrics.find(({ metric }) => metric === "wrong.ratio")!;
  expect(wrong.verdict).not.toBe("fail");
  expect(wrong.head!.value).toBeCloseTo(0.1, 1);
});
