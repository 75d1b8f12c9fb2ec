import { z } from "zod";
import { STORED_RECORD } from "./stored-shape.ts";

/** schema/run-record.schema.json: the stored record as JSON Schema, for whoever writes or reads one without tailgate. */
export function recordSchemaText(): string {
  // The shape of the input: what is stored, before the reader sorts keys and drops those it does not know.
  const { $schema, ...schema } = z.toJSONSchema(STORED_RECORD, { target: "draft-2020-12", io: "input" });
  return `${JSON.stringify({ $schema, $id: "run-record.schema.json", ...schema }, undefined, 2)}\n`;
}
