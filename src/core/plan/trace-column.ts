import { InputError, type Position } from "../errors.ts";
import { type Row, readCsv } from "../import/csv.ts";
import { suggest } from "../suite/nearest.ts";
import type { TraceLoad } from "../suite/suite.ts";
import { readStamp } from "./time-stamp.ts";

/** One value of a trace's column of time stamps. */
export type Entry = { readonly value: unknown; readonly line: number; readonly position: () => Position };
/** The column, by its name in the file. */
export type Column = { readonly name: string; readonly entries: Iterable<Entry> };

/** Names of a column of time stamps, the surest first; the name may end in a unit. Case, dashes and underscores do not count. */
// biome-ignore format: a list of names reads best in rows
const NAMES = [
  "timestamp", "arrivaltimestamp", "arrivaltime", "arrivedat", "arrival", "requesttime", "requestedat", "starttime",
  "startedat", "datetime", "time", "ts", "at",
];
const UNITS = { "": undefined, s: "s", sec: "s", seconds: "s", ms: "ms", us: "us", ns: "ns" } as const;

/**
 * The column of time stamps of a `.csv` file (with a header), or the key of the objects in a `.jsonl` file.
 *
 * @param wanted its name; undefined: the first of the usual names that is there.
 * @throws {InputError} with file:line:column if there is none, and while it is read on a line that cannot be.
 */
export function openColumn(file: string, text: string, wanted: string | undefined): Column {
  return /\.csv$/i.test(file) ? csvColumn(file, text, wanted) : jsonColumn(file, text, wanted);
}

function csvColumn(file: string, text: string, wanted: string | undefined): Column {
  const rows = readCsv(file, text);
  const header = rows.next();
  if (header.done === true) throw emptyTrace(file);
  const { fields, position } = header.value;
  const index = fields.indexOf(choose(fields, wanted, position(0), "column"));
  return { name: fields[index]!, entries: csvEntries(rows, index) };
}

function* csvEntries(rows: Iterable<Row>, index: number): Generator<Entry, void, undefined> {
  for (const { line, fields, position } of rows) yield { value: fields[index] ?? "", line, position: () => position(index) };
}

function jsonColumn(file: string, text: string, wanted: string | undefined): Column {
  const lines = jsonLines(file, text);
  const first = lines.next();
  if (first.done === true) throw emptyTrace(file);
  const name = choose(Object.keys(first.value.object), wanted, { file, line: first.value.line, column: 1 }, "key");
  return { name, entries: jsonEntries(file, first.value, lines, name) };
}

type JsonLine = { readonly line: number; readonly object: Readonly<Record<string, unknown>> };

function* jsonEntries(file: string, first: JsonLine, others: Iterable<JsonLine>, name: string): Generator<Entry, void, undefined> {
  const entry = ({ line, object }: JsonLine): Entry => ({ value: object[name], line, position: () => ({ file, line, column: 1 }) });
  yield entry(first);
  for (const other of others) yield entry(other);
}

/** One line after the other: a trace may hold a good deal more than its time stamps. */
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

function choose(names: readonly string[], wanted: string | undefined, position: Position, what: "column" | "key"): string {
  const missing = (message: string, hint: string) => new InputError(message, { position, hint });
  if (wanted !== undefined) {
    const found = names.find((name) => name === wanted) ?? names.find((name) => name.toLowerCase() === wanted.toLowerCase());
    if (found !== undefined) return found;
    throw missing(`the trace has no ${what} "${wanted}"`, suggest(wanted, names));
  }
  const plain = names.map(plainName);
  const index = NAMES.flatMap((known) => Object.keys(UNITS).map((unit) => plain.indexOf(known + unit))).find((found) => found >= 0);
  if (index !== undefined) return names[index]!;
  if (names.some((name) => readStamp(name) !== undefined)) {
    throw missing("the first line of the trace holds a time stamp instead of names", "write the names of the columns above it");
  }
  throw missing(
    `no ${what} of the trace is called timestamp, time, arrived_at or the like`,
    `name its ${what} in the load: time: ${names[0] ?? "NAME"}`,
  );
}

/** The unit that a column's name ends in: `at_ms`, `arrivalTimeMs`, `sent (us)`. */
export function unitOf(name: string): TraceLoad["unit"] {
  const known = NAMES.find((usual) => plainName(name).startsWith(usual) && Object.hasOwn(UNITS, plainName(name).slice(usual.length)));
  const ending =
    known === undefined ? /(?:[-_ (]|[a-z](?=[A-Z]))([A-Za-z]+)\)?$/.exec(name)?.[1]?.toLowerCase() : plainName(name).slice(known.length);
  // `timestamps` is a plural.
  if (ending === undefined || (ending === "s" && /[a-z]s$/.test(name))) return undefined;
  return Object.hasOwn(UNITS, ending) ? UNITS[ending as keyof typeof UNITS] : undefined;
}

const plainName = (name: string): string => name.toLowerCase().replaceAll(/[-_ ()]/g, "");

export const emptyTrace = (file: string): InputError =>
  new InputError("the trace holds no arrival", { position: { file, line: 1, column: 1 }, hint: "a replay needs at least one" });
