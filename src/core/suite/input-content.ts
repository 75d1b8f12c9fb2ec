/** What generated inputs are made of, as a suite says it; what is drawn is uniform between the two ends, both included. */

export const IMAGE_FORMATS = ["png", "jpeg"] as const;

export type ImageContent = {
  readonly format: (typeof IMAGE_FORMATS)[number];
  /** Pixels. */
  readonly width: readonly [number, number];
  readonly height: readonly [number, number];
  /** Of JPEG, 1 to 100. */
  readonly quality: number;
};

/** One channel, 16 bits. */
export type AudioContent = { readonly seconds: readonly [number, number]; readonly rateHz: number };

/** What stands beside the bytes of a medium where the protocol has a place for it. */
export type MediumContext = {
  /** Text that a chat sends before it. */
  readonly prompt?: string;
  /** Name of the tensor or column that holds it. */
  readonly input?: string;
};

/** `lognormal`: half the lengths lie below `median`, one in a hundred above `p99`; cut at ten times `p99`. */
export type Length = readonly [number, number] | { readonly median: number; readonly p99: number };

export const TEXT_UNITS = ["words", "characters", "tokens"] as const;
export type TextUnit = (typeof TEXT_UNITS)[number];

/** Texts that break what has only seen plain English; see `edge-text.ts`. */
export const EDGES = [
  "empty",
  "longest",
  "blank",
  "unicode",
  "emoji",
  "combining",
  "right-to-left",
  "invisible",
  "control",
  "json-hostile",
  "markup",
  "surrogate",
] as const;
export type Edge = (typeof EDGES)[number];

export type SizedText = {
  readonly unit: TextUnit;
  readonly length: Length;
  /** Undefined: sentences. */
  readonly edges?: readonly Edge[];
};

/** What is done to a good request to make a bad one; see `malformed.ts`. */
export const MALFORMATIONS = [
  "truncated",
  "empty",
  "not-json",
  "not-utf8",
  "missing-field",
  "wrong-type",
  "wrong-shape",
  "nested",
  "wrong-content-type",
] as const;
export type Malformation = (typeof MALFORMATIONS)[number];

/** One part of a form. */
export type FormPart = {
  readonly name: string;
  readonly filename: string | undefined;
  readonly contentType: string | undefined;
  readonly content:
    | { readonly kind: "value"; readonly text: string; readonly generated?: true }
    | { readonly kind: "json"; readonly value: unknown; readonly generated?: true }
    | { readonly kind: "file"; readonly path: string }
    | ({ readonly kind: "image" } & ImageContent)
    | ({ readonly kind: "audio" } & AudioContent);
};

/** How the rows of a data set are used. */
export type DatasetUse = {
  /** What is made of each row, with `{{column}}` for its fields. Undefined: the row itself. */
  readonly template?: unknown;
  /** So many rows, or such a share of them, drawn by the seed and kept in their order. */
  readonly sample?: { readonly rows: number } | { readonly share: number };
};

/**
 * In which order the requests of a class are sent. `random`: any of them each time. `shuffle`: each once, in an order
 * drawn by the seed, before any comes again. `as-is`: in the order of the file, from its beginning.
 */
export const ORDERS = ["random", "shuffle", "as-is"] as const;
export type Order = (typeof ORDERS)[number];

/** One status, or all of a hundred. */
export type ExpectedStatus = number | `${1 | 2 | 3 | 4 | 5}xx`;

/** How the requests of a payload class are made and judged, where the suite says it. */
export type ClassUse = {
  /** Different requests that are made where something is drawn. Undefined: as many as do no harm, 64 at most. */
  readonly variants?: number;
  /** Undefined: `random`. */
  readonly order?: Order;
  /** What is done to each request after it was built. */
  readonly malformed?: Malformation;
  /** Statuses that are the right answer to this class; undefined: what `target.check` says of all. */
  readonly expect?: readonly ExpectedStatus[];
};

type Size = number | readonly [number, number];

/** Tensors for the inputs that the model names itself. */
export type ModelTensors = {
  /** Length of the dimensions that the model leaves open: `-1` of all of them, or the whole shape of an input by its name. */
  readonly dimensions: Readonly<Record<string, Size | readonly Size[]>>;
  /** By the name of an input, what it holds where that is not random. */
  readonly values: Readonly<
    Record<
      string,
      { readonly range?: readonly [number, number] | undefined; readonly data?: readonly (number | string | boolean)[] | undefined }
    >
  >;
};

/** A tensor filled from the seed. A dimension may be a range, drawn per request. */
export type Tensor = {
  readonly name: string;
  readonly shape: readonly (number | readonly [number, number])[];
  readonly datatype: string;
  /** Values are uniform in [low, high); for BYTES, words. Default [0, 1) for floats, [0, 100) for integers. */
  readonly range: readonly [number, number] | undefined;
  /** Fixed data instead of random values, in row-major order. */
  readonly data: readonly (number | string | boolean)[] | undefined;
};
