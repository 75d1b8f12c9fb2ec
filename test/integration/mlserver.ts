import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const MODEL = "test/integration/mlserver";

/** MLServer with a model of ours: one port for REST, one for gRPC, one for its Prometheus metrics. */
export type MlServer = { readonly rest: string; readonly grpc: string; readonly metrics: string; readonly stop: () => void };

/** Ready to be measured. `program` is the command `mlserver`. */
export async function startMlServer(program: string): Promise<MlServer> {
  const folder = mkdtempSync(join(tmpdir(), "tailgate-mlserver-"));
  cpSync(MODEL, folder, { recursive: true });
  const [rest, grpc, metrics] = await Promise.all([freePort(), freePort(), freePort()]);
  writeFileSync(
    join(folder, "settings.json"),
    JSON.stringify({ host: "127.0.0.1", http_port: rest, grpc_port: grpc, metrics_port: metrics, parallel_workers: 0, debug: false }),
  );
  const child: ChildProcess = spawn(program, ["start", "."], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  for (const stream of [child.stdout!, child.stderr!]) stream.on("data", (chunk: Buffer) => (log += chunk.toString()));
  const stop = () => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  for (let tries = 0; ; tries++) {
    const isReady = await fetch(`http://127.0.0.1:${rest}/v2/models/count/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) break;
    if (child.exitCode !== null || tries > 300) {
      stop();
      throw new Error(`MLServer did not start:\n${log.slice(-2000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return { rest: `http://127.0.0.1:${rest}`, grpc: `http://127.0.0.1:${grpc}`, metrics: `http://127.0.0.1:${metrics}/metrics`, stop };
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
