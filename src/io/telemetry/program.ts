import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable } from "node:stream";

/** A program that runs on this machine and prints lines. */
export type RunningProgram = {
  /** Why it ended, a sentence's end; undefined for one that ended well. Never rejects. */
  readonly ended: Promise<string | undefined>;
  /** At once and for good: what it prints from now on is not heard. */
  readonly kill: (why: string) => void;
};

/** A line longer than this, or more lines at once than this, is no answer. */
const LONGEST_LINE = 16_384;
const LONGEST_MESSAGE = 300;

/** Of the environment a local program gets what it needs to be found and to load: the rest may hold secrets. */
const PASSED_ON = /^(PATH|PATHEXT|LD_LIBRARY_PATH|HOME|TMPDIR|TEMP|TMP|SYSTEMROOT|SYSTEMDRIVE|WINDIR|PROGRAMFILES.*|NVIDIA_.*|CUDA_.*)$/i;

/**
 * Runs a program and hands over its lines. It is not run by a shell, and this process lives as long as it does: whoever
 * starts one that does not end by itself has to kill it.
 *
 * @param onLine without the line's end. Not called any more once the program was killed.
 */
export function runProgram(
  program: string,
  args: readonly string[],
  { onLine, signal }: { readonly onLine: (line: string) => void; readonly signal: AbortSignal | undefined },
): RunningProgram {
  let killed: string | undefined;
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env: environment(), windowsHide: true });
  const kill = (why: string) => {
    killed ??= why;
    child.kill("SIGKILL");
    // A child of the program may hold its pipes open for longer than it lives.
    child.stdout.destroy();
    child.stderr.destroy();
  };
  const abort = () => kill("it was stopped");
  signal?.addEventListener("abort", abort, { once: true });
  if (signal?.aborted) abort();
  const errors = linesOf(child.stderr, () => killed !== undefined, kill);
  const output = linesOf(child.stdout, () => killed !== undefined, kill, onLine);
  const ended = endOf(
    child,
    () => killed,
    () => errors() || output(),
  ).finally(() => signal?.removeEventListener("abort", abort));
  return { ended, kill };
}

async function endOf(
  child: ChildProcessByStdio<null, Readable, Readable>,
  killed: () => string | undefined,
  lastWords: () => string,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    child.once("error", (error: NodeJS.ErrnoException) =>
      resolve(error.code === "ENOENT" ? "there is no such program on this machine" : `it cannot be run: ${error.code ?? error.message}`),
    );
    child.once("close", (code, signal) => {
      const why = killed();
      if (why !== undefined) return resolve(why);
      if (code === 0) return resolve(undefined);
      const said = lastWords();
      resolve(`it ended with ${code === null ? `signal ${signal}` : `status ${code}`}${said === "" ? "" : ` and said "${said}"`}`);
    });
  });
}

/** Reads lines, and remembers the last one for a message. */
function linesOf(
  stream: Readable,
  isOver: () => boolean,
  kill: (why: string) => void,
  onLine: (line: string) => void = () => undefined,
): () => string {
  let rest = "";
  let last = "";
  const give = (line: string) => {
    if (line.trim() !== "") last = line.trim();
    if (!isOver()) onLine(line.replace(/\r$/, ""));
  };
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    if (isOver()) return;
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) give(line);
    if (rest.length > LONGEST_LINE) kill(`it printed more than ${LONGEST_LINE} characters without a line's end`);
  });
  stream.on("end", () => {
    if (rest !== "") give(rest);
  });
  return () => last.slice(0, LONGEST_MESSAGE);
}

const environment = (): Record<string, string> => ({
  ...Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (PASSED_ON.test(name) && value !== undefined ? [[name, value]] : [])),
  ),
  LC_ALL: "C",
});
