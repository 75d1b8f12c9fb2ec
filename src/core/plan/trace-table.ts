import { InputError, type Position } from "../errors.ts";
import { readCsv } from "../import/csv.ts";

/** The rows of a trace, whatever its format. Columns are numbered in the order of `names`. */
export type TraceTable = {
  readonly file: string;
  /** What a reader of the file calls a column. */
  readonly what: "column" | "key";
  readonly names: readonly string[];
  /** Where the names stand. */
  readonly head: Position;
  /** Lazy: a trace may hold a good deal more than what is asked of it. */
  readonly rows: Iterable<TraceRow>;
};

/** `cell` is undefined (or, in CSV, empty) where the row has none; in CSV always a string. */
export type TraceRow = {
  readonly line: number;
  readonly cell: (column: number) => unknown;
  readonly position: (column: number) => Position;
};

/**
 * Opens a `.csv` file (with a header) or a `.jsonl` file with one object a line, whose keys are those of its first line.
 *
 * @throws {InputError} with file:line:column without a row, and while it is read on a line that cannot be.
 */
export function openTable(file: string, text: string): TraceTable {
  return /\.csv$/i.test(file) ? csvTable(file, text) : jsonTable(file, text);
}

export const emptyTrace = (file: string): InputError =>
  new InputError("the trace holds no arrival", { position: { file, line: 1, column: 1 }, hint: "a replay needs at least one" });

function csvTable(file: string, text: string): TraceTable {
  const rows = readCsv(file, text);
  const header = rows.next();
  if (header.done === true) throw emptyTrace(file);
  const { fields, position } = header.value;
  return { file, what: "column", names: fields, head: position(0), rows: csvRows(rows) };
}

function* csvRows(rows: ReturnType<typeof readCsv>): Generator<TraceRow, void, undefined> {
  for (const { line, fields, position } of rows) yield { line, cell: (column) => fields[column] ?? "", position };
}

function jsonTable(file: string, text: string): TraceTable {
  const lines = jsonLines(file, text);
  const first = lines.next();
  if (first.done === true) throw emptyTrace(file);
  const names = Object.keys(first.value.object);
  return { file, what: "key", names, head: { file, line: first.value.line, column: 1 }, rows: jsonRows(file, names, first.value, lines) };
}

type JsonLine = { readonly line: number; readonly object: Readonly<Record<string, unknown>> };

function* jsonRows(
  file: string,
  names: readonly string[],
  first: JsonLine,
  others: Iterable<JsonLine>,
): Generator<TraceRow, void, undefined> {
  const row = ({ line, object }: JsonLine): TraceRow => ({
    line,
    cell: (column) => object[names[column]!],
    position: () => ({ file, line, column: 1 }),
  });
  yield row(first);
  for (const other of others) yield row(other);
}

/** One line after the other. */
function* jsonLines(file: string, text: string): Generator<JsonLine, void, undefined> {
  for (let [at, line] = [0, 1]; at < text.length; line++) {
    const found = text.indexOf("\n", at);
    const end = found < 0 ? text.length : found;
    const source = text.slice(at, end).trim();
    at = end + 1;
    if (source !== "") yield { line, object: parseLine(file, line, source) };
  }
}

function parseLine(file: string, line: number, source: string): JsonLine["object"] {
  const position = { file, line, column: 1 };
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (cause) {
    throw new InputError("this line is not JSON", { position, hint: "a .jsonl trace has one object a line", cause });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonLine["object"];
  throw new InputError("this line is not an object", { position, hint: 'write for example { "timestamp": 0 }' });
}
