import { InputError } from "../errors.ts";
import type { TraceColumns } from "../suite/prompt.ts";
import { missing, otherColumn } from "./trace-column.ts";
import type { TraceRow, TraceTable } from "./trace-table.ts";

/** What a row of a trace says of its request. */
export type TraceRequest = {
  readonly line: number;
  /** Length of the prompt, ≥ 1. */
  readonly inputTokens: number;
  /** Tokens to be generated, ≥ 1; undefined where the trace does not say. */
  readonly outputTokens: number | undefined;
  /** Names of the blocks that the prompt begins with: equal names are equal text. Empty where the trace has none. */
  readonly blocks: readonly (number | string)[];
};

/**
 * A reader of the rows' requests. Lengths are cut to `maxInput` and `maxOutput`. A request that got no answer did arrive: it
 * asks for one token, the least that servers accept. A row without a prompt (BurstGPT has its failures so, with 0 request
 * tokens) says of no request.
 *
 * @returns a function that gives undefined for such a row, and throws {InputError} with file:line:column on a row whose length or blocks cannot be read, or
 *   that has more blocks than its length holds.
 * @throws {InputError} where no column says how long a prompt is.
 */
export function requestReader(table: TraceTable, columns: TraceColumns): (row: TraceRow) => TraceRequest | undefined {
  const { blockTokens, maxInput = Number.POSITIVE_INFINITY, maxOutput = Number.POSITIVE_INFINITY } = columns;
  const input = otherColumn(table, "inputTokens", columns.inputTokens);
  const output = otherColumn(table, "outputTokens", columns.outputTokens);
  const blocksAt = otherColumn(table, "blocks", columns.blocks);
  if (input === undefined && blocksAt === undefined) {
    const { what, names } = table;
    const hint = `name its ${what} in the load: trace: { file: ${table.file}, input-tokens: ${names.at(-1) ?? "NAME"} }`;
    throw missing(table, `no ${what} of the trace is called ContextTokens, input_length, prompt_tokens or the like`, hint);
  }
  return (row) => {
    const blocks = blocksAt === undefined ? [] : blocksOf(row, blocksAt);
    const length = input === undefined ? blocks.length * blockTokens : lengthOf(table, row, input);
    if (blocks.length > Math.ceil(length / blockTokens)) {
      throw new InputError(`${blocks.length} blocks of ${blockTokens} tokens are more than a prompt of ${length} tokens holds`, {
        position: row.position(blocksAt!),
        hint: "say how long a block is: block-tokens: 64",
      });
    }
    if (length === 0) return undefined;
    const inputTokens = Math.min(length, maxInput);
    return {
      line: row.line,
      inputTokens,
      outputTokens: output === undefined ? undefined : Math.max(1, Math.min(lengthOf(table, row, output), maxOutput)),
      blocks: blocks.slice(0, Math.ceil(inputTokens / blockTokens)),
    };
  };
}

/** Far beyond every context window; what is longer is a slip, or another column. */
const MOST_TOKENS = 100_000_000;

function lengthOf({ names }: TraceTable, row: TraceRow, column: number): number {
  const value = row.cell(column);
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number === "number" && number >= 0 && number <= MOST_TOKENS) return Math.round(number);
  const shown = value === undefined || value === "" ? `"${names[column]}" is missing here` : `${quoted(value)} is not a number of tokens`;
  throw new InputError(shown, { position: row.position(column), hint: "write a whole number, 0 or more" });
}

/** A list, or its JSON, or names with a space, comma or semicolon between them. */
function blocksOf(row: TraceRow, column: number): readonly (number | string)[] {
  const value = row.cell(column);
  if (value === undefined || value === null) return [];
  const list = typeof value === "string" ? splitBlocks(value) : value;
  if (Array.isArray(list) && list.every((name) => typeof name === "number" || typeof name === "string")) return list;
  throw new InputError(`${quoted(value)} is not a list of blocks`, {
    position: row.position(column),
    hint: "write a list of numbers or texts: [0, 1, 2]",
  });
}

function splitBlocks(text: string): unknown {
  if (text.trimStart().startsWith("[")) {
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  }
  return text.split(/[\s,;|]+/).filter((name) => name !== "");
}

const quoted = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 60);
