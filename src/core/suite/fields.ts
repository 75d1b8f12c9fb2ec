import { z } from "zod";
import { suggest } from "./nearest.ts";
import { parseTemplate } from "./template.ts";
import { examplesOf, parseQuantity, patternOf, type Quantity } from "./units.ts";

/** Limits of a quantity and what it may look like, written as a suite would write them. */
export type Bounds = {
  readonly example?: string | undefined;
  readonly most?: string | undefined;
  readonly least?: string | undefined;
  readonly allowZero?: boolean;
};

/** `At most 1h.`, `From 1s to 1h.`: an editor shows no other trace of the limits. */
const boundsText = ({ most, least }: Bounds): string => {
  if (most !== undefined && least !== undefined) return ` From ${least} to ${most}.`;
  return most === undefined ? (least === undefined ? "" : ` At least ${least}.`) : ` At most ${most}.`;
};

/** A number with a unit, read into its base unit. More than zero unless `allowZero`. */
export const quantity = (kind: Quantity, description: string, { most, least, allowZero = false, example }: Bounds = {}) =>
  z
    .unknown()
    .transform((input, context): number => {
      const parsed = parseQuantity(input, kind);
      if (parsed.problem !== undefined) return reject(context, input, parsed.problem, parsed.hint);
      const { value } = parsed;
      if (value === 0 && !allowZero) return reject(context, input, `${inWords(input)} must be more than zero`);
      if (most !== undefined && value > base(most, kind)) return reject(context, input, `${inWords(input)} is too much`, `at most ${most}`);
      if (least !== undefined && value < base(least, kind))
        return reject(context, input, `${inWords(input)} is too little`, `at least ${least}`);
      return value;
    })
    .meta({
      ...(kind === "count" ? { type: "number", minimum: 0 } : { type: "string", pattern: patternOf(kind) }),
      description: `${description}${boundsText({ most, least })}`,
      examples: example !== undefined ? [example] : kind === "count" ? examplesOf(kind).map(Number) : examplesOf(kind),
    });

/** What to say about words that a list does not have. */
export type Strangers<W extends string = string> = {
  /** Words of the contract that this version does not know yet, and what to use instead. */
  readonly notYet?: Readonly<Record<string, string>>;
  /** What others call our words, in lower case. */
  readonly alsoKnownAs?: Readonly<Record<string, string>>;
  /** What YAML makes of our words when they are written without quotes, and means the same: `true` for `yes`, 2 for `"2"`. */
  readonly unquoted?: readonly (readonly [value: number | boolean, word: W])[];
};

/** One word of a closed list. */
export const choice = <const W extends string>(
  words: readonly W[],
  description: string,
  { notYet = {}, alsoKnownAs = {}, unquoted = [] }: Strangers<NoInfer<W>> = {},
) =>
  z
    .unknown()
    .transform((input, context): W => {
      const word = words.find((candidate) => candidate === input) ?? unquoted.find(([value]) => value === input)?.[1];
      if (word !== undefined) return word;
      if (typeof input !== "string") return reject(context, input, `${inWords(input)} is none of ${words.join(", ")}`);
      if (Object.hasOwn(notYet, input)) return reject(context, input, `"${input}" is not supported yet`, notYet[input]);
      const alias = alsoKnownAs[input.toLowerCase()];
      return reject(context, input, `"${input}" is not known here`, alias === undefined ? suggest(input, words) : `write ${alias}`);
    })
    .meta({
      ...(unquoted.length === 0 ? { type: "string" } : {}),
      enum: [...words, ...unquoted.map(([value]) => value)],
      description,
    });

/** A string that may ask for environment variables: `Bearer ${env:API_TOKEN}`. */
export const template = (description: string, accept: (text: string) => { problem: string; hint: string } | undefined = () => undefined) =>
  z
    .string()
    .min(1)
    .check((context) => {
      const { value: input } = context;
      const read = parseTemplate(input);
      const mistake = read.problem === undefined ? accept(input) : read;
      if (mistake !== undefined) context.issues.push({ code: "custom", message: mistake.problem, input, params: { hint: mistake.hint } });
    })
    .describe(description);

/** An absolute http(s) URL, or one that a variable begins. */
export const url = (description: string) =>
  template(description, (text) => {
    if (text.startsWith("${env:") || (/^https?:\/\/[^/\s]/.test(text) && !/\s/.test(text))) return undefined;
    const hint = /^[\w.-]+(:\d+)?(\/|$)/.test(text) ? `write http://${text}` : "write a URL such as http://127.0.0.1:8000";
    return { problem: `"${text}" is not an http or https URL`, hint };
  });

/** The path of a request: begins with a slash. */
export const path = (description: string) =>
  template(description, (text) => {
    if (/^(\/|\$\{env:)/.test(text) && !/\s/.test(text)) return undefined;
    return { problem: `"${text}" is not a path`, hint: `write "/${text.replace(/^https?:\/\/[^/]*\/?/, "").replaceAll(/\s+/g, "%20")}"` };
  });

/** Path of a file beside the suite: relative, with forward slashes. */
export const filePath = z
  .string()
  .min(1)
  .check((context) => {
    const { value: input } = context;
    const portable = input.replaceAll("\\", "/").replace(/^([A-Za-z]:)?\/+/, "");
    if (portable === input) return;
    const hint = `write it relative to the suite file and with forward slashes: ${portable}`;
    context.issues.push({ code: "custom", message: `"${input}" is not a relative path`, input, params: { hint } });
  });

/** Names end up in artifacts, reports and on the command line: letters, digits, space and `. _ -`, at most 64. */
export const NAME_PATTERN = /^[\p{L}\p{N}](?:[\p{L}\p{N} ._/-]{0,62}[\p{L}\p{N}._-])?$/u;
export const SUITE_NAME_PATTERN = /^[\p{L}\p{N}](?:[\p{L}\p{N} ._-]{0,62}[\p{L}\p{N}._-])?$/u;

/** What a value is, in the words of YAML, for messages. */
export function inWords(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  // JSON has no infinity, YAML has.
  if (typeof value === "number") return String(value);
  return JSON.stringify(typeof value === "string" ? shorten(value) : value);
}

const shorten = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

const base = (text: string, kind: Quantity): number => parseQuantity(text, kind).value ?? Number.NaN;

type Issues = {
  readonly issues: { push: (issue: { code: "custom"; message: string; input: unknown; params?: Record<string, unknown> }) => unknown };
};

function reject(context: Issues, input: unknown, message: string, hint?: string): never {
  context.issues.push({ code: "custom", message, input, params: { hint } });
  return z.NEVER;
}
