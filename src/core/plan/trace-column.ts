import { InputError } from "../errors.ts";
import { suggest } from "../suite/nearest.ts";
import type { TraceLoad } from "../suite/suite.ts";
import { readStamp } from "./time-stamp.ts";
import type { TraceTable } from "./trace-table.ts";

/** Names of a column of time stamps, the surest first; the name may end in a unit. Case, dashes and underscores do not count. */
// biome-ignore format: a list of names reads best in rows
const NAMES = [
  "timestamp", "arrivaltimestamp", "arrivaltime", "arrivedat", "arrival", "requesttime", "requestedat", "starttime",
  "startedat", "datetime", "time", "ts", "at",
];
const UNITS = { "": undefined, s: "s", sec: "s", seconds: "s", ms: "ms", us: "us", ns: "ns" } as const;

/**
 * Names of the other columns, likewise: those of the Azure LLM traces (`ContextTokens`, `GeneratedTokens`), of BurstGPT
 * (`Request tokens`, `Response tokens`), of Mooncake (`input_length`, `output_length`, `hash_ids`), and what others write.
 */
// biome-ignore format: lists of names read best in rows
const OTHER_NAMES = {
  inputTokens: [
    "contexttokens", "requesttokens", "inputlength", "inputtokens", "prompttokens", "promptlength", "inputlen", "promptlen",
    "numprefilltokens", "isl",
  ],
  outputTokens: [
    "generatedtokens", "responsetokens", "outputlength", "outputtokens", "completiontokens", "completionlength", "outputlen",
    "numdecodetokens", "osl",
  ],
  blocks: ["hashids", "blockids", "blockhashes", "blocks"],
} as const;

/** The number and name of the column of time stamps. @throws {InputError} if there is none. */
export function timeColumn(table: TraceTable, wanted: string | undefined): { readonly column: number; readonly name: string } {
  const { names, what } = table;
  if (wanted !== undefined) return namedColumn(table, wanted);
  const plain = names.map(plainName);
  const column = NAMES.flatMap((known) => Object.keys(UNITS).map((unit) => plain.indexOf(known + unit))).find((found) => found >= 0);
  if (column !== undefined) return { column, name: names[column]! };
  if (names.some((name) => readStamp(name) !== undefined)) {
    throw missing(table, "the first line of the trace holds a time stamp instead of names", "write the names of the columns above it");
  }
  throw missing(
    table,
    `no ${what} of the trace is called timestamp, time, arrived_at or the like`,
    `name its ${what} in the load: time: ${names[0] ?? "NAME"}`,
  );
}

/** The column that is named, or else the first of the usual names; undefined where nothing is named and none is there. */
export function otherColumn(table: TraceTable, which: keyof typeof OTHER_NAMES, wanted: string | undefined): number | undefined {
  if (wanted !== undefined) return namedColumn(table, wanted).column;
  const plain = table.names.map(plainName);
  return OTHER_NAMES[which].map((known) => plain.indexOf(known)).find((found) => found >= 0);
}

function namedColumn(table: TraceTable, wanted: string): { readonly column: number; readonly name: string } {
  const { names, what } = table;
  const exact = names.indexOf(wanted);
  const column = exact >= 0 ? exact : names.findIndex((name) => name.toLowerCase() === wanted.toLowerCase());
  if (column >= 0) return { column, name: names[column]! };
  throw missing(table, `the trace has no ${what} "${wanted}"`, suggest(wanted, names));
}

/** A mistake about the columns as a whole. */
export const missing = ({ head }: TraceTable, message: string, hint: string): InputError =>
  new InputError(message, { position: head, hint });

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
