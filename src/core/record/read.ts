import type { z } from "zod";
import { InputError } from "../errors.ts";
import type { DistributionName } from "../metric.ts";
import { blockBins } from "./block-bins.ts";
import { type BlockRecord, RUN_RECORD_SCHEMA, type RunRecord } from "./run-record.ts";
import { STORED_RECORD } from "./stored-shape.ts";

/** Longest text that is read as a run record, in UTF-16 units: hours of load in hundreds of blocks stay below 10 MiB. */
export const MAX_RECORD_LENGTH = 64 * 1024 * 1024;

/** How many wrong fields one message names. */
const NAMED_PATHS = 3;

/**
 * Reads a stored run record, from anyone: every field is checked, lists and strings are bounded, histograms must
 * decode, unknown fields are dropped, and no key of the text can reach a prototype.
 *
 * @param text JSON, as {@link writeRunRecord} or any importer wrote it.
 * @param origin what to call it in a message: a file, or `run 812 · artifact 99`.
 * @throws {InputError} with one sentence, on damaged JSON, another schema number, or a wrong shape (the first three
 *   fields are named).
 */
export function readRunRecord(text: string, origin: string): RunRecord {
  if (text.length > MAX_RECORD_LENGTH) {
    throw new InputError(`${origin} is not a run record: it is longer than ${MAX_RECORD_LENGTH / 1024 / 1024} MiB`);
  }
  const stored = parseJson(text, origin);
  if (typeof stored === "object" && stored !== null && "verdict" in stored && "evidence" in stored) {
    throw new InputError(`${origin} is a verdict, not a run record`, { hint: "give the run.json that lies beside it" });
  }
  checkSchemaNumber(stored, origin);
  const result = STORED_RECORD.safeParse(stored);
  if (!result.success) throw new InputError(`${origin} is not a run record: ${firstMistakes(result.error)}`, { hint: RECORD_AGAIN });
  checkHistograms(result.data, origin);
  return result.data;
}

/**
 * The stored form: JSON, two spaces, one newline at the end. Equal records give equal bytes, whatever the order of
 * their keys.
 *
 * @throws {RangeError} if the record is not one, for example holds NaN: a bug in the caller, and JSON would hide it.
 */
export function writeRunRecord(record: RunRecord): string {
  const result = STORED_RECORD.safeParse(record);
  if (!result.success) throw new RangeError(`not a run record: ${firstMistakes(result.error)}`);
  return `${JSON.stringify(result.data, undefined, 2)}\n`;
}

const RECORD_AGAIN = "it was damaged or edited: record the run again";

function parseJson(text: string, origin: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // The engine's message quotes the text, which may be anyone's: only its position is passed on.
    const message = cause instanceof Error ? cause.message : "";
    const [, line, column] = /\(line (\d+) column (\d+)\)/.exec(message) ?? [];
    if (line !== undefined && column !== undefined) {
      const position = { file: origin, line: Number(line), column: Number(column) };
      throw new InputError("this is not JSON", { hint: RECORD_AGAIN, position });
    }
    const cutShort = /end of JSON input/.test(message);
    throw new InputError(`${origin} is not JSON${cutShort ? ": it ends too early" : ""}`, { hint: RECORD_AGAIN });
  }
}

function checkSchemaNumber(stored: unknown, origin: string): void {
  const schema =
    typeof stored === "object" && stored !== null && Object.hasOwn(stored, "schema") ? (stored as { schema: unknown }).schema : undefined;
  if (typeof schema !== "number" || !Number.isInteger(schema)) {
    throw new InputError(`${origin} is not a run record: it has no schema number`, { hint: "give a run.json that tailgate wrote" });
  }
  if (schema > RUN_RECORD_SCHEMA) {
    throw new InputError(`${origin} was written by a newer tailgate: it has schema ${schema}, this one reads ${RUN_RECORD_SCHEMA}`, {
      hint: "use the same version of tailgate on both sides",
    });
  }
  if (schema < RUN_RECORD_SCHEMA) {
    throw new InputError(`${origin} was written by an older tailgate: it has schema ${schema}, this one reads ${RUN_RECORD_SCHEMA}`, {
      hint: "record the run again",
    });
  }
}

/** Decoded here once, so that a damaged histogram is a refused record and never a crash in the middle of a comparison. */
function checkHistograms(record: RunRecord, origin: string): void {
  for (const { name, arms } of record.scenarios) {
    for (const [armName, arm] of Object.entries(arms)) {
      for (const block of arm.blocks) {
        const broken = brokenHistogram(block);
        if (broken === undefined) continue;
        const where = `the ${broken} of block ${block.index}, ${armName}, scenario ${printable(name)}`;
        throw new InputError(`${origin} is not a run record: ${where}, cannot be decoded`, { hint: RECORD_AGAIN });
      }
    }
  }
}

function brokenHistogram({ histograms, classes = {} }: BlockRecord): string | undefined {
  const all = [["", histograms] as const, ...Object.entries(classes).map(([name, counts]) => [name, counts.histograms] as const)];
  for (const [payloadClass, of] of all) {
    for (const distribution of Object.keys(of) as DistributionName[]) {
      if (!decodes(of, distribution))
        return `${distribution} histogram${payloadClass === "" ? "" : ` of payload class ${printable(payloadClass)}`}`;
    }
  }
  return undefined;
}

function decodes(histograms: BlockRecord["histograms"], of: DistributionName): boolean {
  try {
    blockBins({ histograms }, of);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function firstMistakes({ issues }: z.ZodError): string {
  const named = issues
    .slice(0, NAMED_PATHS)
    .map(({ path, message }) => `${pathText(path)}: ${printable(message.replace(/^Invalid input: /, ""))}`);
  const others = issues.length - named.length;
  return `${named.join("; ")}${others > 0 ? `; and ${others} more` : ""}`;
}

const pathText = (path: readonly PropertyKey[]): string =>
  path.length === 0
    ? "the record"
    : printable(
        path.reduce<string>(
          (whole, key) => (typeof key === "number" ? `${whole}[${key}]` : `${whole}${whole ? "." : ""}${String(key)}`),
          "",
        ),
      );

/** Text of a stranger's record in our own message: no control characters, no more than a line. */
const printable = (text: string): string => {
  const clean = text.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, "?");
  return clean.length > 120 ? `${clean.slice(0, 117)}...` : clean;
};
