import type { Candidate } from "../compare/baseline.ts";
import type { ReportInput } from "./report-input.ts";
import { joinsBaseline } from "./stored.ts";

/**
 * Shell commands, one a line: how to decide again from the stored numbers, where it is known where they are kept, and
 * how to measure again. What the caller changed by hand (`--set`) is not known here and not in them.
 */
export function reproductionCommands(input: ReportInput): readonly string[] {
  const { baseline, suitePath = "suite.yaml" } = input;
  const suite = shellWord(suitePath);
  const again = `tailgate run ${suite} --endpoint "$PREVIEW_URL"`;
  if (baseline.kind === "live") return [`${again} --baseline-endpoint "$BASE_URL"`];
  const [base, head] = [baseline.kind === "stored" ? placesOf(baseline.runs, input) : undefined, headPlaces(input)];
  if (base === undefined || head === undefined) return [again];
  const options = [...base.files.map((file) => `--base ${shellWord(file)}`), ...head.files.map((file) => `--head ${shellWord(file)}`)];
  return [...base.commands, ...head.commands, `tailgate compare --suite ${suite} ${options.join(" ")}`, again];
}

/** Files, and the commands that bring them there first. */
type Places = { readonly files: readonly string[]; readonly commands: readonly string[] };

/** Undefined where not every run can be had again. */
function placesOf(runs: readonly Candidate[], { artifacts }: ReportInput): Places | undefined {
  const origins = runs.map(({ origin }) => origin);
  if (origins.every((origin) => /^[^\s·]+\.json$/.test(origin))) return { files: origins, commands: [] };
  const ids = origins.map((origin) => /^run (\d+) · .*\bartifact \d+$/.exec(origin)?.[1]);
  const known = [...new Set(ids.filter((id) => id !== undefined))];
  if (artifacts === undefined || known.length < runs.length) return undefined;
  const name = shellWord(artifacts.baseline);
  const download =
    known.length === 1
      ? `gh run download ${known[0]} -n ${name} -D base/${known[0]}`
      : `for run in ${known.join(" ")}; do gh run download $run -n ${name} -D base/$run; done`;
  return { files: known.map((id) => `base/${id}/run.json`), commands: [download] };
}

/** The attempts, then the run itself. */
function headPlaces(input: ReportInput): Places | undefined {
  const [before, own] = [attemptPlaces(input), ownPlaces(input)];
  if (before === undefined || own === undefined) return undefined;
  return { files: [...before.files, ...own.files], commands: [...before.commands, ...own.commands] };
}

function attemptPlaces({ attempts = [], artifacts }: ReportInput): Places | undefined {
  const places = attempts.map(({ origin }): Places | undefined => {
    if (/^[^\s·]+\.json$/.test(origin)) return { files: [origin], commands: [] };
    const [, run, attempt] = /^run (\d+) · attempt (\d+) · artifact \d+$/.exec(origin) ?? [];
    if (artifacts === undefined || run === undefined || attempt === undefined) return undefined;
    const folder = `attempts/${run}-${attempt}`;
    const name = shellWord(artifacts.head.replace(/\d+$/, attempt));
    return { files: [`${folder}/run.json`], commands: [`gh run download ${run} -n ${name} -D ${folder}`] };
  });
  const known = places.filter((place) => place !== undefined);
  if (known.length < places.length) return undefined;
  return { files: known.flatMap(({ files }) => files), commands: known.flatMap(({ commands }) => commands) };
}

function ownPlaces(input: ReportInput): Places | undefined {
  const { heads, headPaths, artifacts, attempts = [] } = input;
  const own = heads.slice(attempts.length);
  if (own.length === 0 && attempts.length > 0) return { files: [], commands: [] };
  if (headPaths !== undefined) return headPaths.length === 0 ? undefined : { files: headPaths, commands: [] };
  const id = own.length === 1 ? own[0]?.provenance.runId : undefined;
  if (artifacts === undefined || id === undefined || !/^\d+$/.test(id)) return undefined;
  const name = shellWord(joinsBaseline(input) ? artifacts.baseline : artifacts.head);
  return { files: ["head/run.json"], commands: [`gh run download ${id} -n ${name} -D head`] };
}

/** A word for a POSIX shell, quoted only where it must be. */
const shellWord = (text: string): string =>
  /^[\w./@%+=:-]+$/.test(text) && !text.startsWith("-") ? text : `'${text.replaceAll("'", `'\\''`)}'`;
