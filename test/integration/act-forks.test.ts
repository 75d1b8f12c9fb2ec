import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { workflowRunEvent } from "../github/events.ts";
import type { Run } from "../github/state.ts";
import { type ActRepository, openActRepository, played, startDemo } from "./act.ts";
import { goTool, useTool, VERSIONS } from "./tools.ts";

const [MEASURE, REPORT] = ["examples/workflows/fork-measure.yml", "examples/workflows/fork-report.yml"] as const;
const READ_ONLY = { contents: "read", actions: "read", "pull-requests": "read", checks: "none" } as const;
const FORK_ID = 666;

const SUITE = `name: sentiment
target: { protocol: kserve-v2, model: sentiment, ready: { path: /v2/health/ready, timeout: 15s } }
payloads: { short: { text: { words: [5, 20] } } }
scenarios:
  - name: steady
    load: { rate: 30/s, duration: 2s }
    warm-up: none
    gates: { latency.p50: { regression: 200% }, errors.ratio: { limit: 20% } }
`;

describe("the pair of example workflows for forks, run by act on this machine", () => {
  const act = useTool(() => goTool("github.com/nektos/act", VERSIONS.act));
  let repo: ActRepository;
  let measured: Run;
  let demo: Awaited<ReturnType<typeof startDemo>> | undefined;

  beforeAll(async () => {
    if (act() === "") return;
    repo = await openActRepository(act(), [MEASURE, REPORT], { "tailgate.yaml": SUITE });
    // act ends what a step leaves behind, so that the endpoint of the example is up before the job, on the example's port.
    repo.write("start-preview", "#!/bin/sh\n");
    demo = await startDemo("--port", "8080", "--step-ms", "20");
  }, 120_000);
  afterAll(async () => {
    demo?.stop();
    await repo?.close();
  });

  test("a push to main leaves a baseline", async () => {
    const { state } = repo.github;
    state.addCommit();
    const { code, log } = await played(repo, () => state.addRun({ path: MEASURE.replace("examples", ".github") }), { workflow: MEASURE });
    expect(code, log).toBe(0);
    expect(state.artifacts.at(-1)!.name).toBe("tailgate-baseline-sentiment-54a2822f");
  });

  test("a fork's pull request is measured with a token that may only read, and writes nothing", async () => {
    const { state } = repo.github;
    const main = state.branches.get("main")!;
    const pull = state.addPull({ branch: "main", repositoryId: FORK_ID });
    state.branches.set("main", main);
    state.files.set(`${main}:tailgate.yaml`, SUITE);
    Object.assign(state.permissions, READ_ONLY);
    const { head, number } = pull;
    const path = MEASURE.replace("examples", ".github");
    const made = { event: "pull_request", pull: number, headSha: head.sha, headBranch: head.branch, headRepositoryId: FORK_ID, path };
    const { run, code, log } = await played(repo, () => state.addRun(made), { workflow: MEASURE });
    measured = run;
    expect(code, log).toBe(0);
    expect(state.artifacts.at(-1)).toMatchObject({ name: "tailgate-run-sentiment-54a2822f-1", runId: measured.id });
    expect(state.comments).toEqual([]);
  });

  test("and is told of it by the workflow that may write, which has checked nothing out", async () => {
    const { state } = repo.github;
    Object.assign(state.permissions, { "pull-requests": "write", checks: "write" });
    const run = state.addRun({ event: "workflow_run", path: REPORT.replace("examples", ".github") });
    const { code, log, outputs } = await repo.play(run, { workflow: REPORT, event: workflowRunEvent(state, measured) });
    expect(code, log).toBe(0);
    expect(outputs["verdict"], log).toBe("inconclusive");
    expect(state.comments.map(({ author, number }) => [author, number])).toEqual([["github-actions[bot]", measured.pull]]);
    expect(state.comments[0]!.body).toContain("at the merge base");
  });
});
