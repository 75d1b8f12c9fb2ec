import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export type PrometheusServer = { readonly url: string; readonly stop: () => Promise<void> };

/**
 * Starts Prometheus on a free port with storage of its own, and waits until it has scraped every target twice.
 *
 * @param jobs by name: the hosts and ports to scrape every second.
 */
export async function startPrometheus(program: string, jobs: Readonly<Record<string, readonly string[]>>): Promise<PrometheusServer> {
  const folder = mkdtempSync(join(tmpdir(), "tailgate-prometheus-"));
  const url = `http://127.0.0.1:${await freePort()}`;
  const configs = Object.entries(jobs).map(([job_name, targets]) => ({ job_name, static_configs: [{ targets }] }));
  // JSON is YAML.
  writeFileSync(join(folder, "prometheus.yml"), JSON.stringify({ global: { scrape_interval: "1s" }, scrape_configs: configs }));
  const given = [
    `--config.file=${folder}/prometheus.yml`,
    `--storage.tsdb.path=${folder}/data`,
    `--web.listen-address=${new URL(url).host}`,
  ];
  const child = spawn(program, given, { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  child.stderr.on("data", (chunk: Buffer) => (log = (log + chunk.toString()).slice(-5000)));
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()).once("error", () => resolve()));
  const stop = async () => {
    child.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const targets = Object.values(jobs).flat().length;
  for (let waitedMs = 0; waitedMs < 30_000; waitedMs += 200) {
    if (child.exitCode !== null) break;
    if ((await scrapedTwice(url)) === targets) return { url, stop };
    await sleep(200);
  }
  await stop();
  throw new Error(`Prometheus does not scrape ${targets} targets:\n${log}`);
}

async function scrapedTwice(url: string): Promise<number> {
  const query = encodeURIComponent("count(count_over_time(up[1m]) > 1)");
  const answer = await fetch(`${url}/api/v1/query?query=${query}`).catch(() => undefined);
  if (answer?.ok !== true) return 0;
  const { data } = (await answer.json()) as {
    readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] };
  };
  return Number(data.result[0]?.value[1] ?? 0);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (address === null || typeof address === "string" ? reject(new Error("no port")) : resolve(address.port)));
    });
  });
}
