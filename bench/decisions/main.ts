// The decision laboratory: npm run bench:decisions [-- --quick | --write | --cells NAME,… | --replicates N | --render]
//
// Judges simulated pull requests with our rule and with those of others, and writes what came out: with --write into
// docs/decisions/, otherwise into .cache/bench-decisions/. See docs/decisions/README.md.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeMachine, sentenceOf } from "../load/machine.ts";
import type { Cell } from "./cell.ts";
import { allCells, FULL, QUICK } from "./cells.ts";
import { efficiencyOf } from "./efficiency.ts";
import { lineOf } from "./page/line.ts";
import { pageOf } from "./page/page.ts";
import type { Recorded } from "./page/recorded.ts";
import { openPool } from "./pool.ts";
import { type Results, renew, type StudyResult } from "./results.ts";
import { tally } from "./tally.ts";
import { STUDIES } from "./variance/study.ts";

const DOCS = "docs/decisions";
const CACHE = ".cache/bench-decisions";
const STUDY_REPLICATES = { full: 100, quick: 8 };

const { values } = parseArgs({
  options: {
    quick: { type: "boolean" },
    write: { type: "boolean" },
    render: { type: "boolean" },
    cells: { type: "string" },
    replicates: { type: "string" },
    seed: { type: "string", default: "1" },
    threads: { type: "string", default: "2" },
    list: { type: "boolean" },
    help: { type: "boolean" },
  },
});
if (values.help === true) {
  console.error(`--quick             every cell, a few pull requests each, some minutes
--write             every cell in full, into ${DOCS}/
--render            ${DOCS}/ from its results.json, without simulating
--cells NAME,…      only cells and studies whose name contains one of these; with --write they replace those of the last full run
--replicates N      pull requests in each cell
--seed N --threads N
--list              the names`);
  process.exit(0);
}
const folder = values.write === true || values.render === true ? DOCS : CACHE;
mkdirSync(folder, { recursive: true });
if (values.render === true) {
  write(published());
  process.exit(0);
}

const seed = count("seed", values.seed);
const threads = count("threads", values.threads);
const replicates = values.replicates === undefined ? undefined : count("replicates", values.replicates);
const wanted = values.cells?.split(",").map((name) => name.trim());
const isWanted = (name: string): boolean => wanted === undefined || wanted.some((part) => name.includes(part));
const cells = allCells(values.quick === true ? QUICK : FULL)
  .filter(({ name }) => isWanted(name))
  .map((cell): Cell => ({ ...cell, replicates: replicates ?? cell.replicates }));
const studies = STUDIES.filter(({ name }) => isWanted(name));
if (cells.length + studies.length === 0) {
  console.error(`no cell and no study is called like that: --list shows the names`);
  process.exit(2);
}
if (values.list === true) {
  for (const { name, rules, replicates } of cells) console.log(`${name}  [${rules.join(", ")}]  ${replicates}`);
  for (const { name } of studies) console.log(name);
  process.exit(0);
}

const before = values.write === true && wanted !== undefined ? published() : undefined;
if (before !== undefined && (values.quick === true || replicates !== undefined)) {
  console.error("--write takes cells in full: --quick and --replicates would put small ones among them");
  process.exit(2);
}
const whole = (now: Results): Results =>
  before === undefined
    ? now
    : renew(
        before,
        now,
        allCells(FULL).map(({ name }) => name),
      );
const startMs = performance.now();
const pool = openPool(threads);
const observed = await Promise.all(
  cells.map(async (cell) => {
    const { results: observations, seconds } = await pool.judge(cell, seed);
    const result = tally(cell, observations, seconds);
    for (const line of lineOf(result)) console.log(line);
    return { cell, observations, result };
  }),
);
// The cells are most of the work: a study that goes wrong must not lose them.
write(whole(resultsOf([])));
const studied = await Promise.all(
  studies.map(async ({ name, about, table }): Promise<StudyResult> => {
    const n = replicates ?? (values.quick === true ? STUDY_REPLICATES.quick : STUDY_REPLICATES.full);
    const { results, seconds } = await pool.study(name, n, seed);
    console.log(`${name}: ${n} replicates, ${(seconds / n).toFixed(2)} s each`);
    return { name, about, replicates: n, table: table(results) };
  }),
);
await pool.close();

write(whole(resultsOf(studied)));

function resultsOf(studies: Results["studies"]): Results {
  return {
    schema: 1,
    date: new Date().toISOString().slice(0, 10),
    machine: sentenceOf(describeMachine()),
    seed,
    threads,
    wallS: (performance.now() - startMs) / 1000,
    full: values.quick !== true && wanted === undefined && replicates === undefined,
    cells: observed.map(({ result }) => result),
    efficiency: efficiencyOf(observed),
    studies,
  };
}

function write(results: Results): void {
  const recordedFile = join(DOCS, "recorded.json");
  const recorded = existsSync(recordedFile) ? (JSON.parse(readFileSync(recordedFile, "utf8")) as Recorded) : undefined;
  const files = pageOf(results, recorded);
  if (values.render !== true) writeFileSync(join(folder, "results.json"), `${JSON.stringify(results)}\n`);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  console.log(`\n${folder}/README.md`);
}

function published(): Results {
  return JSON.parse(readFileSync(join(DOCS, "results.json"), "utf8")) as Results;
}

function count(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  console.error(`--${name} takes a whole number above 0, not "${text}"`);
  process.exit(2);
}
