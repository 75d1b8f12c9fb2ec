import { InputError } from "../errors.ts";
import { FAILURE_KINDS, type FailureKind } from "../record/outcome.ts";
import { nearest } from "../suite/nearest.ts";
import { type Row, readCsv } from "./csv.ts";

/** One request of an imported file. */
export type Sample = {
  readonly atMs: number;
  /** Undefined for a failure that has no latency. */
  readonly latencyMs: number | undefined;
  readonly failure: { readonly kind: FailureKind; readonly word: string } | undefined;
  readonly ttftMs: number | undefined;
  readonly tokens: number | undefined;
};

const REQUIRED = ["at_ms", "latency_ms", "outcome"] as const;
const OPTIONAL = ["ttft_ms", "tokens"] as const;
type Column = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number];
type Columns = ReadonlyMap<Column, number>;

/** More mistakes than these are one mistake made often. */
const MOST_ERRORS = 20;

/** The samples of a file in order of their start, or what is wrong with it: never both. */
export function readSamples(file: string, text: string): { readonly samples: readonly Sample[]; readonly errors: readonly InputError[] } {
  const errors: InputError[] = [];
  const samples: Sample[] = [];
  let columns: Columns | undefined;
  let width = 0;
  try {
    for (const row of readCsv(file, text)) {
      if (errors.length >= MOST_ERRORS) break;
      try {
        if (columns === undefined) {
          columns = readHeader(row, errors);
          width = row.fields.length;
          // Without its columns, every row would be wrong again.
          if (errors.length > 0) break;
        } else samples.push(readRow(row, columns, width));
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        errors.push(error);
      }
    }
  } catch (error) {
    // The reader of the file itself gave up: a quote that never closes makes the rest unreadable.
    if (!(error instanceof InputError)) throw error;
    errors.push(error);
  }
  if (columns === undefined && errors.length === 0) {
    errors.push(
      new InputError("the file is empty", { position: { file, line: 1, column: 1 }, hint: `the first line must be ${REQUIRED.join(",")}` }),
    );
  }
  return errors.length > 0 ? { samples: [], errors } : { samples: samples.toSorted((a, b) => a.atMs - b.atMs), errors };
}

function readHeader(row: Row, errors: InputError[]): Columns {
  const names = row.fields.map((field) => field.toLowerCase());
  const columns = new Map<Column, number>();
  const known: readonly string[] = [...REQUIRED, ...OPTIONAL];
  const others = names.filter((name) => !known.includes(name));
  names.forEach((name, index) => {
    if (!known.includes(name)) return;
    if (columns.has(name as Column)) errors.push(new InputError(`column ${name} occurs twice`, { position: row.position(index) }));
    columns.set(name as Column, index);
  });
  for (const name of REQUIRED) {
    if (columns.has(name)) continue;
    const close = nearest(name, others);
    errors.push(
      new InputError(`column ${name} is missing`, {
        position: row.position(close === undefined ? 0 : names.indexOf(close)),
        hint:
          close !== undefined
            ? `rename ${JSON.stringify(close)}`
            : names.length === 1 && /[;\t|]/.test(names[0]!)
              ? "separate the columns with commas"
              : `the first line must be ${REQUIRED.join(",")}, and may add ${OPTIONAL.join(",")}`,
      }),
    );
  }
  // A misspelt optional column would otherwise be measured as nothing, without a word.
  for (const name of OPTIONAL) {
    const close = columns.has(name) ? undefined : nearest(name, others);
    if (close === undefined || REQUIRED.some((required) => !columns.has(required) && nearest(required, [close]) !== undefined)) continue;
    errors.push(
      new InputError(`unknown column ${JSON.stringify(close)}`, {
        position: row.position(names.indexOf(close)),
        hint: `did you mean ${name}?`,
      }),
    );
  }
  return columns;
}

function readRow(row: Row, columns: Columns, width: number): Sample {
  if (row.fields.length !== width) {
    throw new InputError(`expected ${width} columns, found ${row.fields.length}`, {
      position: row.position(Math.min(row.fields.length, width) - 1),
      hint:
        row.fields.length > width
          ? "write decimals with a point, and quote fields that hold a comma"
          : "leave a field empty rather than out",
    });
  }
  const outcome = text(row, columns, "outcome");
  if (outcome === "")
    throw new InputError("outcome is empty", { position: place(row, columns, "outcome"), hint: 'write "ok" or what went wrong' });
  const failure = outcome.toLowerCase() === "ok" ? undefined : { kind: failureKind(outcome), word: outcome };
  const atMs = number(row, columns, "at_ms");
  if (atMs === undefined)
    throw new InputError("at_ms is empty", { position: place(row, columns, "at_ms"), hint: "write when the request was meant to start" });
  if (failure !== undefined && failure.kind !== "timeout")
    return { atMs, latencyMs: undefined, failure, ttftMs: undefined, tokens: undefined };

  const latencyMs = duration(row, columns, "latency_ms");
  if (latencyMs === undefined) {
    throw new InputError(`latency_ms is empty, and the outcome is ${outcome}`, {
      position: place(row, columns, "latency_ms"),
      hint: failure === undefined ? "a request that was answered has a latency" : "a timeout counts with the time that was waited",
    });
  }
  if (failure !== undefined) return { atMs, latencyMs, failure, ttftMs: undefined, tokens: undefined };
  const ttftMs = duration(row, columns, "ttft_ms");
  if (ttftMs !== undefined && ttftMs > latencyMs) {
    throw new InputError(`ttft_ms ${ttftMs} is longer than latency_ms ${latencyMs}`, { position: place(row, columns, "ttft_ms") });
  }
  const tokens = number(row, columns, "tokens");
  if (tokens !== undefined && !(Number.isSafeInteger(tokens) && tokens >= 0)) {
    throw new InputError(`tokens must be a whole number from 0, found ${tokens}`, { position: place(row, columns, "tokens") });
  }
  return { atMs, latencyMs, failure, ttftMs, tokens };
}

/** A word that is no failure kind is kept as the example; a number is an HTTP status. */
function failureKind(word: string): FailureKind {
  const known = FAILURE_KINDS.find((kind) => kind === word.toLowerCase());
  return known ?? (/^(http[-_ ]?)?[1-5]\d\d$/i.test(word) ? "status" : "check");
}

function duration(row: Row, columns: Columns, column: Column): number | undefined {
  const value = number(row, columns, column);
  if (value !== undefined && value < 0) {
    throw new InputError(`${column} must not be negative, found ${value}`, { position: place(row, columns, column) });
  }
  return value;
}

function number(row: Row, columns: Columns, column: Column): number | undefined {
  const written = text(row, columns, column);
  if (written === "") return undefined;
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(written) ? Number(written) : Number.NaN;
  if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    throw new InputError(`${column} is not a number: ${JSON.stringify(written.slice(0, 40))}`, { position: place(row, columns, column) });
  }
  return value;
}

const text = (row: Row, columns: Columns, column: Column): string => row.fields[columns.get(column) ?? -1]?.trim() ?? "";
const place = (row: Row, columns: Columns, column: Column) => row.position(columns.get(column) ?? 0);
