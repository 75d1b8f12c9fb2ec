import { InputError, type Position } from "../errors.ts";
import { readCsv } from "../import/csv.ts";
import type { DatasetUse } from "../suite/input-content.ts";
import { suggest } from "../suite/nearest.ts";
import { typedCell } from "./generators.ts";
import type { Payload } from "./payload.ts";
import { type Generator, integerBetween } from "./random.ts";
import { type Fill, type Row, readTemplate, readTextTemplate } from "./template-value.ts";

/** Most requests made of one file: of a longer one, this many evenly spaced lines are taken. */
export const MOST_LINES = 10_000;

/** One line of a data set, read when it is used. */
export type Line = {
  readonly position: Position;
  /** @throws {InputError} for a line that cannot be read, or is not made of fields. */
  readonly row: () => Row;
  /** The line as a request of its own, without a template. @throws {InputError} as above. */
  readonly payload: () => Payload;
};

/**
 * What a suite makes of the lines of a data set: a sample of them, each filled into the template, with its answer set apart.
 *
 * @param lines at least one.
 * @throws {InputError} with file:line:column for a line that cannot be read or lacks a field, for a template that asks for
 *   what is not there, and for a sample of more lines than there are.
 */
export function useLines(
  lines: readonly Line[],
  { template, sample, label }: DatasetUse & { readonly label?: string | undefined },
  next: Generator,
): readonly Payload[] {
  const chosen = spaced(sampled(lines, sample, next));
  if (template === undefined) return chosen.map((line) => withLabel(line.payload(), label, line));
  const [first] = lines;
  const fill = filled(template, Object.keys(first!.row()), first!.position);
  return chosen.map((line, index) => {
    const row = line.row();
    const value = fillOrExplain(fill, row, { next, index }, line.position);
    const answer = label === undefined ? {} : { label: answerIn(row, label, line) };
    return typeof template === "string" ? { kind: "text", text: value as string, ...answer } : { kind: "json", value, ...answer };
  });
}

/** Rows of a `.csv` file by the names in its first line. Cells that JSON would read as a number, true or false are such. */
export function csvLines(file: string, text: string): readonly Line[] {
  const rows = readCsv(file, text);
  const header = rows.next();
  if (header.done === true) return [];
  const { fields: names, position: place } = header.value;
  for (const [i, name] of names.entries()) {
    const wrong = (message: string) => new InputError(message, { position: place(i), hint: "the first line names the columns, each once" });
    if (name === "") throw wrong(`column ${i + 1} has no name`);
    if (names.indexOf(name) < i) throw wrong(`the column "${name}" is there twice`);
  }
  return Array.from(rows, ({ fields, line, position }) => {
    if (fields.length !== names.length) {
      throw new InputError(`this row has ${fields.length} fields, and the header has ${names.length}`, {
        position: position(Math.min(fields.length, names.length)),
        hint: 'put a field that holds a comma in quotes: "a, b"',
      });
    }
    const row = () => Object.fromEntries(names.map((name, i) => [name, typedCell(fields[i]!)]));
    return { position: { file, line, column: 1 }, row, payload: () => ({ kind: "json", value: row() }) };
  });
}

function filled(template: unknown, columns: readonly string[], position: Position): Fill {
  const read = typeof template === "string" ? readTextTemplate(template, columns) : readTemplate(template, columns);
  if ("fill" in read) return read.fill;
  const [{ path, problem, hint }] = read.problems as [(typeof read.problems)[number]];
  const where = ["template", ...path].join(".");
  throw new InputError(`${where}: ${problem}, neither a column of this file nor a generator`, { position, hint });
}

function fillOrExplain(fill: Fill, row: Row, draw: Parameters<Fill>[1], position: Position): unknown {
  try {
    return fill(row, draw);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new InputError(cause.message, { position, hint: "give every line what the template asks for", cause });
  }
}

/** What is sent no longer holds the answer, and so is written anew. */
function withLabel(payload: Payload, label: string | undefined, line: Line): Payload {
  if (label === undefined || payload.kind !== "json") return payload;
  const { value } = payload;
  const fields = typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Row) : {};
  const answer = answerIn(fields, label, line);
  const { [label]: _, ...rest } = fields;
  return { kind: "json", value: rest, label: answer };
}

function answerIn(row: Row, label: string, { position }: Line): unknown {
  if (Object.hasOwn(row, label) && row[label] !== "") return row[label];
  throw new InputError(`this line has no field ${JSON.stringify(label)} with the right answer`, {
    hint: Object.hasOwn(row, label) ? "give every line one, or leave label out of the suite" : lacking(label, row),
    position,
  });
}

const lacking = (label: string, row: Row): string => {
  const names = Object.keys(row);
  const near = suggest(label, names);
  return near.startsWith("did you mean") ? near : "give every line one, or leave label out of the suite";
};

/** Drawn without replacement, in the order of the file. */
function sampled(lines: readonly Line[], sample: DatasetUse["sample"], next: Generator): readonly Line[] {
  if (sample === undefined) return lines;
  const count = "rows" in sample ? sample.rows : Math.max(1, Math.round(sample.share * lines.length));
  if (count > lines.length) {
    throw new InputError(`a sample of ${count} lines needs more than the ${lines.length} that are there`, {
      position: { ...lines[0]!.position, line: 1, column: 1 },
      hint: "write a smaller sample, or a share such as 50%",
    });
  }
  // Each line in turn with the chance that the rest is as likely as any other.
  let left = count;
  return lines.filter((_, i) => {
    const isChosen = integerBetween(next, 1, lines.length - i) <= left;
    if (isChosen) left--;
    return isChosen;
  });
}

const spaced = (lines: readonly Line[]): readonly Line[] =>
  lines.length <= MOST_LINES ? lines : Array.from({ length: MOST_LINES }, (_, i) => lines[Math.floor((i * lines.length) / MOST_LINES)]!);
