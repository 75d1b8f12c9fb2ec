import { describe, expect, test } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import { readContext } from "../../../src/io/github/context.ts";

const HEAD = "a".repeat(40);
const BASE = "b".repeat(40);
const MERGE = "c".repeat(40);
const repository = { id: 7, default_branch: "main" };
const env = (event: string, overrides: Record<string, string | undefined> = {}) => ({
  GITHUB_EVENT_NAME: event,
  GITHUB_EVENT_PATH: "/event.json",
  GITHUB_REPOSITORY: "octo/model",
  GITHUB_REPOSITORY_ID: "7",
  GITHUB_SHA: MERGE,
  GITHUB_REF: "refs/heads/main",
  GITHUB_RUN_ID: "812",
  GITHUB_RUN_ATTEMPT: "2",
  GITHUB_WORKFLOW_REF: "octo/model/.github/workflows/perf.yml@refs/heads/main",
  ...overrides,
});
const read = (event: string, payload: unknown, overrides?: Record<string, string | undefined>) =>
  readContext(env(event, overrides), () => JSON.stringify(payload));
const pull = (headRepository: { id: number } | null) => ({
  repository,
  pull_request: {
    number: 12,
    labels: [{ name: "accept-regression" }],
    head: { sha: HEAD, ref: "main", repo: headRepository },
    base: { sha: BASE, ref: "release", repo: { id: 7 } },
  },
});

describe("the context of a workflow run", () => {
  test("of a pull request is its own head, not the merge commit", () => {
    expect(read("pull_request", pull({ id: 7 }), { GITHUB_REF: "refs/pull/12/merge" })).toEqual({
      event: "pull_request",
      repository: { owner: "octo", name: "model", id: 7 },
      sha: HEAD,
      base: { sha: BASE, branch: "release" },
      branch: "main",
      defaultBranch: "main",
      pullRequest: 12,
      labels: ["accept-regression"],
      fromFork: false,
      headRepositoryId: 7,
      runId: 812,
      runAttempt: 2,
      workflowPath: ".github/workflows/perf.yml",
      apiUrl: "https://api.github.com",
      serverUrl: "https://github.com",
      hasToken: false,
    });
  });

  test.each([[{ id: 8 }], [null]])("of a pull request knows a fork by its repository, not by its branch: %j", (headRepository) => {
    expect(read("pull_request", pull(headRepository)).fromFork).toBe(true);
  });

  test.each(["push", "schedule", "workflow_dispatch"])("of a %s is the pushed commit, with nothing to merge into", (event) => {
    expect(read(event, { repository })).toMatchObject({
      sha: MERGE,
      branch: "main",
      base: undefined,
      pullRequest: undefined,
      fromFork: false,
      labels: [],
    });
  });

  test("of a schedule, whose event may name no repository, takes it from the environment", () => {
    expect(read("schedule", { schedule: "0 3 * * *" })).toMatchObject({ repository: { id: 7 }, defaultBranch: undefined });
  });

  test("of a tag has no branch", () => {
    expect(read("push", { repository }, { GITHUB_REF: "refs/tags/v1" }).branch).toBeUndefined();
  });

  test("of a deployment is the commit that was deployed", () => {
    expect(read("deployment_status", { repository, deployment: { sha: HEAD, ref: "feature" } })).toMatchObject({
      sha: HEAD,
      branch: "feature",
    });
    expect(read("deployment_status", { repository, deployment: { sha: HEAD, ref: HEAD } }).branch).toBeUndefined();
  });

  test("of a merge queue is the queued commit and its base", () => {
    const context = read("merge_group", { repository, merge_group: { head_sha: HEAD, base_sha: BASE, base_ref: "refs/heads/main" } });
    expect(context).toMatchObject({ sha: HEAD, base: { sha: BASE, branch: "main" }, pullRequest: undefined });
  });

  test.each([
    [`refs/heads/gh-readonly-queue/main/pr-17-${HEAD}`, 17],
    [`refs/heads/gh-readonly-queue/release/2026/pr-1/pr-204-${HEAD}`, 204],
    [`refs/heads/pr-17-${HEAD}`, undefined],
    ["refs/heads/gh-readonly-queue/main/pr-17-", undefined],
  ])("of a merge queue names the last pull request of its group: %s", (ref, number) => {
    const group = { head_sha: HEAD, base_sha: BASE, base_ref: "refs/heads/main", head_ref: ref };
    expect(read("merge_group", { repository, merge_group: group }).queuedPull).toBe(number);
    expect(read("push", { repository, ref }).queuedPull).toBeUndefined();
  });

  test("knows that there is a token, and does not keep it", () => {
    const context = read("push", { repository }, { GITHUB_TOKEN: "ghs_secret" });
    expect(context.hasToken).toBe(true);
    expect(JSON.stringify(context)).not.toContain("secret");
  });

  test("of GitHub Enterprise Server has its own addresses", () => {
    const context = read(
      "push",
      { repository },
      { GITHUB_API_URL: "https://ghe.example/api/v3", GITHUB_SERVER_URL: "https://ghe.example" },
    );
    expect(context).toMatchObject({ apiUrl: "https://ghe.example/api/v3", serverUrl: "https://ghe.example" });
  });
});

describe("a context that cannot be read is an input error", () => {
  const sentence = (action: () => unknown): string => {
    try {
      action();
    } catch (error) {
      if (error instanceof InputError) return error.sentence;
      throw error;
    }
    return "accepted";
  };

  test("outside GitHub Actions", () => {
    expect(sentence(() => readContext({}, () => "{}"))).toBe(
      "GITHUB_EVENT_NAME is not set; the action runs inside a GitHub workflow; use the tailgate command elsewhere",
    );
  });

  test.each([
    ["no JSON", "{", "the event file /event.json is not JSON; GITHUB_EVENT_PATH must name the event of this run"],
    ["no event", "[]", "the event file /event.json is not a pull_request event: the event: Invalid input: expected object, received array"],
    ["another event", "{}", "the event file /event.json is not a pull_request event: it has no pull_request"],
    [
      "a number that is none",
      JSON.stringify({ pull_request: { ...pull({ id: 7 }).pull_request, number: "12; rm" } }),
      "the event file /event.json is not a pull_request event: pull_request.number: Invalid input: expected number, received string",
    ],
  ])("with an event file that holds %s", (_, text, expected) => {
    expect(sentence(() => readContext(env("pull_request"), () => text))).toBe(expected);
  });

  test("with an event file that is missing", () => {
    const missing = () => {
      throw new Error("ENOENT");
    };
    expect(sentence(() => readContext(env("push"), missing))).toContain("the event file /event.json cannot be read");
  });

  test.each([
    ["GITHUB_RUN_ID", "x", 'GITHUB_RUN_ID is "x", expected a whole number'],
    ["GITHUB_REPOSITORY", "model", 'GITHUB_REPOSITORY is "model", expected owner/name'],
  ])("with %s that is damaged", (name, value, expected) => {
    expect(sentence(() => read("push", { repository }, { [name]: value }))).toBe(expected);
  });
});
