import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deploymentStatusEvent } from "../github/events.ts";
import { type ActRepository, openActRepository, played, startDemo } from "./act.ts";
import { goTool, useTool, VERSIONS } from "./tools.ts";

const WORKFLOWS = ["matrix", "shards", "deployment", "enterprise-server"].map((name) => `examples/workflows/${name}.yml`);
const [MATRIX = "", SHARDS = "", DEPLOYMENT = "", ENTERPRISE = ""] = WORKFLOWS;

/** Decided without a baseline, and by an exact bound: several of them run on this machine at once. */
const suite = (name: string, load = "concurrency: 2, duration: 1s") => `name: ${name}
target: { protocol: kserve-v2, model: sentiment, ready: { path: /v2/health/ready, timeout: 15s } }
payloads: { short: { text: { words: [5, 20] } } }
scenarios:
  - { name: steady, load: { ${load} }, warm-up: none, gates: { errors.ratio: { limit: 20% } } }
generator: { calibration: no }
`;
const SUITES = {
  "tailgate.yaml": suite("sentiment", "rate: 30/s, duration: 2s"),
  ...Object.fromEntries(["chat", "rerank", "vision"].map((model) => [`models/${model}/tailgate.yaml`, suite(model)])),
};

describe("the example workflows of several jobs, run by act on this machine", () => {
  const act = useTool(() => goTool("github.com/nektos/act", VERSIONS.act));
  let repo: ActRepository;
  let demo: Awaited<ReturnType<typeof startDemo>> | undefined;

  beforeAll(async () => {
    if (act() === "") return;
    repo = await openActRepository(act(), WORKFLOWS, SUITES);
    repo.github.state.addCommit();
    demo = await startDemo("--step-ms", "5");
    repo.write("deploy-preview", `#!/bin/sh\necho ${demo.url}\n`);
  }, 120_000);
  afterAll(async () => {
    demo?.stop();
    await repo?.close();
  });

  const pullRun = (workflow: string, branch: string) => {
    const { state } = repo.github;
    const { number, head } = state.addPull({ branch });
    const path = workflow.replace("examples", ".github");
    return played(repo, () => state.addRun({ event: "pull_request", pull: number, headSha: head.sha, headBranch: branch, path }), {
      workflow,
    });
  };
  const commentOf = (pull: number | undefined) => {
    const [comment, ...others] = repo.github.state.comments.filter(({ number }) => number === pull);
    expect(others).toEqual([]);
    return comment!.body;
  };

  test("a matrix of three models on two GPUs is one comment with six rows", async () => {
    const { run, code, log, outputs } = await pullRun(MATRIX, "matrix");
    expect(outputs["verdict"], log).toBe("pass");
    expect(code, log).toBe(0);
    const rows = commentOf(run.pull)
      .split("\n")
      .filter((line) => /^\| `(chat|rerank|vision)`/.test(line));
    expect(rows.map((row) => row.replaceAll("\u00A0", " ").split(" | ").slice(0, 2).join())).toHaveLength(6);
    expect(rows.filter((row) => row.includes("pass"))).toHaveLength(6);
  });

  test("three shards that begin together are judged as one load", async () => {
    // Its own four minutes are for runners that have to be started first.
    const shorter = readFileSync(SHARDS, "utf8").replace("+4 minutes", "+15 seconds");
    expect(shorter).toContain("+15 seconds");
    repo.write(".github/workflows/shards.yml", shorter);
    const { run, code, log, outputs } = await pullRun(SHARDS, "shards");
    expect(outputs["verdict"], log).toBe("pass");
    expect(code, log).toBe(0);
    const stored = repo.github.state.artifacts.filter(({ runId }) => runId === run.id).map(({ name }) => name);
    expect(
      stored.filter((name) => name.startsWith("tailgate-shard-")),
      stored.join(),
    ).toHaveLength(3);
    expect(commentOf(run.pull)).toContain("head 60 requests");
  });

  test("a deployment that is up is measured where it says, with a check run on its head", async () => {
    const { state } = repo.github;
    state.permissions.checks = "write";
    const { head, number } = state.addPull({ branch: "deployed" });
    const event = deploymentStatusEvent(state, head, { state: "success", environment_url: demo!.url });
    const path = DEPLOYMENT.replace("examples", ".github");
    const make = () => state.addRun({ event: "deployment_status", headSha: head.sha, headBranch: head.branch, path });
    const { code, log, outputs } = await played(repo, make, { workflow: DEPLOYMENT, event });
    expect(outputs["verdict"], log).toBe("pass");
    expect(code, log).toBe(0);
    expect(commentOf(number)).toContain("### ✅ Pass");
    expect(state.checks.map(({ headSha, name, conclusion }) => ({ headSha, name, conclusion }))).toContainEqual({
      headSha: head.sha,
      name: "tailgate / sentiment",
      conclusion: "success",
    });
  });

  test("where there are no artifacts, a push is kept on a branch, and a pull request is compared with it", async () => {
    const { state } = repo.github;
    state.permissions.contents = "write";
    repo.write(
      "tailgate.yaml",
      suite("sentiment", "rate: 30/s, duration: 2s").replace("errors.ratio", "latency.p50: { regression: 200% }, errors.ratio"),
    );
    state.addCommit();
    const path = ENTERPRISE.replace("examples", ".github");
    const pushed = await played(repo, () => state.addRun({ path }), { workflow: ENTERPRISE, variables: { STAGING_URL: demo!.url } });
    expect(pushed.outputs["verdict"], pushed.log).toBe("no-baseline");
    expect(pushed.code, pushed.log).toBe(0);
    expect(state.branches.has("tailgate-baselines")).toBe(true);
    const { run, outputs, log } = await pullRun(ENTERPRISE, "enterprise");
    expect(outputs["verdict"], log).toBe("inconclusive");
    expect(commentOf(run.pull)).toContain("one stored run");
  });
});
