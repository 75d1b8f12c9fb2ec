import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunRecord } from "../../src/core/record/run-record.ts";
import { readZipEntry } from "../../src/io/baselines/zip-entry.ts";
import type { Artifact } from "../github/state.ts";
import { zipOf } from "../io/baselines/zip-of.ts";
import { openRepository, type Repository, repository, startAnew, storedPush } from "./action-run.ts";
import { COMPARED, LIMITED_STRICTLY, QUICK } from "./action-suites.ts";

const FOLDER = "sentiment-54a2822f";
const BRANCH = "tailgate-baselines";
const HOSTED = { RUNNER_NAME: "GitHub Actions 7", RUNNER_ENVIRONMENT: "github-hosted" };

const bodyOf = (repo: Repository) => repo.state.comments.at(-1)!.body;
/** What is told of the baseline; a busy machine may have warnings of its own. */
const problemsOf = (repo: Repository) =>
  repo.checkout
    .verdict()
    .problems.flatMap(({ severity, code, message }) => (code.startsWith("baseline") ? [{ severity, code, message }] : []));
/** Origins of the runs that the comment names as its baseline. */
const usedIn = (repo: Repository) => factsIn(repo, "Baseline(?: \\d+)?");
const refusedIn = (repo: Repository) => factsIn(repo, "Refused baseline");
const factsIn = (repo: Repository, label: string) =>
  [...bodyOf(repo).matchAll(new RegExp(`^\\| ${label} +\\| (.*?) +\\|$`, "gm"))].map(([, value = ""]) => value.replaceAll("\\", ""));

/** Changes what an artifact holds, and what the platform says of it; its digest fits again. */
function rewrite({ state }: Repository, old: Artifact, change: (record: RunRecord) => object, artifact: Partial<Artifact> = {}): void {
  const record = JSON.parse(readZipEntry(old.content, "run.json", 64 * 1024 * 1024)!.toString("utf8")) as RunRecord;
  const content = zipOf([{ name: "run.json", content: Buffer.from(JSON.stringify({ ...record, ...change(record) })) }]);
  const digest = `sha256:${createHash("sha256").update(content).digest("hex")}`;
  state.artifacts.splice(state.artifacts.indexOf(old), 1, { ...old, content, digest, ...artifact });
}

describe("three pushes whose runs are artifacts, then pull requests, in this order:", () => {
  let repo: Repository;
  beforeAll(async () => {
    repo = await openRepository({ "tailgate.yaml": QUICK });
    for (let push = 0; push < 3; push++) await storedPush(repo, HOSTED);
  }, 120_000);
  afterAll(() => repo.close());

  test("a listing that lags behind hides no run: the runs of the nearest commits are asked themselves", async () => {
    const [first] = repo.state.artifacts;
    repo.state.artifacts.splice(0, 1, { ...first!, isListed: false });
    const step = await repo.step(repo.pull(), {}, HOSTED);
    expect(step.code, step.log).toBe(0);
    expect(usedIn(repo)).toHaveLength(3);
    expect(usedIn(repo)[2]).toContain(`run ${first!.runId} · `);
    expect(usedIn(repo)[2]).toMatch(/ · 2 commits before the merge base · artifact \d+ · .* · kept until \d{4}-\d\d-\d\d/);
    repo.state.artifacts.splice(0, 1, first!);
  });

  test("the comparison is with where the pull request left main, not with what was pushed since", async () => {
    const pull = repo.pull({ branch: "left-early" });
    const later = await storedPush(repo, HOSTED);
    await repo.step(pull, {}, HOSTED);
    expect(usedIn(repo)).toHaveLength(3);
    expect(usedIn(repo).filter((origin) => origin.includes(`run ${later.id} `))).toEqual([]);
    expect(refusedIn(repo)).toEqual([expect.stringContaining("its commit is not among the 500 commits up to the merge base")]);
  });

  test("an environment that differs leaves no baseline, and the comment shows the old and the new value", async () => {
    const step = await repo.step(repo.pull({ branch: "own-runner" }), {}, { ...HOSTED, RUNNER_ENVIRONMENT: "self-hosted" });
    expect(step.outputs["verdict"]).toBe("no-baseline");
    expect(usedIn(repo)).toEqual([
      "none of the 4 baselines found can be used: it was measured in another environment (client.runner is github-hosted, the head's is self-hosted)",
    ]);
    expect(bodyOf(repo)).not.toMatch(/✅ Pass|May be merged/);
  });

  test("an environment that one side does not tell is a warning, and no silent match", async () => {
    const step = await repo.step(repo.pull({ branch: "no-runner" }));
    expect(step.outputs["verdict"]).not.toBe("no-baseline");
    expect(problemsOf(repo)).toEqual([
      {
        severity: "warning",
        code: "baseline-environment-unknown",
        message:
          "whether the baseline was measured in the same environment is not known: the head does not say its client.runner (of the baseline: github-hosted)",
      },
    ]);
  });

  test("a record that claims another commit than its run is refused", async () => {
    const artifact = repo.state.artifacts.find(({ runId }) => runId === repo.state.runs[1]!.id)!;
    rewrite(repo, artifact, ({ provenance }) => ({ provenance: { ...provenance, commit: "d".repeat(40) } }));
    await repo.step(repo.pull({ branch: "liar" }), {}, HOSTED);
    expect(usedIn(repo)).toHaveLength(3);
    expect(refusedIn(repo)).toEqual([expect.stringMatching(new RegExp(`^run ${artifact.runId} · .*: its record is of commit ddddddd$`))]);
  });

  test("a baseline that dies soon is a warning with its dates and the remedy", async () => {
    const days = (from: number) => new Date(Date.now() + from * 86_400_000).toISOString();
    for (const [at, artifact] of repo.state.artifacts.filter(({ name }) => name.startsWith("tailgate-baseline-")).entries()) {
      rewrite(repo, artifact, () => ({ startedAt: days(at - 84), finishedAt: days(at - 84) }), { expiresAt: days(at + 6) });
    }
    await repo.step(repo.pull({ branch: "quiet-repository" }), {}, HOSTED);
    // Runs 1, 3 and 4 are left, which end on days 6, 8 and 9.
    const warning = `the baseline has 3 runs; on ${days(6).slice(0, 10)} fewer than 3 are left, on ${days(9).slice(0, 10)} none; a push to main or a scheduled run on it renews it`;
    expect(problemsOf(repo)).toEqual([{ severity: "warning", code: "baseline-expires", message: warning }]);
    expect(bodyOf(repo)).toContain(warning);
    expect(usedIn(repo)[0]).toContain(`kept until ${days(9).slice(0, 10)}`);
  });

  test("a baseline many commits away is never taken silently: the comment says how far, and warns", async () => {
    for (let commit = 0; commit < 51; commit++) repo.state.addCommit();
    await repo.step(repo.pull({ branch: "far" }), {}, HOSTED);
    expect(usedIn(repo)[0]).toContain(" · 51 commits before the merge base · ");
    expect(problemsOf(repo).map(({ code }) => code)).toContain("baseline-far");
    expect(bodyOf(repo)).toContain("the nearest run of the baseline is 51 commits before the merge base");
  });

  test("artifacts that all expired are refused by their date, and leave no baseline but no false pass either", async () => {
    const expired = { expired: true, expiresAt: "2026-03-01T00:00:00Z" };
    repo.state.artifacts.push(...repo.state.artifacts.splice(0).map((artifact) => ({ ...artifact, ...expired })));
    const step = await repo.step(repo.pull({ branch: "too-late" }), {}, HOSTED);
    expect(step.outputs["verdict"]).toBe("no-baseline");
    expect(bodyOf(repo)).toContain("none of the 4 baselines found can be used: expired on 2026-03-01");
  });

  test("then the pinned files that main has serve, and the comment says so", async () => {
    const record = repo.checkout.record();
    for (const day of [1, 2, 3]) {
      const text = JSON.stringify({ ...record, startedAt: `2026-01-0${day}T00:00:00.000Z` });
      const path = `baselines/sentiment/${day}.json`;
      await repo.checkout.write(path, text);
      repo.state.files.set(`${repo.state.branches.get("main")}:${path}`, text);
    }
    await repo.step(repo.pull({ branch: "pinned" }), {}, HOSTED);
    expect(repo.checkout.verdict().evidence).toBe("stored");
    expect(usedIn(repo)).toEqual([3, 2, 1].map((day) => expect.stringContaining(`baselines/sentiment/${day}.json`) as string));
    expect(problemsOf(repo)).toEqual([
      {
        severity: "warning",
        code: "baseline-pinned",
        message:
          "compared with the 3 pinned files in baselines, as old as they are: none of the 4 baselines found can be used: expired on 2026-03-01",
      },
    ]);
    expect(bodyOf(repo)).toContain("tailgate compare --suite tailgate.yaml --base baselines/sentiment/3.json");
  });

  test("a pinned file that the pull request tampers with is refused by name, and main's counts", async () => {
    const [path, text] = ["baselines/sentiment/2.json", repo.checkout.read("baselines/sentiment/2.json")];
    await repo.checkout.write(path, text.replace("2026-01-02", "2026-01-09"));
    const step = await repo.step(repo.pull({ branch: "tamperer" }), {}, HOSTED);
    const warning = "this pull request changes 1 of the pinned files in baselines; the baseline is what main has";
    expect(step.said("warning")).toContain(warning);
    expect(bodyOf(repo)).toContain(warning);
    expect(refusedIn(repo)).toContain(`${path}: this pull request changes it; what main has counts`);
    expect(usedIn(repo)[1]).toMatch(/^baselines\/sentiment\/2\.json on main · .*2026-01-02 00:00 UTC/);
  });
});

describe("on a GitHub Enterprise Server, which has no artifacts, with baseline: branch,", () => {
  const inputs = { baseline: "branch" };
  let repo: Repository;
  let pull: ReturnType<Repository["pull"]>;
  const files = () => [...repo.state.filesOf(BRANCH).keys()];
  const open = async () => {
    repo = await openRepository({ "tailgate.yaml": COMPARED });
    repo.state.serverUrl = "https://github.example.com";
    repo.state.permissions.contents = "write";
  };
  beforeAll(open, 120_000);
  afterAll(() => repo.close());

  test("three pushes to main each keep their run on a branch of its own", { timeout: 60_000 }, async ({ task }) => {
    await startAnew(task, repo, open);
    for (let push = 1; push <= 3; push++) {
      const step = await repo.step(repo.push(), inputs);
      expect(step.code, step.log).toBe(0);
      expect(step.outputs["verdict"]).toBe(push === 1 ? "no-baseline" : "inconclusive");
      expect(step.said("warning")).toEqual([]);
      expect(files()).toHaveLength(push + 1);
    }
    expect(files()[0]).toBe("README.md");
    const commits = repo.state.runs.slice(0, 3).map(({ headSha }) => headSha.slice(0, 12));
    expect(
      files()
        .slice(1)
        .map((path) => path.replace(/\d{4}-\d\d-\d\dT\d{6}Z/, "TIME")),
    ).toEqual(commits.map((commit) => `${FOLDER}/TIME-${commit}.json`));
    const tip = repo.state.git.commits.get(repo.state.branches.get(BRANCH)!)!;
    expect(tip.message).toBe(`Keep a run of sentiment at ${commits[2]!.slice(0, 7)}\n\nWorkflow run ${repo.state.runs[2]!.id}.\n`);
    expect(repo.state.history("main")!.map(({ sha }) => sha)).not.toContain(tip.sha);
  });

  test("an equal pull request passes on them, and writes nothing, though its token could", async () => {
    const before = repo.state.branches.get(BRANCH);
    pull = repo.pull();
    const step = await repo.step(pull, inputs);
    expect(step.code, step.log).toBe(0);
    expect(step.outputs).toMatchObject({ verdict: "pass", "baseline-run-id": String(repo.state.runs[2]!.id) });
    expect(repo.checkout.verdict()).toMatchObject({ verdict: "pass", evidence: "stored" });
    expect(usedIn(repo)).toHaveLength(3);
    expect(usedIn(repo)[0]).toMatch(new RegExp(`^${BRANCH}:${FOLDER}/\\S+\\.json · at the merge base · `));
    expect(repo.state.branches.get(BRANCH)).toBe(before);
    expect(repo.state.artifacts).toEqual([]);
  });

  test("a slow commit fails, and a push that is slow all the same is kept: a baseline of good runs only would freeze", async () => {
    repo.preview.delayMs *= 4;
    expect((await repo.step(repo.commit(pull), inputs)).outputs["verdict"]).toBe("fail");
    const step = await repo.step(repo.push(), inputs);
    expect(step.code, step.log).toBe(0);
    expect(step.outputs["verdict"]).toBe("fail");
    expect(files()).toHaveLength(5);
    repo.preview.delayMs /= 4;
  });

  test("a job that is run again is told that its earlier attempts are not known", async () => {
    const step = await repo.step(repo.commit(pull), inputs, { GITHUB_RUN_ATTEMPT: "2" });
    expect(step.said("warning")).toEqual([expect.stringContaining("a GitHub Enterprise Server keeps none of them")]);
  });

  test("two pushes that end at the same time are both kept", async () => {
    repo.state.git.interferences.push(() => void repo.state.commitFiles(BRANCH, { "other/a.json": "{}" }));
    const steps = await Promise.all([repo.push(), repo.push()].map((run) => repo.step(run, inputs)));
    expect(
      steps.map(({ code }) => code),
      steps[0]!.log + steps[1]!.log,
    ).toEqual([0, 0]);
    expect(files().filter((path) => path.startsWith(FOLDER))).toHaveLength(6);
    expect(files()).toContain("other/a.json");
  });

  test("a file on the branch that claims what it is not is refused", async () => {
    const [name, text] = [...repo.state.filesOf(BRANCH)].find(([path]) => path.startsWith(FOLDER))!;
    const record = JSON.parse(text) as RunRecord;
    repo.state.commitFiles(BRANCH, {
      [name]: JSON.stringify({ ...record, provenance: { ...record.provenance, event: "pull_request" } }),
      [`${FOLDER}/fast.json`]: text,
    });
    await repo.step(repo.pull({ branch: "forger" }), inputs);
    expect(refusedIn(repo)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/: from event pull_request; only push, schedule, workflow_dispatch make a baseline$/),
        `${BRANCH}:${FOLDER}/fast.json: its name does not say of which commit it is`,
      ]),
    );
  });

  test("mode measure on main extends the baseline as well", async () => {
    const before = files().length;
    const step = await repo.step(repo.push(), { ...inputs, mode: "measure" });
    expect(step.code, step.log).toBe(0);
    expect(files()).toHaveLength(before + 1);
  });

  test("a token that may only read costs a push its success, and the error names the permission", async () => {
    repo.state.permissions.contents = "read";
    const step = await repo.step(repo.push(), inputs);
    expect(step.code, step.log).toBe(2);
    expect(step.said("error")).toEqual([expect.stringContaining("`contents: write`")]);
    expect(step.summary).not.toBe("");
  });

  test("baseline: artifact is an error before any load, and names the way out", async () => {
    const before = repo.preview.requests;
    const step = await repo.step(repo.push());
    expect(step.code, step.log).toBe(2);
    expect(step.said("error")).toEqual([expect.stringContaining("write baseline: branch")]);
    expect(repo.preview.requests).toBe(before);
  });
});

test("legs of a matrix that run one suite have baselines of their own", { timeout: 60_000 }, async () => {
  const repo = await repository({ "tailgate.yaml": QUICK });
  const push = repo.push();
  for (const variant of ["L4", "H100"]) expect((await repo.step(push, { variant })).code).toBe(0);
  const names = repo.state.artifacts.map(({ name }) => name.replace(/[0-9a-f]{8}$/, "HASH"));
  expect(names).toEqual(["tailgate-baseline-sentiment-l4-HASH", "tailgate-baseline-sentiment-h100-HASH"]);
  await repo.step(repo.pull(), { variant: "H100" });
  expect(usedIn(repo)).toEqual([expect.stringContaining(`artifact ${repo.state.artifacts[1]!.id}`)]);
  expect(bodyOf(repo)).toMatch(/suite\.variant +\| H100/);
  expect(repo.state.artifacts[2]!.name).toMatch(/^tailgate-run-sentiment-h100-[0-9a-f]{8}-1$/);
});

test("a workflow that is not the one asked for makes no baseline", { timeout: 60_000 }, async () => {
  const repo = await repository({ "tailgate.yaml": LIMITED_STRICTLY });
  await repo.step(repo.push());
  await repo.step(repo.pull(), { "baseline-workflow": ".github/workflows/nightly.yml" });
  expect(refusedIn(repo)).toEqual([
    expect.stringContaining("from workflow .github/workflows/perf.yml, not from .github/workflows/nightly.yml"),
  ]);
});
