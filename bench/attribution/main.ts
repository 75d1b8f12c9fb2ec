// Planted causes on the demo server: npm run bench:attribution [-- --only leak --write]
//
// Starts two demo servers per comparison, the head with a cause, runs `tailgate run` of the sources against them, driven in
// turn, and reads from verdict.json which cause is named first. Equal builds must get none. Records are kept in
// .cache/bench-attribution/. With --write the table goes into bench/README.md.
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { markdownTable } from "markdown-table";
import type { VerdictJson } from "../../src/core/report/verdict-schema.ts";
import { startDemo } from "../../src/io/demo/start-demo.ts";
import { EQUAL, PLANTED, type Planted } from "./planted.ts";
import { KNOWN_TEXTS, plantedSuite, VARIABLES } from "./suite.ts";

const CLI = fileURLToPath(new URL("../../src/cli.ts", import.meta.url));
const README = fileURLToPath(new URL("../README.md", import.meta.url));
const OUT = ".cache/bench-attribution";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "42" },
    only: { type: "string", default: "" },
    write: { type: "boolean", default: false },
    equal: { type: "string", default: "2" },
  },
});

type Row = {
  readonly planted: Planted;
  readonly verdict: string;
  readonly named: string | undefined;
  readonly sentence: string;
  readonly isSpoiled: boolean;
};

const MOST_REPEATS = 3;

const rows: Row[] = [];
const chosen = (all: readonly Planted[]) => all.filter(({ name }) => name.includes(values.only));
const equals = Array.from({ length: Number(values.equal) }, () => chosen(EQUAL)).flat();
for (const [i, planted] of [...chosen(PLANTED), ...equals].entries()) {
  let row = await compare(planted, i);
  // What this machine itself spoiled says nothing; what a planted cause makes invalid stands.
  for (let more = 0; more < MOST_REPEATS && row.isSpoiled; more++) row = await compare(planted, i);
  rows.push(row);
  process.stderr.write(`${isRight(row) ? "right" : "WRONG"}  ${planted.name}: ${row.verdict}, ${row.sentence}\n`);
}
const summary = summarize(rows);
process.stdout.write(`${table(rows)}\n\n${summary}\n`);
if (values.write) write(`${table(rows)}\n\n${summary}`);
process.exitCode = rows.every(isRight) ? 0 : 1;

async function compare(planted: Planted, i: number): Promise<Row> {
  const folder = join(OUT, String(i));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "suite.yaml"), plantedSuite(Number(values.seed) + i));
  writeFileSync(join(folder, "known.txt"), KNOWN_TEXTS);
  const [base, head] = await Promise.all([
    startDemo({ preset: "base", args: planted.base }),
    startDemo({ preset: "equal", args: planted.head }),
  ]);
  try {
    const environment = { ...process.env, [VARIABLES.head]: head.metricsUrl, [VARIABLES.base]: base.metricsUrl };
    const args = [CLI, "run", "suite.yaml", "--endpoint", head.url, "--baseline-endpoint", base.url];
    const child = spawn(process.execPath, args, { cwd: folder, env: environment, stdio: ["ignore", "ignore", "pipe"] });
    let complaint = "";
    child.stderr.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    if (code === null || code === 2 || code > 3) throw new Error(`tailgate ended with ${code}: ${complaint.slice(-2000)}`);
    const json = JSON.parse(readFileSync(join(folder, "tailgate-out", "verdict.json"), "utf8")) as VerdictJson;
    const attribution = json.scenarios[0]!.attribution;
    const isSpoiled = json.problems.some(({ severity, code }) => severity === "invalid" && code !== "gpu-throttled");
    return {
      planted,
      verdict: json.verdict,
      named: attribution?.causes[0]?.kind,
      sentence: attribution?.sentence ?? "nothing is named",
      isSpoiled,
    };
  } finally {
    await Promise.all([base.stop(), head.stop()]);
  }
}

function isRight({ planted, named }: Row): boolean {
  return named === planted.expected;
}

/** Sentences are told as they come; a page has room for the names. */
function table(all: readonly Row[]): string {
  return markdownTable(
    [
      ["planted", "named first", "right", "verdict"],
      ...all.map((row) => [row.planted.name, row.named ?? "nothing", isRight(row) ? "yes" : "**no**", row.verdict]),
    ],
    { alignDelimiters: false },
  );
}

function summarize(all: readonly Row[]): string {
  const causes = all.filter(({ planted }) => planted.expected !== undefined);
  const equal = all.filter(({ planted }) => planted.expected === undefined);
  return `${causes.filter(isRight).length} of ${causes.length} planted causes were named first; ${equal.filter(isRight).length} of ${equal.length} equal builds got no attribution.`;
}

function write(text: string): void {
  const readme = readFileSync(README, "utf8");
  const [from, to] = ["<!-- attribution -->", "<!-- /attribution -->"];
  const start = readme.indexOf(from) + from.length;
  writeFileSync(README, `${readme.slice(0, start)}\n${text}\n${readme.slice(readme.indexOf(to))}`);
}
