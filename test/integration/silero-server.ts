import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

/** The example with the real model, as a user finds it. */
export const EXAMPLE = fileURLToPath(new URL("../../examples/silero-vad", import.meta.url));

export type SileroServer = { readonly url: string; readonly stop: () => void };

/** Once, where it was not done before: the model and its runtime, 300 MB, from the registry alone. */
export function installExample(): void {
  if (existsSync(`${EXAMPLE}/node_modules/onnxruntime-node`)) return;
  const { status, stderr } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: EXAMPLE, encoding: "utf8", timeout: 280_000 });
  expect(status, stderr).toBe(0);
}

export async function startSilero(...args: readonly string[]): Promise<SileroServer> {
  const child: ChildProcess = spawn(process.execPath, ["server.mjs", "--port", "0", ...args], {
    cwd: EXAMPLE,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout!.once("data", (chunk: Buffer) => resolve(chunk.toString()));
    child.once("exit", (code) => reject(new Error(`the server ended with code ${code}`)));
  });
  return { url: (JSON.parse(line) as { url: string }).url, stop: () => void child.kill("SIGKILL") };
}
