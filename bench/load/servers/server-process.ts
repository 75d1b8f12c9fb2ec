import { spawn } from "node:child_process";
import { once } from "node:events";

/** A server of ours in a process of its own. */
export type ServerProcess = { readonly url: string; readonly close: () => Promise<void> };

/** @param file a script that prints its port; @param options its argument, as JSON. */
export async function openServer(file: URL, options: object): Promise<ServerProcess> {
  const child = spawn(process.execPath, [file.pathname, JSON.stringify(options)], { stdio: ["ignore", "pipe", "inherit"] });
  const [port] = (await once(child.stdout, "data")) as [Buffer];
  return {
    url: `http://127.0.0.1:${String(port).trim()}/`,
    async close() {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
  };
}
