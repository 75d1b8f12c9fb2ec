import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

/** A JSON Schema, read once and asked often. `flawOf` says where a value does not fit, and how; undefined if it does. */
export type JsonSchema = { readonly flawOf: (value: unknown) => string | undefined };

/**
 * Draft 2020-12, strictly: a keyword that is not known is a mistake, because it would check nothing. `format` is among
 * them.
 *
 * @returns the reason for an object that is no schema.
 */
export function readJsonSchema(schema: Readonly<Record<string, unknown>>): JsonSchema | { readonly problem: string } {
  let validate: ValidateFunction;
  try {
    validate = new Ajv2020({ strict: true, strictTypes: false, strictTuples: false, strictRequired: false }).compile(schema);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : "it cannot be read" };
  }
  return {
    flawOf: (value) => {
      if (validate(value)) return undefined;
      const { instancePath = "", message = "does not fit" } = validate.errors?.[0] ?? {};
      return `${instancePath === "" ? "the answer" : instancePath.slice(1).replaceAll("/", ".")} ${message}`;
    },
  };
}
