import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openRepository, type Repository, repository, type Step, soundly } from "./action-run.ts";
import { COMPARED, called, DECIDED_BY_TWO, LIMITED, LIMITED_STRICTLY, QUICK } from "./action-suites.ts";

// Each test starts several processes, and most of them measure.
vi.setConfig({ testTimeout: 180_000 });

type Run = ReturnType<Repository["pull"]>;
const SUITES = {
  "models/chat/tailgate.yaml": called("chat", LIMITED),
  "models/rerank/tailgate.yaml": called("rerank", `${LIMITED_STRICTLY}decision: { budget: 1 }\n`),
  "models/vision/tailgate.yaml": called("vision", LIMITED),
};
const ALL = "models/*/tailgate.yaml";

/** A leg of the matrix, in a folder of its own as on a runner of its own. */
const measured = (repo: Repository, run: Run, suite: string, more: Readonly<Record<string, string>> = {}, attempt = 1): Promise<Step> =>
  repo.step(
    run,
    { mode: "measure", suite: `models/${suite}/tailgate.yaml`, out: `legs/${suite}-${more["variant"] ?? ""}-${attempt}`, ...more },
    { GITHUB_RUN_ATTEMPT: String(attempt), GITHUB_JOB: "leg" },
  );
const merged = (repo: Repository, run: Run, inputs: Readonly<Record<string, string>> = {}, attempt = 1): Promise<Step> =>
  repo.step(run, { mode: "merge", suite: ALL, endpoint: "", ...inputs }, { GITHUB_RUN_ATTEMPT: String(attempt), GITHUB_JOB: "merge" });
const rowOf = (body: string, suite: string) => body.split("\n").find((line) => line.startsWith(`| \`${suite}\``));
const verdicts = ({ checkout }: Repository) =>
  JSON.parse(checkout.read("tailgate-out/verdicts.json")) as {
    verdict: string;
    legs: { suite: string; variant: string; verdict: string; folder: string }[];
  };

describe("three suites of one repository, measured by three jobs and judged by a fourth", () => {
  let repo: Repository;
  let pull: Run;
  beforeAll(async () => {
    repo = await openRepository(SUITES);
    pull = repo.pull();
  }, 120_000);
  afterAll(() => repo.close());

  test("the jobs that measure write nothing to the pull request", async () => {
    for (const suite of ["chat", "vision"]) expect((await measured(repo, pull, suite)).code).toBe(0);
    repo.preview.failsEvery = 5;
    const step = await measured(repo, pull, "rerank");
    expect(step.code, step.log).toBe(0);
    expect(repo.state.comments).toEqual([]);
    expect(repo.state.artifacts.map(({ name }) => name.replace(/-[0-9a-f]{8}-/, "-HASH-"))).toEqual(
      ["chat", "vision", "rerank"].map((suite) => `tailgate-run-${suite}-HASH-1`),
    );
  });

  test("the last job fails for the worst of them and tells of all in one comment", async () => {
    const step = await merged(repo, pull);
    expect(step.code, step.log).toBe(1);
    expect(step.outputs).toMatchObject({
      verdict: "fail",
      "report-json": "tailgate-out/verdicts.json",
      "report-html": "tailgate-out/rerank/report.html",
    });
    expect(step.outputs["summary"]).toMatch(
      /^fail: 1 of 3 suites failed: rerank: errors\.ratio in steady is 20 % \(at least [\d.]+ %\), over its limit of 1 %$/,
    );
    const [comment, ...others] = repo.state.comments;
    expect(others).toEqual([]);
    expect(comment!.body).toMatch(
      /^<!-- tailgate:legs=\.github%2Fworkflows%2Fpull-requests\.yml%23merge -->\n### ❌ Fail: 1 of 3 suites failed: /,
    );
    expect(step.outputs["comment-url"]).toContain(`#issuecomment-${comment!.id}`);
    expect(["rerank", "chat", "vision"].map((suite) => rowOf(comment!.body, suite)!.replaceAll("\u00A0", " ").split(" | ")[1])).toEqual([
      "❌ fail",
      "✅ pass",
      "✅ pass",
    ]);
    expect(comment!.body.indexOf("| `rerank`")).toBeLessThan(comment!.body.indexOf("| `chat`"));
    expect(step.summary).toContain("1 of 3 suites failed");
    expect(verdicts(repo).legs.map(({ suite, verdict, folder }) => [suite, verdict, folder])).toEqual([
      ["rerank", "fail", "tailgate-out/rerank"],
      ["chat", "pass", "tailgate-out/chat"],
      ["vision", "pass", "tailgate-out/vision"],
    ]);
    expect(repo.checkout.verdict("tailgate-out/rerank").verdict).toBe("fail");
    for (const file of ["run.json", "comment.md", "report.html", "junit.xml", "latency.hlog"]) {
      expect(repo.checkout.exists(`tailgate-out/chat/${file}`)).toBe(true);
    }
    // The results of all of them are kept as one artifact.
    expect(repo.state.artifacts.at(-1)!.name).toMatch(/^tailgate-legs-github-workflows-pull-requests\.yml-merge-[0-9a-f]{8}-1$/);
    // Nothing was sent by the job that only judges.
    expect(repo.preview.requests).toBeGreaterThanOrEqual(90);
  });

  test("one leg that is run again counts with its first attempt, the others stand, and the comment is rewritten in place", async () => {
    const before = repo.preview.requests;
    await measured(repo, pull, "rerank", {}, 2);
    const sent = repo.preview.requests - before;
    const step = await merged(repo, pull, {}, 2);
    expect(repo.preview.requests - before).toBe(sent);
    expect(step.outputs["verdict"], step.log).toBe("fail");
    const { attempts, scenarios } = repo.checkout.verdict("tailgate-out/rerank");
    expect(attempts).toMatchObject([{ origin: expect.stringMatching(/ · attempt 1 · artifact \d+$/), requests: 30 }]);
    expect(scenarios[0]!.metrics.find(({ metric }) => metric === "errors.ratio")!.head!.n).toBe(60);
    expect(repo.checkout.verdict("tailgate-out/chat").attempts).toEqual([]);
    expect(repo.state.comments).toHaveLength(1);
    expect(repo.state.comments[0]!.updates).toBe(1);
  });

  test("a leg that is missing is invalid by name, and never left out", async () => {
    repo.preview.failsEvery = 0;
    const next = repo.commit(pull);
    await measured(repo, next, "chat");
    const step = await merged(repo, next);
    expect(step.code, step.log).toBe(1);
    expect(step.outputs["summary"]).toBe("invalid: 2 of 3 suites invalid: rerank: its job left no measurement");
    const { body } = repo.state.comments[0]!;
    for (const suite of ["rerank", "vision"]) {
      expect(rowOf(body, suite)).toContain("invalid");
      expect(repo.checkout.verdict(`tailgate-out/${suite}`)).toMatchObject({
        verdict: "invalid",
        problems: [{ code: "leg-missing", message: expect.stringContaining("no job of this workflow run left a record of it") }],
      });
    }
    expect(rowOf(body, "chat")).toContain("pass");
    const warned = await merged(repo, next, { "on-invalid": "warn" });
    expect(warned.code, warned.log).toBe(0);
    expect(warned.outputs["verdict"]).toBe("invalid");
  });

  test("a record that claims another commit is none of this leg", async () => {
    const next = repo.commit(pull);
    for (const suite of ["chat", "vision"]) await measured(repo, next, suite);
    const stolen = repo.state.artifacts.find(({ name, runId }) => name.startsWith("tailgate-run-rerank-") && runId === pull.id)!;
    repo.state.addArtifact({ name: stolen.name, runId: next.id, content: stolen.content });
    const step = await merged(repo, next);
    expect(step.outputs["verdict"], step.log).toBe("invalid");
    expect(repo.checkout.verdict("tailgate-out/rerank").problems[0]!.message).toContain("its record is of another commit");
  });
});

describe("a matrix of one suite in two variants", () => {
  const VARIANTS = ["L4", "H100 SXM"];
  let repo: Repository;
  beforeAll(async () => {
    repo = await openRepository({ "models/chat/tailgate.yaml": called("chat", COMPARED) });
  }, 120_000);
  afterAll(() => repo.close());

  test("stores a baseline for each variant on the default branch, once", async () => {
    for (let push = 1; push <= 3; push++) {
      const run = repo.push();
      for (const variant of VARIANTS) {
        // The second variant is another machine, three times as slow.
        repo.preview.delayMs = variant === "L4" ? 300 : 900;
        const leg = await soundly((attempt) => measured(repo, run, "chat", { variant }, attempt));
        expect(leg.code, leg.log).toBe(0);
      }
      const step = await merged(repo, run, { variant: VARIANTS.join("\n") });
      expect(step.code, step.log).toBe(0);
    }
    const stored = repo.state.artifacts.map(({ name }) => name).filter((name) => name.startsWith("tailgate-baseline-"));
    const names = stored.map((name) => name.replace(/-[0-9a-f]{8}$/, ""));
    expect(names).toEqual([1, 2, 3].flatMap(() => ["tailgate-baseline-chat-l4", "tailgate-baseline-chat-h100-sxm"]));
    expect(new Set(stored).size).toBe(2);
  });

  test("compares each with its own, whatever the other is", async () => {
    const pull = repo.pull();
    repo.preview.delayMs = 900;
    for (const variant of VARIANTS) await soundly((attempt) => measured(repo, pull, "chat", { variant }, attempt));
    const step = await merged(repo, pull, { variant: VARIANTS.join("\n") });
    expect(step.code, step.log).toBe(1);
    expect(step.outputs["summary"]).toMatch(/^fail: 1 of 2 legs failed: chat · L4: latency\.p50 in steady got worse by \d+ %/);
    expect(verdicts(repo).legs.map(({ variant, verdict, folder }) => [variant, verdict, folder])).toEqual([
      ["L4", "fail", "tailgate-out/chat-l4"],
      ["H100 SXM", "pass", "tailgate-out/chat-h100-sxm"],
    ]);
    expect(rowOf(repo.state.comments[0]!.body, "chat")).toContain("| `L4` |");
  });
});

test("with check-run: always each leg has a check run of its own, also one that is missing", async () => {
  const repo = await repository(SUITES);
  repo.state.permissions.checks = "write";
  const pull = repo.pull();
  await soundly((attempt) => measured(repo, pull, "chat", { variant: "L4" }, attempt));
  const step = await merged(repo, pull, { suite: "models/chat/tailgate.yaml", variant: "L4\nH100", "check-run": "always" });
  expect(step.code, step.log).toBe(1);
  expect(repo.state.checks.map(({ name, conclusion }) => [name, conclusion])).toEqual([
    ["tailgate / chat L4", "success"],
    ["tailgate / chat H100", "action_required"],
  ]);
});

test("legs that gate by themselves have a comment and an artifact each, by their variants", async () => {
  const repo = await repository({ "tailgate.yaml": LIMITED });
  const pull = repo.pull();
  const steps = await Promise.all(["L4", "H100"].map((variant) => repo.step(pull, { variant, out: `out-${variant}` })));
  for (const step of steps) expect(step.code, step.log).toBe(0);
  expect(new Set(repo.state.comments.map(({ body }) => body.split("\n")[0]))).toEqual(
    new Set(["<!-- tailgate:suite=sentiment&variant=H100 -->", "<!-- tailgate:suite=sentiment&variant=L4 -->"]),
  );
  expect(repo.state.comments).toHaveLength(2);
  expect(new Set(repo.state.artifacts.map(({ name }) => name)).size).toBe(2);
  expect(repo.state.comments.find(({ body }) => body.includes("variant=L4"))!.body).toContain("suite sentiment · variant L4 · ");
});

test("legs that forgot their variant are told so", async () => {
  const repo = await repository({ "tailgate.yaml": QUICK });
  const pull = repo.pull();
  expect((await repo.step(pull, { mode: "measure" })).code).toBe(0);
  for (const mode of ["measure", "gate"]) {
    const step = await repo.step(pull, { mode });
    expect(step.code, step.log).toBe(2);
    expect(step.said("error")).toEqual([
      expect.stringMatching(
        /^another job of this run has already stored results of this suite \(artifact tailgate-run-sentiment-[0-9a-f]{8}-1\); give each leg of a matrix a variant of its own, such as `variant: \$\{\{ matrix\.gpu \}\}`$/,
      ),
    ]);
  }
});

test.each([
  ["a pattern that nothing matches", { suite: "nowhere/*.yaml" }, 'suite: no file matches "nowhere/*.yaml"'],
  [
    "two suites of one name",
    { suite: "a.yaml\nb.yaml" },
    "the suite sentiment of a.yaml and the suite sentiment of b.yaml cannot be told apart",
  ],
  [
    "variants that meet in one folder",
    { suite: "a.yaml", variant: "A 100\nA-100" },
    "in variant A 100 and the suite sentiment of a.yaml in variant A-100 cannot be told apart",
  ],
  ["no token", { suite: "a.yaml", "github-token": "" }, "mode merge needs a token"],
])("mode merge refuses %s", async (_, inputs, message) => {
  const repo = await repository({ "a.yaml": LIMITED, "b.yaml": DECIDED_BY_TWO });
  const step = await merged(repo, repo.pull(), inputs);
  expect(step.code, step.log).toBe(2);
  expect(step.said("error")[0]).toContain(message);
});
