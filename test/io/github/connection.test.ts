import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import { connectGitHub, type GitHubApi } from "../../../src/io/github/api.ts";
import { type GitHubEmulator, startGitHub } from "../../github/server.ts";

let github: GitHubEmulator;
let api: GitHubApi;
let pauses: number[];
beforeEach(async () => {
  github = await startGitHub();
  github.state.addPull();
  pauses = [];
  const pause = async (seconds: number) => void pauses.push(seconds);
  api = await connectGitHub({ token: github.token, repository: github.state.repository, apiUrl: github.url, pause });
});
afterEach(() => github.closeClean());

const sentenceOf = async (asked: Promise<unknown>): Promise<string> => {
  const error: unknown = await asked.catch((thrown: unknown) => thrown);
  if (!(error instanceof InputError)) throw new Error("expected an InputError", { cause: error });
  return error.sentence;
};
const SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";

describe("a refusal is told apart from a limit, an outage and a mistake:", () => {
  test("a secondary rate limit that only the message names is waited for, and what was asked is done once", async () => {
    github.state.fail({ method: "POST", path: /comments$/, status: 403, message: SECONDARY });
    await api.createComment(1, "hello");
    expect(pauses).toEqual([60]);
    expect(github.state.comments.map(({ body }) => body)).toEqual(["hello"]);
  });

  test("one that lasts is an error that calls it a limit, not a missing permission", async () => {
    github.state.fail({ method: "POST", path: /comments$/, status: 403, message: SECONDARY, times: 9 });
    expect(await sentenceOf(api.createComment(1, "hello"))).toBe(
      "GitHub's rate limit for this token is used up: could not write comments; run the job again later",
    );
    expect(pauses).toEqual([60]);
  });

  test("a secondary rate limit of 403 with Retry-After is waited for as long as it says", async () => {
    github.state.fail({ method: "GET", path: /actions\/runs$/, status: 403, headers: { "retry-after": "3" }, message: SECONDARY });
    expect(await api.listRunsForSha("a".repeat(40))).toEqual([]);
    expect(pauses).toEqual([3]);
  });

  test("a read-only token is a missing permission, named, and not asked again", async () => {
    github.state.permissions["pull-requests"] = "read";
    expect(await sentenceOf(api.createComment(1, "hello"))).toContain("add `pull-requests: write` to the job's permissions");
    expect(github.requests).toHaveLength(1);
  });

  test("a 404 is a permission too: GitHub hides what a token may not see", async () => {
    expect(await sentenceOf(api.createComment(404, "hello"))).toContain("the token may not write comments (GitHub answered 404)");
  });

  test("a 422 is told in GitHub's words, in one line, and not asked again", async () => {
    expect(await sentenceOf(api.createComment(1, "x".repeat(65_537)))).toMatch(
      /^could not write comments: GitHub answered 422: Validation Failed: body is too long \(maximum is 65536 characters\).*$/,
    );
    expect(pauses).toEqual([]);
  });

  test("a 409 is told in GitHub's words, bounded, and not asked again", async () => {
    github.state.fail({ method: "PATCH", path: /comments/, status: 409, message: `Conflict\nwith ${"x".repeat(1000)}` });
    const sentence = await sentenceOf(api.updateComment(1, "hello"));
    expect(sentence).toMatch(/^could not write comments: GitHub answered 409: Conflict with x+$/);
    expect(sentence.length).toBeLessThan(300);
    expect(pauses).toEqual([]);
  });

  test("an outage of every read is an error after three more tries", async () => {
    github.state.fail({ method: "GET", path: /comments$/, status: 503, times: 9 });
    expect(await sentenceOf(api.findComment(1, () => true))).toBe("could not read comments: GitHub answered 503; run the job again");
    expect(pauses).toEqual([1, 2, 4]);
  });
});

test("no error carries the token, its causes included", async () => {
  github.state.permissions.actions = "none";
  const error: unknown = await api.listArtifacts("x").catch((thrown: unknown) => thrown);
  const seen = inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true });
  expect(seen).toContain("[cause]");
  expect(seen).toContain("[REDACTED]");
  expect(seen).not.toContain(github.token);
});
