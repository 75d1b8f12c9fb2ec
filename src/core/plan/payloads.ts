import { InputError } from "../errors.ts";
import type { MediumContext } from "../suite/input-content.ts";
import type { PayloadClass, PayloadContent } from "../suite/suite.ts";
import { edgeText } from "./edge-text.ts";
import { drawForm } from "./form.ts";
import type { Draw } from "./generators.ts";
import type { Payload } from "./payload.ts";
import { readPayloadFile, wholeFile } from "./payload-file.ts";
import { drawPicture, mostPixels } from "./picture.ts";
import { begunPayloads } from "./prompt-start.ts";
import { type Generator, stream } from "./random.ts";
import { drawSpeech, mostAudioBytes } from "./speech.ts";
import { readTemplate, readTextTemplate } from "./template-value.ts";
import { drawTensors, mostElements } from "./tensors.ts";
import { syntheticText } from "./text.ts";
import { drawLength, longest, sentences } from "./text-length.ts";

/** Different bodies made of one generated class: enough that a response cache or a lucky length does not decide a run. */
const VARIANTS = 64;
/** Most bytes that are drawn over all variants of a class, unless the suite says how many it wants: a second or two of work. Large ones get fewer variants, at least one. */
const MOST_BYTES = 2 ** 24;
/** Most tensor values over all variants of a class, about 20 MB of JSON. Large tensors get fewer variants, at least one. */
const MOST_VALUES = 2 ** 21;
/** Most tensor values of one request, about 150 MB of JSON: beyond it a shape is a slip of the pen. */
const MOST_VALUES_OF_ONE = 2 ** 24;

/**
 * The concrete inputs of one payload class, built before the clock starts. The same seed gives the same inputs, whatever
 * other classes the suite has.
 *
 * @param files content of every file the suite names, by the path written there.
 * @returns at least one payload: one where nothing is random, 64 generated ones (or as many as the class says), or one per
 *   line of a file; more where there are more prefixes.
 * @throws {InputError} if a file is missing, empty or broken, a tensor cannot be made, or a prompt cannot begin as the
 *   class says.
 */
export function payloadPool(payloadClass: PayloadClass, files: ReadonlyMap<string, Uint8Array>, seed: number): readonly Payload[] {
  return begunPayloads(plainPool(payloadClass, files, seed), payloadClass, seed);
}

function plainPool(payloadClass: PayloadClass, files: ReadonlyMap<string, Uint8Array>, seed: number): readonly Payload[] {
  const { content, name } = payloadClass;
  const next = stream(seed, "payload", name);
  /** @param bytes most bytes of one of them. */
  const variants: Variants = (bytes, make) => {
    const length = payloadClass.variants ?? fewer(MOST_BYTES, bytes);
    let held = 0;
    return Array.from({ length }, (_, index) => {
      const payload = make({ next, index });
      held += sizeOf(payload);
      if (held > MOST_HELD && index > 0) throw tooMuch(name, index + 1, length);
      return payload;
    });
  };
  const fileOf = (path: string): Uint8Array => {
    const bytes = files.get(path);
    if (bytes !== undefined) return bytes;
    throw new InputError(`payload "${name}" names a file that is not there: ${path}`, { hint: "paths are relative to the suite file" });
  };
  switch (content.kind) {
    case "empty":
      return [content];
    case "json":
    case "messages":
    case "body":
      if (content.generated !== true) return [fixedPayload(content)];
      return variants(CONTENT_BYTES, filledIn(content, name));
    case "file":
      return readPayloadFile(content.path, fileOf(content.path), content, next).map((payload, index) =>
        inContext(payload, content, { next, index }),
      );
    case "files":
      return content.paths.map((path, index) => inContext(wholeFile(path, fileOf(path)), content, { next, index }));
    case "from-trace":
      throw new RangeError("payloads of a trace are made from its rows");
    case "text":
      return variants(0, () => ({ kind: "text", text: syntheticText(next, content.words) }));
    case "sized-text":
      return sizedTexts(content, next, variants);
    case "image":
      return variants(3 * mostPixels(content), (draw) =>
        inContext({ kind: "body", bytes: drawPicture(content, next), contentType: `image/${content.format}` }, content, draw),
      );
    case "audio":
      return variants(mostAudioBytes(content), (draw) =>
        inContext({ kind: "body", bytes: drawSpeech(content, next), contentType: "audio/wav" }, content, draw),
      );
    case "form": {
      const isDrawn = content.parts.some(({ content: part }) => part.kind === "image" || part.kind === "audio" || "generated" in part);
      const bytes = content.parts.reduce((sum, { content: part }) => sum + partBytes(part, fileOf), 0);
      if (!isDrawn) return [drawForm(content.parts, fileOf, { next, index: 0 })];
      return variants(bytes, (draw) => drawForm(content.parts, fileOf, draw));
    }
    case "model-tensors":
      // Sent instead of tensors that nobody knows, it would measure something else.
      throw new RangeError(`the model was not asked which inputs payload "${name}" has`);
    case "tensors": {
      const { tensors } = content;
      const values = mostElements(tensors);
      if (values > MOST_VALUES_OF_ONE) {
        throw new InputError(`payload "${name}" would hold up to ${values} values`, {
          hint: `${MOST_VALUES_OF_ONE} are the most; check its shapes`,
        });
      }
      const fixed = tensors.every(({ data, shape }) => data !== undefined && shape.every((length) => typeof length === "number"));
      const length = fixed ? 1 : (payloadClass.variants ?? fewer(MOST_VALUES, values));
      return Array.from({ length }, () => ({ kind: "tensors", tensors: drawTensors(tensors, next) }));
    }
  }
}

/** Most bytes of the requests of one class: they are held in memory, once for each sending thread. */
export const MOST_HELD = 2 ** 28;

export const tooMuch = (name: string, made: number, wanted: number): InputError =>
  new InputError(`the first ${made} of ${wanted} requests of payload "${name}" hold more than ${MOST_HELD / 2 ** 20} MiB`, {
    hint: "write fewer variants, a smaller sample, or smaller inputs",
  });

function sizeOf(payload: Payload): number {
  switch (payload.kind) {
    case "body":
      return payload.bytes.length;
    case "text":
      return payload.text.length;
    case "json":
      return JSON.stringify(payload.value).length;
    default:
      return 0;
  }
}

const fewer = (most: number, each: number): number => Math.min(VARIANTS, Math.max(1, Math.floor(most / Math.max(1, each))));

/** What a template may be assumed to make, for the number of its variants. */
const CONTENT_BYTES = 2 ** 17;

type Written = Extract<PayloadContent, { kind: "json" | "messages" | "body" }>;

function fixedPayload(content: Written): Payload {
  if (content.kind !== "body") return content;
  return { kind: "body", bytes: new TextEncoder().encode(content.text), contentType: content.contentType };
}

/** Expressions filled in; the rules of a suite have refused those that cannot be read. */
function filledIn(content: Written, name: string): (draw: Draw) => Payload {
  switch (content.kind) {
    case "body": {
      const fill = fillOf(readTextTemplate(content.text), name);
      return (draw) => ({ kind: "body", bytes: new TextEncoder().encode(fill({}, draw) as string), contentType: content.contentType });
    }
    case "json": {
      const fill = fillOf(readTemplate(content.value), name);
      return (draw) => ({ kind: "json", value: fill({}, draw) });
    }
    case "messages": {
      const said = content.messages.map(({ role, content: text }) => ({ role, fill: fillOf(readTextTemplate(text), name) }));
      return (draw) => ({ kind: "messages", messages: said.map(({ role, fill }) => ({ role, content: fill({}, draw) as string })) });
    }
  }
}

function fillOf(read: ReturnType<typeof readTemplate>, name: string) {
  if ("fill" in read) return read.fill;
  throw new InputError(`payload "${name}": ${read.problems[0]?.problem}`, { hint: read.problems[0]?.hint ?? "mend it" });
}

type Variants = (bytes: number, make: (draw: Draw) => Payload) => readonly Payload[];

/** Texts that are always the same come once. */
function sizedTexts(content: Extract<PayloadContent, { kind: "sized-text" }>, next: Generator, variants: Variants): readonly Payload[] {
  const { unit, length, edges } = content;
  const text = (of: string): Payload => ({ kind: "text", text: of });
  if (edges === undefined) return variants(longest(length) * BYTES_OF[unit], () => text(sentences(unit, drawLength(length, next), next)));
  if (edges.every((edge) => edge === "empty")) return [text("")];
  return variants(longest(length) * BYTES_OF[unit], ({ index }) => text(edgeText(edges[index % edges.length]!, content, next)));
}

const BYTES_OF = { words: 6, characters: 1, tokens: 5 } as const;

/** A medium with what stands beside it. */
function inContext(payload: Payload, { prompt, input }: MediumContext, draw: Draw): Payload {
  if (payload.kind !== "body") return payload;
  const said = prompt === undefined ? {} : { prompt: fillOf(readTextTemplate(prompt), "prompt")({}, draw) as string };
  return { ...payload, ...said, ...(input === undefined ? {} : { input }) };
}

function partBytes(
  part: Extract<PayloadContent, { kind: "form" }>["parts"][number]["content"],
  fileOf: (path: string) => Uint8Array,
): number {
  switch (part.kind) {
    case "image":
      return 3 * mostPixels(part);
    case "audio":
      return mostAudioBytes(part);
    case "file":
      return fileOf(part.path).length;
    default:
      return 0;
  }
}
