import { extname } from "node:path";
import { InputError } from "../core/errors.ts";
import { importSamples } from "../core/import/samples.ts";
import { writeRunRecord } from "../core/record/read.ts";
import { nearest } from "../core/suite/nearest.ts";
import { readTextFile } from "../io/files/read.ts";
import { writeFileAtomic } from "../io/files/write.ts";
import { loadSuite } from "../load-suite.ts";
import { filePorts } from "../world.ts";
import { type Command, EXIT, parseArguments } from "./command.ts";

const FORMATS = ["samples"] as const;

export const importCommand: Command = {
  name: "import",
  summary: "turn measurements of another tool into a run record",
  usage: `tailgate import FORMAT FILE... --suite SUITE --scenario NAME --out RUN.json [--set path=value]

  FORMAT            samples: CSV with the header at_ms,latency_ms,outcome and optional ttft_ms,tokens
  FILE              one file is one run; several are written as RUN-1.json, RUN-2.json, ...
  --suite SUITE     the suite that the run belongs to
  --scenario NAME   the scenario that the samples measure
  --out RUN.json    where the record goes
  --set path=value  change the suite, as for the runs that it will be compared with`,
  run: async ({ args, stderr }) => {
    const { values, positionals } = parseArguments(
      args,
      { suite: { type: "string" }, scenario: { type: "string" }, out: { type: "string" }, set: { type: "string", multiple: true } },
      ["FORMAT", "FILE"],
      "more",
    );
    const [format = "", ...paths] = positionals;
    if (!FORMATS.some((known) => known === format)) {
      const close = nearest(format, FORMATS);
      throw new InputError(`unknown format ${JSON.stringify(format)}`, {
        hint: close === undefined ? `formats are: ${FORMATS.join(", ")}` : `did you mean ${close}?`,
      });
    }
    const { suite: suiteFile, scenario, out } = values;
    if (suiteFile === undefined)
      throw new InputError("--suite is missing", { hint: "name the suite that the samples belong to: --suite suite.yaml" });
    if (scenario === undefined)
      throw new InputError("--scenario is missing", { hint: "name the scenario of the suite that the samples measure" });
    if (out === undefined) throw new InputError("--out is missing", { hint: "name the record to write: --out run.json" });
    const { suite, digest, scenarioDigests } = await loadSuite(suiteFile, values.set ?? [], "not needed", filePorts);
    for (const [index, path] of paths.entries()) {
      const text = await readTextFile(path, "samples");
      const record = importSamples({ name: path, text }, { suite, digest, scenarioDigests, scenario });
      const extension = extname(out);
      const target = paths.length === 1 ? out : `${out.slice(0, out.length - extension.length)}-${index + 1}${extension}`;
      await writeFileAtomic(target, writeRunRecord(record));
      stderr.write(`${path} → ${target}\n`);
    }
    return EXIT.pass;
  },
};
