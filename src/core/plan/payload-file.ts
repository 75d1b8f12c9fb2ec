import { InputError, type Position } from "../errors.ts";
import type { DatasetUse } from "../suite/input-content.ts";
import { csvLines, type Line, useLines } from "./dataset.ts";
import type { Payload } from "./payload.ts";
import type { Generator } from "./random.ts";

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

/** How a class uses its file. `label`: field or column that holds the right answer; it is taken out of what is sent. */
export type FileUse = DatasetUse & { readonly label?: string | undefined };

/**
 * The requests of a payload file: `.jsonl` (or `.ndjson`) one JSON value per line, `.txt` one text per line, `.csv` one
 * row per line where the class uses it as a data set, `.json` one JSON value, anything else one body with the content type
 * of its extension. Blank lines are skipped.
 *
 * @param path as in the suite; it stands in error messages.
 * @param next draws the sample, and what generators of the template make.
 * @returns 1 to {@link MOST_LINES} payloads.
 * @throws {InputError} with file:line:column on a line that is not JSON, and on a file without content.
 */
export function readPayloadFile(path: string, bytes: Uint8Array, use: FileUse, next: Generator): readonly Payload[] {
  const extension = extensionOf(path);
  switch (extension) {
    case "jsonl":
    case "ndjson":
      return useLines(linesOf(path, bytes, jsonLine), use, next);
    case "txt":
      return useLines(linesOf(path, bytes, textLine), use, next);
    case "csv":
      if (isDataset(use)) return useLines(filledLines(path, csvLines(path, decode(path, bytes))), use, next);
      return [wholeFile(path, bytes)];
    case "json":
      return [jsonPayload(decode(path, bytes), { file: path, line: 1, column: 1 })];
    default:
      return [wholeFile(path, bytes)];
  }
}

/** A file as the body it is, with the content type of its extension. @throws {InputError} for an empty one. */
export function wholeFile(path: string, bytes: Uint8Array): Extract<Payload, { kind: "body" }> {
  if (bytes.length === 0) throw emptyFile(path);
  return { kind: "body", bytes, contentType: contentTypeOf(path) };
}

const contentTypeOf = (path: string): string => CONTENT_TYPES[extensionOf(path)] ?? "application/octet-stream";

const extensionOf = (path: string): string => /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";

const isDataset = ({ label, template, sample }: FileUse): boolean => label !== undefined || template !== undefined || sample !== undefined;

function linesOf(path: string, bytes: Uint8Array, lineOf: (text: string, position: Position) => Line): readonly Line[] {
  const lines = decode(path, bytes)
    .split(/\r?\n/)
    .flatMap((text, i) => (text.trim() === "" ? [] : [lineOf(text, { file: path, line: i + 1, column: 1 })]));
  return filledLines(path, lines);
}

function filledLines(path: string, lines: readonly Line[]): readonly Line[] {
  if (lines.length === 0) throw emptyFile(path);
  return lines;
}

const textLine = (text: string, position: Position): Line => ({ position, row: () => ({ text }), payload: () => ({ kind: "text", text }) });

const jsonLine = (text: string, position: Position): Line => ({
  position,
  payload: () => jsonPayload(text, position),
  row: () => {
    const { value } = jsonPayload(text, position);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
    throw new InputError("this line is no object, and the template asks for its fields", {
      position,
      hint: 'write for example {"text": "…"}',
    });
  },
});

function jsonPayload(source: string, { file, line }: Position): Extract<Payload, { kind: "json" }> {
  try {
    return { kind: "json", value: JSON.parse(source), source };
  } catch (cause) {
    // V8 tells the offset of most mistakes, but neither for a text that stops too early nor for some short ones.
    const reason = cause instanceof Error ? cause.message : String(cause);
    const offset = Number(/position (\d+)/.exec(reason)?.[1] ?? (reason.includes("end of JSON") ? source.trimEnd().length : 0));
    const before = source.slice(0, offset).split("\n");
    throw new InputError(`not JSON: ${reason.replaceAll(/\s+/g, " ").slice(0, 120)}`, {
      hint: "mend the line, or name the file .txt to send each line as text",
      position: { file, line: line + before.length - 1, column: before.at(-1)!.length + 1 },
      cause,
    });
  }
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
