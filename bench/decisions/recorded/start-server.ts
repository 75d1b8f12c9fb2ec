import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Command } from "./served-model.ts";

export type RunningServer = { readonly url: string; readonly stop: () => Promise<void> };

const START_LIMIT_MS = 30_000;

/**
 * Starts a server in a process of its own. It ends with `stop()` and with this process.
 *
 * @throws {Error} if it does not say within 30 s where it listens, with what it wrote to standard error.
 */
export async function startServer({ program, args, cwd, environment }: Command): Promise<RunningServer> {
  const child = spawn(program, args, { cwd, stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, ...environment } });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()).once("error", () => resolve()));
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaint = `${complaint}${chunk.toString("utf8")}`.slice(-2000);
  });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const stop = async () => {
    kill();
    await exited;
    process.off("exit", kill);
  };
  const over = new AbortController();
  const failed = (what: string) => new Error(`${program} ${args[0] ?? ""} ${what}: ${complaint.trim().slice(-500)}`);
  try {
    const lines = createInterface({ input: child.stdout });
    const line = await Promise.race([
      once(lines, "line", { signal: AbortSignal.any([over.signal, AbortSignal.timeout(START_LIMIT_MS)]) }).then(([text]) => String(text)),
      exited.then(() => Promise.reject(failed("ended before it listened"))),
    ]);
    return { url: (JSON.parse(line) as { readonly url: string }).url, stop };
  } catch (error) {
    await stop();
    throw error instanceof Error && error.name === "AbortError" ? failed("did not start in time") : error;
  } finally {
    over.abort();
  }
}
