import { InputError } from "../errors.ts";
import type { FormPart } from "../suite/input-content.ts";
import type { Draw } from "./generators.ts";
import { joined } from "./joined.ts";
import type { Payload } from "./payload.ts";
import { wholeFile } from "./payload-file.ts";
import { drawPicture } from "./picture.ts";
import { drawSpeech } from "./speech.ts";
import { readTemplate, readTextTemplate } from "./template-value.ts";

/**
 * A form as `multipart/form-data`: parts in their order, a boundary drawn by the seed that stands in none of them.
 *
 * @param fileOf content of a file of the suite. @throws {InputError} if it is not there or is empty.
 *
 * Source: RFC 7578; quotes and line breaks in names as the WHATWG's HTML standard, section 4.10.22.8, escapes them.
 */
export function drawForm(parts: readonly FormPart[], fileOf: (path: string) => Uint8Array, draw: Draw): Extract<Payload, { kind: "body" }> {
  const drawn = parts.map((part) => ({ part, ...contentOf(part.content, fileOf, draw) }));
  const boundary = boundaryFor(
    drawn.map(({ bytes }) => bytes),
    draw,
  );
  const encoder = new TextEncoder();
  const pieces = drawn.flatMap(({ part, bytes, contentType, filename }) => [
    encoder.encode(`--${boundary}\r\n${headersOf(part, contentType, filename)}\r\n`),
    bytes,
    encoder.encode("\r\n"),
  ]);
  return {
    kind: "body",
    bytes: joined([...pieces, encoder.encode(`--${boundary}--\r\n`)]),
    contentType: `multipart/form-data; boundary=${boundary}`,
  };
}

type Drawn = { readonly bytes: Uint8Array; readonly contentType: string | undefined; readonly filename: string | undefined };

/** A value has neither a type nor a file's name unless the suite gives it one. */
function contentOf(content: FormPart["content"], fileOf: (path: string) => Uint8Array, draw: Draw): Drawn {
  const encoder = new TextEncoder();
  switch (content.kind) {
    case "value": {
      const text = content.generated === true ? (filled(readTextTemplate(content.text))({}, draw) as string) : content.text;
      return { bytes: encoder.encode(text), contentType: undefined, filename: undefined };
    }
    case "json": {
      const value = content.generated === true ? filled(readTemplate(content.value))({}, draw) : content.value;
      return { bytes: encoder.encode(JSON.stringify(value)), contentType: "application/json", filename: undefined };
    }
    case "file": {
      const { bytes, contentType } = wholeFile(content.path, fileOf(content.path));
      return { bytes, contentType, filename: /[^/]*$/.exec(content.path)![0] };
    }
    case "image":
      return { bytes: drawPicture(content, draw.next), contentType: `image/${content.format}`, filename: `image.${content.format}` };
    case "audio":
      return { bytes: drawSpeech(content, draw.next), contentType: "audio/wav", filename: "audio.wav" };
  }
}

/** The rules of a suite have refused any other template. */
function filled(read: ReturnType<typeof readTemplate>) {
  if ("fill" in read) return read.fill;
  throw new InputError(read.problems[0]?.problem ?? "this part cannot be read", { hint: read.problems[0]?.hint ?? "mend its template" });
}

function headersOf({ name, ...part }: FormPart, contentType: string | undefined, filename: string | undefined): string {
  const [named, typed] = [part.filename ?? filename, part.contentType ?? contentType];
  const ofFile = named === undefined ? "" : `; filename="${escaped(named)}"`;
  const ofType = typed === undefined ? "" : `Content-Type: ${typed}\r\n`;
  return `Content-Disposition: form-data; name="${escaped(name)}"${ofFile}\r\n${ofType}`;
}

const escaped = (text: string): string => text.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

function boundaryFor(contents: readonly Uint8Array[], { next }: Draw): string {
  for (;;) {
    const boundary = `tailgate-${Array.from({ length: 4 }, () => next().toString(16).padStart(8, "0")).join("")}`;
    if (!contents.some((bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(boundary))) return boundary;
  }
}
