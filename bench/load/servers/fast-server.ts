// The fastest endpoint at hand, for measuring what a load generator costs: nginx where it is installed, else a server in
// plain Node (node bench/load/servers/fast-server.ts serves it and prints its port).
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { findProgram } from "../program.ts";

export type FastServer = {
  readonly name: string;
  readonly url: string;
  /** Requests answered so far, without those that ask for this. */
  readonly count: () => Promise<number>;
  readonly close: () => Promise<void>;
};

const ANSWER = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok";

/** @param folder an empty folder that nginx may write to. */
export async function openFastServer(folder: string): Promise<FastServer> {
  const nginx = findProgram("nginx");
  return nginx === undefined ? openNodeServer() : openNginx(nginx, folder);
}

async function openNginx(program: string, folder: string): Promise<FastServer> {
  const port = await freePort();
  mkdirSync(folder, { recursive: true });
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((what) => `${what}_temp_path ${folder}/${what};`);
  const configuration = [
    `daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;`,
    "events { worker_connections 4096; }",
    "http {",
    `  access_log off; keepalive_requests 1000000000; keepalive_timeout 600s; ${temporary.join(" ")}`,
    `  server { listen 127.0.0.1:${port}; location = /count { stub_status; }`,
    '    location / { default_type text/plain; return 200 "ok"; } }',
    "}",
  ];
  const file = join(folder, "nginx.conf");
  writeFileSync(file, configuration.join("\n"));
  const server = spawn(program, ["-c", file, "-p", folder, "-e", join(folder, "error.log")], { stdio: "ignore" });
  const url = `http://127.0.0.1:${port}/`;
  let asked = 0;
  const count = async () => {
    const text = await (await fetch(`${url}count`)).text();
    return Number(/\s*\d+ \d+ (\d+)/.exec(text)![1]) - ++asked;
  };
  await untilAnswers(server, count);
  const version = spawnSync(program, ["-v"], { encoding: "utf8" })
    .stderr.replace(/.*nginx\//s, "")
    .trim();
  return { name: `nginx ${version}, one worker`, url, count, close: () => stop(server) };
}

async function openNodeServer(): Promise<FastServer> {
  const server = spawn(process.execPath, [import.meta.filename], { stdio: ["ignore", "pipe", "inherit"] });
  const [port] = (await once(server.stdout, "data")) as [Buffer];
  const url = `http://127.0.0.1:${String(port).trim()}/`;
  const count = async () => Number(await (await fetch(`${url}count`)).text());
  return { name: `Node ${process.versions.node}, plain sockets`, url, count, close: () => stop(server) };
}

function serve(): void {
  let answered = 0;
  const server = createTcpServer((socket) => {
    let rest = "";
    socket.setNoDelay(true).on("error", () => {});
    socket.on("data", (chunk: Buffer) => {
      rest += chunk.toString("latin1");
      for (let end = endOfRequest(rest); end > 0; end = endOfRequest(rest)) {
        if (rest.startsWith("GET /count ")) {
          const text = String(answered);
          socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`);
        } else {
          answered++;
          socket.write(ANSWER);
        }
        rest = rest.slice(end);
      }
    });
  });
  server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
}

/** Length of the first request in `text`, or 0 while it is not complete. */
function endOfRequest(text: string): number {
  const head = text.indexOf("\r\n\r\n");
  if (head < 0) return 0;
  const end = head + 4 + Number(/\r\ncontent-length: *(\d+)/i.exec(text.slice(0, head))?.[1] ?? 0);
  return end <= text.length ? end : 0;
}

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function untilAnswers(server: ChildProcess, ask: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await ask();
      return;
    } catch (error) {
      if (tries === 100 || server.exitCode !== null) throw error;
      await setTimeout(50);
    }
  }
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  server.kill();
  await once(server, "exit");
}

if (process.argv[1] === import.meta.filename) serve();
