import { setTimeout as sleep } from "node:timers/promises";
import {
  knownFields,
  type NvidiaSmiRow,
  nvidiaSmiFields,
  readNvidiaSmi,
  readProcesses,
  readRow,
  readRows,
  refusedField,
} from "../../core/telemetry/nvidia-smi.ts";
import { gpusOfUrl, type ScrapeResult, type SourceAt } from "../../core/telemetry/scrape.ts";
import { runProgram } from "./program.ts";

/** Found by its name, as a shell would find it. */
export const NVIDIA_SMI = "nvidia-smi";

/** One answer may take this long, and a loop may be silent; a driver that has to initialise the GPUs first takes seconds. */
export const PATIENCE_S = 10;
/** Between two looks at who uses the GPUs: each is a process of its own. */
const LOOK_S = 10;
/** Lines in a row that are no answer: what prints them is not nvidia-smi, or it has nothing else to say. */
const MOST_GARBAGE = 200;
const LONGEST_PAUSE_S = 30;

/** Which nvidia-smi, and how long it is waited for. */
type Program = { readonly path: string; readonly patienceS: number };

type Watch = {
  readonly program: Program;
  readonly at: SourceAt;
  readonly now: () => bigint;
  readonly signal: AbortSignal;
  readonly take: (atNs: bigint, result: ScrapeResult) => void;
};

/**
 * Reads GPUs of this machine until aborted. One nvidia-smi answers in a loop (`-lms`): to start one for each sample
 * costs tens of milliseconds of processor time, beside a load on the same machine, and initialises the driver anew where
 * persistence mode is off. When it dies, hangs or prints something else it is started again, after a pause that doubles
 * up to 30 s; every such end counts as a failure, with its reason.
 */
export async function watchNvidiaSmi(watch: Watch): Promise<void> {
  const { program, at, now, signal, take } = watch;
  const gpus = gpusOfUrl(at.url) ?? "";
  let pauseS = at.source.intervalS;
  while (!signal.aborted) {
    const askedNs = now();
    const first = await ask(program, gpus, signal);
    if (signal.aborted) return;
    const atNs = askedNs + (now() - askedNs) / 2n;
    take(atNs, first.kind === "answer" ? { kind: "scrape", scrape: readNvidiaSmi(first.rows) } : first);
    if (first.kind === "answer") {
      const { why, samples } = await loop(watch, gpus, first);
      if (signal.aborted) return;
      take(now(), { kind: "useless", why: `nvidia-smi stopped: ${why}` });
      if (samples > 5) pauseS = at.source.intervalS;
    }
    await sleep(pauseS * 1000, undefined, { signal, ref: false }).catch(() => undefined);
    pauseS = Math.min(LONGEST_PAUSE_S, pauseS * 2);
  }
}

/** One answer, before any load. */
export async function probeNvidiaSmi(program: Program, url: string, signal: AbortSignal | undefined): Promise<ScrapeResult> {
  const answer = await ask(program, gpusOfUrl(url) ?? "", signal);
  return answer.kind === "answer" ? { kind: "scrape", scrape: readNvidiaSmi(answer.rows) } : answer;
}

type Answer = { readonly kind: "answer"; readonly fields: readonly string[]; readonly rows: readonly NvidiaSmiRow[] };

/**
 * Asks once, for the fields that this nvidia-smi says it knows. A field that it refuses all the same is left out.
 * Every refusal takes one field away, so this ends.
 */
async function ask(
  program: Program,
  gpus: string,
  signal: AbortSignal | undefined,
): Promise<Answer | (ScrapeResult & { kind: "useless" })> {
  const help = await printed(program, ["--help-query-gpu"], signal);
  let fields = knownFields(help.text) ?? nvidiaSmiFields;
  for (;;) {
    const { text, why } = await printed(program, queryOf(fields, gpus), signal);
    const rows = text
      .split("\n")
      .map((line) => readRow(fields, line))
      .filter((row) => row !== undefined);
    if (rows.length > 0) return { kind: "answer", fields, rows };
    const refused = refusedField(text);
    const fewer = fields.filter((field) => field !== refused);
    if (refused === undefined || fewer.length === fields.length || refused === "uuid" || refused === "index")
      return { kind: "useless", why: `nvidia-smi: ${why ?? `it said "${text.trim().slice(0, 200)}", which is no answer`}` };
    fields = fewer;
  }
}

const only = (gpus: string): readonly string[] => (gpus === "" ? [] : ["-i", gpus]);
const queryOf = (fields: readonly string[], gpus: string): readonly string[] => [
  `--query-gpu=${fields.join(",")}`,
  "--format=csv,noheader,nounits",
  ...only(gpus),
];

/** Until nvidia-smi ends, or is ended because it says nothing more or only garbage. */
async function loop(
  { program, at, now, signal, take }: Watch,
  gpus: string,
  { fields, rows }: Answer,
): Promise<{ readonly why: string; readonly samples: number }> {
  const { intervalS } = at.source;
  const reader = readRows(rows.length);
  let [samples, garbage] = [0, 0];
  let silence: NodeJS.Timeout | undefined;
  const look = lookForProcesses(program, gpus, signal);
  const running = runProgram(program.path, [...queryOf(fields, gpus), "-lms", String(Math.round(intervalS * 1000))], {
    signal,
    onLine: (line) => {
      if (line.trim() === "") return;
      const row = readRow(fields, line);
      if (row === undefined) {
        garbage++;
        take(now(), { kind: "useless", why: `nvidia-smi said "${line.trim().slice(0, 200)}"` });
        if (garbage > MOST_GARBAGE) running.kill(`it printed ${garbage} lines in a row that are no answer`);
        return;
      }
      garbage = 0;
      const complete = reader.push(row);
      if (complete === undefined) return;
      samples++;
      hear();
      const scrape = readNvidiaSmi(complete);
      const users = look.users();
      take(now(), { kind: "scrape", scrape: users === undefined ? scrape : { ...scrape, processes: readProcesses(users, scrape.gpus) } });
    },
  });
  const deadlineS = Math.max(program.patienceS, 3 * intervalS);
  const hear = () => {
    clearTimeout(silence);
    silence = setTimeout(() => running.kill(`it gave no sample for ${deadlineS} s`), deadlineS * 1000).unref();
  };
  hear();
  const why = (await running.ended) ?? "it ended by itself";
  clearTimeout(silence);
  await look.stop();
  return { why, samples };
}

/** Asks now and then who has a compute context. Where that cannot be known, it is asked once. */
function lookForProcesses(program: Program, gpus: string, signal: AbortSignal) {
  const stopping = new AbortController();
  const both = AbortSignal.any([signal, stopping.signal]);
  let seen: string | undefined;
  const looking = (async () => {
    while (!both.aborted) {
      const { text, why } = await printed(
        program,
        ["--query-compute-apps=gpu_uuid,pid,process_name", "--format=csv,noheader,nounits", ...only(gpus)],
        both,
      );
      if (why !== undefined || both.aborted) return;
      seen = text;
      await sleep(LOOK_S * 1000, undefined, { signal: both, ref: false }).catch(() => undefined);
    }
  })();
  return {
    /** What the last look saw, once. */
    users: () => {
      const text = seen;
      seen = undefined;
      return text;
    },
    stop: async () => {
      stopping.abort();
      await looking;
    },
  };
}

/** Everything that one call prints, within a deadline. nvidia-smi complains on its standard output. */
async function printed(
  { path, patienceS }: Program,
  args: readonly string[],
  signal: AbortSignal | undefined,
): Promise<{ readonly text: string; readonly why: string | undefined }> {
  const lines: string[] = [];
  const running = runProgram(path, args, { signal, onLine: (line) => lines.length < 5000 && lines.push(line) });
  const deadline = setTimeout(() => running.kill(`it gave no answer within ${patienceS} s`), patienceS * 1000).unref();
  const why = await running.ended;
  clearTimeout(deadline);
  return { text: lines.join("\n"), why };
}
