import type { IncomingMessage, ServerResponse } from "node:http";
import { Refusal, readObject, sendJson } from "./answer.ts";
import type { Inference } from "./inference.ts";
import { tokenize } from "./model.ts";

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

/**
 * `POST /v2/models/sentiment/infer` of the Open Inference Protocol: a BYTES tensor of texts → a label and a score each. Says
 * in `Server-Timing` how long tokenization, the queue (until the first of the texts joins the batch) and the device took.
 */
export async function inferKserve(request: IncomingMessage, response: ServerResponse, inference: Inference): Promise<void> {
  const body = await readObject(request);
  const texts = textsOf(body);
  const startedNs = process.hrtime.bigint();
  const inputs = texts.map(tokenize);
  const submittedNs = process.hrtime.bigint();
  const results = await Promise.all(inputs.map((tokens) => classifyText(tokens, inference, response)));
  const joinedNs = results.reduce((first, result) => (result.startedNs < first ? result.startedNs : first), results[0]!.startedNs);
  const timing = { preprocess: submittedNs - startedNs, queue: joinedNs - submittedNs, infer: process.hrtime.bigint() - joinedNs };
  const metrics = Object.entries(timing).map(([name, ns]) => `${name};dur=${Number(ns) / 1e6}`);
  response.setHeader("server-timing", metrics.join(", "));
  sendJson(response, 200, {
    model_name: KSERVE_MODEL,
    model_version: "1",
    ...(typeof body.id === "string" ? { id: body.id } : {}),
    outputs: [
      { name: "label", datatype: "BYTES", shape: [results.length], data: results.map(({ label }) => label) },
      { name: "score", datatype: "FP32", shape: [results.length], data: results.map(({ score }) => Math.fround(score)) },
    ],
  });
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

function classifyText(
  tokens: readonly number[],
  inference: Inference,
  response: ServerResponse,
): Promise<{ readonly label: string; readonly score: number; readonly startedNs: bigint }> {
  return new Promise((resolve) => {
    const job = inference.run({ tokens, task: { kind: "classify" } }, (event) => {
      if (event.kind === "classified") resolve(event);
    });
    response.once("close", job.cancel);
  });
}
