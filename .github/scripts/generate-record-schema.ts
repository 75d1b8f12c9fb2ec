// Writes schema/run-record.schema.json from the code that reads records. A test fails when the file is out of step.
import { writeFileSync } from "node:fs";
import { recordSchemaText } from "../../src/core/record/record-schema.ts";

writeFileSync(new URL("../../schema/run-record.schema.json", import.meta.url), recordSchemaText());
