import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { onTestFinished, type TestContext } from "vitest";
import { parse } from "yaml";
import { type GitHubEmulator, startGitHub } from "../github/server.ts";
import type { GitHubState, Pull, Run } from "../github/state.ts";
import { built } from "./built.ts";
import { COMPILED, openWorkplace, type Workplace } from "./tailgate.ts";

type Variables = Readonly<Record<string, string>>;

/** A finished step of a workflow run. */
export type Step = {
  /** Null if it was killed. */
  readonly code: number | null;
  /** Both streams, as they came: the job's log. */
  readonly log: string;
  /** What it wrote to GITHUB_OUTPUT. */
  readonly outputs: Variables;
  readonly summary: string;
  /** The messages of its workflow commands of one kind. */
  readonly said: (command: "error" | "warning" | "notice" | "add-mask") => readonly string[];
};

/** The preview. Takes as long as `delayMs` says at that moment, fails every so many requests (0: none), and counts them. */
export type Preview = { readonly url: string; delayMs: number; failsEvery: number; requests: number; readonly close: () => Promise<void> };

/** A GitHub with one repository, a checkout of it, a preview, and a workflow of one step. */
export type Repository = {
  readonly github: GitHubEmulator;
  readonly state: GitHubState;
  readonly checkout: Workplace;
  readonly preview: Preview;
  readonly start: (
    run: Run,
    inputs?: Variables,
    environment?: Variables,
  ) => { readonly kill: (signal: NodeJS.Signals) => void; readonly ended: Promise<Step> };
  readonly step: (run: Run, inputs?: Variables, environment?: Variables) => Promise<Step>;
  /** A new commit on the default branch, and its run. */
  readonly push: () => Run;
  /** A new pull request, and its run. */
  readonly pull: (pull?: Parameters<GitHubState["addPull"]>[0]) => Run;
  /** A new commit on the pull request of a run, and its run. */
  readonly commit: (to: Run) => Run;
  /** Merges the pull request of a run into the default branch, and the run of that push. */
  readonly merge: (of: Run) => Run;
  readonly close: () => Promise<void>;
};

/** One for a single test, which must not have asked GitHub for anything that GitHub does not offer. */
export async function repository(files: Variables): Promise<Repository> {
  const opened = await openRepository(files);
  onTestFinished(opened.close);
  return opened;
}

/** One for several tests. `close` fails if GitHub was asked for what it does not offer. */
export async function openRepository(files: Variables): Promise<Repository> {
  const [dist, github, checkout, preview] = await Promise.all([built(), startGitHub(), openWorkplace(files), openPreview(BASE_MS)]);
  const { state } = github;
  state.addCommit();
  const children: ChildProcess[] = [];
  const start: Repository["start"] = (run, inputs = {}, environment = {}) => {
    const env: Record<string, string> = {
      PATH: process.env["PATH"] ?? "",
      HOME: checkout.folder,
      NODE_COMPILE_CACHE: COMPILED,
      ...github.env(run),
      ...inputVariables(github, { endpoint: preview.url, ...inputs }),
      GITHUB_WORKSPACE: checkout.folder,
      ...environment,
    };
    const child = spawn(process.execPath, [resolve(dist, "action.js")], { cwd: checkout.folder, env, stdio: ["ignore", "pipe", "pipe"] });
    children.push(child);
    const ended = finished(child).then(({ code, log }) => ({
      code,
      log,
      outputs: outputsOf(readFileSync(env["GITHUB_OUTPUT"]!, "utf8")),
      summary: readFileSync(env["GITHUB_STEP_SUMMARY"]!, "utf8"),
      said: (command: string) => messagesOf(log, command),
    }));
    return { kill: (signal) => void child.kill(signal), ended };
  };
  return {
    github,
    state,
    checkout,
    preview,
    start,
    step: (...step) => start(...step).ended,
    push: () => {
      state.addCommit();
      return state.addRun();
    },
    pull: (pull) => runOf(state, state.addPull(pull)),
    commit: ({ pull }) => {
      const { head } = state.pulls.find(({ number }) => number === pull)!;
      const { sha } = state.addCommit({ branch: head.branch });
      return runOf(state, state.changePull(pull!, { head: { ...head, sha } }));
    },
    merge: ({ pull }) => {
      state.changePull(pull!, { mergedAs: state.addCommit().sha });
      return state.addRun();
    },
    close: async () => {
      for (const child of children) child.kill("SIGKILL");
      await Promise.all([preview.close(), checkout.close()]);
      await github.closeClean();
    },
  };
}

/**
 * A step for what a test stands on, not for what it tests: what a busy machine spoils is done again, as another attempt.
 * The fifth is returned as it came.
 */
export async function soundly(step: (attempt: number) => Promise<Step>): Promise<Step> {
  for (let attempt = 1; ; attempt++) {
    const ended = await step(attempt);
    const isSpoiled = ended.outputs["verdict"] === "invalid" || ended.said("error").some((text) => text.startsWith("invalid: "));
    if (!isSpoiled || attempt === 5) return ended;
  }
}

/** A new commit on the default branch whose run is kept as a baseline. Throws its log if it is not. */
export async function storedPush(repo: Repository, environment: Variables = {}): Promise<Run> {
  const run = repo.push();
  const before = repo.state.artifacts.length;
  const step = await soundly((attempt) => {
    // What a spoiled attempt left would be one artifact more than a test counts.
    repo.state.artifacts.splice(before);
    return repo.step(run, {}, { ...environment, GITHUB_RUN_ATTEMPT: String(attempt) });
  });
  if (step.code !== 0) throw new Error(`the push was not kept:\n${step.log}`);
  return run;
}

/** In the first test of a story: a second try of it must not go on where a busy machine spoiled the first. */
export async function startAnew({ result }: TestContext["task"], repo: Repository, open: () => Promise<void>): Promise<void> {
  if ((result?.retryCount ?? 0) === 0) return;
  await repo.close();
  await open();
}

/** Of the base: long enough that what a busy machine adds to it is little. */
export const BASE_MS = 500;

/** Pull requests have a workflow file of their own, which is the usual set-up. */
const runOf = (state: GitHubState, { number, head }: Pull): Run =>
  state.addRun({
    event: "pull_request",
    pull: number,
    headSha: head.sha,
    headBranch: head.branch,
    headRepositoryId: head.repositoryId,
    path: ".github/workflows/pull-requests.yml",
  });

export async function openPreview(delayMs: number): Promise<Preview> {
  const server = createServer((request, response) => {
    preview.requests++;
    const fails = preview.failsEvery > 0 && preview.requests % preview.failsEvery === 0;
    request.resume().on("end", () => setTimeout(() => response.writeHead(fails ? 500 : 200).end("ok"), preview.delayMs));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const preview: Preview = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    delayMs,
    failsEvery: 0,
    requests: 0,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => {
        server.close(closed);
      });
    },
  };
  return preview;
}

/** What the runner makes of `with:`: every input of action.yml under its own name in capitals, with its default. */
function inputVariables(github: GitHubEmulator, given: Variables): Variables {
  const { inputs } = parse(readFileSync("action.yml", "utf8")) as { inputs: Record<string, { default: string }> };
  for (const name of Object.keys(given)) if (!Object.hasOwn(inputs, name)) throw new RangeError(`action.yml has no input ${name}`);
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { default: standard }]) => [
      `INPUT_${name.replaceAll(" ", "_").toUpperCase()}`,
      given[name] ?? standard.replace("${{ github.token }}", github.token),
    ]),
  );
}

function finished(child: ChildProcess): Promise<Pick<Step, "code" | "log">> {
  let log = "";
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      log += text;
    });
  }
  return new Promise((resolved, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolved({ code, log }));
  });
}

/** `name<<delimiter`, the value's lines, the delimiter. A name that is set again has its last value. */
const outputsOf = (text: string): Variables =>
  Object.fromEntries([...text.matchAll(/^(.+?)<<(.+)\n(?:([\s\S]*?)\n)?\2$/gm)].map(([, name = "", , value = ""]) => [name, value]));

const messagesOf = (log: string, command: string): readonly string[] =>
  [...log.matchAll(new RegExp(`^::${command}(?: [^:]*)?::(.*)$`, "gm"))].map(([, message = ""]) =>
    message.replaceAll("%0A", "\n").replaceAll("%0D", "\r").replaceAll("%25", "%"),
  );
