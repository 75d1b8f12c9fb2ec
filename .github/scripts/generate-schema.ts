// Writes schema/suite.schema.json from the code that reads suites. A test fails when the file is out of step.
import { mkdirSync, writeFileSync } from "node:fs";
import { suiteJsonSchema } from "../../src/core/suite/json-schema.ts";

const folder = new URL("../../schema/", import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL("suite.schema.json", folder), `${JSON.stringify(suiteJsonSchema(), null, 2)}\n`);
