import { z } from "zod";
import { base64 } from "../plan/base64.ts";
import type { ModelInput } from "../plan/model-tensors.ts";
import type { ConcreteTensor, Payload } from "../plan/payload.ts";
import type { Target } from "../suite/suite.ts";
import { judged } from "./answer-checks.ts";
import { capOf, type Expected, jsonFailure } from "./json-answer.ts";
import { binaryFailure, binaryRequest, JSON_LENGTH_HEADER } from "./kserve-binary.ts";
import { tensorsOf } from "./kserve-tensors.ts";
import { modelPath } from "./model-path.ts";
import type { MetadataProbe, Protocol, ResponseReader } from "./protocol.ts";
import { WholeAnswer } from "./whole-answer.ts";

/**
 * Open Inference Protocol v2 over REST: KServe, Triton, MLServer, TorchServe, OpenVINO. Tensors are JSON, or bytes where
 * the target asks for it and the payload is made of tensors.
 *
 * Source: kserve/open-inference-protocol, specification/protocol/inference_rest.md.
 */
export const kserveV2: Protocol = { name: "kserve-v2", buildRequest, openResponse, metadata };

const OUTPUTS: Expected = {
  what: "a list of outputs",
  holds: (answer) => {
    const outputs = (answer as { readonly outputs?: unknown } | null)?.outputs;
    return Array.isArray(outputs) && outputs.length > 0;
  },
  looksRight: /"outputs"\s*:\s*\[\s*\{/,
};

function buildRequest(target: Target, payload: Payload): ReturnType<Protocol["buildRequest"]> {
  const request = { method: "POST", path: modelPath(target, (model) => `/v2/models/${model}/infer`) };
  const tensors = tensorsOf(payload, "kserve-v2");
  if (target.tensorEncoding === "binary" && tensors !== undefined) {
    const { body, jsonLength } = binaryRequest(tensors);
    // Without an `accept` for JSON alone: what comes back is JSON and bytes.
    const headers = { "content-type": "application/octet-stream", [JSON_LENGTH_HEADER]: String(jsonLength) };
    return { ...request, headers, body };
  }
  return {
    ...request,
    headers: { "content-type": "application/json", accept: "application/json" },
    body: new TextEncoder().encode(tensors === undefined ? asWritten(payload) : JSON.stringify({ inputs: tensors.map(asJson) })),
  };
}

/** Bytes that are no text travel as base64, and say so in the way that MLServer reads. */
function asJson(tensor: ConcreteTensor): unknown {
  if (!tensor.data.some((element) => element instanceof Uint8Array)) return tensor;
  const data = tensor.data.map((element) => (element instanceof Uint8Array ? base64(element) : element));
  return { ...tensor, parameters: { content_type: "base64" }, data };
}

const asWritten = (payload: Payload): string =>
  payload.kind === "json" ? (payload.source ?? JSON.stringify(payload.value)) : JSON.stringify(payload);

function openResponse({ check }: Target, label?: unknown): ResponseReader {
  return new WholeAnswer(check, capOf(check), (body, _status, headers) => {
    const text = body.text();
    const jsonLength = lengthIn(headers[JSON_LENGTH_HEADER]);
    const failure = jsonLength === undefined ? jsonFailure(body, text, OUTPUTS) : binaryFailure(body, jsonLength, OUTPUTS);
    return failure ?? judged(check, { text, whole: body.isWhole, label }, { kind: "ok", stream: undefined });
  });
}

/** Of the model that the target names; a path of its own may lead to any. */
function metadata({ model, path }: Target): MetadataProbe | undefined {
  if (model === undefined || path !== undefined) return undefined;
  const at = `/v2/models/${encodeURIComponent(model)}`;
  return { request: { method: "GET", path: at, headers: { accept: "application/json" }, body: undefined }, what: `GET ${at}`, inputsIn };
}

function inputsIn(body: Uint8Array): readonly ModelInput[] {
  return METADATA.parse(JSON.parse(new TextDecoder().decode(body))).inputs;
}

/** Some servers write 64-bit numbers as text. What the model leaves open is −1. */
const METADATA = z.object({
  inputs: z
    .array(
      z.object({
        name: z.string().min(1).max(256),
        datatype: z.string().min(1).max(32),
        shape: z.array(z.coerce.number().int().min(-1)).max(32),
      }),
    )
    .max(256),
});

const lengthIn = (header: string | undefined): number | undefined => (/^\d{1,15}$/.test(header ?? "") ? Number(header) : undefined);
