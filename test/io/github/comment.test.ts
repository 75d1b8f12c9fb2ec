import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import { commentMarker } from "../../../src/core/report/marker.ts";
import { connectGitHub, type GitHubApi } from "../../../src/io/github/api.ts";
import { MAX_COMMENT_LENGTH, upsertComment } from "../../../src/io/github/comment.ts";
import { type GitHubEmulator, startGitHub } from "../../github/server.ts";

let github: GitHubEmulator;
let api: GitHubApi;
let pauses: number[];
let number: number;
const marker = commentMarker("sentiment");

beforeEach(async () => {
  github = await startGitHub();
  pauses = [];
  number = github.state.addPull().number;
  api = await connectGitHub({
    token: github.token,
    repository: github.state.repository,
    apiUrl: github.url,
    pause: async (seconds) => {
      pauses.push(seconds);
    },
  });
});
afterEach(() => github.closeClean());

const upsert = (body: string) => upsertComment(api, { number, marker, body: `${marker}\n${body}` });
const writes = () =>
  github.requests.filter(({ method, operation }) => method !== "GET" && operation !== undefined).map(({ operation }) => operation);

describe("the sticky comment", () => {
  test("is created once and updated after", async () => {
    const created = await upsert("pass");
    const updated = await upsert("fail");
    expect([created.kind, updated.kind]).toEqual(["created", "updated"]);
    expect(updated.url).toBe(created.url);
    expect(created.url).toMatch(/^https:\/\/github\.com\/octo-org\/model-server\/pull\/1#issuecomment-\d+$/);
    expect(github.state.comments.map(({ body }) => body)).toEqual([`${marker}\nfail`]);
  });

  test("is not written again when it says the same, whatever line ends and space GitHub hands back", async () => {
    await upsert("one\ntwo");
    github.state.comments[0]!.body = `${marker}\r\none\r\ntwo\r\n`;
    expect((await upsert("one\ntwo")).kind).toBe("unchanged");
    expect(writes()).toEqual(["issues/create-comment"]);
  });

  test("is found on the fourth page of the comments", async () => {
    for (let i = 0; i < 320; i++) github.state.addComment({ number, author: "octocat", body: `comment ${i}` });
    github.state.addComment({ number, author: "github-actions[bot]", body: `${marker}\nold` });
    expect((await upsert("new")).kind).toBe("updated");
    expect(github.requests.filter(({ operation }) => operation === "issues/list-comments")).toHaveLength(4);
  });

  test("is not mistaken for a stranger's comment with our marker", async () => {
    const stranger = github.state.addComment({ number, author: "mallory", body: `${marker}\nall is well` });
    expect((await upsert("fail")).kind).toBe("created");
    expect(stranger.body).toBe(`${marker}\nall is well`);
  });

  test("is not mistaken for our comment that only quotes the marker", async () => {
    github.state.addComment({ number, author: "github-actions[bot]", body: `> ${marker}` });
    expect((await upsert("fail")).kind).toBe("created");
  });

  test("is not mistaken for the comment of another suite", async () => {
    github.state.addComment({ number, author: "github-actions[bot]", body: `${commentMarker("sentiment-large")}\nx` });
    expect((await upsert("fail")).kind).toBe("created");
  });

  test("is written anew when a person has minimised the old one", async () => {
    github.state.addComment({ number, author: "github-actions[bot]", body: `${marker}\nold`, minimized: true });
    expect((await upsert("new")).kind).toBe("created");
  });

  test("belongs to whoever owns the token, also for a person's or an app's token", async () => {
    github.state.login = "perf-bot[bot]";
    expect((await upsert("a")).kind).toBe("created");
    expect((await upsert("b")).kind).toBe("updated");
  });

  test("falls back to the workflow's bot when GitHub does not tell whose token it is", async () => {
    github.state.fail({ method: "POST", path: /^\/graphql$/, status: 403 });
    expect(await api.ownLogin()).toBe("github-actions[bot]");
  });

  test("is not begun a second time while GitHub cannot say whose token it is", async () => {
    github.state.login = "perf-bot[bot]";
    await upsert("a");
    github.state.fail({ method: "POST", path: /^\/graphql$/, status: 502 });
    expect((await upsert("b")).kind).toBe("updated");
    github.state.fail({ method: "POST", path: /^\/graphql$/, status: 502, times: 4 });
    await expect(upsert("c")).rejects.toThrow("could not ask whose token this is: GitHub answered 502");
    expect(pauses).toEqual([1, 1, 2, 4]);
    expect(github.state.comments.map(({ body }) => body)).toEqual([`${marker}\nb`]);
  });

  test("is not begun for good news when only changes are wanted, and rewritten if there is one", async () => {
    const quiet = (body: string) => upsertComment(api, { number, marker, body: `${marker}\n${body}`, onlyUpdate: true });
    expect(await quiet("pass")).toEqual({ kind: "absent", url: "" });
    await upsert("fail");
    expect((await quiet("pass")).kind).toBe("updated");
    expect(github.state.comments.map(({ body }) => body)).toEqual([`${marker}\npass`]);
  });

  test("is not written without its marker, since it would be written again on every push", async () => {
    await expect(upsertComment(api, { number, marker, body: "fail" })).rejects.toThrow(RangeError);
    expect(github.requests).toEqual([]);
  });

  test("refuses a body that GitHub would refuse, before asking anything", async () => {
    await expect(upsert("x".repeat(MAX_COMMENT_LENGTH))).rejects.toThrow(RangeError);
    expect(github.requests).toEqual([]);
  });
});

describe("when GitHub does not cooperate", () => {
  test("a token that may not write comments is told which permission it lacks", async () => {
    github.state.permissions["pull-requests"] = "read";
    const error: unknown = await upsert("fail").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).sentence).toMatchInlineSnapshot(
      `"the token may not write comments (GitHub answered 403); add \`pull-requests: write\` to the job's permissions (a pull request from a fork has a read-only token whatever they say)"`,
    );
    expect(pauses).toEqual([]);
  });

  test("a secondary rate limit is waited for as long as GitHub says, and the comment is written once", async () => {
    github.state.fail({ method: "POST", path: /comments$/, status: 429, headers: { "retry-after": "7" }, times: 2 });
    expect((await upsert("fail")).kind).toBe("created");
    expect(pauses).toEqual([7, 7]);
    expect(github.state.comments).toHaveLength(1);
  });

  test("a rate limit that lasts too long is an error that says when to come back", async () => {
    const reset = String(Math.round(Date.now() / 1000) + 1790);
    github.state.fail({
      method: "GET",
      path: /comments$/,
      status: 403,
      headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset },
    });
    await expect(upsert("fail")).rejects.toMatchObject({ hint: "run the job again in 30 min" });
    expect(pauses).toEqual([]);
  });

  test("an outage is waited out for reads, a few times", async () => {
    github.state.fail({ method: "GET", path: /comments$/, status: 502, times: 3 });
    expect((await upsert("fail")).kind).toBe("created");
    expect(pauses).toEqual([1, 2, 4]);
  });

  test("a comment whose creation ended in an outage is not sent again, because it may have been written", async () => {
    github.state.fail({ method: "POST", path: /comments$/, status: 502 });
    await expect(upsert("fail")).rejects.toThrow("could not write comments: GitHub answered 502");
    expect(pauses).toEqual([]);
  });

  test("a server that is not there is an error with a sentence", async () => {
    const gone = await connectGitHub({
      token: "t",
      repository: github.state.repository,
      apiUrl: "http://127.0.0.1:9",
      pause: async () => undefined,
    });
    await expect(gone.getRun(1)).rejects.toThrow("could not read workflow runs: GitHub could not be reached");
  });

  test("a token that GitHub does not know is an error that names the input", async () => {
    const stranger = await connectGitHub({ token: "wrong", repository: github.state.repository, apiUrl: github.url });
    await expect(stranger.createComment(number, "x")).rejects.toMatchObject({ hint: "check the input github-token" });
  });
});
