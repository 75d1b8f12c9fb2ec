import type { z } from "zod";
import { buildFromTrace } from "./build-prompt.ts";
import { hasBraces } from "./expression.ts";
import type { AudioContent, ClassUse, DatasetUse, FormPart, ImageContent, Length, MediumContext, SizedText } from "./input-content.ts";
import type { audioSchema, imageSchema, textSchema } from "./input-schema.ts";
import type { WrittenSuite } from "./schema.ts";
import type { PayloadContent } from "./suite.ts";

type WrittenPayload = NonNullable<WrittenSuite["payloads"]>[string];

/** What a payload class is made of; the rules have seen to it that it is one thing. */
export function buildContent(payload: WrittenPayload): PayloadContent {
  const { body, file, files, text, tensors, messages, image, audio, multipart, label, json } = payload;
  if (body !== undefined) return { kind: "body", text: body, contentType: payload["content-type"], ...generated(body) };
  if (file !== undefined) {
    return { kind: "file", path: file, ...(label === undefined ? {} : { label }), ...buildUse(payload), ...buildContext(payload) };
  }
  if (files !== undefined) return { kind: "files", paths: files, ...buildContext(payload) };
  if (text !== undefined) return buildText(text);
  if (image !== undefined) return { kind: "image", ...buildImage(image), ...buildContext(payload) };
  if (audio !== undefined) return { kind: "audio", ...buildAudio(audio), ...buildContext(payload) };
  if (multipart !== undefined) return { kind: "form", parts: multipart.map(buildPart) };
  if (tensors === "from-model") return { kind: "model-tensors", dimensions: payload.dimensions ?? {}, values: payload.values ?? {} };
  if (tensors !== undefined)
    return { kind: "tensors", tensors: tensors.map((tensor) => ({ ...tensor, range: tensor.range, data: tensor.data })) };
  if (messages !== undefined) return { kind: "messages", messages, ...generated(messages) };
  if (payload["from-trace"] !== undefined) return buildFromTrace(payload["from-trace"]);
  return { kind: "json", value: json, ...generated(json) };
}

/** How the requests of a class are made and judged, where the suite says it. */
export function buildUseOfClass({ variants, order, malformed, expect }: WrittenPayload): ClassUse {
  const expected = expect === undefined ? (malformed === undefined ? undefined : (["4xx"] as const)) : [expect.status].flat();
  return {
    ...(variants === undefined ? {} : { variants }),
    ...(order === undefined || order === "random" ? {} : { order }),
    ...(malformed === undefined ? {} : { malformed }),
    ...(expected === undefined ? {} : { expect: expected }),
  };
}

/** Part of the digest only where there are braces: what stood in suites before they meant something is another workload. */
const generated = (value: unknown): { readonly generated?: true } => (hasBraces(value) ? { generated: true } : {});

const buildUse = ({ template, sample }: WrittenPayload): DatasetUse => ({
  ...(template === undefined ? {} : { template }),
  ...(sample === undefined ? {} : { sample: typeof sample === "number" ? { rows: sample } : sample }),
});

const buildContext = ({ prompt, input }: WrittenPayload): MediumContext => ({
  ...(prompt === undefined ? {} : { prompt }),
  ...(input === undefined ? {} : { input }),
});

/** Characters of an edge text whose length nobody names. */
const EDGE_CHARACTERS = 64;

/** A uniformly drawn number of words is what it was before texts had other lengths. */
function buildText({ words, characters, tokens, edge }: z.output<typeof textSchema>): PayloadContent {
  const edges = edge === undefined ? {} : { edges: [edge].flat() };
  if (words !== undefined && edge === undefined && !isLognormal(words)) return { kind: "text", words: both(words) };
  const sized = (unit: SizedText["unit"], length: WrittenLength): PayloadContent => ({
    kind: "sized-text",
    unit,
    length: isLognormal(length) ? length : both(length),
    ...edges,
  });
  if (words !== undefined) return sized("words", words);
  return tokens === undefined ? sized("characters", characters ?? EDGE_CHARACTERS) : sized("tokens", tokens);
}

type WrittenLength = number | Length;

const isLognormal = (length: WrittenLength): length is Exclude<Length, readonly [number, number]> =>
  typeof length === "object" && "median" in length;

const both = (range: number | readonly [number, number]): readonly [number, number] => (typeof range === "number" ? [range, range] : range);

const buildImage = ({ format, width, height, quality }: z.output<typeof imageSchema>): ImageContent => ({
  format,
  width: both(width),
  height: both(height),
  quality,
});

const buildAudio = ({ seconds, "rate-hz": rateHz }: z.output<typeof audioSchema>): AudioContent => ({ seconds: both(seconds), rateHz });

function buildPart({ name, filename, ...part }: NonNullable<WrittenPayload["multipart"]>[number]): FormPart {
  const content = (): FormPart["content"] => {
    if (part.file !== undefined) return { kind: "file", path: part.file };
    if (part.image !== undefined) return { kind: "image", ...buildImage(part.image) };
    if (part.audio !== undefined) return { kind: "audio", ...buildAudio(part.audio) };
    if (part.value !== undefined) return { kind: "value", text: part.value, ...generated(part.value) };
    return { kind: "json", value: part.json, ...generated(part.json) };
  };
  return { name, filename, contentType: part["content-type"], content: content() };
}
