import { InputError } from "../errors.ts";
import type { ConcreteTensor, Payload } from "../plan/payload.ts";
import type { Outcome } from "../record/outcome.ts";
import type { Target } from "../suite/suite.ts";
import { type Body, READ_CAP } from "./body.ts";
import { checkFailure, excerpt, failed, inBandError } from "./failure.ts";
import type { Protocol, ResponseReader } from "./protocol.ts";
import { textOf } from "./text-value.ts";
import { WholeAnswer } from "./whole-answer.ts";

/**
 * Open Inference Protocol v2 over REST, tensors as JSON: KServe, Triton, MLServer, TorchServe, OpenVINO.
 *
 * Source: kserve/open-inference-protocol, specification/protocol/inference_rest.md.
 */
export const kserveV2: Protocol = { name: "kserve-v2", buildRequest, openResponse };

/** Parsing blocks the clock of all other requests (about 5 ms per MiB), so a longer answer is judged by how it looks. */
const PARSE_CAP = 1024 * 1024;

function buildRequest(target: Target, payload: Payload): ReturnType<Protocol["buildRequest"]> {
  return {
    method: "POST",
    path: target.path ?? `/v2/models/${encodeURIComponent(modelOf(target))}/infer`,
    headers: { "content-type": "application/json", accept: "application/json" },
    body: new TextEncoder().encode(inferBody(payload)),
  };
}

function modelOf({ model }: Target): string {
  if (model !== undefined) return model;
  throw new InputError("protocol kserve-v2 needs the name of the model", { hint: "write it under target.model, or give target.path" });
}

function inferBody(payload: Payload): string {
  switch (payload.kind) {
    case "tensors":
      return JSON.stringify({ inputs: payload.tensors });
    case "text":
      return JSON.stringify({ inputs: [textTensor(payload.text)] });
    case "empty":
      return JSON.stringify({ inputs: [textTensor("The delivery was late, but the support was friendly and quick.")] });
    case "json": {
      const { value, source } = payload;
      if (typeof value === "object" && value !== null && "inputs" in value) return source ?? JSON.stringify(value);
      const text = textOf(value);
      if (text !== undefined) return JSON.stringify({ inputs: [textTensor(text)] });
      throw new InputError(`protocol kserve-v2 cannot carry ${excerpt(JSON.stringify(value))}`, {
        hint: 'give an object with `inputs`, or a text as "…" or {"text": "…"}',
      });
    }
    case "body":
    case "messages":
      throw new InputError(`protocol kserve-v2 cannot carry ${payload.kind === "body" ? "a raw body" : "messages"}`, {
        hint: "give `tensors:`, `text:` or `json:`, or use another protocol",
      });
  }
}

const textTensor = (text: string): ConcreteTensor => ({ name: "text", shape: [1], datatype: "BYTES", data: [text] });

function openResponse({ check }: Target): ResponseReader {
  return new WholeAnswer(check, check.contains === undefined ? PARSE_CAP : READ_CAP, (body) => {
    const text = body.text();
    return outputsFailure(body, text) ?? checkFailure(check, text, body.isWhole) ?? { kind: "ok", stream: undefined };
  });
}

/** What keeps the answer from being an inference result; undefined if it is one. */
function outputsFailure(body: Body, text: string): Outcome["result"] | undefined {
  if (body.length > PARSE_CAP) {
    const looksRight = /^\s*\{(?!\s*"error")/.test(text) && /"outputs"\s*:\s*\[\s*\{/.test(text);
    return looksRight ? undefined : failed("body", `expected outputs in the first part of a long answer, got ${excerpt(text)}`);
  }
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return failed("body", `expected JSON, got ${excerpt(text)}`);
  }
  const error = inBandError(answer);
  if (error !== undefined) return error;
  const outputs = (answer as { readonly outputs?: unknown } | null)?.outputs;
  if (Array.isArray(outputs) && outputs.length > 0) return undefined;
  return failed("body", `expected a list of outputs, got ${excerpt(text)}`);
}
