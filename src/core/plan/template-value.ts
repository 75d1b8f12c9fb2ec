import { type Expression, readExpressions } from "../suite/expression.ts";
import { type Draw, type Make, readGenerator } from "./generators.ts";

/** One row of a data set: its columns by name, with the types that JSON gives them. */
export type Row = Readonly<Record<string, unknown>>;

/** Makes one value for a row (empty where there is no data set). @throws {RangeError} for a row that it cannot use. */
export type Fill = (row: Row, draw: Draw) => unknown;

/** What is wrong with an expression: where in the value it stands, and what to do. */
export type TemplateProblem = { readonly path: readonly (string | number)[]; readonly problem: string; readonly hint: string };

/**
 * A value of JSON in which the strings may hold expressions. A string that is one expression becomes what it makes, with
 * its type; inside a longer one it is text.
 *
 * @param columns of the data set; a column wins over a generator of the same name. `text NAME` is its text whatever it
 *   looks like, `json NAME` what its text means as JSON.
 * @returns all that is wrong, or the template.
 */
export function readTemplate(
  value: unknown,
  columns: readonly string[] = [],
): { readonly fill: Fill } | { readonly problems: readonly TemplateProblem[] } {
  const problems: TemplateProblem[] = [];
  const fill = compile(value, columns, [], problems);
  return problems.length === 0 ? { fill } : { problems };
}

/** As {@link readTemplate}, for a text that stays one. */
export function readTextTemplate(text: string, columns: readonly string[] = []): ReturnType<typeof readTemplate> {
  const problems: TemplateProblem[] = [];
  const fill = compileText(text, columns, [], problems);
  return problems.length === 0 ? { fill: (row, draw) => asText(fill(row, draw)) } : { problems };
}

function compile(value: unknown, columns: readonly string[], path: TemplateProblem["path"], problems: TemplateProblem[]): Fill {
  if (typeof value === "string") return compileText(value, columns, path, problems);
  if (typeof value !== "object" || value === null) return () => value;
  if (Array.isArray(value)) {
    const items = value.map((item, i) => compile(item, columns, [...path, i], problems));
    return (row, draw) => items.map((fill) => fill(row, draw));
  }
  const entries = Object.entries(value).map(([key, item]) => [key, compile(item, columns, [...path, key], problems)] as const);
  return (row, draw) => Object.fromEntries(entries.map(([key, fill]) => [key, fill(row, draw)]));
}

function compileText(text: string, columns: readonly string[], path: TemplateProblem["path"], problems: TemplateProblem[]): Fill {
  const read = readExpressions(text);
  if (read.parts === undefined) {
    problems.push({ path, problem: read.problem, hint: read.hint });
    return () => text;
  }
  const pieces = read.parts.map((part): Fill => {
    if (typeof part === "string") return () => part;
    const made = compileExpression(part, columns);
    if (!("problem" in made)) return made.fill;
    problems.push({ path, ...made });
    return () => "";
  });
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined) return only;
  return (row, draw) => pieces.map((fill) => asText(fill(row, draw))).join("");
}

function compileExpression(
  expression: Expression,
  columns: readonly string[],
): { readonly fill: Fill } | { readonly problem: string; readonly hint: string } {
  const { source, name } = expression;
  if (columns.includes(source)) return { fill: (row) => fieldOf(row, source) };
  const column = /^(?:text|json)\s+(.*)$/.exec(source)?.[1];
  if (column !== undefined && columns.includes(column)) {
    return { fill: name === "text" ? (row) => asText(fieldOf(row, column)) : (row) => asJson(fieldOf(row, column), column) };
  }
  const generator = readGenerator(expression, columns);
  if ("make" in generator) return { fill: fromDraw(generator.make) };
  return { problem: generator.problem, hint: generator.hint };
}

const fromDraw =
  (make: Make): Fill =>
  (_row, draw) =>
    make(draw);

/** A value inside a longer text. */
const asText = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));

/** @throws {RangeError} where the row has no such column, as objects of a `.jsonl` file may. */
function fieldOf(row: Row, column: string): unknown {
  if (Object.hasOwn(row, column)) return row[column];
  throw new RangeError(`this line has no field ${JSON.stringify(column)}`);
}

/** @throws {RangeError} for a text that is no JSON. */
function asJson(value: unknown, column: string): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    throw new RangeError(`${JSON.stringify(column)} is not JSON here`);
  }
}
