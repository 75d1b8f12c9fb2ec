import { createHash } from "node:crypto";
import type { ModelTensors, Tensor } from "../suite/input-content.ts";
import { suggest } from "../suite/nearest.ts";
import type { Suite } from "../suite/suite.ts";
import { isDatatype } from "./tensors.ts";

/** One input of a model as its metadata has it; −1 is a dimension that the model leaves open. */
export type ModelInput = { readonly name: string; readonly datatype: string; readonly shape: readonly number[] };

/** A sentence, and what to do. */
export type Misfit = { readonly message: string; readonly hint: string };

/** Whether some payloads are made of what the model says of itself. */
export const asksModel = ({ payloads }: Pick<Suite, "payloads">): boolean =>
  payloads.some(({ content }) => content.kind === "model-tensors");

/** The suite with the tensors that the model asks for in the place of `from-model`, or why there are none. */
export function withModelTensors(suite: Suite, inputs: readonly ModelInput[]): Suite | Misfit {
  if (inputs.length === 0) return { message: "the model's metadata names no input", hint: "write the tensors into the suite" };
  const unfit: Misfit[] = [];
  const payloads = suite.payloads.map((payloadClass) => {
    if (payloadClass.content.kind !== "model-tensors") return payloadClass;
    const tensors = tensorsFor(payloadClass.content, inputs);
    if ("message" in tensors) unfit.push({ ...tensors, message: `payload "${payloadClass.name}": ${tensors.message}` });
    return { ...payloadClass, content: { kind: "tensors", tensors: "message" in tensors ? [] : tensors } as const };
  });
  return unfit[0] ?? { ...suite, payloads };
}

/** The suite with payloads that the protocol makes in the place of those of the model: to be planned, never to be sent. */
export const withStandIns = (suite: Suite): Suite => ({
  ...suite,
  payloads: suite.payloads.map((payloadClass) =>
    payloadClass.content.kind === "model-tensors" ? { ...payloadClass, content: { kind: "empty" } } : payloadClass,
  ),
});

/** Whether declared tensors contradict the metadata: a name that it does not know, another datatype, rank or fixed size. Inputs that are not declared may be optional. */
export function misfitOf(tensors: readonly Tensor[], inputs: readonly ModelInput[]): Misfit | undefined {
  for (const tensor of tensors) {
    const input = inputs.find(({ name }) => name === tensor.name);
    const names = inputs.map(({ name }) => name);
    if (input === undefined) return { message: `the model has no input "${tensor.name}"`, hint: suggest(tensor.name, names) };
    const said = `the model says ${inputText(input)}`;
    if (input.datatype !== tensor.datatype)
      return { message: `tensor "${tensor.name}" is ${tensor.datatype}, and ${said}`, hint: `write datatype: ${input.datatype}` };
    if (!shapeFits(tensor.shape, input.shape)) {
      return {
        message: `tensor "${tensor.name}" has the shape [${tensor.shape.map(sizeText).join(", ")}], and ${said}`,
        hint: "write a shape that fits it",
      };
    }
  }
  return undefined;
}

/** The inputs as one line, in the order of their names: what has to be the same for two runs to have sent the same. At most 500 characters. */
export function inputsText(inputs: readonly ModelInput[]): string {
  const text = inputs.map(inputText).toSorted().join(", ");
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT - 70)}… ${createHash("sha256").update(text).digest("hex")}`;
}

const LONGEST_TEXT = 500;

const inputText = ({ name, datatype, shape }: ModelInput): string => `${name} ${datatype} [${shape.join(", ")}]`;
const sizeText = (size: Tensor["shape"][number]): string => (typeof size === "number" ? String(size) : `[${size.join(", ")}]`);

function tensorsFor({ dimensions, values }: ModelTensors, inputs: readonly ModelInput[]): readonly Tensor[] | Misfit {
  const names = inputs.map(({ name }) => name);
  const stranger = [...Object.keys(dimensions).filter((name) => name !== "-1"), ...Object.keys(values)].find(
    (name) => !names.includes(name),
  );
  if (stranger !== undefined) return { message: `the model has no input "${stranger}"`, hint: suggest(stranger, names) };
  const tensors: Tensor[] = [];
  for (const input of inputs) {
    const { name, datatype } = input;
    if (!isDatatype(datatype))
      return { message: `input "${name}" has the datatype ${datatype}, which cannot be drawn`, hint: "write the tensors into the suite" };
    const shape = shapeOf(input, dimensions);
    if ("message" in shape) return shape;
    const { range, data } = Object.hasOwn(values, name) ? values[name]! : {};
    tensors.push({ name, datatype, shape, range, data });
  }
  return tensors;
}

function shapeOf({ name, shape }: ModelInput, dimensions: ModelTensors["dimensions"]): Tensor["shape"] | Misfit {
  const text = `[${shape.join(", ")}]`;
  const whole = Object.hasOwn(dimensions, name) ? dimensions[name] : undefined;
  if (whole !== undefined) {
    const own = (typeof whole === "number" ? [whole] : whole) as Tensor["shape"];
    return shapeFits(own, shape)
      ? own
      : {
          message: `the shape of "${name}" does not fit the model's ${text}`,
          hint: `write one size for each of its ${shape.length} dimensions`,
        };
  }
  const open = Object.hasOwn(dimensions, "-1") ? dimensions["-1"] : undefined;
  const sizes = shape.map((size, i) => (size >= 0 ? size : i === 0 && shape.length > 1 ? 1 : open));
  if (sizes.every((size) => size !== undefined)) return sizes as Tensor["shape"];
  return {
    message: `the model leaves the length of "${name}" open: ${text}`,
    hint: `write dimensions: { -1: [16, 128] } or { ${name}: [1, 128] }`,
  };
}

const shapeFits = (shape: Tensor["shape"], model: readonly number[]): boolean =>
  shape.length === model.length && shape.every((size, i) => model[i] === -1 || model[i] === size);
