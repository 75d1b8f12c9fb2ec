import { InputError } from "../errors.ts";
import type { Payload } from "./payload.ts";

/** Most requests made of one file: of a longer one, this many evenly spaced lines are taken. */
export const MOST_LINES = 10_000;

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  csv: "text/csv",
  flac: "audio/flac",
  gif: "image/gif",
  html: "text/html",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  mp3: "audio/mpeg",
  mp4: "video/mp4",
  ogg: "audio/ogg",
  pb: "application/x-protobuf",
  pdf: "application/pdf",
  png: "image/png",
  tif: "image/tiff",
  tiff: "image/tiff",
  wav: "audio/wav",
  webp: "image/webp",
  xml: "application/xml",
};

/**
 * The requests of a payload file: `.jsonl` (or `.ndjson`) one JSON value per line, `.txt` one text per line, `.json`
 * one JSON value, anything else one body with the content type of its extension. Blank lines are skipped.
 *
 * @param path as in the suite; it stands in error messages.
 * @param label field of each line that holds the right answer; it is taken out of what is sent.
 * @returns 1 to {@link MOST_LINES} payloads.
 * @throws {InputError} with file:line:column on a line that is not JSON, and on a file without content.
 */
export function readPayloadFile(path: string, bytes: Uint8Array, label?: string): readonly Payload[] {
  const extension = /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  switch (extension) {
    case "jsonl":
    case "ndjson":
      return linesOf(path, bytes).map(({ text, number }) => withLabel(jsonPayload(path, text, number), label, { path, line: number }));
    case "txt":
      return linesOf(path, bytes).map(({ text }) => ({ kind: "text", text }));
    case "json":
      return [jsonPayload(path, decode(path, bytes), 1)];
    default:
      if (bytes.length === 0) throw emptyFile(path);
      return [{ kind: "body", bytes, contentType: CONTENT_TYPES[extension] ?? "application/octet-stream" }];
  }
}

function linesOf(path: string, bytes: Uint8Array): readonly { readonly text: string; readonly number: number }[] {
  const lines = decode(path, bytes)
    .split(/\r?\n/)
    .map((text, i) => ({ text, number: i + 1 }))
    .filter(({ text }) => text.trim() !== "");
  if (lines.length === 0) throw emptyFile(path);
  if (lines.length <= MOST_LINES) return lines;
  return Array.from({ length: MOST_LINES }, (_, i) => lines[Math.floor((i * lines.length) / MOST_LINES)]!);
}

function jsonPayload(path: string, source: string, line: number): Payload {
  try {
    return { kind: "json", value: JSON.parse(source), source };
  } catch (cause) {
    // V8 tells the offset of most mistakes, but neither for a text that stops too early nor for some short ones.
    const reason = cause instanceof Error ? cause.message : String(cause);
    const offset = Number(/position (\d+)/.exec(reason)?.[1] ?? (reason.includes("end of JSON") ? source.trimEnd().length : 0));
    const before = source.slice(0, offset).split("\n");
    throw new InputError(`not JSON: ${reason.replaceAll(/\s+/g, " ").slice(0, 120)}`, {
      hint: "mend the line, or name the file .txt to send each line as text",
      position: { file: path, line: line + before.length - 1, column: before.at(-1)!.length + 1 },
      cause,
    });
  }
}

/** What is sent no longer holds the answer, and so is written anew. */
function withLabel(payload: Payload, label: string | undefined, { path, line }: { readonly path: string; readonly line: number }): Payload {
  if (label === undefined || payload.kind !== "json") return payload;
  const { value } = payload;
  if (typeof value !== "object" || value === null || Array.isArray(value) || !Object.hasOwn(value, label)) {
    throw new InputError(`this line has no field ${JSON.stringify(label)} with the right answer`, {
      hint: "give every line one, or leave label out of the suite",
      position: { file: path, line, column: 1 },
    });
  }
  const { [label]: answer, ...rest } = value as Readonly<Record<string, unknown>>;
  return { kind: "json", value: rest, label: answer };
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new InputError(`payload file ${path} is not UTF-8 text`, { hint: "save it as UTF-8", cause });
  }
}

const emptyFile = (path: string): InputError =>
  new InputError(`payload file ${path} is empty`, { hint: "a request needs content; put at least one line into it" });
