import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bodies } from "./bodies.ts";
import { loadDescription } from "./description.ts";
import { type Answer, notAccessible } from "./rest/handler.ts";
import { HANDLERS } from "./rest.ts";
import { resultsService, runtimeToken } from "./results.ts";
import { GitHubState, type Run } from "./state.ts";

export type RecordedRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly operation: string | undefined;
  readonly status: number;
};

export type GitHubEmulator = {
  readonly url: string;
  readonly resultsUrl: string;
  readonly token: string;
  /** What a runner sets for a step of a run; `overrides` win. Writes the event file of the run. */
  readonly env: (run: Run, overrides?: Readonly<Record<string, string>>) => Record<string, string>;
  readonly state: GitHubState;
  readonly requests: readonly RecordedRequest[];
  /** What GitHub's description says against a request or an answer. Empty at the end of a good test. */
  readonly violations: readonly string[];
  readonly close: () => Promise<void>;
  /** Closes, and throws if there were violations: for `afterEach`. */
  readonly closeClean: () => Promise<void>;
};

// Here and not in startGitHub: the first use installs it, which may take longer than a hook of a test has.
const description = loadDescription();

const TOKEN = "ghs_emulated0000000000000000000000000000";

/**
 * GitHub for one repository on loopback: REST, the results service and blob storage behind `@actions/artifact`, each
 * request and answer checked against GitHub's OpenAPI description. See README.md beside this file.
 */
export async function startGitHub(options: { readonly state?: GitHubState } = {}): Promise<GitHubEmulator> {
  const state = options.state ?? new GitHubState();
  const requests: RecordedRequest[] = [];
  const violations: string[] = [];
  const folder = mkdtempSync(join(tmpdir(), "tailgate-github-"));
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      violations.push(`${request.method} ${request.url}: the emulator failed: ${String(error)}`);
      response.writeHead(500).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const make = bodies(state, url);
  const results = resultsService(state, url, violations);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const method = request.method ?? "GET";
    const { pathname: path, searchParams: query } = new URL(request.url ?? "/", url);
    const fault = state.faults.find((one) => one.times > 0 && one.method === method && one.path.test(path));
    const matched =
      path.startsWith("/storage/") || path.startsWith("/twirp/") || path === "/graphql" ? undefined : description.match(method, path);
    const respond = (result: Answer & { readonly content?: Buffer }): void => {
      requests.push({ method, path, query: query.toString(), operation: matched?.id, status: result.status });
      const json = result.body === undefined ? undefined : JSON.stringify(result.body);
      response.writeHead(result.status, {
        ...(json === undefined ? {} : { "content-type": "application/json; charset=utf-8" }),
        "x-github-request-id": "0000:1",
        ...result.headers,
      });
      response.end(json ?? result.content);
    };

    if (fault !== undefined) {
      fault.times--;
      return respond({
        status: fault.status,
        ...(fault.message === "" ? {} : { body: { message: fault.message ?? `planted ${fault.status}` } }),
        ...(fault.headers ? { headers: fault.headers } : {}),
      });
    }
    // An Enterprise Server has none of the two.
    if (/^\/(?:storage|twirp)\//.test(path) && state.serverUrl !== "https://github.com") {
      violations.push(`${method} ${path}: an Enterprise Server has no results service`);
      return respond({ status: 404, body: { message: "Not Found" } });
    }
    if (path.startsWith("/storage/")) return respond(results.storage(method, path, query, body));
    if (path.startsWith("/twirp/")) return respond(results.call(path, request.headers.authorization ?? "", body.toString("utf8")));
    if (path === "/graphql") return respond(graphql(body.toString("utf8")));
    respond(rest(method, path, query, request, body.toString("utf8"), matched));
  }

  function rest(
    method: string,
    path: string,
    query: URLSearchParams,
    request: IncomingMessage,
    body: string,
    matched: ReturnType<typeof description.match>,
  ): Answer {
    const note = (mistakes: readonly string[]): void => {
      violations.push(...mistakes.map((mistake) => `${method} ${path}: ${mistake}`));
    };
    const handler = matched && HANDLERS[matched.id];
    if (matched === undefined || handler === undefined) {
      note([matched === undefined ? "GitHub has no such operation" : `${matched.id} is not emulated`]);
      return { status: 501, body: { message: "not emulated" } };
    }
    if (!request.headers["user-agent"]) note(["no user-agent: GitHub refuses such requests"]);
    if (body !== "" && !request.headers["content-type"]?.startsWith("application/json")) note(["the body is not declared as JSON"]);
    note(description.requestMistakes(matched, query, body));
    const { owner, name } = state.repository;
    const { params } = matched;
    let result: Answer;
    if (!/^(token|bearer) /i.test(request.headers.authorization ?? "") || !request.headers.authorization?.endsWith(TOKEN)) {
      result = { status: 401, body: { message: "Bad credentials", documentation_url: "https://docs.github.com/rest", status: "401" } };
    } else if (params["owner"] !== undefined && (params["owner"] !== owner || params["repo"] !== name)) {
      result = { status: 404, body: { message: "Not Found", documentation_url: "https://docs.github.com/rest", status: "404" } };
    } else if (handler.needs !== undefined && !allows(state.permissions[handler.needs[0]], handler.needs[1])) {
      result = notAccessible();
    } else {
      result = handler.answer({ state, url, make, params, query, body: body === "" ? {} : (JSON.parse(body) as Record<string, unknown>) });
    }
    note(description.responseMistakes(matched, result.status, result.body));
    return result;
  }

  /** The one question that tailgate asks of GraphQL, which GitHub's OpenAPI description does not cover. */
  function graphql(body: string): Answer {
    const { query } = JSON.parse(body) as { query: string };
    if (/^query\s*\{\s*viewer\s*\{\s*login\s*\}\s*\}$/.test(query.trim()))
      return { status: 200, body: { data: { viewer: { login: state.login } } } };
    violations.push(`graphql: ${query} is not emulated`);
    return { status: 200, body: { errors: [{ message: "not emulated" }] } };
  }

  async function close(): Promise<void> {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
    rmSync(folder, { recursive: true, force: true });
  }

  return {
    url,
    resultsUrl: `${url}/`,
    token: TOKEN,
    state,
    requests,
    violations,
    env: (run, overrides = {}) => ({ ...runnerEnvironment(run, { state, url, folder }), ...overrides }),
    close,
    closeClean: async () => {
      await close();
      if (violations.length > 0) throw new Error(`GitHub would not have it:\n${violations.join("\n")}`);
    },
  };
}

const allows = (granted: "none" | "read" | "write", needed: "read" | "write"): boolean => granted === "write" || granted === needed;

/** What GitHub's runner gives to a step, as far as tailgate or the toolkit reads it. */
function runnerEnvironment(
  run: Run,
  { state, url, folder }: { readonly state: GitHubState; readonly url: string; readonly folder: string },
): Record<string, string> {
  const { owner, name, id, defaultBranch } = state.repository;
  const pull = state.pulls.find(({ number }) => number === run.pull);
  const eventFile = join(folder, `event-${run.id}.json`);
  const repo = (repositoryId: number) => ({ id: repositoryId, full_name: repositoryId === id ? `${owner}/${name}` : `stranger/${name}` });
  const payload = {
    repository: { id, name, full_name: `${owner}/${name}`, owner: { login: owner }, default_branch: defaultBranch },
    ...(pull === undefined
      ? { ref: `refs/heads/${run.headBranch}`, after: run.headSha }
      : {
          action: "synchronize",
          number: pull.number,
          pull_request: {
            number: pull.number,
            labels: pull.labels.map((label) => ({ name: label })),
            head: { ref: pull.head.branch, sha: pull.head.sha, repo: repo(pull.head.repositoryId) },
            base: { ref: pull.base.branch, sha: pull.base.sha, repo: repo(id) },
          },
        }),
  };
  writeFileSync(eventFile, JSON.stringify(payload));
  const files = Object.fromEntries(
    ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_STATE", "GITHUB_ENV"].map((variable) => {
      // Each step has files of its own: the jobs of one run go on at the same time.
      const file = join(mkdtempSync(join(folder, `${run.id}-`)), variable);
      writeFileSync(file, "");
      return [variable, file];
    }),
  );
  return {
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_API_URL: url,
    GITHUB_GRAPHQL_URL: `${url}/graphql`,
    // The artifact client takes any other server than github.com for an Enterprise Server, where its artifacts do not exist.
    GITHUB_SERVER_URL: state.serverUrl,
    GITHUB_REPOSITORY: `${owner}/${name}`,
    GITHUB_REPOSITORY_ID: String(id),
    GITHUB_REPOSITORY_OWNER: owner,
    GITHUB_EVENT_NAME: run.event,
    GITHUB_EVENT_PATH: eventFile,
    // Of a pull request the runner checks out a merge commit that is no branch's.
    GITHUB_SHA: pull === undefined ? run.headSha : "f".repeat(40),
    GITHUB_REF: pull === undefined ? `refs/heads/${run.headBranch}` : `refs/pull/${pull.number}/merge`,
    GITHUB_REF_NAME: pull === undefined ? run.headBranch : `${pull.number}/merge`,
    GITHUB_HEAD_REF: pull?.head.branch ?? "",
    GITHUB_BASE_REF: pull?.base.branch ?? "",
    GITHUB_RUN_ID: String(run.id),
    GITHUB_RUN_NUMBER: String(run.number),
    GITHUB_RUN_ATTEMPT: "1",
    GITHUB_WORKFLOW: "Performance",
    GITHUB_WORKFLOW_REF: `${owner}/${name}/${run.path}@refs/heads/${run.headBranch}`,
    GITHUB_JOB: "gate",
    GITHUB_WORKSPACE: folder,
    GITHUB_TOKEN: TOKEN,
    "INPUT_GITHUB-TOKEN": TOKEN,
    RUNNER_TEMP: folder,
    RUNNER_OS: "Linux",
    ACTIONS_RUNTIME_TOKEN: runtimeToken(run.id),
    ACTIONS_RESULTS_URL: `${url}/`,
    NO_PROXY: "127.0.0.1",
    no_proxy: "127.0.0.1",
    ...files,
  };
}
