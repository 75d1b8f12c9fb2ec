import { copyFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Artifact } from "../github/state.ts";
import { zipOf } from "../io/baselines/zip-of.ts";
import { serve } from "../io/load/endpoint.ts";
import { openRepository, type Repository, repository, type Step, storedPush } from "./action-run.ts";
import { LIMITED, LIMITED_STRICTLY, QUICK } from "./action-suites.ts";

const BASELINE = "tailgate-baseline-sentiment-54a2822f";

describe("of the artifacts that have the baseline's name, each of these is refused by its reason:", () => {
  /** What makes it, the run that it is said to come from, and the reason in the comment. */
  const FLAWS: readonly (readonly [string, (plant: Plant) => void, string])[] = [
    ["expired", ({ add, run }) => add(run(), { expired: true }), "expired on 2026-04-02"],
    ["from a fork's branch called main", ({ add, run }) => add(run({ headRepositoryId: 666 })), "from a fork (repository id 666)"],
    ["from a pull request", ({ add, run }) => add(run({ event: "pull_request" })), "from event pull"],
    ["from another branch", ({ add, run }) => add(run({ headBranch: "experiment" })), "from branch experiment, not from main"],
    [
      "changed after its upload",
      ({ add, run }) => add(run(), { digest: `sha256:${"0".repeat(64)}` }),
      "digest mismatch: it is not what was uploaded",
    ],
    [
      "no archive",
      ({ add, run }) => add(run(), { content: Buffer.from("PK, said the thief") }),
      "damaged archive: it is not a ZIP archive, or cut short",
    ],
    [
      "of an older schema",
      ({ add, run, record }) =>
        add(run(), { content: zipOf([{ name: "run.json", content: Buffer.from(record.replace('"schema":1', '"schema":0')) }]) }),
      "schema 0",
    ],
    [
      "of another workload",
      ({ add, run, record }) =>
        add(run(), {
          content: zipOf([{ name: "run.json", content: Buffer.from(record.replaceAll(/"digest":"\w{8}/g, '"digest":"00000000')) }]),
        }),
      "another workload",
    ],
  ];
  type Plant = {
    readonly record: string;
    readonly run: (run?: Parameters<Repository["state"]["addRun"]>[0]) => number;
    readonly add: (runId: number, artifact?: Partial<Artifact>) => void;
  };

  let repo: Repository;
  let step: Step;
  beforeAll(async () => {
    repo = await openRepository({ "tailgate.yaml": QUICK });
    const { state, checkout } = repo;
    await storedPush(repo);
    const record = JSON.stringify(JSON.parse(checkout.read("tailgate-out/run.json")));
    const [genuine] = state.artifacts.splice(0);
    for (const [, plant] of FLAWS) {
      plant({
        record,
        run: (run) => state.addRun(run).id,
        add: (runId, artifact) => void state.addArtifact({ name: BASELINE, runId, content: genuine!.content, ...artifact }),
      });
    }
    step = await repo.step(repo.pull());
  }, 120_000);
  afterAll(() => repo.close());

  test.each(FLAWS)("%s", (_, __, reason) => {
    const refused = repo.state.comments[0]!.body.split("\n").filter((line) => line.startsWith("| Refused baseline |"));
    expect(refused).toHaveLength(FLAWS.length);
    expect(refused.filter((line) => line.includes(reason))).toHaveLength(1);
  });

  test("and with nothing else left there is no baseline, and no pass", () => {
    expect(step.outputs, step.log).toMatchObject({ verdict: "no-baseline", "baseline-run-id": "" });
    expect(repo.state.comments[0]!.body).toContain(`none of the ${FLAWS.length} baselines found can be used`);
    expect(repo.state.comments[0]!.body).not.toMatch(/✅ Pass|May be merged/);
  });
});

test("a pull request from a fork gets a summary, and no comment is tried", async () => {
  const repo = await repository({ "tailgate.yaml": LIMITED });
  repo.state.permissions["pull-requests"] = "read";
  const step = await repo.step(repo.pull({ branch: "main", repositoryId: 666 }));
  expect(step.code, step.log).toBe(0);
  expect(step.outputs).toMatchObject({ verdict: "pass", "comment-url": "" });
  expect(step.summary).toContain("### ✅ Pass");
  expect(step.said("notice")).toEqual(["no comment: a pull request from a fork has a read-only token; the job summary says the same"]);
  expect(repo.github.requests.filter(({ operation, path }) => operation?.startsWith("issues/") || path === "/graphql")).toEqual([]);
  // Not even a fork's branch called main makes a baseline.
  expect(repo.state.artifacts.map(({ name }) => name)).toEqual(["tailgate-run-sentiment-54a2822f-1"]);
});

test("a token that may not comment costs the comment, not the verdict, and the warning names the permission", async () => {
  const repo = await repository({ "tailgate.yaml": LIMITED_STRICTLY });
  repo.preview.failsEvery = 5;
  repo.state.permissions["pull-requests"] = "read";
  const step = await repo.step(repo.pull());
  expect(step.code, step.log).toBe(1);
  expect(step.outputs).toMatchObject({ verdict: "fail", "comment-url": "" });
  expect(step.said("warning")).toEqual([expect.stringMatching(/^no comment: .*add `pull-requests: write` to the job's permissions/)]);
  expect(step.summary).toContain("### ❌ Fail");
});

test("a token that may not read artifacts is an error before any load, not a missing baseline", async () => {
  const repo = await repository({ "tailgate.yaml": QUICK });
  repo.state.permissions.actions = "none";
  const step = await repo.step(repo.pull());
  expect(step.code, step.log).toBe(2);
  expect(step.said("error")).toEqual([expect.stringContaining("`actions: read`")]);
  expect(repo.preview.requests).toBe(0);
});

test("gates that a pull request loosens for itself do not judge it", async () => {
  const repo = await repository({ "tailgate.yaml": LIMITED });
  repo.preview.failsEvery = 5;
  const pull = repo.pull();
  repo.state.files.set(`${repo.state.branches.get("main")}:tailgate.yaml`, LIMITED_STRICTLY);
  const step = await repo.step(pull);
  expect(step.code, step.log).toBe(1);
  const note = "its gates differ from those of main, which decide until this is merged";
  expect(step.said("warning")).toEqual([`steady: ${note}`]);
  expect(repo.state.comments[0]!.body).toMatch(/^### ❌ Fail/m);
  expect(repo.state.comments[0]!.body).toContain(note);
});

test("a label put on after the event counts, and a comment beside it accepts: the job succeeds, and the verdict stays", async () => {
  const repo = await repository({ "tailgate.yaml": LIMITED_STRICTLY });
  repo.preview.failsEvery = 5;
  repo.state.roles.set("alice", "write");
  const pull = repo.pull();
  const event = repo.checkout.path("event.json");
  copyFileSync(repo.github.env(pull)["GITHUB_EVENT_PATH"]!, event);
  repo.state.changePull(1, { labels: ["tailgate-accepted"] });
  repo.state.addComment({ number: 1, author: "alice", body: "/tailgate accept limit of errors.ratio up to 30%: a flaky node" });
  const step = await repo.step(pull, {}, { GITHUB_EVENT_PATH: event });
  expect(step.code, step.log).toBe(0);
  expect(step.outputs["verdict"]).toBe("fail");
  expect(step.said("warning")).toEqual([expect.stringMatching(/^fail, accepted by @alice: .* Does not block the merge/)]);
  const comment = repo.state.comments.find(({ author }) => author === "github-actions[bot]")!.body;
  expect(comment).toMatch(/^### ❌ Fail, accepted by @/m);
  expect(comment).toContain("**Does not block the merge: what failed is accepted.**");
});

test("what an endpoint answers is no command to the runner", async () => {
  const repo = await repository({ "tailgate.yaml": QUICK });
  const url = await serve((_, response) => void response.writeHead(500).end("\n::error::planted\n##[add-mask]a"));
  const step = await repo.step(repo.pull(), { endpoint: url });
  expect(step.log).toContain("planted");
  const obeyed = step.log.replaceAll(/^::stop-commands::(.+)$[\s\S]*?^::\1::$/gm, "");
  expect(obeyed).not.toContain("planted");
});

test("results that cannot be uploaded cost a pull request a warning, and a push its success but not its summary", async () => {
  const repo = await repository({ "tailgate.yaml": LIMITED });
  const pull = await repo.step(repo.pull(), {}, { ACTIONS_RUNTIME_TOKEN: "" });
  expect(pull.code, pull.log).toBe(0);
  expect(pull.said("warning")).toEqual([expect.stringContaining("tailgate-run-sentiment-54a2822f-1 could not be uploaded")]);
  const push = await repo.step(repo.push(), {}, { ACTIONS_RUNTIME_TOKEN: "" });
  expect(push.code, push.log).toBe(2);
  expect(push.said("error")).toEqual([expect.stringContaining(`${BASELINE} could not be uploaded`)]);
  expect(push.outputs["verdict"]).toBe("pass");
  expect(push.summary).toContain("### ✅ Pass");
});
