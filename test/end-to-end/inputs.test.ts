import type { IncomingMessage, ServerResponse } from "node:http";
import { decode as decodeJpeg } from "jpeg-js";
import { expect, test } from "vitest";
import { decodeBins } from "../../src/core/record/distribution.ts";
import { serve } from "../io/load/endpoint.ts";
import { workplace } from "./tailgate.ts";

const SUITE = `name: inputs
target: { protocol: raw, path: /predict }
payloads:
  photo: { multipart: [{ name: photo, image: { format: jpeg, width: [20, 60], height: 30 } }, { name: id, value: "{{uuid}}" }] }
  row: { file: rows.csv, template: { question: "{{question}}", n: "{{n}}" }, order: shuffle }
  broken: { json: { question: why }, malformed: truncated }
scenarios:
  - name: steady
    load: { rate: 50/s, duration: 2s, arrivals: constant }
    warm-up: none
    block: { duration: 1s, requests: 10 }
    gates: { latency.p50: { limit: 5s }, errors.ratio: { limit: 1% } }
decision: { budget: 1 }
generator: { calibration: no }
`;
const ROWS = `question,n\n${Array.from({ length: 20 }, (_, i) => `"question ${i}, and more",${i}`).join("\n")}\n`;

type Seen = { readonly sizes: Set<string>; readonly ids: Set<string>; readonly rows: unknown[]; broken: number };

/** Reads forms and JSON as a service would; JSON that is none is refused, or by a careless one answered. */
function model(refusal: number) {
  const seen: Seen = { sizes: new Set(), ids: new Set(), rows: [], broken: 0 };
  const url = serve((request, response) => void answer(request, response));
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat((await request.toArray()) as Buffer[]);
    // Whether it is there.
    if (request.method === "GET") return void response.end();
    const type = request.headers["content-type"] ?? "";
    if (type.startsWith("multipart/")) {
      const form = await new Response(body, { headers: { "content-type": type } }).formData();
      const { width, height } = decodeJpeg(await (form.get("photo") as File).arrayBuffer());
      seen.sizes.add(`${width} ${height}`);
      seen.ids.add(form.get("id") as string);
      response.end("{}");
      return;
    }
    try {
      seen.rows.push(JSON.parse(body.toString()));
    } catch {
      seen.broken++;
      response.writeHead(refusal).end('{"error": "not JSON"}');
      return;
    }
    response.end("{}");
  }
  return { url, seen };
}

test("forms, rows and refusals reach real services; a head that answers what it should refuse fails", { timeout: 90_000 }, async () => {
  const [base, head] = [model(422), model(200)];
  const place = await workplace({ "suite.yaml": SUITE, "rows.csv": ROWS });
  const { code } = await place.tailgate(["run", "suite.yaml", "--endpoint", await head.url, "--baseline-endpoint", await base.url]);
  const metric = (name: string) => place.verdict().scenarios[0]!.metrics.find((one) => one.metric === name)!;
  expect(metric("errors.ratio").base!.value).toBe(0);
  expect(metric("errors.ratio").head!.value).toBeGreaterThan(0.2);
  expect(place.record().scenarios[0]!.arms.head!.examples.check).toMatch(/^this request should be refused: status 200, expected 4xx/);
  expect(code, place.read("tailgate-out/comment.md")).toBe(1);
  for (const [arm, { seen }] of Object.entries({ base, head })) {
    const { blocks } = place.record().scenarios[0]!.arms[arm as "base" | "head"]!;
    const timed = blocks.reduce(
      (sum, { histograms }) => sum + (histograms.latency === undefined ? 0 : decodeBins(histograms.latency).total),
      0,
    );
    expect(seen.broken).toBeGreaterThan(10);
    expect(timed).toBe(blocks.reduce((sum, { offered }) => sum + offered, 0) - seen.broken);
  }
  const { sizes, ids, rows } = base.seen;
  expect([sizes.size > 10, ids.size > 10]).toEqual([true, true]);
  // In an order of its own, each row once before any comes again.
  const first = (rows as { n: number; question: string }[]).slice(0, 20);
  expect(first.map(({ n }) => n).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  for (const { n, question } of first) expect(question).toBe(`question ${n}, and more`);
  expect(first.map(({ n }) => n)).not.toEqual(first.map((_, i) => i));
});
