/** A request that an OpenAPI document describes, with a body that its schema allows. */
export type Operation = { readonly method: "GET" | "POST"; readonly path: string; readonly body: unknown };

const MOST_LEVELS = 8;
/** A document from outside may describe bodies without end. */
const MOST_VALUES = 500;
const MOST_NAMES = 64;
const LONGEST_BODY = 20_000;
const READY = /^\/(health|healthz|readyz|ready|livez|ping|-\/healthz|health\/ready)$/;

/**
 * The operation that is most likely an inference: a POST with a JSON body whose path says so, else the first such POST, else
 * a GET. Paths with parameters are passed over: nobody can guess them.
 *
 * @param document OpenAPI 3 as data, from outside. @returns undefined where it describes nothing that can be asked.
 */
export function inferenceOperation(document: unknown): Operation | undefined {
  const posts = operations(document).flatMap(({ path, item }) => {
    const body = bodySchema(document, at(item, "post"));
    return body === undefined ? [] : [{ path, ...body }];
  });
  const likely = posts.find(({ path }) =>
    /predict|infer|generate|classify|embed|score|rank|detect|transcribe|complet|invocation/i.test(path),
  );
  const found = likely ?? posts[0];
  if (found !== undefined) {
    const body = found.example ?? sample(document, found.schema, { level: 0, left: { values: MOST_VALUES } });
    return { method: "POST", path: found.path, body: JSON.stringify(body).length > LONGEST_BODY ? {} : body };
  }
  const get = operations(document).find(({ path, item }) => at(item, "get") !== undefined && !READY.test(path));
  return get === undefined ? undefined : { method: "GET", path: get.path, body: undefined };
}

/** A path that says whether the service is up. */
export const readyPath = (document: unknown): string | undefined =>
  operations(document).find(({ path, item }) => READY.test(path) && at(item, "get") !== undefined)?.path;

const operations = (document: unknown): readonly { readonly path: string; readonly item: unknown }[] =>
  Object.entries(Object(at(document, "paths")) as object)
    .filter(([path]) => /^\/[\w.~!$&'()*+,;=:@%/-]{0,200}$/.test(path) && !path.includes("${"))
    .map(([path, item]: [string, unknown]) => ({ path, item }));

function bodySchema(document: unknown, operation: unknown): { readonly schema: unknown; readonly example: unknown } | undefined {
  const content = at(at(resolved(document, at(operation, "requestBody")), "content"), "application/json");
  const schema = at(content, "schema");
  return schema === undefined ? undefined : { schema, example: at(content, "example") };
}

/** A value that a JSON Schema allows: its own example where it has one, else the simplest thing of its type. */
type Depth = { readonly level: number; readonly left: { values: number } };

function sample(document: unknown, reference: unknown, { level: above, left }: Depth): unknown {
  const schema = resolved(document, reference);
  const inside: Depth = { level: above + 1, left };
  if (above > MOST_LEVELS || --left.values < 0) return null;
  const examples = at(schema, "examples");
  for (const given of [
    at(schema, "example"),
    Array.isArray(examples) ? examples[0] : undefined,
    at(schema, "const"),
    at(schema, "default"),
    first(at(schema, "enum")),
  ]) {
    if (given !== undefined && given !== null) return given;
  }
  const one = first(at(schema, "anyOf")) ?? first(at(schema, "oneOf"));
  if (one !== undefined) return sample(document, one, inside);
  const all = at(schema, "allOf");
  if (Array.isArray(all))
    return Object.assign(
      {},
      ...all.slice(0, MOST_NAMES).map((part: unknown) => Object(sample(document, part, inside)) as object),
    ) as unknown;
  const type = at(schema, "type") ?? (at(schema, "properties") === undefined ? "string" : "object");
  switch (Array.isArray(type) ? type.find((name) => name !== "null") : type) {
    case "object":
      return objectSample(document, schema, inside);
    case "array":
      return Array.from({ length: Math.min(Math.max(Number(at(schema, "minItems") ?? 1), 1), MOST_NAMES) }, () =>
        sample(document, at(schema, "items"), inside),
      );
    case "integer":
    case "number":
      return Number(at(schema, "minimum") ?? at(schema, "exclusiveMinimum") ?? 0) + (at(schema, "exclusiveMinimum") === undefined ? 0 : 1);
    case "boolean":
      return false;
    case "null":
      return null;
    default:
      return SAMPLE;
  }
}

const SAMPLE = "The delivery was late, but the support was friendly and quick.";

/** What is required; all that is known where nothing is. */
function objectSample(document: unknown, schema: unknown, inside: Depth): unknown {
  const properties = Object(at(schema, "properties")) as Readonly<Record<string, unknown>>;
  const required = at(schema, "required");
  const names =
    Array.isArray(required) && required.length > 0 ? required.filter((name) => typeof name === "string") : Object.keys(properties);
  return Object.fromEntries(names.slice(0, MOST_NAMES).map((name) => [name, sample(document, properties[name], inside)]));
}

function resolved(document: unknown, schema: unknown): unknown {
  let seen = schema;
  for (let hops = 0; hops < MOST_LEVELS; hops++) {
    const reference = at(seen, "$ref");
    if (typeof reference !== "string" || !reference.startsWith("#/")) return seen;
    seen = reference
      .slice(2)
      .split("/")
      .reduce<unknown>((value, step) => at(value, step.replaceAll("~1", "/").replaceAll("~0", "~")), document);
  }
  return undefined;
}

const first = (value: unknown): unknown => (Array.isArray(value) ? (value as readonly unknown[])[0] : undefined);

const at = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, key) ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
