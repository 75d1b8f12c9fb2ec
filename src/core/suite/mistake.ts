import type { z } from "zod";
import { inWords } from "./fields.ts";
import { keysAt, schemaAt } from "./json-schema.ts";
import { suggest } from "./nearest.ts";

export type Path = readonly (string | number)[];

/** One mistake in a suite, before it has a position. `at` says whether the key or its value is wrong. */
export type Mistake = { readonly path: Path; readonly at: "key" | "value"; readonly message: string; readonly hint: string };

/** A path as `--set` takes it: scenarios by name, dots between keys. */
export function dotted(path: Path, root: unknown): string {
  let value = root;
  const keys = path.map((key) => {
    value = typeof value === "object" && value !== null ? (value as Record<string | number, unknown>)[key] : undefined;
    if (typeof key === "string") return key;
    const name = typeof value === "object" && value !== null && "name" in value ? value.name : undefined;
    return typeof name === "string" && name !== "" ? name : String(key);
  });
  return keys.join(".");
}

/** What zod found, in the words of this format. */
export function mistakesOf(issues: readonly z.core.$ZodIssue[]): readonly Mistake[] {
  return issues.flatMap((issue) => mistakesOfIssue(issue));
}

function mistakesOfIssue(issue: z.core.$ZodIssue): readonly Mistake[] {
  const path = issue.path.filter((key) => typeof key !== "symbol");
  const { input } = issue;
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(path, key));
    case "invalid_key": {
      const [inner] = issue.issues;
      const hint = inner?.code === "custom" ? String(inner.params?.["hint"]) : NAME_HINT;
      return [{ path, at: "key", message: inner?.code === "custom" ? inner.message : `"${String(input)}" is not a usable name`, hint }];
    }
    case "custom":
      if (input === undefined) return [missing(path)];
      return [{ path, at: "value", message: issue.message, hint: String(issue.params?.["hint"] ?? exampleHint(path)) }];
    case "invalid_type":
      return [
        input === undefined ? missing(path) : wrongType(path, schemaAt(path)?.["type"] === "integer" ? "int" : issue.expected, input),
      ];
    case "invalid_value":
      return [{ path, at: "value", message: `${inWords(input)} is not ${issue.values.join(" or ")}`, hint: valueHint(path, issue.values) }];
    case "invalid_format":
      return [{ path, at: "value", ...badFormat(path, input) }];
    case "too_small":
      return [{ path, at: "value", ...tooSmall(path, issue) }];
    case "too_big":
      if (Array.isArray(input))
        return [{ path, at: "value", message: "this list is too long", hint: listHint(path, `${issue.maximum} at most`) }];
      return [{ path, at: "value", message: `${inWords(input)} is too much`, hint: `write ${issue.maximum} or less` }];
    case "invalid_union":
      return mistakesOfUnion(issue, path);
    default:
      return [{ path, at: "value", message: issue.message, hint: exampleHint(path) }];
  }
}

/** Of several forms, the mistakes of the one that was meant: the one whose type fits. */
function mistakesOfUnion(issue: z.core.$ZodIssueInvalidUnion, path: Path): readonly Mistake[] {
  const meant = issue.errors.find((errors) => errors.every(({ code, path: inner }) => code !== "invalid_type" || inner.length > 0));
  if (meant !== undefined) return mistakesOf(meant.map((error) => ({ ...error, path: [...path, ...error.path] })));
  return [{ path, at: "value", message: `${inWords(issue.input)} is not usable here`, hint: exampleHint(path) }];
}

const TYPES: Readonly<Record<string, string>> = {
  object: "a mapping",
  record: "a mapping",
  array: "a list",
  tuple: "a list of two",
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
};

const NAME_HINT = "use letters, digits, spaces and . _ - /, at most 64, beginning with a letter or digit";

/** What other tools call our keys. */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  endpoint: ["url", "base-url", "host", "server"],
  rate: ["rps", "qps", "requests-per-second"],
  concurrency: ["users", "vus", "clients", "connections", "parallel"],
  duration: ["time", "length", "for"],
  regression: ["threshold", "tolerance", "margin", "max-regression"],
  limit: ["max", "slo", "ceiling", "maximum"],
  scenarios: ["tests", "benchmarks"],
  payloads: ["inputs", "requests", "data"],
  weight: ["share", "percentage"],
  "warm-up": ["warmup-duration"],
  "think-time": ["think", "sleep", "delay", "pause"],
  shape: ["stages", "phases", "profile"],
  ramp: ["linear"],
  spike: ["burst", "peak"],
  sine: ["wave", "diurnal"],
  rungs: ["levels"],
  dcgm: ["dcgm-exporter"],
  "nvidia-gpu-exporter": ["nvidia", "nvidia-exporter"],
  amd: ["rocm", "device-metrics-exporter", "amd-smi"],
  triton: ["tritonserver", "triton-inference-server"],
  "tensorrt-llm": ["trtllm", "trt-llm", "trtllm-serve"],
  tgi: ["text-generation-inference"],
  "llama.cpp": ["llamacpp", "llama-cpp", "llama-server"],
  "tf-serving": ["tfserving", "tensorflow-serving"],
  "ray-serve": ["ray", "rayserve"],
  "node-exporter": ["node", "host"],
  process: ["process-exporter"],
  url: ["auto", "kind", "endpoint"],
  promql: ["prometheus-server", "prom"],
  labels: ["matchers", "selector"],
  queries: ["query", "expressions"],
};

function unknownKey(path: Path, key: string): Mistake {
  return { path: [...path, key], at: "key", message: `unknown key "${key}"`, hint: hintForKey(path, key) };
}

/** What to write instead of a key that may not stand at a path. */
export function hintForKey(path: Path, key: string): string {
  const keys = keysAt(path) ?? [];
  const synonym = keys.find((known) => SYNONYMS[known]?.includes(key.toLowerCase().replaceAll("_", "-")));
  if (synonym !== undefined) return `did you mean "${synonym}"?`;
  const below = keys.find((known) => keysAt([...path, known])?.includes(key));
  if (below !== undefined) return `it belongs under "${below}"`;
  const above = path.map((_, i) => path.slice(0, i)).findLast((parent) => keysAt(parent)?.includes(key));
  if (above === undefined) return suggest(key, keys);
  return `it belongs ${above.length === 0 ? "to the suite itself" : `under "${dotted(above, undefined)}"`}`;
}

function wrongType(path: Path, expected: string, input: unknown): Mistake {
  const message = input === null ? "this key has no value" : `${inWords(input)} is not ${TYPES[expected] ?? expected}`;
  return { path, at: "value", message, hint: typeHint(path, expected, input) };
}

function typeHint(path: Path, expected: string, input: unknown): string {
  if (input === null && path.at(-1) === "gates") return "write {} to gate nothing, or leave the key out for the usual gates";
  if (input === null) {
    const required = schemaAt(path.slice(0, -1))?.["required"];
    const orNot = Array.isArray(required) && required.includes(path.at(-1)) ? "" : ", or leave the key out";
    return `write ${exampleAt(path) ?? "a value"}${orNot}`;
  }
  if (expected === "string" && (typeof input === "number" || typeof input === "boolean")) return `write it in quotes: "${input}"`;
  if (expected === "boolean") return "write true or false";
  if (expected === "int" || expected === "number") return `write ${TYPES[expected]}`;
  if (expected === "array" && schemaAt(path)?.items !== undefined && typeof input === "object") return "begin every entry with a dash: - …";
  return exampleHint(path);
}

function tooSmall(path: Path, { input, inclusive, minimum }: z.core.$ZodIssueTooSmall): Pick<Mistake, "message" | "hint"> {
  if (input === "" || (Array.isArray(input) && input.length === 0)) {
    return {
      message: `this ${input === "" ? "text" : "list"} is empty`,
      hint: `write ${exampleAt(path) ?? "something, or leave the key out"}`,
    };
  }
  if (Array.isArray(input)) return { message: "this list is too short", hint: listHint(path, `${minimum} at least`) };
  const dynamic = path.at(-2) === "shape" ? ", or a range such as [1, 512] for a dimension that varies" : "";
  const enough = inclusive ? `write ${minimum} or more${dynamic}` : `write a number above ${minimum}`;
  return { message: `${inWords(input)} is too small`, hint: enough };
}

const listHint = (path: Path, entries: string): string => {
  const example = exampleAt(path);
  return `it has ${entries}${example?.startsWith("[") ? `, for example ${example}` : ""}`;
};

function badFormat(path: Path, input: unknown): Pick<Mistake, "message" | "hint"> {
  if (path.at(-1) === "name")
    return { message: `"${String(input)}" is not a usable name`, hint: path.length === 1 ? NAME_HINT.replace(" /,", ",") : NAME_HINT };
  return { message: `${inWords(input)} is not usable here`, hint: exampleHint(path) };
}

const valueHint = (path: Path, values: readonly unknown[]): string =>
  path.length === 1 && path[0] === "version"
    ? "write version: 1, or update tailgate if the suite was made for a newer one"
    : `write ${values.join(" or ")}`;

function missing(path: Path): Mistake {
  const key = String(path.at(-1) ?? "suite");
  return { path: path.slice(0, -1), at: "key", message: `"${key}" is missing`, hint: `add ${key}: ${exampleAt(path) ?? "…"}` };
}

const exampleHint = (path: Path): string => {
  const example = exampleAt(path);
  return example === undefined ? "leave it out or see schema/suite.schema.json" : `write for example ${example}`;
};

/** The schema's first example of a field, as YAML's one-line form. */
function exampleAt(path: Path): string | undefined {
  const schema = schemaAt(path);
  const example = schema?.examples?.[0] ?? (schema?.["enum"] as readonly unknown[] | undefined)?.[0];
  return example === undefined ? undefined : inline(example);
}

function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    return `{ ${Object.entries(value)
      .map(([key, item]) => `${key}: ${inline(item)}`)
      .join(", ")} }`;
  }
  return typeof value === "string" && /[{}[\],]|^[*&!|>%@`"' ]|: /.test(value) ? JSON.stringify(value) : String(value);
}
