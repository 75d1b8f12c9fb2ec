import { type JsonPath, readJsonPath } from "../json-path.ts";
import { type JsonSchema, readJsonSchema } from "../json-schema.ts";
import type { Outcome } from "../record/outcome.ts";
import type { JsonCheck, ResponseCheck, Tolerance } from "../suite/response-check.ts";
import { type AnswerContent, answerDigest } from "./answer-digest.ts";
import { excerpt, failed } from "./failure.ts";

type Failed = Extract<Outcome["result"], { readonly kind: "failed" }>;

/** Whether the text of an answer has to be kept, because the suite looks into it. */
export const looksInside = ({ contains, matches, json, answer, schema, sameAnswers }: ResponseCheck): boolean =>
  contains !== undefined ||
  sameAnswers !== undefined ||
  answer !== undefined ||
  matches !== undefined ||
  (json !== undefined && json.length > 0) ||
  schema !== undefined;

/**
 * The suite's own check of an accepted answer: undefined if it holds or there is none.
 *
 * @param text the body, or of a generating endpoint what it generated.
 * @param whole false if `text` is only the beginning of what came: a text that is not in it may still be in the rest.
 */
export function checkFailure(check: ResponseCheck, text: string, whole: boolean): Failed | undefined {
  if (!looksInside(check)) return undefined;
  const { contains } = check;
  const { pattern, queries, schema } = compiled(check);
  if (contains !== undefined && !text.includes(contains)) return whole ? missing(contains, text) : tooLong(contains);
  if (pattern !== undefined && !pattern.test(text)) return whole ? missing(check.matches!, text) : tooLong(check.matches!);
  if (queries.length === 0 && schema === undefined) return undefined;
  if (!whole) return failed("body", "the answer is too long to be parsed for target.check");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return failed("check", `expected JSON, got ${excerpt(text)}`);
  }
  for (const query of queries) {
    const failure = valueFailure(query, query.query.select(value));
    if (failure !== undefined) return failed("check", failure);
  }
  const flaw = schema?.flawOf(value);
  return flaw === undefined ? undefined : failed("check", `the answer does not fit target.check.schema: ${flaw}`);
}

type Ok = Extract<Outcome["result"], { readonly kind: "ok" }>;

/**
 * What becomes of an answer that its protocol can read: the suite's checks, then whether it is right where the right
 * answer is known. A wrong answer is an answer; one that cannot be looked at is wrong, since nobody saw it right.
 *
 * Where the suite compares answers with one another, the result holds the digest of this one; none of an answer that was
 * not kept as a whole.
 *
 * @param label as JSON; undefined where nobody knows it.
 * @param content what makes the answer the same as another one; the text, where nothing else is said.
 */
export function judged(
  check: ResponseCheck,
  {
    text,
    whole,
    label,
    content = () => [text],
  }: { text: string; whole: boolean; label: unknown; content?: () => AnswerContent | undefined },
  ok: Ok,
): Outcome["result"] {
  const failure = checkFailure(check, text, whole);
  if (failure !== undefined) return failure;
  const correct = label === undefined || check.answer === undefined ? undefined : isRight(check, text, label);
  const compared = check.sameAnswers === undefined || !whole ? undefined : content();
  if (correct === undefined && compared === undefined) return ok;
  return {
    ...ok,
    ...(correct === undefined ? {} : { correct }),
    ...(compared === undefined ? {} : { answer: answerDigest(compared) }),
  };
}

function isRight(check: ResponseCheck, text: string, label: unknown): boolean {
  const { answer } = compiled(check);
  if (answer === undefined) return text.includes(typeof label === "string" ? label : JSON.stringify(label));
  try {
    const values = answer.select(JSON.parse(text));
    if (values.length === 0) return false;
    // Of a list with one element a path into it selects one value.
    const value = values.length === 1 && !(Array.isArray(label) && !Array.isArray(values[0])) ? values[0] : values;
    return isEqual(label, value, check.answer?.tolerance ?? 0);
  } catch {
    return false;
  }
}

/** The headers that the suite asks for, on an accepted answer: undefined if all are there. */
export function headersFailure({ headers = {} }: ResponseCheck, received: Readonly<Record<string, string>>): Failed | undefined {
  for (const [name, expected] of Object.entries(headers)) {
    const value = received[name];
    if (value === undefined) return failed("check", `expected the header ${name}, and there is none`);
    if (!value.includes(expected)) return failed("check", `expected ${excerpt(expected)} in the header ${name}, got ${excerpt(value)}`);
  }
  return undefined;
}

const missing = (what: string, text: string): Failed => failed("check", `expected ${excerpt(what)} in the answer, got ${excerpt(text)}`);
const tooLong = (what: string): Failed => failed("body", `the answer is too long to be searched for ${excerpt(what)}`);

type Query = { readonly query: JsonPath; readonly of: JsonCheck; readonly pattern: RegExp | undefined };

type Compiled = {
  readonly pattern: RegExp | undefined;
  readonly queries: readonly Query[];
  /** Where the answer to a labelled payload stands; undefined for anywhere in the text. */
  readonly answer: JsonPath | undefined;
  readonly schema: JsonSchema | undefined;
};

/** Made once a check: it is asked for every answer. */
const known = new WeakMap<ResponseCheck, Compiled>();

/** @throws {RangeError} for a path or a schema that the suite's own rules should have refused. */
function compiled(check: ResponseCheck): Compiled {
  const before = known.get(check);
  if (before !== undefined) return before;
  const { matches, json = [], schema } = check;
  const made: Compiled = {
    pattern: matches === undefined ? undefined : new RegExp(matches, "u"),
    queries: json.map((of) => {
      const query = readable(readJsonPath(of.path), of.path);
      return { query, of, pattern: of.matches === undefined ? undefined : new RegExp(of.matches, "u") };
    }),
    answer: check.answer?.path === undefined ? undefined : readable(readJsonPath(check.answer.path), check.answer.path),
    schema: schema === undefined ? undefined : readable(readJsonSchema(schema), "target.check.schema"),
  };
  known.set(check, made);
  return made;
}

type Unreadable = { readonly problem: string };

function readable<T extends object>(read: T | Unreadable, what: string): T {
  if ("problem" in read) throw new RangeError(`${what}: ${read.problem}`);
  return read;
}

/** Every selected value has to fit, and there has to be one. */
function valueFailure({ of, pattern }: Query, values: readonly unknown[]): string | undefined {
  const { path, equals, tolerance = 0, between, count } = of;
  if (count !== undefined && values.length !== count) return `expected ${count} values at ${path}, got ${values.length}`;
  if (count === undefined && values.length === 0) return `expected ${path} in the answer, and it is not there`;
  for (const value of values) {
    const got = excerpt(JSON.stringify(value) ?? "nothing").slice(1, -1);
    if (equals !== undefined && !isEqual(equals, value, tolerance))
      return `expected ${excerpt(JSON.stringify(equals)).slice(1, -1)} at ${path}, got ${got}`;
    if (between !== undefined && !(typeof value === "number" && value >= between[0] && value <= between[1]))
      return `expected a number from ${between[0]} to ${between[1]} at ${path}, got ${got}`;
    if (pattern !== undefined && !(typeof value === "string" && pattern.test(value)))
      return `expected a text that matches ${excerpt(of.matches!)} at ${path}, got ${got}`;
  }
  return undefined;
}

/** Equal as JSON, element by element; numbers may differ by `tolerance`, wherever they stand. */
function isEqual(expected: unknown, value: unknown, tolerance: Tolerance): boolean {
  if (typeof expected === "number" && typeof value === "number") {
    const most = typeof tolerance === "number" ? tolerance : tolerance.relative * Math.abs(expected);
    return Math.abs(expected - value) <= most;
  }
  if (typeof expected !== "object" || expected === null || typeof value !== "object" || value === null) return expected === value;
  if (Array.isArray(expected) !== Array.isArray(value)) return false;
  const [keys, others] = [Object.keys(expected), Object.keys(value)];
  return (
    keys.length === others.length &&
    keys.every(
      (key) =>
        Object.hasOwn(value, key) &&
        isEqual((expected as Readonly<Record<string, unknown>>)[key], (value as Readonly<Record<string, unknown>>)[key], tolerance),
    )
  );
}
