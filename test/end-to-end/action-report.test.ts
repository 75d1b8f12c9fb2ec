import { readdirSync } from "node:fs";
import { deflateRawSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { commentMarker } from "../../src/core/report/marker.ts";
import { runArtifactName } from "../../src/io/baselines/artifact-name.ts";
import { zipOf } from "../io/baselines/zip-of.ts";
import { archive, FORK_ID, forked, forkPull, measured, plant, RUN_ARTIFACT, report } from "./action-fork.ts";
import { openPreview, openRepository, type Repository, type Step } from "./action-run.ts";
import { LIMITED, LIMITED_STRICTLY, QUICK } from "./action-suites.ts";

type Stored = Readonly<Record<string, unknown>>;
type Run = ReturnType<Repository["pull"]>;

/** For a single test: nothing measured yet, no file in the checkout. */
async function fork(suite: string): Promise<{ readonly repo: Repository; readonly run: Run }> {
  const opened = await forked(suite);
  onTestFinished(opened.repo.close);
  return opened;
}

const bodies = ({ state }: Repository): readonly string[] => state.comments.map(({ body }) => body);
const firstLine = (body: string | undefined): string => body?.split("\n")[1] ?? "";
const provenanceWith = (record: Stored, more: Stored): Stored => ({
  ...record,
  provenance: { ...(record["provenance"] as Stored), ...more },
});

let good: Stored;
let failing: Stored;
beforeAll(async () => {
  good = await measured(LIMITED);
  failing = await measured(LIMITED, {}, 5);
}, 120_000);

describe("a pull request from a fork", () => {
  let repo: Repository;
  let run: Run;
  let step: Step;
  beforeAll(async () => {
    repo = await openRepository({ "tailgate.yaml": LIMITED });
    const main = repo.state.branches.get("main")!;
    run = forkPull(repo, LIMITED);
    repo.state.branches.set("main", main);
  }, 60_000);
  afterAll(() => repo.close());

  test("is measured by a run that may only read, which leaves its record and says nothing", async () => {
    repo.state.permissions = { contents: "read", actions: "read", "pull-requests": "read", checks: "none" };
    const measuring = await repo.step(run, { mode: "measure" });
    expect(measuring.code, measuring.log).toBe(0);
    expect(repo.state.artifacts.map(({ name, runId }) => [name, runId])).toEqual([[RUN_ARTIFACT, run.id]]);
    expect(repo.state.comments).toEqual([]);
  });

  test("gets the comment of any other pull request from a run that it has no part in, and who measured is said", async () => {
    repo.state.permissions = { contents: "read", actions: "read", "pull-requests": "write", checks: "write" };
    step = await report(repo, run, { "check-run": "always" });
    expect(step.code, step.log).toBe(0);
    expect(step.outputs).toMatchObject({
      verdict: "pass",
      "comment-url": repo.state.comments.length === 1 ? expect.stringContaining("/pull/1#") : "",
    });
    const [body = ""] = bodies(repo);
    expect(body.startsWith(`${commentMarker("sentiment")}\n### ✅ Pass: `)).toBe(true);
    expect(body).toContain(`commit ${run.headSha.slice(0, 10)}`);
    expect(body).toContain(
      `these numbers were measured by the pull request's own workflow (run ${run.id}, attempt 1): whoever can change that workflow can invent them`,
    );
    expect(body).toContain(`[The run that measured](https://github.com/octo-org/model-server/actions/runs/${run.id})`);
    expect(step.summary).toContain("### ✅ Pass");
  });

  test("has a check run on its own head, whose page is the run that judged", () => {
    expect(repo.state.checks).toMatchObject([
      {
        name: "tailgate / sentiment",
        headSha: run.headSha,
        status: "completed",
        conclusion: "success",
        statuses: ["in_progress", "completed"],
      },
    ]);
    expect(repo.state.checks[0]!.detailsUrl).not.toContain(`/runs/${run.id}`);
  });

  test("leaves neither a baseline nor a record of its own behind in the run that judged", () => {
    const names = repo.state.artifacts.filter(({ runId }) => runId !== run.id).map(({ name }) => name);
    expect(names).toEqual([`tailgate-report-sentiment-54a2822f-${run.id}-1`]);
    const inside = repo.state.artifacts.at(-1)!.content.toString("latin1");
    expect(inside).toContain("verdict.json");
    expect(inside).not.toContain("run.json");
  });

  test("keeps one comment, also after the run was repeated, and both attempts count", async () => {
    await repo.step(run, { mode: "measure" }, { GITHUB_RUN_ATTEMPT: "2" });
    const again = await report(repo, run, {}, { attempt: 2 });
    expect(again.code, again.log).toBe(0);
    expect(repo.state.comments).toHaveLength(1);
    expect(bodies(repo)[0]).toContain("1 earlier attempt of this commit counts into this verdict");
  });
});

describe("attacks", () => {
  test("a fork's branch named like the default branch: it is taken for nobody else's pull request, nor for the branch itself", async () => {
    const { repo, run } = await fork(LIMITED);
    const [own] = repo.state.pulls;
    // The same commit, in another repository of the same owner under the same branch name, proposed to a branch of ours.
    repo.state.pulls.push({ ...own!, number: 9, head: { ...own!.head, repositoryId: 777 } });
    plant(repo, run, archive(good));
    const step = await report(repo, run);
    expect(step.outputs["verdict"], step.log).toBe("pass");
    expect(repo.state.comments.map(({ number }) => number)).toEqual([1]);
    expect(bodies(repo)[0]).toContain("**May be merged.**");
    expect(repo.state.artifacts.filter(({ name }) => name.includes("baseline"))).toEqual([]);
  });

  test.each([
    ["a foreign repository id", { repository_id: 999 }, "from another repository (repository id 999)"],
    ["a foreign head repository id", { head_repository_id: 999 }, "of code from another repository (repository id 999)"],
    ["another commit", { head_sha: "e".repeat(40) }, "of another commit (eeeeeeeeee)"],
    ["another run", { id: 7 }, "it is of another run (7)"],
  ])("an artifact of %s, by what GitHub says about it: refused, and nothing is judged from it", async (_, madeBy, reason) => {
    const { repo, run } = await fork(LIMITED);
    plant(repo, run, archive(good), { madeBy });
    await expectRefused(repo, run, reason);
  });

  test.each([
    ["another commit", { commit: "e".repeat(40) }, "it claims another commit (eeeeeeeeee, its run measured "],
    ["no commit", { commit: undefined }, "it claims another commit (none at all, its run measured "],
    ["another repository", { repositoryId: String(FORK_ID) }, `it claims another repository (id ${FORK_ID})`],
    ["another run", { runId: "7" }, "it claims another run (7, attempt 1)"],
    ["another attempt", { runAttempt: "2" }, "attempt 2)"],
  ])("a record that claims %s: refused, and nothing is judged from it", async (_, claim, reason) => {
    const { repo, run } = await fork(LIMITED);
    plant(repo, run, archive(provenanceWith(good, claim)));
    await expectRefused(repo, run, reason);
  });

  test("an archive that was changed after its upload: refused by its digest", async () => {
    const { repo, run } = await fork(LIMITED);
    plant(repo, run, archive(good), { digest: `sha256:${"0".repeat(64)}` });
    await expectRefused(repo, run, "digest mismatch: it is not what was uploaded");
  });

  test("zip slip: an archive whose entries lead out of their folder writes nothing anywhere", async () => {
    const { repo, run } = await fork(LIMITED);
    const evil = ["../evil.json", "../../evil.json", "/tmp/tailgate-evil.json", "..\\evil.json"].map((name) => ({
      name,
      content: Buffer.from("{}"),
    }));
    plant(repo, run, zipOf([...evil, { name: "run.json", content: Buffer.from(JSON.stringify(good)) }]));
    await repo.checkout.write("temporary/deep/.keep", "");
    const temporary = repo.checkout.path("temporary/deep");
    const step = await report(repo, run, {}, {}, { RUNNER_TEMP: temporary });
    expect(step.outputs["verdict"], step.log).toBe("pass");
    expect(readdirSync(repo.checkout.folder, { recursive: true, encoding: "utf8" }).filter((name) => name.includes("evil"))).toEqual([]);
    expect(readdirSync("/tmp").filter((name) => name.includes("tailgate-evil"))).toEqual([]);
    // Nor is anything left of the archive itself.
    expect(readdirSync(temporary)).toEqual([".keep"]);
  });

  test("zip slip: a record under a name that leads out is no record", async () => {
    const { repo, run } = await fork(LIMITED);
    plant(repo, run, zipOf([{ name: "../run.json", content: Buffer.from(JSON.stringify(good)) }]));
    await expectRefused(repo, run, "the archive holds no run.json");
  });

  const BOMB = Buffer.alloc(65 * 1024 * 1024, " ");
  test.each([
    ["that says how long it is", {}, /run\.json is 68157440 bytes long, at most 67108864 are read/],
    ["that lies about it", { size: 1000 }, /run\.json cannot be inflated, or is longer than 67108864 bytes/],
  ])("zip bomb %s: refused before it is in memory", async (_, lie, reason) => {
    const { repo, run } = await fork(LIMITED);
    plant(repo, run, zipOf([{ name: "run.json", content: Buffer.alloc(0), compressed: deflateRawSync(BOMB), size: BOMB.length, ...lie }]));
    await expectRefused(repo, run, reason);
  });

  test("a record with HTML, Markdown, mentions and our own marker in every text: it is shown as text", async () => {
    const payload = `--> <img src=x onerror=alert(1)> @octocat #1 [click](javascript:alert(1)) **bold** ${commentMarker("other")} | cell \`code\` https://evil.example/x`;
    const { repo, run } = await fork(LIMITED);
    const scenarios = good["scenarios"] as readonly Stored[];
    plant(
      repo,
      run,
      archive({
        ...good,
        tool: payload,
        provenance: { ...(good["provenance"] as Stored), ref: payload, workflow: payload, event: payload, baseCommit: payload },
        environment: { [payload]: payload, "gpu.models": payload },
        problems: [
          { severity: "warning", code: payload, message: payload, headline: payload },
          { severity: "warning", code: "x", message: payload, scenario: payload },
        ],
        identity: { path: payload, expected: payload, observed: payload, matches: true },
        scenarios: [
          ...scenarios,
          { ...scenarios[0], name: payload, load: { kind: "open", ratePerS: 1, arrivals: payload, durationS: 1, shape: payload } },
        ],
      }),
    );
    const step = await report(repo, run);
    expect(step.outputs["verdict"], step.log).toBe("pass");
    for (const text of [...bodies(repo), step.summary]) {
      expect(text).toContain("alert");
      expect(text).not.toMatch(/<img/i);
      expect(text).not.toMatch(/@octocat/);
      expect(text).not.toMatch(/(^|[^\\])\]\(javascript:/i);
      expect(text).not.toMatch(/(^|[^\\])\*\*bold/);
      expect(text).not.toContain("https://evil");
      expect(text.match(/<!-- tailgate:/g)).toHaveLength(1);
      expect(text.match(/-->/g)).toHaveLength(1);
    }
    // Nothing of the record stands where GitHub's own word should.
    expect(repo.checkout.record().provenance).toMatchObject({
      ref: "stranger:main",
      event: "pull_request",
      workflow: ".github/workflows/pull-requests.yml",
    });
  });

  test("a record whose texts are commands to the runner: none is obeyed", async () => {
    const { repo, run } = await fork(LIMITED);
    const planted = { severity: "warning", code: "x", message: "\n::error::planted\n::set-output name=verdict::pass" };
    plant(repo, run, archive({ ...failing, problems: [planted] }));
    const step = await report(repo, run);
    const obeyed = step.log.replaceAll(/^::stop-commands::(.+)$[\s\S]*?^::\1::$/gm, "");
    expect(obeyed).not.toContain("planted");
    expect(step.log).toContain("planted");
  });

  test("a comment by somebody else that carries our marker: it is left alone, and ours is written beside it", async () => {
    const { repo, run } = await fork(LIMITED_STRICTLY);
    const forged = `${commentMarker("sentiment")}\n### ✅ Pass: all is well`;
    repo.state.addComment({ number: 1, author: "stranger", body: forged });
    plant(repo, run, archive(failing));
    const step = await report(repo, run);
    expect(step.code, step.log).toBe(1);
    expect(repo.state.comments.map(({ author, body }) => [author, firstLine(body).slice(0, 10)])).toEqual([
      ["stranger", "### ✅ Pass"],
      ["github-actions[bot]", "### ❌ Fail"],
    ]);
    expect(repo.state.comments[0]).toMatchObject({ body: forged, updates: 0 });
  });

  test("a pull request that loosens its own gates: those of the base branch judge it, wherever a looser suite lies", async () => {
    const { repo, run } = await fork(LIMITED_STRICTLY);
    await repo.checkout.write("tailgate.yaml", LIMITED);
    repo.state.files.set(`${run.headSha}:tailgate.yaml`, LIMITED);
    plant(repo, run, archive(failing));
    const step = await report(repo, run);
    expect(step.code, step.log).toBe(1);
    expect(step.outputs["verdict"]).toBe("fail");
    expect(firstLine(bodies(repo)[0])).toMatch(/^### ❌ Fail: errors\.ratio/);
    expect(repo.state.checks).toEqual([]);
  });

  test("a pull request that takes a gated scenario out of its suite: it is missing, and nothing passes", async () => {
    const { repo, run } = await fork(LIMITED);
    const [scenario] = good["scenarios"] as readonly Stored[];
    plant(
      repo,
      run,
      archive({ ...good, suite: { ...(good["suite"] as Stored), digest: "0".repeat(64) }, scenarios: [{ ...scenario, name: "easy" }] }),
    );
    const step = await report(repo, run);
    expect(step.outputs["verdict"], step.log).not.toBe("pass");
    expect(bodies(repo)[0]).toContain("this pull request measures another workload than the suite of main");
  });

  test("a head that moved on: nothing is said about the old commit, neither as a comment nor as a verdict", async () => {
    const { repo, run } = await fork(LIMITED);
    plant(repo, run, archive(good));
    const main = repo.state.branches.get("main")!;
    const newer = repo.commit(run);
    repo.state.branches.set("main", main);
    expect(newer.headSha).not.toBe(run.headSha);
    const step = await report(repo, run, { "check-run": "always" });
    expect(step.code, step.log).toBe(0);
    expect(step.outputs["verdict"] ?? "").toBe("");
    expect(step.said("notice")).toEqual([expect.stringContaining("it has moved on, or the pull request was closed")]);
    expect(repo.state.comments).toEqual([]);
    expect(repo.state.checks).toEqual([]);
  });
});

/** The record is refused for this reason: the verdict is invalid, the job fails, and the comment says why, with the run's page. */
async function expectRefused(repo: Repository, run: Run, reason: string | RegExp): Promise<void> {
  const step = await report(repo, run);
  expect(step.code, step.log).toBe(1);
  expect(step.outputs["verdict"]).toBe("invalid");
  const [body = ""] = bodies(repo);
  expect(firstLine(body)).toBe("### ⛔ Invalid: what the pull request's own run measured cannot be used");
  expect(body).toMatch(typeof reason === "string" ? new RegExp(reason.replaceAll(/[().]/g, "\\$&")) : reason);
  expect(body).toContain(`](https://github.com/octo-org/model-server/actions/runs/${run.id})`);
  expect(repo.checkout.verdict().scenarios.every(({ verdict }) => verdict !== "pass")).toBe(true);
}

describe("a run that left no record", () => {
  test.each([
    ["cancelled", "was cancelled", "run it again"],
    ["failure", "failed", "its log says why"],
    ["action_required", "waits for a maintainer's approval", "approve it"],
    ["success", "left no record", "mode: measure"],
    ["something_new", "left no record", "holds no record of the suite sentiment"],
  ])("(%s) is a verdict and a comment that say whose fault it was, never silence", async (conclusion, how, advice) => {
    const { repo, run } = await fork(LIMITED);
    const step = await report(repo, run, {}, { conclusion });
    expect(step.code, step.log).toBe(1);
    expect(step.outputs["verdict"]).toBe("invalid");
    const [body = ""] = bodies(repo);
    expect(firstLine(body)).toBe(`### ⛔ Invalid: nothing was measured: the pull request's own run ${how}`);
    expect(body).toContain(advice);
    expect(body).toContain(`[The run that measured](https://github.com/octo-org/model-server/actions/runs/${run.id})`);
  });

  test("fails no job where on-invalid does not ask for it", async () => {
    const { repo, run } = await fork(LIMITED);
    const step = await report(repo, run, { "on-invalid": "warn" }, { conclusion: "cancelled" });
    expect(step.code, step.log).toBe(0);
    expect(step.outputs["verdict"]).toBe("invalid");
  });

  test("in this attempt, because only another job was repeated, leaves the verdict to the attempt that measured", async () => {
    const { repo, run } = await fork(LIMITED);
    plant(repo, run, archive(good));
    const step = await report(repo, run, {}, { attempt: 2 });
    expect(step.outputs["verdict"], step.log).toBe("pass");
    expect(bodies(repo)[0]).toContain(`attempt 2 of run ${run.id} left no record; that of attempt 1 stands`);
    expect(bodies(repo)[0]).not.toContain("an earlier attempt does not count");
  });
});

test("a failure of a fork can be accepted like any other, by people of this repository and not by its author", async () => {
  const { repo, run } = await fork(LIMITED_STRICTLY);
  plant(repo, run, archive(failing));
  repo.state.changePull(1, { labels: ["tailgate-accepted"], author: "stranger" });
  const command = "/tailgate accept limit of errors.ratio up to 30%: the node is flaky";
  repo.state.addComment({ number: 1, author: "stranger", body: command });
  expect((await report(repo, run)).code).toBe(1);
  repo.state.roles.set("alice", "write");
  repo.state.addComment({ number: 1, author: "alice", body: command });
  const step = await report(repo, run);
  expect(step.code, step.log).toBe(0);
  expect(step.outputs["verdict"]).toBe("fail");
});

test("a record of another workload has nothing to be compared with, and that is said", async () => {
  const record = await measured(QUICK);
  const { repo, run } = await fork(QUICK.replace("rate: 30/s", "rate: 31/s"));
  plant(repo, run, archive(record));
  const step = await report(repo, run);
  expect(step.outputs["verdict"], step.log).toBe("no-baseline");
  expect(bodies(repo)[0]).toContain("its scenarios are new, and nothing that is stored says anything about them");
});

test("a base that the fork measured beside its head is live evidence, under the same note", async () => {
  const base = await openPreview(300);
  onTestFinished(base.close);
  const record = await measured(LIMITED, { "baseline-endpoint": base.url });
  const { repo, run } = await fork(LIMITED);
  plant(repo, run, archive(record));
  const step = await report(repo, run);
  expect(repo.checkout.verdict().evidence, step.log).toBe("live");
  expect(bodies(repo)[0]).toContain("whoever can change that workflow can invent them");
});

test("several suites have a comment each, and the worst verdict is that of the job", async () => {
  const { repo, run } = await fork(LIMITED_STRICTLY);
  const other = LIMITED.replace("name: sentiment", "name: chat");
  repo.state.files.set(`${repo.state.pulls[0]!.base.sha}:perf/chat.yaml`, other);
  plant(repo, run, archive(failing));
  const step = await report(repo, run, { suite: "tailgate.yaml\nperf/chat.yaml\n" });
  expect(step.code, step.log).toBe(1);
  expect(step.outputs).toMatchObject({
    verdict: "fail",
    "report-json": "tailgate-out/sentiment/verdict.json\ntailgate-out/chat/verdict.json",
  });
  expect(bodies(repo).map((body) => [body.split("\n")[0], firstLine(body).slice(0, 14)])).toEqual([
    [commentMarker("sentiment"), "### ❌ Fail: er"],
    [commentMarker("chat"), "### ⛔ Invalid:"],
  ]);
});

test("a leg of a matrix is reported by its variant, and another leg's record is none of its", async () => {
  const { repo, run } = await fork(LIMITED);
  plant(repo, run, archive(failing));
  plant(repo, run, archive(good), { name: runArtifactName("sentiment", 1, "l4") });
  const step = await report(repo, run, { variant: "l4" });
  expect(step.outputs["verdict"], step.log).toBe("pass");
  const other = await report(repo, run, { variant: "h100" });
  expect(other.outputs["verdict"], other.log).toBe("invalid");
});

describe("nothing is reported, and that is said,", () => {
  test("of a run that no pull request started", async () => {
    const { repo } = await fork(LIMITED);
    const push = repo.state.addRun({ event: "push" });
    plant(repo, push, archive(good));
    const step = await report(repo, push);
    expect(step.code, step.log).toBe(0);
    expect(step.said("notice")).toEqual([
      `nothing to report: run ${push.id} was started by push, and only pull requests into this repository are reported`,
    ]);
    expect(step.outputs["verdict"] ?? "").toBe("");
    expect(repo.github.requests).toEqual([]);
  });

  test("of a fork that is gone", async () => {
    const { repo, run } = await fork(LIMITED);
    const step = await report(repo, run, {}, { head_repository: null });
    expect(step.said("notice"), step.log).toEqual([`nothing to report: the repository that run ${run.id} measured is gone`]);
  });
});

test("a GitHub Enterprise Server cannot hand a record over, and says so", async () => {
  const { repo, run } = await fork(LIMITED);
  const step = await report(repo, run, {}, {}, { GITHUB_SERVER_URL: "https://github.example.com" });
  expect(step.code, step.log).toBe(2);
  expect(step.said("error")).toEqual([expect.stringContaining("mode: report needs workflow artifacts")]);
});

test("a suite that the base branch does not have is a mistake of the set-up, and so is another event", async () => {
  const { repo, run } = await fork(LIMITED);
  const missing = await report(repo, run, { suite: "perf/none.yaml" });
  expect(missing.code, missing.log).toBe(2);
  expect(missing.said("error")).toEqual([expect.stringContaining("the suite perf/none.yaml is not on main")]);
  const outside = await report(repo, run, { suite: "../other/tailgate.yaml" });
  expect(outside.said("error")).toEqual([expect.stringContaining("lies outside the repository")]);
  const push = await repo.step(repo.state.addRun({ event: "push" }), { mode: "report" });
  expect(push.code, push.log).toBe(2);
  expect(push.said("error")).toEqual([
    expect.stringContaining("mode: report reports on a run that has ended, and push is not the event of one"),
  ]);
});
