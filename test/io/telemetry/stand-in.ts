import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { TestContext } from "vitest";

export type Behaviour = {
  /** Fields that this driver does not know: they are not listed, and refused. */
  readonly unknown?: readonly string[];
  /** Listed, and refused all the same. */
  readonly refused?: readonly string[];
  /** Knows the names that drivers before 535 had. */
  readonly old?: boolean;
  readonly help?: "none";
  /** What a loop does after so many answers, the second time it is started: never. */
  readonly after?: { readonly answers: number; readonly does: "die" | "hang" | "garbage" | "flood" | "lose-a-gpu" };
  readonly processes?: readonly string[];
};

/**
 * An executable, for the length of a test, that plays back a recorded session of nvidia-smi, by the arguments that nvidia-smi takes: it lists its
 * fields, refuses unknown ones with nvidia-smi's words, answers once or in a loop, and lists processes.
 *
 * @returns its path. Each call of it appends its arguments to the file `calls` beside it.
 */
export function standIn(
  { onTestFinished }: Pick<TestContext, "onTestFinished">,
  behaviour: Behaviour = {},
): { readonly program: string; readonly calls: string } {
  const folder = mkdtempSync(join(tmpdir(), "tailgate-nvidia-smi-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [program, calls] = [join(folder, "nvidia-smi"), join(folder, "calls")];
  const fixtures = resolve("test/fixtures/telemetry");
  writeFileSync(program, `#!${process.execPath}\n${SCRIPT(fixtures, calls, behaviour)}`);
  writeFileSync(calls, "");
  chmodSync(program, 0o755);
  return { program, calls };
}

const SCRIPT = (fixtures: string, calls: string, behaviour: Behaviour) => `
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
const behaviour = ${JSON.stringify(behaviour)};
const args = process.argv.slice(2);
appendFileSync(${JSON.stringify(calls)}, args.join(" ") + "\\n");
const say = (line) => process.stdout.write(line + "\\n");
const unknown = new Set([...(behaviour.unknown ?? []), ...(behaviour.refused ?? [])]);
const option = (name) => args.find((arg) => arg.startsWith(name + "="))?.slice(name.length + 1);
const after = (name) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);

if (args[0] === "--help-query-gpu") {
  if (behaviour.help === "none") { say("ERROR: Option --help-query-gpu is not recognized."); process.exit(2); }
  const help = readFileSync(${JSON.stringify(join(fixtures, "nvidia-smi-help.txt"))}, "utf8");
  const listed = help.split("\\n").filter((line) => !(behaviour.unknown ?? []).some((field) => line.startsWith('"' + field + '"')));
  const named = behaviour.old ? listed.map((line) => line.replace(/^"clocks_event_reasons\\.(\\w+)" or ("clocks_throttle_reasons.*")$/, "$2")) : listed;
  say(named.join("\\n"));
} else if (option("--query-compute-apps") !== undefined) {
  for (const line of behaviour.processes ?? []) say(line);
} else {
  const fields = option("--query-gpu").split(",");
  const bad = fields.find((field) => unknown.has(field) || (behaviour.old ? field.startsWith("clocks_event_reasons.") : false));
  if (bad !== undefined) { say('Field "' + bad + '" is not a valid field to query.\\n'); process.exit(2); }
  const [header, ...lines] = readFileSync(${JSON.stringify(join(fixtures, "nvidia-smi-session.csv"))}, "utf8").trim().split("\\n");
  const columns = header.split(", ");
  const rows = lines.map((line) => Object.fromEntries(line.split(", ").map((cell, i) => [columns[i], cell])));
  const only = after("-i")?.split(",");
  const chosen = rows.filter((row) => only === undefined || only.includes(row.index));
  const perMoment = new Set(chosen.map((row) => row.index)).size;
  const answer = (moment, gpus) => {
    const at = (moment * perMoment) % chosen.length;
    for (const row of chosen.slice(at, at + gpus)) say(fields.map((field) => row[field.replace("throttle", "event")] ?? "[N/A]").join(", "));
  };
  const everyMs = after("-lms");
  if (everyMs === undefined) answer(0, perMoment);
  else {
    const again = existsSync(${JSON.stringify(`${calls}.again`)});
    writeFileSync(${JSON.stringify(`${calls}.again`)}, "");
    let moment = 0;
    const timer = setInterval(() => {
      const { answers = Infinity, does } = again ? {} : (behaviour.after ?? {});
      if (moment < answers) return answer(moment++, perMoment);
      if (does === "die") { process.stderr.write("Unable to determine the device handle for GPU 0000:83:00.0: GPU is lost.\\n"); process.exit(15); }
      if (does === "garbage") return say("Failed to initialize NVML: Driver/library version mismatch");
      if (does === "flood") return process.stdout.write("x".repeat(100000));
      if (does === "lose-a-gpu") return answer(moment++, perMoment - 1);
      clearInterval(timer);
      setInterval(() => undefined, 1000);
    }, Number(everyMs));
  }
}
`;
