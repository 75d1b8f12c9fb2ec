import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Preset } from "./demo-options.ts";

export type StartDemoOptions = {
  readonly preset: Preset;
  readonly commit?: string;
  /** Further arguments of the server, as on its command line. */
  readonly args?: readonly string[];
};

export type Demo = {
  /** Base URL: KServe v2 under `/v2`, OpenAI under `/v1`. */
  readonly url: string;
  readonly metricsUrl: string;
  /** Returns when the process has ended. May be called more than once. */
  readonly stop: () => Promise<void>;
};

const START_TIMEOUT_MS = 15_000;
const STOP_TIMEOUT_MS = 2_000;

/**
 * Starts the demo endpoint in a process of its own, on a free port of 127.0.0.1. It ends with `stop()`, with this
 * process, and when this process dies without a word (its standard input closes).
 *
 * @throws {Error} if it does not listen within 15 s, with what it wrote to standard error.
 */
export async function startDemo({ preset, commit, args = [] }: StartDemoOptions): Promise<Demo> {
  const file = new URL(import.meta.url.endsWith(".ts") ? "./demo-server.ts" : "./demo-server.js", import.meta.url);
  const given = ["--port", "0", "--preset", preset, "--with-parent", ...(commit === undefined ? [] : ["--commit", commit]), ...args];
  const child = spawn(process.execPath, [file.pathname, ...given], { stdio: ["pipe", "pipe", "pipe"] });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()).once("error", () => resolve()));
  const killNow = () => child.kill("SIGKILL");
  process.once("exit", killNow);
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
    const timer = setTimeout(killNow, STOP_TIMEOUT_MS);
    await exited;
    clearTimeout(timer);
    process.off("exit", killNow);
  };
  try {
    const url = await firstUrl(child);
    return { url, metricsUrl: `${url}/metrics`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function firstUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let complaint = "";
    const fail = (what: string) =>
      reject(new Error(`the demo endpoint ${what}${complaint === "" ? "" : `: ${complaint.trim().slice(0, 500)}`}`));
    const timer = setTimeout(() => fail(`did not start within ${START_TIMEOUT_MS / 1000} s`), START_TIMEOUT_MS);
    child.stderr?.on("data", (chunk: Buffer) => {
      complaint = (complaint + chunk.toString("utf8")).slice(0, 10_000);
    });
    child.once("error", (error) => {
      clearTimeout(timer);
      fail(`could not be started (${error.message})`);
    });
    child.once("close", (code) => {
      clearTimeout(timer);
      fail(`ended at once with code ${code}`);
    });
    createInterface({ input: child.stdout! }).once("line", (line) => {
      clearTimeout(timer);
      try {
        resolve((JSON.parse(line) as { readonly url: string }).url);
      } catch {
        fail(`said ${JSON.stringify(line.slice(0, 100))} instead of where it listens`);
      }
    });
  });
}
