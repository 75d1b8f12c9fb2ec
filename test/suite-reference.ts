import { stringify } from "yaml";
import type { JsonSchema } from "../src/core/suite/json-schema.ts";
import { patternOf, type Quantity } from "../src/core/suite/units.ts";

/** One key of a suite, in words of Markdown. */
export type KeyRow = {
  /** From the section's own mapping: `ready.timeout`, `tensors[].shape`, `values.NAME.range`. */
  readonly key: string;
  readonly value: string;
  readonly default: string;
  readonly example: string;
  readonly text: string;
};

/** The schema of the mapping at a path such as `payloads.NAME.session` or `scenarios[].load`. @throws where there is none. */
export function mappingAt(root: JsonSchema, path: string): JsonSchema {
  const steps = path === "" ? [] : path.replaceAll("[]", ".[]").split(".");
  const found = steps.reduce<JsonSchema | undefined>((schema, step) => {
    const forms = schema === undefined ? [] : formsOf(schema);
    if (step === "[]") return forms.map(itemsOf).find((items) => items !== undefined);
    if (step === "NAME") return forms.map(valuesOf).find((values) => values !== undefined);
    return forms.map(({ properties }) => properties?.[step]).find((property) => property !== undefined);
  }, root);
  if (found === undefined || !isMapping(found)) throw new Error(`the schema has no mapping at ${path}`);
  return found;
}

/**
 * A row for each key below a mapping, parents before their children.
 *
 * @param elsewhere paths (from the root) whose keys have a section of their own, and its anchor.
 * @param path of the mapping itself.
 */
export function rowsOf(schema: JsonSchema, path: string, elsewhere: ReadonlyMap<string, string>, prefix = ""): readonly KeyRow[] {
  const mapping = formsOf(schema).find(({ properties }) => properties !== undefined);
  const required = new Set((mapping?.["required"] as readonly string[] | undefined) ?? []);
  return Object.entries(mapping?.properties ?? {}).flatMap(([name, child]) => {
    const key = `${prefix}${name}`;
    const place = path === "" ? name : `${path}.${name}`;
    const anchor = elsewhere.get(place) ?? elsewhere.get(`${place}.NAME`) ?? elsewhere.get(`${place}[]`);
    const row = rowOf(key, child, required.has(name), anchor);
    if (anchor !== undefined) return [row];
    return [row, ...innerOf(child).flatMap(({ step, schema: inner }) => rowsOf(inner, `${place}${step}`, elsewhere, `${key}${step}.`))];
  });
}

/** Where more keys stand within a value: in itself, in its items, in what its names stand for. */
const innerOf = (schema: JsonSchema): readonly { readonly step: string; readonly schema: JsonSchema }[] =>
  formsOf(schema).flatMap((form) => {
    if (form.properties !== undefined) return [{ step: "", schema: form }];
    const [items, values] = [itemsOf(form), valuesOf(form)];
    if (items !== undefined && isMapping(items)) return [{ step: "[]", schema: items }];
    return values !== undefined && isMapping(values) ? [{ step: ".NAME", schema: values }] : [];
  });

const formsOf = (schema: JsonSchema): readonly JsonSchema[] =>
  schema.properties === undefined && schema.anyOf !== undefined ? schema.anyOf.flatMap(formsOf) : [schema];
const itemsOf = ({ items }: JsonSchema): JsonSchema | undefined => (Array.isArray(items) ? undefined : (items as JsonSchema | undefined));
const valuesOf = ({ additionalProperties }: JsonSchema): JsonSchema | undefined =>
  typeof additionalProperties === "object" ? additionalProperties : undefined;
const isMapping = (schema: JsonSchema): boolean => formsOf(schema).some(({ properties }) => properties !== undefined);

function rowOf(key: string, schema: JsonSchema, isRequired: boolean, anchor: string | undefined): KeyRow {
  const { text, said } = withoutDefault(textAt(schema, "description"));
  const written = schema["default"];
  const isEmpty = typeof written === "object" && written !== null && Object.keys(written).length === 0;
  const isWord = (schema["enum"] as readonly unknown[] | undefined)?.includes(said) === true || /^\d+$/.test(said);
  const given = written === undefined || isEmpty ? (isWord ? code(said) : said) : code(written);
  const example = schema.examples?.[0];
  const shown = example === undefined || (typeof example !== "object" && written !== undefined) ? "" : code(example);
  return {
    key: `\`${key}\``,
    value: anchor === undefined ? valueWords(schema) : `[${valueWords(schema)}](#${anchor})`,
    default: isRequired ? "required" : given,
    example: shown,
    text,
  };
}

/** `Default: keep-alive.` has a column of its own. */
function withoutDefault(description: string): { readonly text: string; readonly said: string } {
  const [whole = "", said = ""] = /\s*Default: (.+?)\.(?=\s|$)/s.exec(description) ?? [];
  return { text: description.replace(whole, "").trim(), said };
}

const code = (value: unknown): string => {
  const text = typeof value === "string" ? value : stringify(value, { collectionStyle: "flow", lineWidth: 0 }).trim();
  return `\`${text === "" ? '""' : text}\``;
};

/** What a number with a unit can stand for, by the name that the page gives it. */
// biome-ignore format: a list reads best in rows
export const SUITE_QUANTITIES: readonly Quantity[] = [
  "duration", "rate", "percent", "points", "size", "data rate", "power", "energy", "clock", "temperature",
];

const QUANTITIES = new Map(SUITE_QUANTITIES.map((quantity) => [patternOf(quantity), quantity]));

/** The units that a quantity is written with. */
export const unitsOf = (quantity: Quantity): readonly string[] =>
  [...patternOf(quantity).matchAll(/\(\?:([^()\\?]+)\)/g)][0]?.[1]?.split("|") ?? [];

/** What a key may hold: `duration`, `whole number from 1 to 64`, `` `yes`, `no` ``. */
export function valueWords(schema: JsonSchema): string {
  const { anyOf, items, properties } = schema;
  const words = schema["enum"] as readonly unknown[] | undefined;
  if (words !== undefined) return wordList(words);
  if ("const" in schema) return code(schema["const"]);
  if (properties !== undefined) return "mapping";
  if (anyOf !== undefined) return formWords(anyOf);
  if (Array.isArray(items)) return `\`[a, b]\`, each ${withArticle(valueWords(items[0]))}`;
  if (schema["type"] === "array") return `list, each ${withArticle(valueWords((items ?? {}) as JsonSchema))}`;
  if (schema["type"] === "object") return namesWords(schema);
  return scalarWords(schema);
}

const withArticle = (words: string): string => (/^(`|any )/.test(words) ? words : `a ${words}`);

/** The plain forms first, and what is made of one of them in few words: `duration, or a range [a, b] of it, or mapping`. */
function formWords(forms: readonly JsonSchema[]): string {
  const words = [...new Set(forms.flatMap((form) => form.anyOf ?? [form]).map(valueWords))];
  const plain = words.filter((one) => !/^(list|mapping|`\[a, b\]`)/.test(one));
  const made = words
    .filter((one) => !plain.includes(one))
    .map((one) => {
      const of = plain.find((each) => one.endsWith(`each ${withArticle(each)}`));
      if (of === undefined) return one;
      return one.startsWith("list") ? "a list of them" : "a range `[a, b]`";
    });
  return [...plain, ...new Set(made)].join(", or ");
}

/** YAML reads `yes` as true and `2` as a number: both mean the word. */
const wordList = (words: readonly unknown[]): string => {
  const texts = words.filter((word) => typeof word === "string");
  return (texts.length > 0 ? texts : words).map((word) => code(word)).join(", ");
};

function namesWords(schema: JsonSchema): string {
  const values = valuesOf(schema);
  if (values === undefined || Object.keys(values).length === 0) return "mapping";
  return `mapping of names, each to ${withArticle(valueWords(values))}`;
}

function scalarWords(schema: JsonSchema): string {
  const quantity = QUANTITIES.get(textAt(schema, "pattern"));
  if (quantity !== undefined) return quantity;
  switch (schema["type"]) {
    case "integer":
      return `whole number${rangeWords(schema)}`;
    case "number":
      return `number${rangeWords(schema)}`;
    case "boolean":
      return "`true`, `false`";
    case "string":
      return "text";
    default:
      return "any value";
  }
}

function rangeWords(schema: JsonSchema): string {
  const [least, above] = [numberAt(schema, "minimum"), numberAt(schema, "exclusiveMinimum")];
  const [most, below] = [numberAt(schema, "maximum"), numberAt(schema, "exclusiveMaximum")];
  const ends = [
    ...(above === undefined ? [] : [`above ${above}`]),
    ...(least === undefined ? [] : [most === undefined ? `${least} or more` : `from ${least}`]),
    ...(most === undefined ? [] : [`${least === undefined ? "up " : ""}to ${most}`]),
    ...(below === undefined ? [] : [`below ${below}`]),
  ];
  return ends.length === 0 ? "" : ` ${ends.join(" ")}`;
}

const textAt = (schema: JsonSchema, keyword: string): string => {
  const value = schema[keyword];
  return typeof value === "string" ? value : "";
};

/** A limit that means something: zod says of every integer that it is a safe one. */
const numberAt = (schema: JsonSchema, keyword: string): number | undefined => {
  const value = schema[keyword];
  return typeof value === "number" && value < Number.MAX_SAFE_INTEGER ? value : undefined;
};
