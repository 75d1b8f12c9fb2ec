import { z } from "zod";
import { suiteSchema } from "./schema.ts";

/** The part of JSON Schema that the suite's own schema uses. */
export type JsonSchema = {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema | readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly examples?: readonly unknown[];
  readonly [keyword: string]: unknown;
};

let generated: JsonSchema | undefined;

/** The JSON Schema (draft 7, which editors know best) of a suite as it is written: `schema/suite.schema.json`. */
export function suiteJsonSchema(): JsonSchema {
  generated ??= {
    $id: "suite.schema.json",
    ...(z.toJSONSchema(suiteSchema, { io: "input", target: "draft-7", override: keepExamples }) as JsonSchema),
  };
  return generated;
}

/** zod leaves out examples of fields with a transform, as they might be written in its output; ours are as in YAML. */
function keepExamples({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodType; jsonSchema: Record<string, unknown> }): void {
  const examples = z.globalRegistry.get(zodSchema)?.["examples"];
  if (examples !== undefined) jsonSchema["examples"] = examples;
}

/** The schema of what stands at a path, or undefined where nothing may stand. */
export function schemaAt(path: readonly (string | number)[]): JsonSchema | undefined {
  return path.reduce<JsonSchema | undefined>((schema, key) => (schema === undefined ? undefined : child(schema, key)), suiteJsonSchema());
}

/** Keys that a mapping at this path may have: undefined where it may have any, or where no mapping may stand. */
export function keysAt(path: readonly (string | number)[]): readonly string[] | undefined {
  const properties = objectForm(schemaAt(path))?.properties;
  return properties === undefined ? undefined : Object.keys(properties);
}

function child(schema: JsonSchema, key: string | number): JsonSchema | undefined {
  if (typeof key === "number") return Array.isArray(schema.items) ? schema.items[key] : (schema.items as JsonSchema | undefined);
  const form = objectForm(schema);
  if (form?.properties !== undefined && Object.hasOwn(form.properties, key)) return form.properties[key];
  return typeof form?.additionalProperties === "object" ? form.additionalProperties : undefined;
}

/** Where several forms are allowed, the mapping among them. */
const objectForm = (schema: JsonSchema | undefined): JsonSchema | undefined =>
  schema?.properties !== undefined || schema?.anyOf === undefined
    ? schema
    : schema.anyOf.find(({ properties }) => properties !== undefined);
