import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { ModelInput } from "../plan/model-tensors.ts";
import type { ConcreteTensor } from "../plan/payload.ts";
import { tensorBytes } from "./kserve-binary.ts";

// Field numbers of the Open Inference Protocol's messages. Only what is sent or read stands here, hence no generated code.
// Source: kserve/open-inference-protocol, specification/protocol/open_inference_grpc.proto, and Triton's grpc_service.proto
// for the streamed answer.

/** A ModelInferRequest whose tensors are bytes (`raw_input_contents`), which every server reads and no other form is as short as. */
export function modelInferRequest(model: string, tensors: readonly ConcreteTensor[]): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.LengthDelimited).string(model);
  for (const { name, datatype, shape } of tensors) {
    writer.tag(5, WireType.LengthDelimited).fork();
    writer.tag(1, WireType.LengthDelimited).string(name);
    writer.tag(2, WireType.LengthDelimited).string(datatype);
    writer.tag(3, WireType.LengthDelimited).fork();
    for (const size of shape) writer.int64(size);
    writer.join();
    writer.join();
  }
  for (const tensor of tensors) writer.tag(7, WireType.LengthDelimited).bytes(tensorBytes(tensor));
  return writer.finish();
}

/** Number of outputs in a ModelInferResponse. @throws for bytes that are none. */
export function outputsIn(response: Uint8Array): number {
  return eachField(response, (field) => field === 5);
}

/**
 * A ModelStreamInferResponse: an error, or one answer of the stream. An answer without outputs is empty, as Triton sends
 * one where a model is through.
 *
 * @throws for bytes that are none.
 */
export function streamedAnswer(response: Uint8Array): { readonly error: string | undefined; readonly outputs: number } {
  let error: string | undefined;
  let outputs = 0;
  eachField(response, (field, reader) => {
    if (field === 1) error = reader.string();
    else if (field === 2) outputs = outputsIn(reader.bytes());
    else return false;
    return "read";
  });
  return { error: error === "" ? undefined : error, outputs };
}

/** A ModelReadyRequest. */
export const modelReadyRequest = (model: string): Uint8Array => new BinaryWriter().tag(1, WireType.LengthDelimited).string(model).finish();

/** What a ModelReadyResponse says. @throws for bytes that are none. */
export function readyIn(response: Uint8Array): boolean {
  let ready = false;
  eachField(response, (field, reader) => {
    if (field !== 1) return false;
    ready = reader.bool();
    return "read";
  });
  return ready;
}

/** A ModelMetadataRequest. */
export const modelMetadataRequest = (model: string): Uint8Array =>
  new BinaryWriter().tag(1, WireType.LengthDelimited).string(model).finish();

/** The inputs in a ModelMetadataResponse. @throws for bytes that are none. */
export function modelInputsIn(response: Uint8Array): readonly ModelInput[] {
  const inputs: ModelInput[] = [];
  eachField(response, (field, reader) => {
    if (field !== 4) return false;
    inputs.push(tensorMetadata(reader.bytes()));
    return "read";
  });
  return inputs;
}

function tensorMetadata(message: Uint8Array): ModelInput {
  let [name, datatype] = ["", ""];
  const shape: number[] = [];
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === 1) name = reader.string();
    else if (field === 2) datatype = reader.string();
    else if (field === 3 && type === WireType.LengthDelimited) {
      const end = reader.uint32() + reader.pos;
      while (reader.pos < end) shape.push(Number(reader.int64()));
    } else if (field === 3) shape.push(Number(reader.int64()));
    else reader.skip(type, field);
  }
  return { name, datatype, shape };
}

/** Goes through the fields of a message and counts those that `visit` says yes to; one that it read itself is not skipped. */
function eachField(message: Uint8Array, visit: (field: number, reader: BinaryReader) => boolean | "read"): number {
  const reader = new BinaryReader(message);
  let count = 0;
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    const seen = visit(field, reader);
    if (seen !== "read") reader.skip(type, field);
    if (seen === true) count++;
  }
  return count;
}
