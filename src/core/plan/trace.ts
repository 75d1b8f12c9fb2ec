import { InputError } from "../errors.ts";
import type { TraceLoad } from "../suite/suite.ts";
import { between, readStamp, type Stamp } from "./time-stamp.ts";
import { timeColumn, unitOf } from "./trace-column.ts";
import { requestReader, type TraceRequest } from "./trace-request.ts";
import { emptyTrace, openTable, type TraceRow } from "./trace-table.ts";

/** The arrivals of a recorded trace. */
export type Trace = {
  readonly file: string;
  /** Seconds since the first one, ascending; never empty. */
  readonly arrivalsS: Float64Array;
  /** The line of the file on which the i-th stands. */
  readonly lines: Float64Array;
  /** Nobody named the unit of its numbers, and seconds were assumed. */
  readonly unitAssumed: boolean;
  /** What arrived, one for each arrival; empty where nobody asked for it. */
  readonly requests: readonly TraceRequest[];
};

/** The year 5138 in seconds, and 1973 in milliseconds. */
const NO_SECONDS = 1e11;

const SECONDS = { s: 1, ms: 1e-3, us: 1e-6, ns: 1e-9 } as const;

/**
 * Reads the time stamps of a trace, in the order of the file. Dates are ISO 8601 or `2023-11-16 18:17:03.9799600`; numbers
 * count in `unit`, else in what the column's name ends in (`at_ms`), else in seconds. Other columns are read where
 * `requests` asks for them, and passed over otherwise; a row that says of no request is then no arrival.
 *
 * @throws {InputError} with file:line:column on a trace without arrivals or without the column, on a stamp that cannot be
 *   read, and on one that lies before that of the line above it.
 */
export function readTrace(bytes: Uint8Array, load: Pick<TraceLoad, "file" | "time" | "unit" | "requests">): Trace {
  const { file, time, unit } = load;
  const table = openTable(file, decode(file, bytes));
  const { column, name } = timeColumn(table, time);
  const readRequest = load.requests && requestReader(table, load.requests);
  const named = unit ?? unitOf(name);
  const seconds: number[] = [];
  const lines: number[] = [];
  const requests: TraceRequest[] = [];
  let first: Stamp | undefined;
  let last = 0;
  for (const row of table.rows) {
    const wrong = (message: string, hint: string) => new InputError(message, { position: row.position(column), hint });
    const stamp = stampOf(row, column, name);
    if (stamp.kind === "date" && unit !== undefined)
      throw wrong("this is a date, and the load names a unit", "leave unit out: it is for numbers");
    first ??= stamp;
    if (named === undefined && stamp.kind === "number" && stamp.value >= NO_SECONDS) {
      throw wrong("these numbers are too large to be seconds since 1970", "write unit: ms (or us, or ns)");
    }
    if (stamp.kind !== first.kind) throw wrong("this is a date among numbers, or a number among dates", "write all time stamps alike");
    const atS = between(first, stamp) * (stamp.kind === "number" ? SECONDS[named ?? "s"] : 1);
    if (atS < last) throw wrong("this time stamp lies before the one above it", "sort the trace by time");
    last = atS;
    if (readRequest !== undefined) {
      const request = readRequest(row);
      if (request === undefined) continue;
      requests.push(request);
    }
    seconds.push(atS);
    lines.push(row.line);
  }
  if (first === undefined) throw emptyTrace(file);
  return {
    file,
    arrivalsS: Float64Array.from(seconds),
    lines: Float64Array.from(lines),
    unitAssumed: first.kind === "number" && named === undefined,
    requests,
  };
}

function stampOf(row: TraceRow, column: number, name: string): Stamp {
  const value = row.cell(column);
  const stamp = readStamp(value);
  if (stamp !== undefined) return stamp;
  const shown = JSON.stringify(value)?.slice(0, 60);
  const message = value === undefined || value === "" ? `"${name}" is missing here` : `${shown} is not a time stamp`;
  throw new InputError(message, { position: row.position(column), hint: "write a number, or a date such as 2026-11-26T09:30:00.125Z" });
}

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
