import { type JsonPath, readJsonPath } from "../json-path.ts";
import type { PlannedCapture } from "../plan/session-step.ts";
import type { Outcome } from "../record/outcome.ts";
import { Body, READ_CAP } from "./body.ts";
import { excerpt, failed } from "./failure.ts";
import type { ResponseReader } from "./protocol.ts";

/** Most characters of a captured value, written as JSON. */
const LONGEST_VALUE = 1024 * 1024;
const LONGEST_IN_HEADER = 8 * 1024;
const FORBIDDEN_IN_HEADER = /[^\t\x20-\x7e\x80-\xff]/;

/** What an answer held, by the name of the capture: a JSON value that is not null. */
export type Captured = ReadonlyMap<string, unknown>;

/**
 * Reads an answer as `inner` does, and hands over what is captured of it. A correct answer that lacks what is to be
 * captured has failed as `check`: whatever comes next in its session would ask for nothing.
 */
export function openCapturing(
  inner: ResponseReader,
  captures: readonly PlannedCapture[],
  take: (values: Captured) => void,
): ResponseReader {
  const body = captures.some(({ from }) => from === "json") ? new Body(READ_CAP) : undefined;
  let headers: Readonly<Record<string, string>> = {};
  return {
    start: (status, received, atNs) => {
      headers = received;
      inner.start(status, received, atNs);
    },
    data: (chunk, atNs) => {
      body?.add(chunk);
      inner.data(chunk, atNs);
    },
    end: (atNs, trailers) => {
      const end = inner.end(atNs, trailers);
      if (end.result.kind === "failed") return end;
      const found = capture(captures, body, headers);
      if ("kind" in found) return { ...end, result: found };
      take(found);
      return end;
    },
  };
}

type Failed = Extract<Outcome["result"], { readonly kind: "failed" }>;

function capture(
  captures: readonly PlannedCapture[],
  body: Body | undefined,
  headers: Readonly<Record<string, string>>,
): Captured | Failed {
  if (body?.isWhole === false) return failed("body", `the answer is longer than ${READ_CAP} bytes, too long to capture from it`);
  const text = body?.text() ?? "";
  let answer: unknown;
  try {
    answer = body && JSON.parse(text);
  } catch {
    return failed("check", `expected JSON to capture from, got ${excerpt(text)}`);
  }
  const values = new Map<string, unknown>();
  for (const each of captures) {
    const path = each.from === "header" ? undefined : pathOf(each.path);
    try {
      const value = each.from === "header" ? headers[each.header] : path!.select(answer)[0];
      const flaw = flawOf(value, each);
      if (flaw !== undefined) return failed("check", `capture "${each.name}": ${flaw}`);
      values.set(each.name, value);
    } catch {
      // Neither a query nor JSON has a bound of its own: a thousand brackets are enough to overflow the stack.
      return failed("check", `capture "${each.name}": the answer is nested too deeply`);
    }
  }
  return values;
}

function flawOf(value: unknown, each: PlannedCapture): string | undefined {
  const where = each.from === "header" ? `the header ${each.header}` : each.path;
  if (value === undefined) return `expected ${where} in the answer, and it is not there`;
  if (value === null) return `expected a value at ${where}, got null`;
  const written = typeof value === "string" ? value : JSON.stringify(value);
  const longest = each.inHeader ? LONGEST_IN_HEADER : LONGEST_VALUE;
  if (written.length > longest) return `what stands at ${where} is longer than ${longest} characters`;
  if (each.inHeader && FORBIDDEN_IN_HEADER.test(written)) return `what stands at ${where} cannot stand in a header: ${excerpt(written)}`;
  return undefined;
}

/** Read once a path: it is asked of every answer. */
const known = new Map<string, JsonPath>();

/** @throws {RangeError} for a path that the suite's own rules should have refused. */
function pathOf(path: string): JsonPath {
  const before = known.get(path);
  if (before !== undefined) return before;
  const read = readJsonPath(path);
  if ("problem" in read) throw new RangeError(`${path}: ${read.problem}`);
  known.set(path, read);
  return read;
}
