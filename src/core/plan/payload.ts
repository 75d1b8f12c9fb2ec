import type { MediumContext } from "../suite/input-content.ts";

/** One concrete input, made from a payload class with the suite's seed: what a protocol turns into a request. */
export type Payload =
  | { readonly kind: "empty" }
  /** `prompt`: what a chat says before it. `input`: name of the tensor or column that holds it. */
  | ({ readonly kind: "body"; readonly bytes: Uint8Array; readonly contentType: string | undefined } & MediumContext)
  /** `source`: the text it was read from. Sent in its place where the value goes out as it is, so that no digit changes. `label`: the right answer. */
  | { readonly kind: "json"; readonly value: unknown; readonly source?: string; readonly label?: unknown }
  /** `outputTokens`: how long the answer shall be. `fields`: of the request, where it is one with fields beside the text. `label`: as of JSON. */
  | {
      readonly kind: "text";
      readonly text: string;
      readonly outputTokens?: number;
      readonly fields?: Readonly<Record<string, unknown>>;
      readonly label?: unknown;
    }
  | { readonly kind: "tensors"; readonly tensors: readonly ConcreteTensor[] }
  | { readonly kind: "messages"; readonly messages: readonly { readonly role: string; readonly content: string }[] };

/** Row-major data of the product of `shape` elements. */
export type ConcreteTensor = {
  readonly name: string;
  readonly shape: readonly number[];
  readonly datatype: string;
  /** Bytes are an element of BYTES that is no text. */
  readonly data: readonly (number | string | boolean | Uint8Array)[];
};
