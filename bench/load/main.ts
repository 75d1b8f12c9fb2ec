// The load engine's public proof: npm run bench:load [-- PART… --write]
//
// Runs the parts named (all of them without a name), prints their tables, writes everything measured to
// .cache/bench-load/PART.json, and with --write puts the tables into bench/README.md.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeMachine, loadAverage, sentenceOf } from "./machine.ts";
import { type Part, type PartResult, wordOf } from "./part.ts";
import { addedError } from "./parts/added-error.ts";
import { closedCost, openCosts } from "./parts/cost.ts";
import { floor } from "./parts/floor.ts";
import { reading } from "./parts/reading.ts";
import { soak } from "./parts/soak.ts";
import { stall } from "./parts/stall.ts";
import { streams } from "./parts/streams.ts";
import { installedPeers, installNpmPeers } from "./peers/installed.ts";
import { withTables } from "./readme.ts";
import { markdownOf, type Table } from "./table.ts";

const PARTS: readonly Part[] = [stall, floor, addedError, streams, reading, soak, closedCost, ...openCosts];
/** Those in which no other tool takes part. */
const ALONE: readonly Part[] = [floor, streams, reading, soak];
const RESULTS = ".cache/bench-load";
const README = "bench/README.md";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: "boolean" }, help: { type: "boolean" } },
});
const unknown = positionals.filter((name) => !PARTS.some((part) => part.name === name));
if (values.help === true || unknown.length > 0) {
  for (const name of unknown) console.error(`there is no part "${name}"`);
  console.error(
    `parts:\n${PARTS.map(({ name, about }) => `  ${name.padEnd(14)} ${about}`).join("\n")}\n--write puts the tables into ${README}`,
  );
  process.exit(values.help === true ? 0 : 2);
}

const chosen = PARTS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
if (!chosen.every((part) => ALONE.includes(part))) installNpmPeers();
const machine = describeMachine();
const peers = installedPeers();
console.log(`${sentenceOf(machine)}\n${peers}\n`);
mkdirSync(RESULTS, { recursive: true });
for (const part of chosen) {
  const folder = await mkdtemp(join(tmpdir(), `tailgate-${part.name}-`));
  const startMs = performance.now();
  const before = loadAverage();
  try {
    console.log(`── ${part.name}: ${part.about}\n`);
    const result = await part.run({ folder, say: (what) => process.stderr.write(`${part.name}: ${what}\n`) });
    const conditions = `${sentenceOf(machine)}. Load average ${before.toFixed(1)} before, ${loadAverage().toFixed(1)} after. ${peers}`;
    const markdown = blockOf(result, conditions);
    console.log(`${markdown}\n\n(${((performance.now() - startMs) / 1000).toFixed(0)} s)\n`);
    const measured = { machine, peers, loadAverage: { before, after: loadAverage() }, goals: result.goals, data: result.data };
    writeFileSync(join(RESULTS, `${part.name}.json`), `${JSON.stringify(measured, undefined, 1)}\n`);
    if (values.write === true) writeFileSync(README, withTables(readFileSync(README, "utf8"), part.name, markdown));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
console.log(`Everything measured: ${RESULTS}/`);

function blockOf({ tables, goals, notes }: PartResult, conditions: string): string {
  const verdicts: Table = {
    title: "",
    head: ["goal", "measured", ""],
    rows: goals.map((goal) => [goal.goal, goal.measured, wordOf(goal)]),
  };
  const shown = tables.map((table) => `${table.title}:\n\n${markdownOf(table)}`);
  return [...shown, ...(goals.length > 0 ? [markdownOf(verdicts)] : []), ...notes, conditions].join("\n\n");
}
