import { InputError } from "../errors.ts";
import { joined } from "../plan/joined.ts";
import type { ConcreteTensor } from "../plan/payload.ts";
import type { Outcome } from "../record/outcome.ts";
import type { Body } from "./body.ts";
import { failed } from "./failure.ts";
import { type Expected, valueFailure } from "./json-answer.ts";

/** Says how long the JSON is that stands before the bytes of the tensors, in both directions. */
export const JSON_LENGTH_HEADER = "inference-header-content-length";

/**
 * An inference request whose tensors are bytes, and which asks for bytes back.
 *
 * Sources: kserve/open-inference-protocol, specification/protocol/binary_data_extension.md; Triton's
 * protocol/extension_binary_data.md.
 */
export function binaryRequest(tensors: readonly ConcreteTensor[]): { readonly body: Uint8Array; readonly jsonLength: number } {
  const data = tensors.map(tensorBytes);
  const inputs = tensors.map(({ name, shape, datatype }, i) => ({
    name,
    shape,
    datatype,
    parameters: { binary_data_size: data[i]!.length },
  }));
  const json = new TextEncoder().encode(JSON.stringify({ inputs, parameters: { binary_data_output: true } }));
  return { body: joined([json, ...data]), jsonLength: json.length };
}

/**
 * What keeps an answer with binary tensors from being whole and proper; undefined if nothing does.
 *
 * @param jsonLength as the answer's header says, in bytes.
 */
export function binaryFailure(body: Body, jsonLength: number, expected: Expected): Outcome["result"] | undefined {
  if (jsonLength > body.length) return failed("truncated", `the answer says ${jsonLength} bytes of JSON and holds ${body.length} bytes`);
  const json = body.head(jsonLength);
  if (json === undefined) return failed("body", `the JSON before the tensors is ${jsonLength} bytes long, more than are read`);
  const failure = valueFailure(json, expected);
  if (failure !== undefined) return failure;
  const declared = jsonLength + binarySize(JSON.parse(json));
  if (declared === body.length) return undefined;
  const why = declared > body.length ? "truncated" : "body";
  return failed(why, `the answer declares ${declared} bytes with its tensors and holds ${body.length}`);
}

function binarySize(answer: unknown): number {
  const { outputs } = answer as { readonly outputs: readonly unknown[] };
  return outputs.reduce<number>((sum, output) => {
    const { parameters } = Object(output) as { readonly parameters?: { readonly binary_data_size?: unknown } };
    const size = parameters?.binary_data_size;
    return sum + (typeof size === "number" && size > 0 ? size : 0);
  }, 0);
}

/** Row-major, little-endian, without padding; BOOL is one byte, a BYTES element four bytes of length and its bytes, of a text its UTF-8. */
export function tensorBytes({ name, datatype, data }: ConcreteTensor): Uint8Array {
  if (datatype === "BYTES") {
    const encoder = new TextEncoder();
    return joined(
      data.flatMap((element) => {
        const bytes = element instanceof Uint8Array ? element : encoder.encode(String(element));
        const length = new Uint8Array(4);
        new DataView(length.buffer).setUint32(0, bytes.length, true);
        return [length, bytes];
      }),
    );
  }
  const writer = WRITERS[datatype];
  if (writer === undefined)
    throw new InputError(`tensor "${name}": ${datatype} has no binary form here`, { hint: "leave tensor-encoding out" });
  const [size, write] = writer;
  const view = new DataView(new ArrayBuffer(data.length * size));
  for (let i = 0; i < data.length; i++) write(view, i * size, data[i]!);
  return new Uint8Array(view.buffer);
}

type Write = (view: DataView, at: number, value: ConcreteTensor["data"][number]) => void;

const WRITERS: Readonly<Record<string, readonly [bytes: number, write: Write]>> = {
  BOOL: [1, (view, at, value) => view.setUint8(at, value === true || Number(value) !== 0 ? 1 : 0)],
  UINT8: [1, (view, at, value) => view.setUint8(at, Number(value))],
  UINT16: [2, (view, at, value) => view.setUint16(at, Number(value), true)],
  UINT32: [4, (view, at, value) => view.setUint32(at, Number(value), true)],
  UINT64: [8, (view, at, value) => view.setBigUint64(at, BigInt(Number(value)), true)],
  INT8: [1, (view, at, value) => view.setInt8(at, Number(value))],
  INT16: [2, (view, at, value) => view.setInt16(at, Number(value), true)],
  INT32: [4, (view, at, value) => view.setInt32(at, Number(value), true)],
  INT64: [8, (view, at, value) => view.setBigInt64(at, BigInt(Number(value)), true)],
  FP16: [2, (view, at, value) => view.setFloat16(at, Number(value), true)],
  FP32: [4, (view, at, value) => view.setFloat32(at, Number(value), true)],
  FP64: [8, (view, at, value) => view.setFloat64(at, Number(value), true)],
};
