import { splitPlaceholders } from "../suite/placeholders.ts";
import type { BodyPart, ChatTurn, FilledText } from "./session-step.ts";

/** A body in order: bytes, and what is filled in between. A single part where nothing is. */
export function bodyParts(body: Uint8Array, isJson: boolean): readonly BodyPart[] {
  // One character for each byte: placeholders are ASCII, and nothing else is looked at.
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("latin1");
  const parts: BodyPart[] = [];
  const split = splitPlaceholders(text);
  if (split.every((part) => "text" in part)) return [body];
  for (const [i, part] of split.entries()) {
    if ("reference" in part) {
      const as = !isJson ? "text" : isWholeString(split[i - 1], split[i + 1]) ? "json" : "json-text";
      parts.push({ reference: part.reference, as });
      continue;
    }
    const from = isJson && isWholeString(split[i - 2], part, split[i - 1]) ? 1 : 0;
    const to = isJson && isWholeString(part, split[i + 2], split[i + 1]) ? -1 : undefined;
    const bytes = Buffer.from(part.text.slice(from, to), "latin1");
    if (bytes.length > 0) parts.push(new Uint8Array(bytes));
  }
  return parts;
}

type Split = ReturnType<typeof splitPlaceholders>[number] | undefined;

/** Whether the placeholder between two pieces of JSON text is all that its string holds: the quotes then go with it. */
function isWholeString(before: Split, after: Split, between?: Split): boolean {
  if (between !== undefined && !("reference" in between)) return false;
  if (before === undefined || after === undefined || !("text" in before) || !("text" in after)) return false;
  const backslashes = /(\\*)"$/.exec(before.text)?.[1]?.length;
  return backslashes !== undefined && backslashes % 2 === 0 && after.text.startsWith('"');
}

/** A path or a header likewise; undefined where nothing is filled in. */
export function filledText(text: string): readonly FilledText[] | undefined {
  const parts = splitPlaceholders(text);
  return parts.some((part) => "reference" in part) ? parts.map((part) => ("text" in part ? part.text : part)) : undefined;
}

/**
 * A chat request taken apart where its history stands.
 *
 * @param body a request with `messages`, as JSON.
 * @param before messages that the conversation begins with.
 */
export function chatTurn(body: Uint8Array, before: readonly unknown[]): ChatTurn {
  const request = JSON.parse(new TextDecoder().decode(body)) as { readonly messages: readonly unknown[] };
  const own = JSON.stringify([...before, ...request.messages]).slice(1, -1);
  let mark = "history";
  while (JSON.stringify(request).includes(mark)) mark += "-";
  const [head = "", tail = ""] = JSON.stringify({ ...request, messages: [mark] }).split(JSON.stringify(mark));
  const encoder = new TextEncoder();
  return { head: encoder.encode(head), own: bodyParts(encoder.encode(own), true), tail: encoder.encode(tail) };
}
