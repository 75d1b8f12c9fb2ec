import type { Payload } from "../plan/payload.ts";
import type { Target } from "../suite/suite.ts";
import { modelPath } from "./model-path.ts";
import { plainBody } from "./plain-body.ts";
import type { Protocol } from "./protocol.ts";
import { openPlainResponse } from "./raw.ts";
import { SAMPLE_TEXT } from "./sample.ts";

/**
 * TorchServe's inference API: the payload is the body, and what the model's handler returns is the answer, whatever it
 * looks like. With `stream: true`, each chunk that a handler sends by `send_intermediate_predict_response` is a piece.
 *
 * Source: pytorch/serve, docs/inference_api.md.
 */
export const torchserve: Protocol = { name: "torchserve", buildRequest, openResponse: openPlainResponse };

function buildRequest(target: Target, payload: Payload): ReturnType<Protocol["buildRequest"]> {
  const { bytes, contentType } = plainBody(payload.kind === "empty" ? { kind: "text", text: SAMPLE_TEXT } : payload, "torchserve");
  return {
    method: "POST",
    path: modelPath(target, (model) => `/predictions/${model}`),
    headers: contentType === undefined ? {} : { "content-type": contentType },
    body: bytes,
  };
}
