import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, type IncomingMessage } from "node:http";
import { type AddressInfo, createServer } from "node:net";

import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import { built } from "../end-to-end/built.ts";
import { type GitHubEmulator, startGitHub } from "../github/server.ts";
import type { Run } from "../github/state.ts";

/** A workflow run, as act ran it. */
export type Ran = {
  /** Zero if every job succeeded. */
  readonly code: number | null;
  readonly log: string;
  /** What the steps wrote to GITHUB_OUTPUT; of a name that several steps have, the last. */
  readonly outputs: Readonly<Record<string, string>>;
};

/**
 * A repository whose workflows act runs on this very machine: steps are processes, `actions/checkout` is a copy of the
 * checkout, our action is this build, artifacts go to act's own server, and every question to GitHub to the emulator.
 */
export type ActRepository = {
  readonly github: GitHubEmulator;
  readonly write: (name: string, text: string) => void;
  /** What its jobs store is listed by GitHub a moment later, also for the jobs that follow. */
  readonly play: (run: Run, options?: Play) => Promise<Ran>;
  readonly close: () => Promise<void>;
};

type Play = {
  readonly secrets?: Readonly<Record<string, string>>;
  /** Variables of the repository. */
  readonly variables?: Readonly<Record<string, string>>;
  /** The workflow that the event starts; the first one by default. */
  readonly workflow?: string;
  /** Instead of the event that the emulator makes of the run. */
  readonly event?: object;
};

const LONGEST_MS = 60_000;

/** @param workflows files of examples/workflows, which are run as they are. */
export async function openActRepository(
  act: string,
  workflows: readonly string[],
  files: Readonly<Record<string, string>>,
): Promise<ActRepository> {
  const [dist, github, port] = await Promise.all([built(), startGitHub(), freePort()]);
  const service = await artifactService(`127.0.0.1:${port}`);
  const folder = mkdtempSync(join(tmpdir(), "tailgate-act-"));
  const [checkout, action, artifacts] = ["checkout", "action", "artifacts"].map((name) => join(folder, name)) as [string, string, string];
  const placeOf = (workflow: string) => join(checkout, ".github/workflows", basename(workflow));
  for (const workflow of workflows) cpSync(workflow, placeOf(workflow));
  cpSync("action.yml", join(action, "action.yml"));
  cpSync(dist, join(action, "dist"), { recursive: true });
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(checkout, name)), { recursive: true });
    writeFileSync(join(checkout, name), text, { mode: 0o755 });
  };
  for (const [name, text] of Object.entries(files)) write(name, text);

  const play: ActRepository["play"] = async (run, { secrets = {}, variables = {}, workflow = workflows[0] ?? "", event } = {}) => {
    const environment = github.env(run);
    const eventpath = environment["GITHUB_EVENT_PATH"]!;
    if (event !== undefined) writeFileSync(eventpath, JSON.stringify(event));
    // What a runner would set, as far as act does not find it out by itself.
    const passed = ["API_URL", "GRAPHQL_URL", "REPOSITORY", "REPOSITORY_OWNER", "RUN_ID", "RUN_NUMBER", "REF", "WORKFLOW_REF"];
    const set = [
      ...passed.map((name) => `GITHUB_${name}=${environment[`GITHUB_${name}`]}`),
      `SHA_REF=${environment["GITHUB_SHA"]}`,
      "NO_PROXY=127.0.0.1",
    ];
    const options = {
      directory: checkout,
      workflows: placeOf(workflow),
      eventpath,
      "local-repository": `tailgate-ci/tailgate@v1=${action}`,
      "artifact-server-path": artifacts,
      "artifact-server-addr": "127.0.0.1",
      "artifact-server-port": String(port),
      "action-cache-path": join(folder, "cache"),
    };
    const args = [
      run.event,
      "--no-cache-server",
      ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
      ...["ubuntu-24.04", "self-hosted"].flatMap((label) => ["--platform", `${label}=-self-hosted`]),
      ...set.flatMap((variable) => ["--env", variable]),
      ...Object.entries(variables).flatMap(([name, value]) => ["--var", `${name}=${value}`]),
      ...Object.entries({ GITHUB_TOKEN: github.token, ...secrets }).flatMap(([name, value]) => ["--secret", `${name}=${value}`]),
    ];
    const listed = () => list(github, run.id, join(artifacts, String(run.id)));
    const listing = setInterval(listed, 100);
    const { code, log } = await ran(act, args, { HOME: folder, ACTIONS_RUNTIME_URL: service.url }).finally(() => clearInterval(listing));
    listed();
    const outputs = Object.fromEntries([...log.matchAll(/::set-output:: ([\w-]+)=(.*)$/gm)].map(([, name, value]) => [name, value]));
    return { code, log, outputs };
  };

  return {
    github,
    write,
    play,
    close: async () => {
      rmSync(folder, { recursive: true, force: true });
      await service.close();
      await github.closeClean();
    },
  };
}

/** Tells GitHub of what act's artifact server holds of a run and was not told yet: `RUN/NAME/NAME.zip`. */
function list({ state }: GitHubEmulator, runId: number, folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (state.artifacts.some((known) => known.runId === runId && known.name === name)) continue;
    const content = readFileSync(join(folder, name, `${name}.zip`));
    if (isWholeZip(content)) state.addArtifact({ name, runId, content });
  }
}

/** Whether it ends with the end of a central directory, without a comment: act writes while we read. */
const isWholeZip = (content: Buffer): boolean => content.length >= 22 && content.readUInt32LE(content.length - 22) === 0x06054b50;

function ran(act: string, args: readonly string[], environment: Readonly<Record<string, string>>): Promise<Pick<Ran, "code" | "log">> {
  const env = { PATH: [dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter), ...environment };
  const child = spawn(act, args, { env, stdio: ["ignore", "pipe", "pipe"], timeout: LONGEST_MS });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      log += text;
    });
  }
  return new Promise((done, reject) => {
    child.once("error", reject);
    child.once("close", (code) => done({ code, log }));
  });
}

/**
 * act's artifact server, with two things put right in front of it that act v0.2.89 and the artifact client of version 6
 * do not agree on: the server refuses calls with a `mime_type`, and the client decodes the `+` of a time zone in the
 * address for an upload, whose signature is then no longer the one that the server made.
 */
async function artifactService(host: string): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const uploads: string[] = [];
  const forward = async (request: IncomingMessage): Promise<{ readonly status: number; readonly text: string }> => {
    const body = await buffer(request);
    const { pathname, search } = new URL(request.url ?? "", `http://${host}`);
    const upload = uploads[Number(/^\/upload\/(\d+)$/.exec(pathname)?.[1])];
    if (upload !== undefined) {
      const answer = await fetch(upload + search.replace("?", "&"), { method: "PUT", body });
      return { status: answer.status, text: "" };
    }
    const { mime_type: _, ...known } = JSON.parse(body.toString()) as Readonly<Record<string, unknown>>;
    const answer = await fetch(`http://${host}${pathname}`, { method: "POST", body: JSON.stringify(known) });
    const said = (await answer.json()) as Readonly<Record<string, unknown>>;
    const signed = said["signedUploadUrl"];
    const ours = typeof signed === "string" ? { signedUploadUrl: `${url}upload/${uploads.push(signed) - 1}` } : {};
    return { status: answer.status, text: JSON.stringify({ ...said, ...ours }) };
  };
  const server = createHttpServer((request, response) => {
    forward(request).then(
      ({ status, text }) => response.writeHead(status, { "content-type": "application/json" }).end(text),
      (error: unknown) => response.writeHead(502).end(String(error)),
    );
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    url,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

const freePort = (): Promise<number> =>
  new Promise((found) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => found(port));
    });
  });

/** Plays a run, and another one where a busy machine spoiled it: these tests are about workflows, not about latencies. */
export async function played(repo: ActRepository, make: () => Run, options?: Play): Promise<Ran & { readonly run: Run }> {
  for (let tries = 1; ; tries++) {
    const run = make();
    const ended = await repo.play(run, options);
    if (tries === 3 || !ended.log.includes("::error::invalid: ")) return { ...ended, run };
  }
}

/** The demo endpoint of this build. */
export async function startDemo(...args: readonly string[]): Promise<{ readonly url: string; readonly stop: () => void }> {
  const child = spawn(process.execPath, [resolve(await built(), "demo-server.js"), "--port", "0", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const line = await new Promise<string>((said, reject) => {
    child.stdout.once("data", (chunk: Buffer) => said(chunk.toString()));
    child.once("exit", (code) => reject(new Error(`the demo endpoint ended with code ${code}`)));
  });
  return { url: (JSON.parse(line) as { url: string }).url, stop: () => void child.kill("SIGKILL") };
}
