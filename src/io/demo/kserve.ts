import type { IncomingMessage, ServerResponse } from "node:http";
import { Refusal, readObject, sendText } from "./answer.ts";
import type { Inference } from "./inference.ts";
import { tokenize } from "./model.ts";
import type { RequestLog } from "./request-log.ts";
import type { Classified, ResultCache } from "./result-cache.ts";
import type { ServerTimes } from "./server-times.ts";

export const KSERVE_MODEL = "sentiment";

export const KSERVE_METADATA = {
  name: KSERVE_MODEL,
  versions: ["1"],
  platform: "tailgate-demo",
  inputs: [{ name: "text", datatype: "BYTES", shape: [-1] }],
  outputs: [
    { name: "label", datatype: "BYTES", shape: [-1] },
    { name: "score", datatype: "FP32", shape: [-1] },
  ],
};

const MOST_TEXTS = 64;

/** Where an input goes on its way through the server, and what it leaves there. */
export type Served = {
  readonly inference: Inference;
  readonly times: ServerTimes;
  readonly cache: ResultCache;
  readonly log: RequestLog;
  readonly preprocessMs: number;
};

/**
 * `POST /v2/models/sentiment/infer` of the Open Inference Protocol: a BYTES tensor of texts → a label and a score each. Says
 * in `Server-Timing` how long tokenization, the queue (until the first of the texts joins the batch), the device and the
 * writing of the answer took. Of texts that are all in the cache queue and device take nothing.
 */
export async function inferKserve(request: IncomingMessage, response: ServerResponse, served: Served): Promise<void> {
  const body = await readObject(request);
  const texts = textsOf(body);
  const startedNs = process.hrtime.bigint();
  const inputs = preprocess(texts, served);
  const submittedNs = process.hrtime.bigint();
  const results = await Promise.all(inputs.map((tokens) => classifyText(tokens, served, response)));
  const joinedNs = results.reduce<bigint | undefined>(
    (first, { startedNs: own }) => (first === undefined || (own !== undefined && own < first) ? own : first),
    undefined,
  );
  const inferredNs = process.hrtime.bigint();
  const answer = JSON.stringify({
    model_name: KSERVE_MODEL,
    model_version: "1",
    ...(typeof body.id === "string" ? { id: body.id } : {}),
    outputs: [
      { name: "label", datatype: "BYTES", shape: [results.length], data: results.map(({ label }) => label) },
      { name: "score", datatype: "FP32", shape: [results.length], data: results.map(({ score }) => Math.fround(score)) },
    ],
  });
  const timing = {
    preprocess: submittedNs - startedNs,
    queue: joinedNs === undefined ? 0n : joinedNs - submittedNs,
    infer: joinedNs === undefined ? 0n : inferredNs - joinedNs,
    postprocess: process.hrtime.bigint() - inferredNs,
  };
  served.times.observe("preprocess", timing.preprocess);
  served.times.observe("postprocess", timing.postprocess);
  response.setHeader(
    "server-timing",
    Object.entries(timing)
      .map(([name, ns]) => `${name};dur=${Number(ns) / 1e6}`)
      .join(", "),
  );
  sendText(response, 200, "application/json", answer);
}

function preprocess(texts: readonly string[], { log, preprocessMs }: Served): readonly (readonly number[])[] {
  const untilNs = process.hrtime.bigint() + BigInt(Math.round(preprocessMs * 1e6));
  let inputs = texts.map(tokenize);
  while (process.hrtime.bigint() < untilNs) inputs = texts.map(tokenize);
  for (const tokens of inputs) log.seen(tokens);
  return inputs;
}

function textsOf({ inputs }: Readonly<Record<string, unknown>>): readonly string[] {
  const [tensor] = Array.isArray(inputs) ? (inputs as readonly unknown[]) : [];
  if (typeof tensor !== "object" || tensor === null) throw new Refusal(400, "inputs must be a list that holds a tensor");
  const { datatype, data, shape } = tensor as Readonly<Record<string, unknown>>;
  if (datatype !== "BYTES" || !Array.isArray(data)) throw new Refusal(400, "the first input must be a tensor of datatype BYTES with data");
  const texts = (data as readonly unknown[]).flat(8);
  const elements = Array.isArray(shape)
    ? (shape as readonly unknown[]).reduce<number>((product, size) => product * Number(size), 1)
    : Number.NaN;
  if (elements !== texts.length) throw new Refusal(400, `shape ${JSON.stringify(shape)} does not hold ${texts.length} elements`);
  if (texts.length === 0 || texts.length > MOST_TEXTS) throw new Refusal(400, `a request must hold 1 to ${MOST_TEXTS} texts`);
  if (!texts.every((text) => typeof text === "string")) throw new Refusal(400, "every element must be a string");
  return texts;
}

/** `startedNs`: when the device began with it; undefined for a text that was in the cache. */
function classifyText(
  tokens: readonly number[],
  { inference, cache }: Served,
  response: ServerResponse,
): Promise<Classified & { readonly startedNs: bigint | undefined }> {
  const known = cache.find(tokens);
  if (known !== undefined) return Promise.resolve({ ...known, startedNs: undefined });
  return new Promise((resolve) => {
    const job = inference.run({ tokens, task: { kind: "classify" } }, (event) => {
      if (event.kind !== "classified") return;
      cache.keep(tokens, { label: event.label, score: event.score });
      resolve(event);
    });
    response.once("close", job.cancel);
  });
}
