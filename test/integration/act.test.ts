import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readRunRecord } from "../../src/core/record/read.ts";
import { readZipEntry } from "../../src/io/baselines/zip-entry.ts";
import { type ActRepository, openActRepository, played, startDemo } from "./act.ts";
import { goTool, useTool, VERSIONS } from "./tools.ts";

const BASELINE = "tailgate-baseline-sentiment-54a2822f";
const SECRET = "preview-credential-5e1f";

/** Margins far wider than what a busy machine can do to one that answers in some tens of milliseconds. */
const SUITE = `name: sentiment
target:
  protocol: kserve-v2
  model: sentiment
  ready: { path: /v2/health/ready, timeout: 15s }
  headers: { authorization: "Bearer \${env:API_TOKEN}" }
payloads: { short: { text: { words: [5, 20] } } }
scenarios:
  - name: steady
    load: { rate: 30/s, duration: 2s }
    warm-up: none
    gates: { latency.p50: { regression: 200% }, errors.ratio: { limit: 20% } }
`;

describe("the example workflow, run by act on this machine", () => {
  const act = useTool(() => goTool("github.com/nektos/act", VERSIONS.act));
  let repo: ActRepository;
  const demos: { stop: () => void }[] = [];
  /** What ./deploy-preview of the example does: it says where an endpoint with this build is. */
  const deploy = async (...args: readonly string[]) => {
    const demo = await startDemo(...args);
    demos.push(demo);
    repo.write("deploy-preview", `#!/bin/sh\necho ${demo.url}\n`);
  };
  const play = (make: Parameters<typeof played>[1]) => played(repo, make, { secrets: { PREVIEW_TOKEN: SECRET } });
  const baselines = () => repo.github.state.artifacts.filter(({ name }) => name === BASELINE);

  beforeAll(async () => {
    if (act() === "") return;
    repo = await openActRepository(act(), ["examples/workflows/pull-request.yml"], { "tailgate.yaml": SUITE });
    repo.github.state.addCommit();
    await deploy("--step-ms", "20");
  }, 120_000);
  afterAll(async () => {
    for (const demo of demos) demo.stop();
    await repo?.close();
  });

  test("three pushes to main store three baselines on act's artifact server", async () => {
    const { state } = repo.github;
    for (let push = 1; push <= 3; push++) {
      const { run, code, log, outputs } = await play(() => {
        state.addCommit();
        return state.addRun();
      });
      expect(code, log).toBe(0);
      expect(outputs["verdict"], log).toBe(push === 1 ? "no-baseline" : "inconclusive");
      const stored = state.artifacts.at(-1)!;
      expect(stored).toMatchObject({ name: BASELINE, runId: run.id });
      const record = readRunRecord(readZipEntry(stored.content, "run.json", 2 ** 26)!.toString("utf8"), "run.json");
      expect(record.provenance).toMatchObject({ commit: run.headSha, event: "push", runId: String(run.id) });
    }
    expect(baselines()).toHaveLength(3);
  });

  test("an equal pull request passes against them, with a comment", async () => {
    const { state } = repo.github;
    const pull = state.addPull();
    const { code, log, outputs } = await play(() =>
      state.addRun({ event: "pull_request", pull: pull.number, headSha: pull.head.sha, headBranch: pull.head.branch }),
    );
    expect(code, log).toBe(0);
    expect(outputs, log).toMatchObject({ verdict: "pass", "baseline-run-id": String(baselines()[2]!.runId) });
    expect(state.comments.map(({ body }) => body.split("\n")[1])).toEqual([expect.stringMatching(/^### ✅ Pass/)]);
  });

  test("one that takes eight times as long fails its job", async () => {
    await deploy("--step-ms", "20", "--slow-factor", "8");
    const { state } = repo.github;
    const pull = state.addPull({ branch: "slower" });
    const { code, log, outputs } = await play(() =>
      state.addRun({ event: "pull_request", pull: pull.number, headSha: pull.head.sha, headBranch: pull.head.branch }),
    );
    expect(code, log).not.toBe(0);
    expect(outputs["verdict"], log).toBe("fail");
    expect(log).toMatch(/::error::fail: latency\.p50 in steady got worse/);
    expect(state.comments.at(-1)!.body).toContain("**Blocks the merge.**");
  });

  test("and none of it shows the secret that the workflow passed on", () => {
    const { comments, artifacts } = repo.github.state;
    const seen = [
      ...comments.map(({ body }) => body),
      ...artifacts.map(({ content }) => readZipEntry(content, "run.json", 2 ** 26)!.toString("utf8")),
    ];
    expect(seen.length).toBeGreaterThanOrEqual(7);
    expect(seen.filter((text) => text.includes(SECRET))).toEqual([]);
  });
});
