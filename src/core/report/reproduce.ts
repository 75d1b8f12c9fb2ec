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
  const inBranch = branchPlaces(origins);
  if (inBranch !== undefined) return inBranch;
  const ids = origins.map((origin) => /^run (\d+) · .*\bartifact \d+$/.exec(origin)?.[1]);
  const known = [...new Set(ids.filter((id) => id !== undefined))];
  if (artifacts?.baseline === undefined || known.length < runs.length) return undefined;
  const name = shellWord(artifacts.baseline);
  const download =
    known.length === 1
      ? `gh run download ${known[0]} -n ${name} -D base/${known[0]}`
      : `for run in ${known.join(" ")}; do gh run download $run -n ${name} -D base/$run; done`;
  return { files: known.map((id) => `base/${id}/run.json`), commands: [download] };
}

/** Files of one folder of a branch: `tailgate-baselines:sentiment-1a2b3c4d/2026-11-22T091500Z-1a2b3c4d5e6f.json · …`. */
function branchPlaces(origins: readonly string[]): Places | undefined {
  const parts = origins.map((origin) => /^([^\s:]+):([\w.-]+)\/([\w.-]+\.json) · /.exec(origin) ?? []);
  const [, branch, folder] = parts[0] ?? [];
  if (branch === undefined || folder === undefined || parts.some((part) => part[1] !== branch || part[2] !== folder)) return undefined;
  const names = parts.map(([, , , name = ""]) => name);
  const show = `git show FETCH_HEAD:${folder}/$file > base/$file`;
  return {
    files: names.map((name) => `base/${name}`),
    commands: [`git fetch origin ${shellWord(branch)} && mkdir -p base`, `for file in ${names.join(" ")}; do ${show}; done`],
  };
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
    if (artifacts?.head === undefined || run === undefined || attempt === undefined) return undefined;
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
  const name = (joinsBaseline(input) ? artifacts.baseline : undefined) ?? artifacts.head;
  if (name === undefined) return undefined;
  return { files: ["head/run.json"], commands: [`gh run download ${id} -n ${shellWord(name)} -D head`] };
}

/** A word for a POSIX shell, quoted only where it must be. */
const shellWord = (text: string): string =>
  /^[\w./@%+=:-]+$/.test(text) && !text.startsWith("-") ? text : `'${text.replaceAll("'", `'\\''`)}'`;
