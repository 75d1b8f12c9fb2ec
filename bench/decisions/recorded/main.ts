// The gate on real servers: npm run bench:recorded [-- --minutes 45 --server NAME --equal 16 --changed 6 --resume]
//
// Starts two processes of a server for each comparison, equal ones (A/A) or with a true change in the head (A/B), and runs
// `tailgate run` against them. Results come to .cache/bench-recorded/ one by one (`--resume` goes on there, or on another
// machine after what is published; `--fresh` starts anew); at the end every record that is here is judged as the code decides
// now, and docs/decisions/recorded.json is written. `--judge` does no more than that.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { parseSuite } from "../../../src/core/suite/parse.ts";
import type { Suite } from "../../../src/core/suite/suite.ts";
import { describeMachine, sentenceOf } from "../../load/machine.ts";
import { agendaOf, nextSlot } from "./agenda.ts";
import { circumstancesOf } from "./circumstances.ts";
import { compareStored, judgeAgain } from "./judge.ts";
import { compareLive } from "./live.ts";
import { type Result, slotOf } from "./result.ts";
import { rivalVerdicts } from "./rivals.ts";
import type { ServedModel } from "./served-model.ts";
import { classifier } from "./servers/classifier.ts";
import { demo } from "./servers/demo.ts";
import { python } from "./servers/python.ts";
import { silero } from "./servers/silero.ts";
import { type Count, summarise } from "./summary.ts";
import { openWorkFolder } from "./work-folder.ts";

const MODELS = [demo, silero, classifier, python];
const WORK = ".cache/bench-recorded";
const RESULTS = "docs/decisions/recorded.json";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "45" },
    server: { type: "string", multiple: true },
    equal: { type: "string", default: "16" },
    changed: { type: "string", default: "6" },
    budget: { type: "string", default: "1" },
    resume: { type: "boolean" },
    fresh: { type: "boolean" },
    judge: { type: "boolean" },
    out: { type: "string", default: RESULTS },
  },
});
const say = (text: string) => process.stderr.write(`${text}\n`);
const folder = openWorkFolder(WORK);
const goesOn = values.resume === true || values.judge === true;
if (!goesOn && values.fresh !== true && folder.results().length > 0) {
  say(`${WORK} holds ${folder.results().length} results: go on with --resume, or start anew with --fresh`);
  process.exit(2);
}
if (values.fresh === true) folder.clear();
const published = goesOn && existsSync(values.out) ? publishedIn(values.out) : [];
if (goesOn && folder.results().length === 0) folder.adopt(published.filter(({ dependent }) => dependent !== true));

const startMs = performance.now();
const wanted = MODELS.filter(({ name }) => values.server === undefined || values.server.includes(name));
const absent =
  values.judge === true
    ? []
    : wanted.flatMap((model) => {
        const reason = model.prepare();
        if (reason !== undefined) say(`${model.name} cannot run here: ${reason}`);
        return reason === undefined ? [] : [{ server: model.name, reason }];
      });
const models = wanted.filter(({ name }) => absent.every(({ server }) => server !== name));
const agenda = agendaOf(
  models.map(({ name, changes }) => ({ name, changes: changes.map((change) => change.name) })),
  { equal: Number(values.equal), changed: Number(values.changed), budget: Number(values.budget) },
);
if (values.judge !== true) await compareAll();
write();

async function compareAll(): Promise<void> {
  const endMs = startMs + Number(values.minutes) * 60_000;
  for (let slot = nextSlot(agenda, folder.results()); slot !== undefined && performance.now() < endMs; ) {
    const model = models.find(({ name }) => name === slot!.server)!;
    const suiteFile = join(WORK, `${model.name}.yaml`);
    writeFileSync(suiteFile, model.suite);
    const { result, record } = await compareLive(model, slot, suiteFile);
    folder.keep({ result: { ...result, machine: sentenceOf(describeMachine()) }, record });
    say(lineOf(result));
    slot = nextSlot(agenda, folder.results());
  }
}

function write(): void {
  const live = folder.results().map((result) => {
    const model = MODELS.find(({ name }) => name === result.server);
    const record = model === undefined || result.verdict === "invalid" ? undefined : folder.recordOf(result.id);
    if (model === undefined || record === undefined) return { result, record: undefined };
    const { machine } = result;
    const now = { ...judgeAgain(result, record, suiteOf(model)), ...circumstancesOf(record), rivals: rivalVerdicts(record) };
    return { result: machine === undefined ? now : { ...now, machine }, record };
  });
  const stored = MODELS.flatMap((model) => {
    const own = live.flatMap(({ result, record }) =>
      record === undefined || result.server !== model.name || result.budget > 1 ? [] : [{ slot: slotOf(result), record }],
    );
    return compareStored(own, suiteOf(model));
  });
  const isKept = ({ id, dependent }: Result) => dependent === true && stored.every((each) => each.id !== id);
  const comparisons = [...live.map(({ result }) => result), ...published.filter(isKept), ...stored];
  const summary = summarise(comparisons);
  const machine = describeMachine();
  const text = {
    generatedOn: machine.date,
    machine: sentenceOf(machine),
    seconds: Math.round(comparisons.reduce((sum, { durationS }) => sum + durationS, 0)),
    servers: MODELS.map(({ name, about, changes }) => ({ name, about, changes: changes.map((change) => change.name) })),
    absent,
    summary,
    comparisons,
  };
  mkdirSync(dirname(values.out), { recursive: true });
  writeFileSync(values.out, textOf(text));
  for (const count of summary) say(sentenceOfCount(count));
  for (const { id, verdict, verdictThen } of comparisons) {
    if (verdictThen !== undefined) say(`${id} is ${verdict} now and was ${verdictThen} when it was measured`);
  }
  const open = agenda.filter(({ id }) => comparisons.every((result) => result.id !== id || result.verdict === "invalid")).length;
  if (open > 0) say(`${open} planned comparisons have no result: --resume goes on`);
}

/** Each with the machine that it was measured on. */
function publishedIn(file: string): readonly Result[] {
  const { machine, comparisons } = JSON.parse(readFileSync(file, "utf8")) as { readonly machine: string; readonly comparisons: Result[] };
  return comparisons.map((result) => ({ ...result, machine: result.machine ?? machine }));
}

/** One comparison a line, so that a change of one is a change of a line. */
function textOf({ comparisons, ...rest }: { readonly comparisons: readonly Result[] }): string {
  const head = JSON.stringify({ ...rest, comparisons: [] }, undefined, 1).replace(/\[\]\n\}$/, "");
  return `${head}[\n${comparisons.map((each) => `  ${JSON.stringify(each)}`).join(",\n")}\n ]\n}\n`;
}

function suiteOf({ name, suite }: ServedModel): Suite {
  return parseSuite(suite, `${name}.yaml`).suite;
}

function lineOf({ id, kind, change, verdict, failed, delta, durationS, loadAverage, reasons }: Result): string {
  const percent = (x: number | null) => (x === null ? "?" : (100 * x).toFixed(1));
  const changes = Object.entries(delta).map(
    ([metric, { relative, low, high }]) => `${metric.slice(8)} ${percent(relative)} [${percent(low)}, ${percent(high)}]`,
  );
  const why = verdict === "invalid" ? ` ${reasons.join("; ")}` : failed.length === 0 ? "" : ` (${failed.join(", ")})`;
  return `${id}${kind === "A/A" ? "" : ` ${change}`}: ${verdict}${why}; ${changes.join(", ")} %; ${durationS} s, load ${loadAverage?.toFixed(1)}`;
}

function sentenceOfCount({ evidence, kind, budget, judged, fail, pass, inconclusive, invalid, failLow, failHigh, rivals }: Count): string {
  const percent = (x: number) => `${(100 * x).toFixed(1)} %`;
  const others = Object.entries(rivals).map(([name, count]) => `${name} fails ${count.fail} of ${count.judged}`);
  return `${evidence} ${kind}, budget ${budget}: ${judged} judged, ${fail} fail (95 %: ${percent(failLow)} to ${percent(failHigh)}), ${pass} pass, ${inconclusive} inconclusive; ${invalid} invalid on top. ${others.join(", ")}`;
}
