import { compile, type JSONPathQuery } from "json-p3";

/** A query of RFC 9535, read once and asked often. */
export type JsonPath = { readonly select: (value: unknown) => readonly unknown[] };

/** Undefined and the reason for a text that is no query. */
export function readJsonPath(text: string): JsonPath | { readonly problem: string } {
  let query: JSONPathQuery;
  try {
    query = compile(text);
  } catch (error) {
    return { problem: error instanceof Error ? error.message.replace(/ \('.*$/s, "") : "it cannot be read" };
  }
  return { select: (value) => query.query(value as Parameters<JSONPathQuery["query"]>[0]).values() };
}
