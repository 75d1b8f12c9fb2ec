import { InputError } from "../errors.ts";
import type { TraceLoad } from "../suite/suite.ts";
import { between, readStamp, type Stamp } from "./time-stamp.ts";
import { type Entry, emptyTrace, openColumn, unitOf } from "./trace-column.ts";

/** The arrivals of a recorded trace. */
export type Trace = {
  readonly file: string;
  /** Seconds since the first one, ascending; never empty. */
  readonly arrivalsS: Float64Array;
  /** The line of the file on which the i-th stands. */
  readonly lines: Float64Array;
  /** Nobody named the unit of its numbers, and seconds were assumed. */
  readonly unitAssumed: boolean;
};

/** The year 5138 in seconds, and 1973 in milliseconds. */
const NO_SECONDS = 1e11;

const SECONDS = { s: 1, ms: 1e-3, us: 1e-6, ns: 1e-9 } as const;

/**
 * Reads the time stamps of a trace, in the order of the file. Dates are ISO 8601 or `2023-11-16 18:17:03.9799600`; numbers
 * count in `unit`, else in what the column's name ends in (`at_ms`), else in seconds. Other columns are passed over.
 *
 * @throws {InputError} with file:line:column on a trace without arrivals or without the column, on a stamp that cannot be
 *   read, and on one that lies before that of the line above it.
 */
export function readTrace(bytes: Uint8Array, { file, time, unit }: Pick<TraceLoad, "file" | "time" | "unit">): Trace {
  const { name, entries } = openColumn(file, decode(file, bytes), time);
  const named = unit ?? unitOf(name);
  const seconds: number[] = [];
  const lines: number[] = [];
  let first: Stamp | undefined;
  let last = 0;
  for (const entry of entries) {
    const stamp = stampOf(entry, name);
    if (stamp.kind === "date" && unit !== undefined)
      throw wrong(entry, "this is a date, and the load names a unit", "leave unit out: it is for numbers");
    first ??= stamp;
    if (named === undefined && stamp.kind === "number" && stamp.value >= NO_SECONDS) {
      throw wrong(entry, "these numbers are too large to be seconds since 1970", "write unit: ms (or us, or ns)");
    }
    if (stamp.kind !== first.kind)
      throw wrong(entry, "this is a date among numbers, or a number among dates", "write all time stamps alike");
    const atS = between(first, stamp) * (stamp.kind === "number" ? SECONDS[named ?? "s"] : 1);
    if (atS < last) throw wrong(entry, "this time stamp lies before the one above it", "sort the trace by time");
    last = atS;
    seconds.push(atS);
    lines.push(entry.line);
  }
  if (first === undefined) throw emptyTrace(file);
  return {
    file,
    arrivalsS: Float64Array.from(seconds),
    lines: Float64Array.from(lines),
    unitAssumed: first.kind === "number" && named === undefined,
  };
}

function stampOf(entry: Entry, name: string): Stamp {
  const { value } = entry;
  const stamp = readStamp(value);
  if (stamp !== undefined) return stamp;
  const shown = JSON.stringify(value)?.slice(0, 60);
  const message = value === undefined || value === "" ? `"${name}" is missing here` : `${shown} is not a time stamp`;
  throw wrong(entry, message, "write a number, or a date such as 2026-11-26T09:30:00.125Z");
}

const wrong = (entry: Entry, message: string, hint: string) => new InputError(message, { position: entry.position(), hint });

function decode(file: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new InputError("the trace is not UTF-8 text", {
      position: { file, line: 1, column: 1 },
      hint: "save it as UTF-8, uncompressed",
      cause,
    });
  }
}
