import type {
  AudioContent,
  ClassUse,
  DatasetUse,
  FormPart,
  ImageContent,
  MediumContext,
  ModelTensors,
  SizedText,
  Tensor,
} from "./input-content.ts";
import type { NonceScope, SharedPrefix } from "./prompt.ts";
import type { Gate } from "./suite.ts";

/** One class of inputs. */
export type PayloadClass = {
  readonly name: string;
  readonly weight: number;
  readonly content: PayloadContent;
  /** Promises about the requests of this class alone, in every scenario that sends it; not part of the digest. */
  readonly gates?: readonly Gate[];
  /** Figures of its own without gates. */
  readonly report?: boolean;
  /** A text that the prompts of this class begin with, and share. */
  readonly prefix?: SharedPrefix;
  /** Whether prompts begin with something that no earlier prompt began with; see `core/plan/nonce.ts`. Absent: no. */
  readonly unique?: NonceScope;
} & ClassUse;

export type PayloadContent =
  | { readonly kind: "empty" }
  /** `generated`, here and below: there are expressions in braces, which are filled in for each request. */
  | { readonly kind: "body"; readonly text: string; readonly contentType: string | undefined; readonly generated?: true }
  | { readonly kind: "json"; readonly value: unknown; readonly generated?: true }
  /** One request per line (`.jsonl`, `.txt`, `.csv` as a data set) or one request (anything else). Path relative to the suite file. `label`: the field that holds the right answer, and is not sent. */
  | ({ readonly kind: "file"; readonly path: string; readonly label?: string } & DatasetUse & MediumContext)
  /** One request per file, each as it is. */
  | ({ readonly kind: "files"; readonly paths: readonly string[] } & MediumContext)
  | ({ readonly kind: "image" } & ImageContent & MediumContext)
  | ({ readonly kind: "audio" } & AudioContent & MediumContext)
  | { readonly kind: "form"; readonly parts: readonly FormPart[] }
  | ({ readonly kind: "sized-text" } & SizedText)
  /** Synthetic text of a uniformly drawn number of words. */
  | { readonly kind: "text"; readonly words: readonly [number, number] }
  /** One request for each row of the scenario's trace. `json`: fields of the request, which may hold `{text}` and numbers of tokens. */
  | { readonly kind: "from-trace"; readonly json?: Readonly<Record<string, unknown>> }
  | { readonly kind: "tensors"; readonly tensors: readonly Tensor[] }
  | ({ readonly kind: "model-tensors" } & ModelTensors)
  | {
      readonly kind: "messages";
      readonly messages: readonly { readonly role: string; readonly content: string }[];
      readonly generated?: true;
    };
