import { InputError } from "../errors.ts";
import type { Tensor } from "../suite/input-content.ts";
import { suggest } from "../suite/nearest.ts";
import type { ConcreteTensor } from "./payload.ts";
import { type Generator, integerBetween, shortFloat } from "./random.ts";
import { syntheticText, syntheticWord } from "./text.ts";

/**
 * The datatypes of the Open Inference Protocol v2 and, for integers, the values they hold. JSON numbers are exact up to
 * 2⁵³, which bounds the 64-bit types.
 */
const DATATYPES: Readonly<Record<string, "bool" | "float" | "bytes" | readonly [number, number]>> = {
  BOOL: "bool",
  UINT8: [0, 2 ** 8 - 1],
  UINT16: [0, 2 ** 16 - 1],
  UINT32: [0, 2 ** 32 - 1],
  UINT64: [0, Number.MAX_SAFE_INTEGER],
  INT8: [-(2 ** 7), 2 ** 7 - 1],
  INT16: [-(2 ** 15), 2 ** 15 - 1],
  INT32: [-(2 ** 31), 2 ** 31 - 1],
  INT64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  FP16: "float",
  FP32: "float",
  FP64: "float",
  BYTES: "bytes",
};

/**
 * One request's worth of tensors. Dimensions that stand at the same position with the same range get the same length
 * within a request, so that `input_ids` and `attention_mask` of shape [1, [16, 128]] agree.
 *
 * Fixed `data` needs as many values as the shape has elements; a single value fills the tensor. Random floats have at
 * most six decimals where the range allows, which keeps bodies short; random BYTES elements are one word, or with a
 * range that many words.
 *
 * @throws {InputError} on a datatype the protocol does not know, or data or a range that do not fit it.
 */
export function drawTensors(tensors: readonly Tensor[], next: Generator): readonly ConcreteTensor[] {
  const drawn = new Map<string, number>();
  const lengthOf = (dimension: number | readonly [number, number], position: number): number => {
    if (typeof dimension === "number") return dimension;
    const key = `${position}:${dimension.join("-")}`;
    const length = drawn.get(key) ?? integerBetween(next, ...dimension);
    drawn.set(key, length);
    return length;
  };
  return tensors.map((tensor) => {
    const shape = tensor.shape.map(lengthOf);
    const count = shape.reduce((product, length) => product * length, 1);
    return { name: tensor.name, shape, datatype: tensor.datatype, data: tensorData(tensor, count, next) };
  });
}

/** Whether random values of a datatype can be made. */
export const isDatatype = (name: string): boolean => Object.hasOwn(DATATYPES, name);

/** Most values one request may hold. */
export const mostElements = (tensors: readonly Tensor[]): number =>
  tensors.reduce(
    (sum, { shape }) => sum + shape.reduce<number>((n, length) => n * (typeof length === "number" ? length : length[1]), 1),
    0,
  );

function tensorData(tensor: Tensor, count: number, next: Generator): ConcreteTensor["data"] {
  const draw = drawing(tensor, next);
  const { data } = tensor;
  if (data === undefined) return Array.from({ length: count }, draw);
  const [only] = data;
  if (data.length === 1 && only !== undefined) return Array.from({ length: count }, () => only);
  if (data.length === count) return data;
  throw new InputError(`tensor "${tensor.name}" has ${data.length} values for a shape of ${count}`, {
    hint: "give as many values as the shape has elements, or one value to fill it",
  });
}

function drawing({ name, datatype, range }: Tensor, next: Generator): () => number | string | boolean {
  const type = DATATYPES[datatype];
  if (type === undefined) {
    throw new InputError(`tensor "${name}" has an unknown datatype "${datatype}"`, { hint: suggest(datatype, Object.keys(DATATYPES)) });
  }
  if (type === "bool") return () => next() >= 2 ** 31;
  if (type === "bytes") {
    if (range === undefined) return () => syntheticWord(next);
    const words = wholeRange(name, datatype, range, [1, 1_000_000]);
    return () => syntheticText(next, words);
  }
  if (type === "float") {
    const [low, high] = range ?? [0, 1];
    if (!(low < high)) throw outOfRange(name, datatype, [low, high], "a range [low, high) with low < high");
    return () => shortFloat(next, low, high);
  }
  const [low, last] = wholeRange(name, datatype, range ?? [0, 100], type);
  return () => integerBetween(next, low, last);
}

/** [low, high) as [low, last] of whole numbers. */
function wholeRange(
  name: string,
  datatype: string,
  range: readonly [number, number],
  [min, max]: readonly [number, number],
): [number, number] {
  const [low, high] = range;
  if (!Number.isInteger(low) || !Number.isInteger(high) || low < min || high - 1 > max || low >= high) {
    throw outOfRange(name, datatype, range, `whole numbers from ${min} up to ${max}, and low < high`);
  }
  return [low, high - 1];
}

const outOfRange = (name: string, datatype: string, range: readonly [number, number], expected: string): InputError =>
  new InputError(`tensor "${name}": ${datatype} cannot be drawn from [${range.join(", ")})`, { hint: `give ${expected}` });
