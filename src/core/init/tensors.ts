/** An input of a model as its server describes it. Sizes are ≥ 1. */
export type FoundTensor = {
  readonly name: string;
  readonly shape: readonly number[];
  readonly datatype: string;
  /** Whether a size is ours, because the model takes any. */
  readonly guessed: boolean;
};

/** Where a model takes any length: long enough to be work, short enough for every model. */
const ANY_LENGTH = 128;
const LARGEST_ELEMENTS = 4_000_000;
const DATATYPES = ["BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP16", "FP32", "FP64", "BYTES"];

/**
 * @param shape sizes, −1 (or anything below 1) for any: one for the first, which is the batch, and 128 for others.
 * @returns undefined for what is no tensor that a suite could send.
 */
export function foundTensor(name: unknown, shape: unknown, datatype: unknown): FoundTensor | undefined {
  if (typeof name !== "string" || name === "" || typeof datatype !== "string" || !DATATYPES.includes(datatype)) return undefined;
  if (!Array.isArray(shape) || shape.length > 8 || !shape.every((size) => Number.isInteger(Number(size)))) return undefined;
  const isText = datatype === "BYTES";
  const sizes = shape.map((size, i) => (Number(size) >= 1 ? Number(size) : i === 0 || isText ? 1 : ANY_LENGTH));
  if (sizes.reduce((product, size) => product * size, 1) > LARGEST_ELEMENTS) return undefined;
  const guessed = shape.some((size, i) => Number(size) < 1 && i > 0);
  return { name, shape: sizes.length === 0 ? [1] : sizes, datatype, guessed };
}

/** All inputs of a model, or undefined where one of them cannot be sent. */
export function allTensors(inputs: readonly (FoundTensor | undefined)[]): readonly FoundTensor[] | undefined {
  const known = inputs.filter((input) => input !== undefined);
  return known.length > 0 && known.length === inputs.length ? known : undefined;
}

/** The answer of `GET /v2/models/NAME`: kserve/open-inference-protocol, inference_rest.md, "Model Metadata". */
export function kserveTensors(metadata: unknown): readonly FoundTensor[] | undefined {
  const { inputs } = Object(metadata) as { readonly inputs?: unknown };
  if (!Array.isArray(inputs)) return undefined;
  return allTensors(
    inputs.map((input: unknown) => {
      const { name, shape, datatype } = Object(input) as Readonly<Record<string, unknown>>;
      return foundTensor(name, shape, datatype);
    }),
  );
}

// biome-ignore format: a table reads best in rows
const TENSORFLOW: Readonly<Record<string, string>> = {
  DT_BOOL: "BOOL", DT_UINT8: "UINT8", DT_UINT16: "UINT16", DT_UINT32: "UINT32", DT_UINT64: "UINT64", DT_INT8: "INT8",
  DT_INT16: "INT16", DT_INT32: "INT32", DT_INT64: "INT64", DT_HALF: "FP16", DT_FLOAT: "FP32", DT_DOUBLE: "FP64", DT_STRING: "BYTES",
};

/** The answer of `GET /v1/models/NAME/metadata`: tensorflow/serving, g3doc/api_rest.md. Of several signatures the default one. */
export function tensorflowTensors(answer: unknown): readonly FoundTensor[] | undefined {
  const at = (value: unknown, key: string): unknown => (Object(value) as Readonly<Record<string, unknown>>)[key];
  const signatures = at(at(at(answer, "metadata"), "signature_def"), "signature_def");
  const inputs = at(at(signatures, "serving_default"), "inputs");
  if (typeof inputs !== "object" || inputs === null) return undefined;
  return allTensors(
    Object.entries(inputs).map(([name, input]: [string, unknown]) => {
      const dim = at(at(input, "tensor_shape"), "dim");
      const shape = Array.isArray(dim) ? dim.map((one: unknown) => Number(at(one, "size"))) : [];
      return foundTensor(name, shape, TENSORFLOW[String(at(input, "dtype"))]);
    }),
  );
}
