import { writeFileSync } from "node:fs";
import { verdictSchemaText } from "../../src/core/report/verdict-schema.ts";

writeFileSync(new URL("../../schema/verdict.schema.json", import.meta.url), verdictSchemaText());
