import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";

type Json = Record<string, unknown>;
type Parameter = { name: string; in: "path" | "query" | "header"; required?: boolean; schema: Json };
type Media = { content?: Record<string, { schema?: Json; examples?: Record<string, { $ref?: string; value?: unknown }> }> };
type Operation = {
  operationId: string;
  parameters?: (Parameter | { $ref: string })[];
  requestBody?: Media;
  responses: Record<string, Media | { $ref: string }>;
};

/** One operation of GitHub's description, matched to a request. */
export type Matched = {
  readonly id: string;
  readonly template: string;
  readonly params: Readonly<Record<string, string>>;
  readonly operation: Operation;
};

/** GitHub's own OpenAPI description: which operation a request is, and what is wrong with it or with an answer. */
export type Description = {
  readonly match: (method: string, path: string) => Matched | undefined;
  readonly requestMistakes: (matched: Matched, query: URLSearchParams, body: string) => string[];
  readonly responseMistakes: (matched: Matched, status: number, body: unknown) => string[];
  /** A copy of one of the description's own examples, with its addresses moved to `url`. */
  readonly example: (name: string, url: string) => Json;
};

const HERE = import.meta.dirname;
const FILE = join(HERE, "node_modules/@octokit/openapi/generated/api.github.com.json");
/** Statuses that any operation may answer, described or not. */
const COMMON_ERRORS = new Set([401, 403, 404, 429, 500, 502, 503]);

let loaded: Description | undefined;

/** Installs the description on first use (5 s, 400 MB on disk), then reads it once per process. */
export function loadDescription(): Description {
  if (loaded !== undefined) return loaded;
  install();
  const document = JSON.parse(readFileSync(FILE, "utf8")) as {
    paths: Record<string, Record<string, Operation>>;
    components: Record<string, Record<string, Json>>;
  };
  const { paths, components } = document;
  for (const part of [paths, components["schemas"], components["parameters"], components["responses"]]) toJsonSchema(part);
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  addFormats.default(ajv);
  ajv.addSchema({ $id: "github", components });
  const validators = new WeakMap<object, ValidateFunction>();
  const mistakes = (schema: Json, value: unknown, what: string): string[] => {
    let validate = validators.get(schema);
    if (validate === undefined) {
      validate = ajv.compile(absolute(schema));
      validators.set(schema, validate);
    }
    if (validate(value)) return [];
    return (validate.errors ?? [])
      .slice(0, 5)
      .map(({ instancePath, message, params }) => `${what}${instancePath} ${message} ${JSON.stringify(params)}`);
  };
  const deref = <T>(value: T | { $ref: string }): T =>
    typeof value === "object" && value !== null && "$ref" in value
      ? (value.$ref
          .split("/")
          .slice(1)
          .reduce<unknown>((node, key) => (node as Json)[key], document) as T)
      : value;
  const templates = Object.keys(paths).map((template) => ({
    template,
    pattern: patternOf(template),
    literal: template.replace(/\{[^}]+\}/g, "").length,
  }));

  loaded = {
    match(method, path) {
      const candidates = templates.filter(({ template, pattern }) => pattern.test(path) && paths[template]?.[method.toLowerCase()]);
      // `/issues/comments/7` is also `/issues/{issue_number}/…` to a regular expression: the more literal template wins.
      const best = candidates.sort((a, b) => b.literal - a.literal)[0];
      if (best === undefined) return undefined;
      const groups = best.pattern.exec(path)?.groups ?? {};
      const params = Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
      const operation = paths[best.template]![method.toLowerCase()]!;
      return { id: operation.operationId, template: best.template, params, operation };
    },
    requestMistakes({ operation, params }, query, body) {
      const parameters = (operation.parameters ?? []).map(deref<Parameter>);
      const found: string[] = [];
      for (const [name, text] of query) {
        const parameter = parameters.find((one) => one.in === "query" && one.name === name);
        if (parameter === undefined) found.push(`query ${name} is not described`);
        else found.push(...mistakes(parameter.schema, typed(text, parameter.schema), `query ${name}`));
        if (name === "per_page" && Number(text) > 100) found.push("query per_page is above 100");
      }
      for (const { name, in: place, required, schema } of parameters) {
        if (place === "query" && required && !query.has(name)) found.push(`query ${name} is missing`);
        if (place === "path") found.push(...mistakes(schema, typed(params[name] ?? "", schema), `path ${name}`));
      }
      const expected = operation.requestBody?.content?.["application/json"]?.schema;
      if (expected === undefined) return body === "" ? found : [...found, "a body is not described"];
      let value: unknown;
      try {
        value = JSON.parse(body);
      } catch {
        return [...found, "the body is not JSON"];
      }
      const known = Object.keys((expected["properties"] as Json | undefined) ?? {});
      const unknown = Object.keys(value as Json).filter((key) => known.length > 0 && !known.includes(key));
      return [...found, ...mistakes(expected, value, "body"), ...unknown.map((key) => `body ${key} is not described`)];
    },
    responseMistakes({ operation }, status, body) {
      const response = operation.responses[String(status)];
      if (response === undefined) {
        if (!COMMON_ERRORS.has(status)) return [`status ${status} is not described`];
        return mistakes({ $ref: "#/components/schemas/basic-error" }, body, "answer");
      }
      const schema = deref<Media>(response).content?.["application/json"]?.schema;
      return schema === undefined ? [] : mistakes(schema, body, "answer");
    },
    example(name, url) {
      const value = components["examples"]?.[name]?.["value"];
      if (value === undefined) throw new Error(`the description has no example ${name}`);
      return JSON.parse(JSON.stringify(Array.isArray(value) ? value[0] : value).replaceAll("https://api.github.com", url)) as Json;
    },
  };
  return loaded;
}

/** Only one of several test processes installs; the others wait for it. */
function install(): void {
  const lock = join(tmpdir(), `tailgate-github-${createHash("sha256").update(HERE).digest("hex").slice(0, 12)}`);
  const wanted = readFileSync(join(HERE, "package-lock.json"), "utf8");
  const stamp = join(HERE, "node_modules/.package-lock.json");
  const versionIn = (lockfile: string): string =>
    (JSON.parse(lockfile) as { packages: Record<string, { version?: string }> }).packages["node_modules/@octokit/openapi"]?.version ?? "";
  const installed = (): boolean => existsSync(FILE) && existsSync(stamp) && versionIn(readFileSync(stamp, "utf8")) === versionIn(wanted);
  for (let waited = 0; !installed(); waited++) {
    try {
      mkdirSync(lock);
    } catch {
      if (Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > 300_000)
        rmSync(lock, { recursive: true, force: true });
      if (waited > 600) throw new Error(`GitHub's OpenAPI description is not being installed; remove ${lock}`);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
      continue;
    }
    try {
      const { status, stderr } = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
        cwd: HERE,
        encoding: "utf8",
      });
      if (status !== 0) throw new Error(`npm ci in test/github failed: ${stderr}`);
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
  }
}

/** OpenAPI 3.0 says `nullable`, JSON Schema says a type or an alternative. In place. */
function toJsonSchema(node: unknown): void {
  if (typeof node !== "object" || node === null) return;
  for (const [key, child] of Object.entries(node)) if (key !== "example" && key !== "examples") toJsonSchema(child);
  const schema = node as Json;
  if (schema["nullable"] !== true) return;
  const copy = { ...schema };
  delete copy["nullable"];
  for (const key of Object.keys(schema)) delete schema[key];
  schema["anyOf"] = [copy, { type: "null" }];
}

/** References of a fragment, made to point into the whole document. */
const absolute = (schema: Json): Json => JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"github#/')) as Json;

const patternOf = (template: string): RegExp =>
  new RegExp(
    `^${template.replace(/[.+*?^$()|[\]\\]/g, "\\$&").replace(/\{([^}]+)\}/g, (_, name: string) => `(?<${name.replaceAll("-", "_")}>${name === "path" || name === "basehead" ? ".+" : "[^/]+"})`)}$`,
  );

const typed = (text: string, schema: Json): unknown => {
  const type = schema["type"] ?? (schema["oneOf"] as Json[] | undefined)?.[0]?.["type"];
  if (type === "integer" || type === "number") return text === "" ? text : Number(text);
  if (type === "boolean") return text === "true" ? true : text === "false" ? false : text;
  return text;
};
