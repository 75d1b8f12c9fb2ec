import { InputError } from "../errors.ts";
import type { ModelInput } from "../plan/model-tensors.ts";
import type { ConcreteTensor, Payload } from "../plan/payload.ts";
import type { Outcome } from "../record/outcome.ts";
import type { Target } from "../suite/suite.ts";
import { checkFailure, headersFailure, judged, looksInside } from "./answer-checks.ts";
import { Body, QUOTE_CAP } from "./body.ts";
import { excerpt, failed, statusAccepted, statusFailure } from "./failure.ts";
import { type Frame, frame, openFrames } from "./grpc-frames.ts";
import { callFailure } from "./grpc-status.ts";
import {
  modelInferRequest,
  modelInputsIn,
  modelMetadataRequest,
  modelReadyRequest,
  outputsIn,
  readyIn,
  streamedAnswer,
} from "./kserve-messages.ts";
import { tensorsOf } from "./kserve-tensors.ts";
import type { Protocol, ResponseReader } from "./protocol.ts";

/**
 * Open Inference Protocol v2 over gRPC: `ModelInfer`, or with `stream` Triton's `ModelStreamInfer`, one request a stream.
 * A call is one request over HTTP/2, sent by the same client as any other: nothing sends it twice.
 *
 * Sources: kserve/open-inference-protocol, specification/protocol/inference_grpc.md; triton-inference-server/common,
 * protobuf/grpc_service.proto.
 */
export const kserveV2Grpc: Protocol = {
  name: "kserve-v2-grpc",
  buildRequest: (target, payload) => ({
    ...call(target.path ?? `${SERVICE}/${target.stream ? "ModelStreamInfer" : "ModelInfer"}`),
    body: frame(modelInferRequest(modelOf(target), inputsOf(payload))),
  }),
  openResponse: (target, label) => (target.stream ? openStream(target) : openUnary(target, label)),
  readiness: (target) => ({
    request: { ...call(`${SERVICE}/ModelReady`), body: frame(modelReadyRequest(modelOf(target))) },
    what: `ModelReady of ${modelOf(target)}`,
    isReady,
  }),
  metadata: (target) => ({
    request: { ...call(`${SERVICE}/ModelMetadata`), body: frame(modelMetadataRequest(modelOf(target))) },
    what: `ModelMetadata of ${modelOf(target)}`,
    inputsIn,
  }),
};

const SERVICE = "/inference.GRPCInferenceService";

/** Most bytes of a message that are decoded; a longer one is taken for what its status says. */
const DECODE_CAP = 1024 * 1024;

const call = (path: string) => ({ method: "POST", path, headers: { "content-type": "application/grpc", te: "trailers" } });

function modelOf({ model }: Target): string {
  if (model !== undefined) return model;
  throw new InputError("protocol kserve-v2-grpc needs the name of the model", { hint: "write it under target.model" });
}

function inputsOf(payload: Payload): readonly ConcreteTensor[] {
  const tensors = tensorsOf(payload, "kserve-v2-grpc");
  if (tensors !== undefined) return tensors;
  const { inputs, ...others } = (payload as Extract<Payload, { kind: "json" }>).value as { readonly inputs: unknown };
  const [other] = Object.keys(others);
  if (other !== undefined) {
    throw new InputError(`protocol kserve-v2-grpc does not send ${JSON.stringify(other)} of a request`, { hint: "give `inputs` alone" });
  }
  return (Array.isArray(inputs) ? inputs : [inputs]).map(inputOf);
}

function inputOf(input: unknown): ConcreteTensor {
  const { name, shape, datatype, data } = Object(input) as Readonly<Record<string, unknown>>;
  const isShape = Array.isArray(shape) && shape.every((size) => Number.isInteger(size) && (size as number) >= 0);
  if (typeof name !== "string" || typeof datatype !== "string" || !isShape || !Array.isArray(data)) {
    throw new InputError(`protocol kserve-v2-grpc cannot carry the input ${excerpt(JSON.stringify(input) ?? "nothing")}`, {
      hint: "an input has a name, a shape, a datatype and data",
    });
  }
  const values = (data as readonly unknown[]).flat(Number.POSITIVE_INFINITY) as ConcreteTensor["data"];
  const count = (shape as readonly number[]).reduce((product, size) => product * size, 1);
  if (values.length !== count) {
    throw new InputError(`the input ${JSON.stringify(name)} has ${values.length} values for a shape of ${count}`, {
      hint: "give as many values as the shape has elements",
    });
  }
  return { name, shape: shape as readonly number[], datatype, data: values };
}

/** One message, then the status. The answer is complete with its last byte; the trailers after it say whether it counts. */
function openUnary({ check }: Target, label: unknown): ResponseReader {
  let message: Frame | undefined;
  let messages = 0;
  return openCall(
    check,
    (one) => {
      message = one;
      messages++;
    },
    (endNs) => {
      if (message === undefined || messages > 1) {
        return { result: failed("body", `expected one message, got ${messages === 0 ? "none" : messages}`), endNs };
      }
      const result = outputsFailure(message) ?? judged(check, { ...textOf(check, message), label }, { kind: "ok", stream: undefined });
      return { result, endNs: result.kind === "ok" ? message.endNs : endNs };
    },
  );
}

/** Any number of answers on one stream: each with outputs is a token event. */
function openStream({ check }: Target): ResponseReader {
  const gapsNs: number[] = [];
  let [firstTokenNs, lastTokenNs]: [number | undefined, number] = [undefined, 0];
  let broken: Outcome["result"] | undefined;
  let found = !looksInside(check);
  return openCall(
    check,
    (message) => {
      if (broken !== undefined) return;
      const answer = decode(message, streamedAnswer);
      if (answer === undefined) broken = failed("body", `expected a ModelStreamInferResponse, got ${message.length} bytes that are none`);
      else if (answer !== "long" && answer.error !== undefined)
        broken = failed("in-band", `the stream holds an error: ${excerpt(answer.error)}`);
      if (broken !== undefined || (answer !== "long" && answer?.outputs === 0)) return;
      found ||= isFound(check, message);
      if (firstTokenNs === undefined) firstTokenNs = message.atNs;
      else gapsNs.push(message.atNs - lastTokenNs);
      lastTokenNs = message.atNs;
    },
    (endNs) => {
      if (broken !== undefined) return { result: broken, endNs };
      if (firstTokenNs === undefined) return { result: failed("body", "the stream is complete and brought no output"), endNs };
      if (!found) return { result: failed("check", "no answer of the stream holds what target.check asks for"), endNs };
      const stream = { firstTokenNs, lastTokenNs, tokens: gapsNs.length + 1, tokensFrom: "events", gapsNs } as const;
      return { result: { kind: "ok", stream }, endNs: lastTokenNs };
    },
  );
}

/** What all calls have in common: HTTP's status, messages, and the status of the call, which outweighs the messages. */
function openCall(
  check: Target["check"],
  onMessage: (message: Frame) => void,
  judge: (endNs: number) => ReturnType<ResponseReader["end"]>,
): ResponseReader {
  const beginning = new Body(QUOTE_CAP);
  const frames = openFrames(DECODE_CAP, onMessage);
  let [status, accepted, isGrpc] = [0, false, false];
  let headers: Readonly<Record<string, string>> = {};
  let flaw: string | undefined;
  return {
    start: (code, received) => {
      [status, headers] = [code, received];
      accepted = statusAccepted(check, code);
      isGrpc = (received["content-type"] ?? "").startsWith("application/grpc");
    },
    data: (chunk, atNs) => {
      if (!accepted || !isGrpc) beginning.add(chunk);
      else if (flaw === undefined && !frames.feed(chunk, atNs)) flaw = frames.flaw();
    },
    end: (endNs, trailers) => {
      const fails = (result: Outcome["result"]) => ({ result, endNs });
      if (!accepted) return fails(statusFailure(check, status, beginning.text()));
      if (!isGrpc)
        return fails(failed("body", `expected gRPC, got ${headers["content-type"] ?? "no content type"}: ${excerpt(beginning.text())}`));
      if (flaw !== undefined) return fails(failed("body", flaw));
      const failure = callFailure(headers, trailers ?? {});
      if (failure !== undefined) return fails(failure);
      const header = headersFailure(check, headers);
      if (header !== undefined) return fails(header);
      if (frames.isInside()) return fails(failed("truncated", "the call ended inside a message"));
      return judge(endNs);
    },
  };
}

/** A message as what it should be; undefined if it is not, `long` if it is too long to be looked at. */
function decode<T>({ bytes }: Frame, as: (bytes: Uint8Array) => T): T | "long" | undefined {
  if (bytes === undefined) return "long";
  try {
    return as(bytes);
  } catch {
    return undefined;
  }
}

function outputsFailure(message: Frame): Outcome["result"] | undefined {
  const outputs = decode(message, outputsIn);
  if (outputs === undefined) return failed("body", `expected a ModelInferResponse, got ${message.length} bytes that are none`);
  return outputs === 0 ? failed("body", "expected a list of outputs, got an answer without any") : undefined;
}

function isFound(check: Target["check"], message: Frame): boolean {
  const { text, whole } = textOf(check, message);
  return checkFailure(check, text, whole) === undefined;
}

/** The bytes as text, where somebody looks for one. */
const textOf = (check: Target["check"], { bytes }: Frame): { readonly text: string; readonly whole: boolean } => ({
  text: bytes === undefined || !looksInside(check) ? "" : new TextDecoder().decode(bytes),
  whole: bytes !== undefined,
});

function inputsIn(body: Uint8Array): readonly ModelInput[] {
  let inputs: readonly ModelInput[] | undefined;
  openFrames(DECODE_CAP, ({ bytes }) => {
    if (bytes !== undefined) inputs = modelInputsIn(bytes);
  }).feed(body, 0);
  if (inputs === undefined) throw new RangeError("the call brought no message");
  return inputs;
}

function isReady(body: Uint8Array): boolean {
  let ready = false;
  openFrames(QUOTE_CAP, ({ bytes }) => {
    if (bytes !== undefined) ready = readyIn(bytes);
  }).feed(body, 0);
  return ready;
}
