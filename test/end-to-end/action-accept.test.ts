import { writeFileSync } from "node:fs";
import { describe, expect, test, vi } from "vitest";
import { readZipEntry } from "../../src/io/baselines/zip-entry.ts";
import { BASE_MS, type Repository, repository } from "./action-run.ts";
import { COMPARED, LIMITED_STRICTLY } from "./action-suites.ts";

/** The same job, run again: an attempt of its own. */
const AGAIN = { GITHUB_RUN_ATTEMPT: "2" };

// Every step is a process that starts anew, and these tests take up to four.
vi.setConfig({ testTimeout: 120_000 });

const LABEL = "tailgate-accepted";
const LIMIT = "/tailgate accept limit of errors.ratio up to 30%: the preview node is flaky, see #12";

/** The comment of the action: people's comments are there as well. */
const report = ({ state }: Repository): string => state.comments.findLast(({ author }) => author === "github-actions[bot]")?.body ?? "";
const says = ({ state }: Repository, author: string, body: string) => state.addComment({ number: 1, author, body });

/** A pull request that breaks its limit: one request in five fails, and one in a hundred may. */
async function broken(labels: readonly string[] = [LABEL]) {
  const repo = await repository({ "tailgate.yaml": LIMITED_STRICTLY });
  repo.preview.failsEvery = 5;
  repo.state.roles.set("alice", "write");
  return { repo, run: repo.pull({ labels }) };
}

describe("a failed gate blocks, and the comment says why nothing is accepted:", () => {
  const not = "errors.ratio in steady is not accepted:";
  test.each<[string, readonly string[], string, string | undefined, RegExp]>([
    [
      "a label without a word",
      [LABEL],
      "alice",
      undefined,
      /the label tailgate-accepted is set, and no comment says how much of its broken limit is accepted/,
    ],
    ["a command without the label", [], "alice", LIMIT, /@\u2060alice accepted it up to 30 %, and the label tailgate-accepted is missing/],
    [
      "a command of who may not push",
      [LABEL],
      "mallory",
      LIMIT,
      /@\u2060mallory may not accept it: the role read cannot push to this repository/,
    ],
    [
      "a smaller size than was measured",
      [LABEL],
      "alice",
      LIMIT.replace("30%", "5%"),
      /measured \d+ %, over its limit of 1 %, accepted up to 5 % by @\u2060alice/,
    ],
    [
      "a day that has passed",
      [LABEL],
      "alice",
      LIMIT.replace(":", " until 2026-01-31:"),
      /@\u2060alice accepted it until 2026-01-31, which has passed/,
    ],
    [
      "a limit that nobody named",
      [LABEL],
      "alice",
      LIMIT.replace("limit of ", "").replace("30%", "30 points"),
      /what @\u2060alice accepted is not about its broken limit/,
    ],
    [
      "a command that cannot be read",
      [LABEL],
      "alice",
      LIMIT.replace("ratio", "rate"),
      /there is no metric "errors\.rate"; did you mean "errors\.ratio"\?/,
    ],
  ])("%s", async (_, labels, by, body, why) => {
    const { repo, run } = await broken(labels);
    if (body !== undefined) says(repo, by, body);
    const step = await repo.step(run);
    expect(step.code, step.log).toBe(1);
    expect(step.outputs["verdict"]).toBe("fail");
    const comment = report(repo);
    expect(comment).toMatch(/^### ❌ Fail: errors\.ratio in steady/m);
    expect(comment).toContain("**Blocks the merge.**");
    expect(comment).toContain(`- ${not}`);
    expect(comment).toMatch(why);
    expect(JSON.parse(repo.checkout.read("tailgate-out/verdict.json"))).toMatchObject({ verdict: "fail", accepted: false });
  });

  test("and a command in the comment that it offers is one that would accept it", async () => {
    const { repo, run } = await broken();
    await repo.step(run);
    const [, offered = ""] = /<br>`(\/tailgate accept limit of steady\/errors\.ratio up to \d+%: )REASON`/.exec(report(repo)) ?? [];
    says(repo, "alice", `${offered}because`);
    const step = await repo.step(run, {}, AGAIN);
    expect(step.code, step.log).toBe(0);
  });
});

test("a failed gate that is accepted lets the job succeed, and stays a failure everywhere", async () => {
  const { repo, run } = await broken();
  says(repo, "alice", LIMIT);
  const step = await repo.step(run);
  expect(step.code, step.log).toBe(0);
  expect(step.outputs).toMatchObject({
    verdict: "fail",
    summary: expect.stringMatching(/^fail, accepted by @alice: errors\.ratio in steady/),
  });
  expect(step.said("warning")).toEqual([expect.stringContaining("Does not block the merge: what failed is accepted.")]);
  expect(report(repo)).toMatch(/^### ❌ Fail, accepted by @\u2060alice: errors\.ratio in steady/m);
  expect(report(repo)).toMatch(/accepted up to 30 % by @\u2060alice: the preview node is flaky, see #\u206012/);
  expect(step.summary).toMatch(/^### ❌ Fail, accepted by @\u2060alice/m);
  const { accepted, scenarios } = JSON.parse(repo.checkout.read("tailgate-out/verdict.json"));
  expect(accepted).toBe(true);
  expect(scenarios[0].metrics.find(({ metric }: { metric: string }) => metric === "errors.ratio").accepted).toEqual([
    { of: "limit", by: "alice", reason: "the preview node is flaky, see #12", up_to: 0.3, until: null, pull: 1 },
  ]);
});

test("a push that makes it worse blocks again, a larger acceptance and its withdrawal count from the next run on", async () => {
  const { repo, run } = await broken();
  says(repo, "alice", LIMIT);
  expect((await repo.step(run)).code).toBe(0);
  repo.preview.failsEvery = 2;
  const worse = await repo.step(repo.commit(run));
  expect(worse.code, worse.log).toBe(1);
  expect(report(repo)).toMatch(/measured 50 %, over its limit of 1 %, accepted up to 30 % by @\u2060alice/);
  // Only one comment is ours, however often it was judged.
  expect(repo.state.comments.filter(({ author }) => author === "github-actions[bot]")).toHaveLength(1);
  says(repo, "alice", LIMIT.replace("30%", "60%"));
  expect((await repo.step(repo.commit(run))).code).toBe(0);
  says(repo, "alice", "/tailgate withdraw");
  expect((await repo.step(repo.commit(run))).code).toBe(1);
  expect(report(repo)).toContain("@\u2060alice took it back");
});

test("a fork's pull request is accepted by the same people, and not by the fork's", async () => {
  const repo = await repository({ "tailgate.yaml": LIMITED_STRICTLY });
  repo.preview.failsEvery = 5;
  repo.state.permissions["pull-requests"] = "read";
  const run = repo.pull({ labels: [LABEL], repositoryId: 666, author: "mallory" });
  says(repo, "mallory", LIMIT);
  expect((await repo.step(run)).code).toBe(1);
  repo.state.roles.set("alice", "maintain");
  says(repo, "alice", LIMIT);
  const step = await repo.step(run, {}, AGAIN);
  expect(step.code, step.log).toBe(0);
  expect(step.summary).toMatch(/^### ❌ Fail, accepted by @\u2060alice/m);
});

test("what cannot be read accepts nothing, and the job says which permission is missing", async () => {
  const { repo, run } = await broken();
  says(repo, "alice", LIMIT);
  repo.state.permissions["pull-requests"] = "none";
  const step = await repo.step(run);
  expect(step.code, step.log).toBe(1);
  expect(step.said("warning")).toContainEqual(
    expect.stringMatching(/^whether the failure is accepted is not known: .*`pull-requests: read`/),
  );
  expect(step.summary).toContain("Blocks the merge: whether it is accepted is not known.");
});

test("with an empty accept-label nothing is asked, and nothing accepted", async () => {
  const { repo, run } = await broken();
  says(repo, "alice", LIMIT);
  const step = await repo.step(run, { "accept-label": "", comment: "never" });
  expect(step.code, step.log).toBe(1);
  expect(repo.github.requests.filter(({ operation }) => /permission-level|list-comments/.test(operation ?? ""))).toEqual([]);
});

test("an accepted regression is written into the run of its merge, and the pull requests after it show it", {
  timeout: 180_000,
}, async () => {
  const repo = await repository({ "tailgate.yaml": COMPARED });
  const { state, preview, checkout } = repo;
  state.roles.set("alice", "admin");
  for (let i = 0; i < 3; i++) expect((await repo.step(repo.push())).code).toBe(0);
  preview.delayMs = 3 * BASE_MS;
  const run = repo.pull({ labels: [LABEL], author: "alice" });
  expect((await repo.step(run)).code).toBe(1);
  says(
    repo,
    "alice",
    "Twice the layers, so twice the time.\n/tailgate accept steady/latency.p50 up to 250% until 2999-12-31: twice the layers",
  );
  const accepted = await repo.step(run, {}, AGAIN);
  expect(accepted.code, accepted.log).toBe(0);
  expect(report(repo)).toMatch(
    /accepted up to \+250 % by @\u2060alice, the author of this pull request, until 2999-12-31: twice the layers/,
  );

  const merged = await repo.step(repo.merge(run));
  expect(merged.code, merged.log).toBe(0);
  expect(merged.outputs["verdict"]).toBe("fail");
  expect(merged.summary).toMatch(/\*\*Blocks nothing: this commit is on main already\.\*\*/);
  expect(merged.summary).toMatch(/^### ❌ Fail, accepted by @\u2060alice/m);
  const change = {
    metric: "latency.p50",
    scenario: "steady",
    largest: 2.5,
    by: "alice",
    reason: "twice the layers",
    pull: 1,
    until: "2999-12-31",
  };
  expect(JSON.parse(checkout.read("tailgate-out/run.json")).provenance.accepted).toEqual([change]);
  // And in what was stored, since that is what later runs read.
  const stored = state.artifacts.findLast(({ name }) => name.startsWith("tailgate-baseline-"))!;
  expect(JSON.parse(readZipEntry(stored.content, "run.json", 1e7)!.toString("utf8"))).toMatchObject({ provenance: { accepted: [change] } });

  const next = await repo.step(repo.pull({ branch: "next" }));
  expect(next.summary, next.log).toContain(
    "latency.p50 in steady up to +250 % by @\u2060alice in #\u20601, until 2999-12-31: twice the layers",
  );
});

test("a merge queue tries what is accepted on the pull request", async () => {
  const { repo, run } = await broken();
  const { state, checkout } = repo;
  says(repo, "alice", LIMIT);
  const group = state.addCommit({ branch: `gh-readonly-queue/main/pr-${run.pull}`, parent: state.branches.get("main") });
  const event = checkout.path("event.json");
  const [base = ""] = group.parents;
  const ref = `refs/heads/gh-readonly-queue/main/pr-${run.pull}-${base}`;
  const { id, defaultBranch } = state.repository;
  const merged = { head_sha: group.sha, base_sha: base, base_ref: `refs/heads/${defaultBranch}`, head_ref: ref };
  writeFileSync(event, JSON.stringify({ repository: { id, default_branch: defaultBranch }, merge_group: merged }));
  const queued = state.addRun({ event: "merge_group", headSha: group.sha });
  const environment = { GITHUB_EVENT_PATH: event, GITHUB_REF: ref, GITHUB_SHA: group.sha };
  const step = await repo.step(queued, {}, environment);
  expect(step.code, step.log).toBe(0);
  expect(step.summary).toMatch(/^### ❌ Fail, accepted by @\u2060alice/m);
  says(repo, "alice", "/tailgate withdraw");
  expect((await repo.step(queued, {}, { ...environment, ...AGAIN })).code).toBe(1);
});

test("a push that may not read pull requests keeps its run, and says that nothing is known of an acceptance", async () => {
  const { repo, run } = await broken();
  repo.state.permissions["pull-requests"] = "none";
  const merged = await repo.step(repo.merge(run));
  expect(merged.code, merged.log).toBe(0);
  expect(merged.said("warning")).toContainEqual(
    expect.stringMatching(/^whether this change was accepted is not known, and the baseline does not say so: .*`pull-requests: read`/),
  );
  expect(repo.state.artifacts.filter(({ name }) => name.startsWith("tailgate-baseline-"))).toHaveLength(1);
});

test("only the push of the merge writes it down, and only while it holds", async () => {
  const { repo, run } = await broken();
  const { state, checkout } = repo;
  says(repo, "alice", LIMIT);
  const written = () => JSON.parse(checkout.read("tailgate-out/run.json")).provenance.accepted;
  const push = repo.merge(run);
  expect((await repo.step(push)).code).toBe(0);
  expect(written()).toMatchObject([{ metric: "errors.ratio", of: "limit", largest: 0.3, by: "alice", pull: 1 }]);
  // A schedule measures the same commit, which nobody brings anew.
  const schedule = await repo.step(state.addRun({ event: "schedule" }));
  expect(schedule.outputs["verdict"], schedule.log).toBe("fail");
  expect(written()).toBeUndefined();

  const [pull] = state.pulls;
  state.changePull(1, { base: { ...pull!.base, branch: "release" } });
  state.artifacts.length = 0;
  expect((await repo.step(push)).summary).not.toContain("#### Acceptance");
  expect(written()).toBeUndefined();
  state.changePull(1, { base: pull!.base });

  state.changePull(1, { labels: [] });
  state.artifacts.length = 0;
  const again = await repo.step(push);
  expect(again.code, again.log).toBe(0);
  expect(again.summary).toMatch(/@\u2060alice accepted it up to 30 %, and the label tailgate-accepted is missing/);
  expect(written()).toBeUndefined();
});
