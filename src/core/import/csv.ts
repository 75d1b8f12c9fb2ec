import { InputError, type Position } from "../errors.ts";

/** One row of a CSV file, with where it and its fields stand; empty lines are no rows. */
export type Row = { readonly line: number; readonly fields: readonly string[]; readonly position: (field: number) => Position };

/**
 * Reads comma-separated values as RFC 4180 has them: fields may be quoted, a quote inside is doubled, a quoted field
 * may span lines. Lines end in LF, CRLF or CR; a byte order mark is skipped; white space around a plain field is not
 * part of it. Lazy: a file of a million rows is never held as rows.
 *
 * @throws {InputError} on a quote that never closes, and on text after a closing quote.
 */
export function* readCsv(file: string, text: string): Generator<Row, void, undefined> {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (let line = 1; at < text.length; ) {
    const end = lineEnd(text, at);
    const plain = text.slice(at, end);
    if (!plain.includes('"')) {
      if (plain.trim() !== "") yield plainRow(file, line, plain);
      at = nextLine(text, end);
      line += 1;
    } else {
      const row = quotedRow(file, line, text, at);
      yield row;
      at = row.next;
      line = row.nextLine;
    }
  }
}

function plainRow(file: string, line: number, text: string): Row {
  const raw = text.split(",");
  return {
    line,
    fields: raw.map((field) => field.trim()),
    position: (field) => {
      const before = raw.slice(0, field).reduce((sum, { length }) => sum + length + 1, 0);
      const indent = (raw[field] ?? "").search(/\S/);
      return { file, line, column: before + Math.max(indent, 0) + 1 };
    },
  };
}

function quotedRow(
  file: string,
  firstLine: number,
  text: string,
  start: number,
): Row & { readonly next: number; readonly nextLine: number } {
  const fields: string[] = [];
  const positions: Position[] = [];
  let line = firstLine;
  let lineStart = start;
  let at = start;
  const place = (): Position => ({ file, line, column: at - lineStart + 1 });
  for (;;) {
    while (text[at] === " " || text[at] === "\t") at += 1;
    const opened = place();
    positions.push(opened);
    if (text[at] === '"') {
      let value = "";
      at += 1;
      for (;;) {
        if (at >= text.length)
          throw new InputError("this quote is never closed", { position: opened, hint: 'write a quote inside a field as ""' });
        const character = text[at]!;
        if (character === '"' && text[at + 1] === '"') at += 1;
        else if (character === '"') break;
        value += character;
        at += 1;
        if (character === "\n" || (character === "\r" && text[at] !== "\n")) {
          line += 1;
          lineStart = at;
        }
      }
      at += 1;
      while (text[at] === " " || text[at] === "\t") at += 1;
      fields.push(value);
      if (at < text.length && !",\r\n".includes(text[at]!)) {
        throw new InputError("there is text after a closing quote", { position: place(), hint: 'write a quote inside a field as ""' });
      }
    } else {
      const end = fieldEnd(text, at);
      fields.push(text.slice(at, end).trim());
      at = end;
    }
    if (text[at] !== ",") break;
    at += 1;
  }
  const position = (field: number): Position => positions[field] ?? positions.at(-1)!;
  return { line: firstLine, fields, position, next: nextLine(text, at), nextLine: line + 1 };
}

function lineEnd(text: string, from: number): number {
  const breaks = /[\r\n]/g;
  breaks.lastIndex = from;
  return breaks.exec(text)?.index ?? text.length;
}

const nextLine = (text: string, end: number): number => (text[end] === "\r" && text[end + 1] === "\n" ? end + 2 : end + 1);

function fieldEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && !",\r\n".includes(text[at]!)) at += 1;
  return at;
}
