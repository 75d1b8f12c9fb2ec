import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { onTestFinished } from "vitest";
import { readRunRecord } from "../../src/core/record/read.ts";
import type { RunRecord } from "../../src/core/record/run-record.ts";
import type { VerdictJson } from "../../src/core/report/verdict-schema.ts";

/** The program under test: the sources, or the built file that the environment names. */
const PROGRAM = process.env["TAILGATE_CLI"] ?? new URL("../../src/cli.ts", import.meta.url).pathname;

/** Half of a short call is spent on reading the program: the next call finds it compiled. */
export const COMPILED = join(tmpdir(), "tailgate-end-to-end-compiled");

/** Longer than any run of these tests: a program that hangs is killed and has no exit code. */
const LONGEST_MS = 60_000;

export type Ended = {
  /** Null if it was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly tookMs: number;
};

/** A folder in which a user works, gone when the test ends. */
export type Workplace = {
  readonly folder: string;
  readonly path: (name: string) => string;
  readonly write: (name: string, text: string) => Promise<string>;
  readonly exists: (name: string) => boolean;
  readonly read: (name: string) => string;
  /** What a run left in `tailgate-out`, or in the folder named. */
  readonly verdict: (out?: string) => VerdictJson;
  readonly record: (out?: string) => RunRecord;
  /** The text of every file, however deep. */
  readonly texts: () => readonly { readonly name: string; readonly text: string }[];
  /** Starts the program in the folder. */
  readonly start: (args: readonly string[], environment?: Readonly<Record<string, string>>) => Started;
  readonly tailgate: (args: readonly string[], environment?: Readonly<Record<string, string>>) => Promise<Ended>;
};

export type Started = {
  readonly signal: (name: NodeJS.Signals) => void;
  /** Resolves when stderr holds the text; rejects if the program ends before. */
  readonly says: (text: string) => Promise<void>;
  /** What a reader does that has seen enough. */
  readonly closeStdout: () => void;
  readonly ended: Promise<Ended>;
};

/** One for a single test. */
export async function workplace(files: Readonly<Record<string, string>> = {}): Promise<Workplace> {
  const place = await openWorkplace(files);
  onTestFinished(place.close);
  return place;
}

/** One for several tests. `close` takes everything away, programs that still run included. */
export async function openWorkplace(files: Readonly<Record<string, string>>): Promise<Workplace & { readonly close: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "tailgate-end-to-end-"));
  const children: ChildProcess[] = [];
  const path = (name: string) => join(folder, name);
  const read = (name: string) => readFileSync(path(name), "utf8");
  const write = async (name: string, text: string) => {
    await mkdir(dirname(path(name)), { recursive: true });
    await writeFile(path(name), text);
    return path(name);
  };
  for (const [name, text] of Object.entries(files)) await write(name, text);
  const start: Workplace["start"] = (args, environment = {}) => {
    // Nothing of the machine that runs the tests reaches the program: not its workflow's variables, not its colours.
    const env = {
      PATH: process.env["PATH"] ?? "",
      HOME: folder,
      GIT_CEILING_DIRECTORIES: tmpdir(),
      NODE_COMPILE_CACHE: COMPILED,
      ...environment,
    };
    const child = spawn(process.execPath, [PROGRAM, ...args], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"], timeout: LONGEST_MS });
    children.push(child);
    return watch(child);
  };
  return {
    folder,
    path,
    write,
    read,
    exists: (name) => existsSync(path(name)),
    verdict: (out = "tailgate-out") => JSON.parse(read(join(out, "verdict.json"))) as VerdictJson,
    record: (out = "tailgate-out") => readRunRecord(read(join(out, "run.json")), "run.json"),
    texts: () =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => ({ name: entry.name, text: readFileSync(join(entry.parentPath, entry.name), "utf8") })),
    start,
    tailgate: (args, environment) => start(args, environment).ended,
    close: async () => {
      for (const child of children) child.kill("SIGKILL");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function watch(child: ChildProcessByStdio<null, Readable, Readable>): Started {
  const startedMs = performance.now();
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      said[stream] += text;
    });
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, ...said, tookMs: performance.now() - startedMs }));
  });
  return {
    signal: (name) => void child.kill(name),
    says: (text) => heard(child, () => said.stderr, text),
    closeStdout: () => void child.stdout.destroy(),
    ended,
  };
}

const heard = (child: ChildProcess, said: () => string, text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const look = () => {
      if (said().includes(text)) resolve();
    };
    look();
    child.stderr?.on("data", look);
    child.once("close", () => reject(new Error(`ended without saying ${JSON.stringify(text)}: ${said()}`)));
  });
