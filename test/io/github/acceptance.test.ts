import { afterEach, beforeEach, expect, test } from "vitest";
import { commentMarker } from "../../../src/core/report/marker.ts";
import { readAcceptance } from "../../../src/io/github/acceptance.ts";
import { connectGitHub, type GitHubApi } from "../../../src/io/github/api.ts";
import { type GitHubEmulator, startGitHub } from "../../github/server.ts";
import type { Comment } from "../../github/state.ts";

const ACCEPT = "/tailgate accept latency.p99 up to 30%: the tokenizer needs it";
const LABEL = "tailgate-accepted";

let github: GitHubEmulator;
let api: GitHubApi;
let number: number;
beforeEach(async () => {
  github = await startGitHub();
  number = github.state.addPull({ labels: [LABEL], author: "mona" }).number;
  github.state.roles.set("alice", "write");
  api = await connectGitHub({ token: github.token, repository: github.state.repository, apiUrl: github.url });
});
afterEach(() => github.closeClean());

const says = (author: string, body = ACCEPT, more: Partial<Comment> = {}) => github.state.addComment({ number, author, body, ...more });
const read = (label = LABEL) => readAcceptance(api, { pull: number, label, today: "2026-11-26" });
const asked = () =>
  github.requests
    .flatMap(({ path }) => /collaborators\/(.+)\/permission/.exec(path)?.slice(1) ?? [])
    .map((login) => decodeURIComponent(login));

test("a comment with a command is a statement of its writer, with the label, the author and the day beside it", async () => {
  says("alice");
  says("alice", "thanks!");
  expect(await read()).toMatchObject({
    pull: number,
    author: "mona",
    label: { name: LABEL, isSet: true },
    today: "2026-11-26",
    statements: [{ by: "alice", role: "write", mayAccept: true, isEdited: false, commands: [{ kind: "accept" }] }],
  });
  expect((await read("another")).label).toEqual({ name: "another", isSet: false });
});

test.each([
  ["admin", true],
  ["maintain", true],
  ["write", true],
  ["triage", false],
  ["read", false],
  ["none", false],
])("the role %s may accept: %s", async (role, mayAccept) => {
  github.state.roles.set("someone", role);
  says("someone");
  expect((await read()).statements).toMatchObject([{ role, mayAccept }]);
});

test("a custom role counts as the base that it stands on", async () => {
  github.state.roles.set("cap", "release-captain/write").set("doc", "writer/triage");
  says("cap");
  says("doc");
  expect((await read()).statements).toMatchObject([
    { role: "release-captain", mayAccept: true },
    { role: "writer", mayAccept: false },
  ]);
});

test("where GitHub's two words for a role disagree, the smaller one counts", async () => {
  github.state.roles.set("odd", "triage/write");
  says("odd");
  expect((await read()).statements).toMatchObject([{ role: "triage", mayAccept: false }]);
});

test("what a person may do is asked now, once each, and only of those who wrote a command", async () => {
  says("alice");
  says("alice", "/tailgate withdraw");
  says("bystander", "what does /tailgate do?");
  await read();
  expect(asked()).toEqual(["alice"]);
  github.state.roles.set("alice", "read");
  expect((await read()).statements.map(({ mayAccept }) => mayAccept)).toEqual([false, false]);
});

test("nothing is said by an app, a hidden comment, an account that is gone, or a report that quotes others", async () => {
  github.state.roles.set("vanished", "gone");
  says("ci[bot]");
  says("alice", ACCEPT, { minimized: true });
  says("");
  says("alice", `${commentMarker("sentiment")}\n${ACCEPT}`);
  says("vanished");
  expect((await read()).statements).toMatchObject([{ by: "vanished", role: "none", mayAccept: false }]);
  expect(asked()).toEqual(["vanished"]);
});

test("a comment that was changed says so, and counts by when it was written", async () => {
  says("alice", ACCEPT, { updatedAt: "2026-02-01T00:00:00Z" });
  says("alice", "/tailgate withdraw");
  expect((await read()).statements.map(({ isEdited, commands }) => [isEdited, commands[0]!.kind])).toEqual([
    [true, "accept"],
    [false, "withdraw"],
  ]);
});

test("all pages are read, oldest first", async () => {
  for (let i = 0; i < 130; i++) says("bystander", `talk ${i}`);
  says("alice");
  for (let i = 0; i < 130; i++) says("bystander", `talk ${i}`);
  expect((await read()).statements).toHaveLength(1);
});

test("a crowd of strangers keeps nobody of the repository from being heard, and may not accept by what it is called", async () => {
  says("alice", ACCEPT, { association: "COLLABORATOR" });
  for (let i = 0; i < 80; i++) says(`sock-${i}`);
  const { statements } = await read();
  expect(asked()).toHaveLength(50);
  expect(statements.filter(({ mayAccept }) => mayAccept).map(({ by }) => by)).toEqual(["alice"]);
  says("mallory", ACCEPT, { association: "OWNER" });
  expect((await read()).statements.at(-1)).toMatchObject({ by: "mallory", mayAccept: false });
});

test("a token that may not read the pull request is told which permission it lacks", async () => {
  github.state.permissions["pull-requests"] = "none";
  await expect(read()).rejects.toThrow(/may not read the pull request/);
});

test("the merged pull request of a commit is known, and an open one is none", async () => {
  const { sha } = github.state.addCommit();
  github.state.changePull(number, { mergedAs: sha });
  expect(await api.mergedPulls(sha)).toEqual([{ number, mergeCommit: sha, base: { branch: "main", repositoryId: 4711 } }]);
  const open = github.state.addPull({ branch: "other" });
  expect(await api.mergedPulls(open.head.sha)).toEqual([]);
});
