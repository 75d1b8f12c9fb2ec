import { base64 } from "../plan/base64.ts";
import type { ConcreteTensor, Payload } from "../plan/payload.ts";
import type { Target } from "../suite/suite.ts";
import { type Expected, openJsonAnswer } from "./json-answer.ts";
import { mediumOf } from "./medium.ts";
import { modelPath } from "./model-path.ts";
import { notCarried } from "./not-carried.ts";
import type { Protocol } from "./protocol.ts";
import { SAMPLE_TEXT } from "./sample.ts";
import { textOf } from "./text-value.ts";

/**
 * TensorFlow Serving over REST: predict, and with a path of its own classify and regress. Tensors go as named columns
 * (`inputs`), a text or the base64 of a medium as the only row (`instances`).
 *
 * Source: tensorflow/serving, tensorflow_serving/g3doc/api_rest.md.
 */
export const tfServing: Protocol = {
  name: "tf-serving",
  buildRequest,
  openResponse: (target, label) => openJsonAnswer(target, label, PREDICTION),
};

const PREDICTION: Expected = {
  what: "predictions or outputs",
  holds: (answer) => {
    const { predictions, outputs, results, result } = Object(answer) as Readonly<Record<string, unknown>>;
    return [predictions, outputs, results, result].some(isFilled);
  },
  looksRight: /"(?:predictions|outputs|results?)"\s*:\s*[[{]/,
};

/** A list of rows that is not empty; of named columns at least one; a single value as it is. */
const isFilled = (value: unknown): boolean =>
  typeof value === "object" && value !== null ? Object.keys(value).length > 0 : value !== undefined && value !== null;

function buildRequest(target: Target, payload: Payload): ReturnType<Protocol["buildRequest"]> {
  return {
    method: "POST",
    path: modelPath(target, (model) => `/v1/models/${model}:predict`),
    headers: { "content-type": "application/json", accept: "application/json" },
    body: new TextEncoder().encode(predictBody(payload)),
  };
}

function predictBody(payload: Payload): string {
  switch (payload.kind) {
    case "tensors":
      return JSON.stringify({ inputs: Object.fromEntries(payload.tensors.map((tensor) => [tensor.name, nested(tensor)])) });
    case "text":
      return JSON.stringify({ instances: [payload.text] });
    case "empty":
      return JSON.stringify({ instances: [SAMPLE_TEXT] });
    case "json": {
      const { value, source } = payload;
      const isRequest = typeof value === "object" && value !== null && ["instances", "inputs", "examples"].some((key) => key in value);
      if (isRequest) return source ?? JSON.stringify(value);
      const text = textOf(value);
      if (text !== undefined) return JSON.stringify({ instances: [text] });
      throw notCarried("tf-serving", payload, 'give an object with `instances` or `inputs`, or a text as "…" or {"text": "…"}');
    }
    case "body": {
      if (mediumOf(payload) === undefined)
        throw notCarried("tf-serving", payload, "give `tensors:`, `text:` or `json:`, or use another protocol");
      const bytes = { b64: base64(payload.bytes) };
      return JSON.stringify({ instances: [payload.input === undefined ? bytes : { [payload.input]: bytes }] });
    }
    case "messages":
      throw notCarried("tf-serving", payload, "give `tensors:`, `text:` or `json:`, or use another protocol");
  }
}

/** Row-major data as lists in lists, as deep as the shape. */
function nested({ shape, data }: ConcreteTensor): unknown {
  let level: readonly unknown[] = data;
  for (const length of shape.slice(1).toReversed()) {
    level = Array.from({ length: level.length / length }, (_, i) => level.slice(i * length, (i + 1) * length));
  }
  return level;
}
