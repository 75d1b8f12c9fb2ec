import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The server of llama.cpp, as a package of prebuilt wheels, and what writes its model files. */
export const LLAMA_CPP = ["xllamacpp==2026.10.11549", "gguf==0.19.0"] as const;

export type LlamaServer = { readonly url: string; readonly stop: () => void };

/**
 * Starts it on a model of random weights, with four slots and one thread, and waits until it answers.
 *
 * @param python one that has {@link LLAMA_CPP}.
 * @param layers of the model: its time for a token grows with them.
 */
export async function startLlama(python: string, layers: number): Promise<LlamaServer> {
  const folder = mkdtempSync(join(tmpdir(), "tailgate-llamacpp-"));
  const child: ChildProcess = spawn(python, ["test/integration/llamacpp/serve.py", folder, String(layers)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = () => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  let log = "";
  child.stderr!.on("data", (chunk: Buffer) => (log += chunk.toString()));
  try {
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout!.once("data", (chunk: Buffer) => resolve(chunk.toString().trim()));
      child.once("exit", (code) => reject(new Error(`the server of llama.cpp ended with code ${code}:\n${log.slice(-2000)}`)));
    });
    return { url, stop };
  } catch (error) {
    stop();
    throw error;
  }
}
