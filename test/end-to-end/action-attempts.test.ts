import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Artifact } from "../github/state.ts";
import { zipOf } from "../io/baselines/zip-of.ts";
import { openRepository, type Repository, repository, type Step } from "./action-run.ts";
import { DECIDED_BY_TWO } from "./action-suites.ts";

type Run = ReturnType<Repository["pull"]>;
const nameOf = (attempt: number) => `tailgate-run-sentiment-54a2822f-${attempt}`;
/** What "Re-run jobs" does: the same run, the next attempt. */
const attempt = (repo: Repository, run: Run, number: number, inputs: Parameters<Repository["step"]>[1] = {}): Promise<Step> =>
  repo.step(run, inputs, { GITHUB_RUN_ATTEMPT: String(number) });
const originOf = ({ runId, id }: Artifact, number: number) => `run ${runId} · attempt ${number} · artifact ${id}`;
/** What is told of attempts; a busy machine may have warnings of its own. */
const problemsOf = ({ checkout }: Repository) => checkout.verdict().problems.filter(({ code }) => code.startsWith("attempt"));
const bodyOf = ({ state }: Repository) => state.comments[0]!.body;

describe("a job that is run again", () => {
  let repo: Repository;
  let pull: Run;
  beforeAll(async () => {
    repo = await openRepository({ "tailgate.yaml": DECIDED_BY_TWO });
    pull = repo.pull();
  }, 120_000);
  afterAll(() => repo.close());

  test("was not decided by its first attempt, whose record is kept", async () => {
    const step = await attempt(repo, pull, 1);
    expect(step.code, step.log).toBe(0);
    expect(step.outputs["verdict"]).toBe("inconclusive");
    expect(repo.checkout.verdict().attempts).toEqual([]);
    expect(repo.state.artifacts.map(({ name }) => name)).toEqual([nameOf(1)]);
  });

  test("is decided by both attempts together, and says so", async () => {
    const { startedAt } = repo.checkout.record();
    const step = await attempt(repo, pull, 2);
    expect(step.outputs["verdict"], step.log).toBe("pass");
    const origin = originOf(repo.state.artifacts[0]!, 1);
    expect(repo.checkout.verdict().attempts).toEqual([{ origin, startedAt, requests: 30 }]);
    expect(repo.checkout.verdict().scenarios[0]!.metrics.find(({ metric }) => metric === "errors.ratio")!.head!.n).toBe(60);
    expect(bodyOf(repo)).toContain("<summary>1 earlier attempt of this commit counts into this verdict</summary>");
    expect(bodyOf(repo)).toMatch(new RegExp(`^\\| ${origin} +\\| \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC \\| +30 \\|$`, "m"));
    expect(repo.checkout.read("tailgate-out/report.html")).toContain("1 earlier attempt of this commit counts into this verdict");
    expect(problemsOf(repo)).toEqual([]);
  });

  test("has its attempts also in another run of the workflow", async () => {
    const { id: _, ...same } = pull;
    const step = await attempt(repo, repo.state.addRun(same), 1);
    expect(step.outputs["verdict"], step.log).toBe("pass");
    expect(repo.checkout.verdict().attempts.map(({ origin }) => origin)).toEqual(
      repo.state.artifacts.slice(0, 2).map((artifact, index) => originOf(artifact, index + 1)),
    );
  });

  test("is a new test with the next commit", async () => {
    const step = await attempt(repo, repo.commit(pull), 1);
    expect(step.outputs["verdict"], step.log).toBe("inconclusive");
    expect(repo.checkout.verdict().attempts).toEqual([]);
  });
});

describe("a failed gate", () => {
  let repo: Repository;
  let pull: Run;
  beforeAll(async () => {
    repo = await openRepository({ "tailgate.yaml": DECIDED_BY_TWO });
    pull = repo.pull();
  }, 120_000);
  afterAll(() => repo.close());

  test("keeps its record", async () => {
    repo.preview.failsEvery = 2;
    const step = await attempt(repo, pull, 1);
    expect(step.code, step.log).toBe(1);
    expect(step.outputs["verdict"]).toBe("fail");
    expect(repo.state.artifacts.map(({ name }) => name)).toEqual([nameOf(1)]);
  });

  test("is not taken back by an attempt that measures nothing", async () => {
    const step = await attempt(repo, pull, 2, { endpoint: "http://127.0.0.1:9" });
    expect(step.code, step.log).toBe(1);
    expect(step.outputs["verdict"]).toBe("fail");
    expect(repo.checkout.verdict().attempts).toHaveLength(1);
  });

  test("is not forgotten by a lucky one, and the spoiled one does not count", async () => {
    repo.preview.failsEvery = 0;
    const step = await attempt(repo, pull, 3);
    expect(step.outputs["verdict"], step.log).toBe("inconclusive");
    const [first, second] = repo.state.artifacts;
    expect(repo.checkout.verdict().attempts.map(({ origin }) => origin)).toEqual([originOf(first!, 1)]);
    const errors = repo.checkout.verdict().scenarios[0]!.metrics.find(({ metric }) => metric === "errors.ratio")!;
    expect(errors.head).toMatchObject({ n: 60, value: 0.25 });
    expect(bodyOf(repo)).toContain(`an earlier attempt does not count: ${originOf(second!, 2)}: the run is not complete (aborted)`);
  });
});

describe("of the artifacts that have an attempt's name, each of these is refused by its reason:", () => {
  type Stored = Readonly<Record<string, unknown>>;
  const archive = (record: Stored): Partial<Artifact> => ({
    content: zipOf([{ name: "run.json", content: Buffer.from(JSON.stringify(record)) }]),
  });
  const FLAWS: readonly (readonly [string, (record: Stored) => Partial<Artifact>, string])[] = [
    [
      "of another commit",
      (record) => archive({ ...record, provenance: { ...(record["provenance"] as Stored), commit: "e".repeat(40) } }),
      "it is of another commit (eeeeeeeeee",
    ],
    [
      "of another workload",
      (record) => archive({ ...record, suite: { ...(record["suite"] as Stored), digest: "0".repeat(64) } }),
      "it was measured with another workload (suite digest 000000000000",
    ],
    [
      "invalid",
      (record) =>
        archive({ ...record, problems: [{ severity: "invalid", code: "generator-late", message: "our own delay was too long" }] }),
      "the run is invalid: our own delay was too long",
    ],
    ["corrupt", () => ({ content: Buffer.from("PK, said the thief") }), "damaged archive: it is not a ZIP archive"],
    ["changed after its upload", (record) => ({ ...archive(record), digest: `sha256:${"0".repeat(64)}` }), "digest mismatch"],
  ];

  let repo: Repository;
  let step: Step;
  beforeAll(async () => {
    repo = await openRepository({ "tailgate.yaml": DECIDED_BY_TWO });
    const pull = repo.pull();
    await attempt(repo, pull, 1);
    const record = JSON.parse(repo.checkout.read("tailgate-out/run.json")) as Stored;
    repo.state.artifacts.splice(0);
    FLAWS.forEach(([, flawed], index) => {
      repo.state.addArtifact({ name: nameOf(index + 1), runId: pull.id, content: Buffer.from(""), ...flawed(record) });
    });
    step = await attempt(repo, pull, FLAWS.length + 1);
  }, 120_000);
  afterAll(() => repo.close());

  test.each(FLAWS)("%s", (_, __, reason) => {
    const refused = bodyOf(repo)
      .split("\n")
      .filter((line) => line.includes("an earlier attempt does not count"));
    expect(refused).toHaveLength(FLAWS.length);
    expect(refused.filter((line) => line.includes(reason))).toHaveLength(1);
  });

  test("and the run stands on its own evidence", () => {
    expect(step.code, step.log).toBe(0);
    expect(step.outputs["verdict"]).toBe("inconclusive");
    expect(repo.checkout.verdict().attempts).toEqual([]);
    expect(problemsOf(repo).map(({ code }) => code)).toEqual(FLAWS.map(() => "attempt-refused"));
  });
});

test("copies of one attempt are one attempt, and flip nothing", async () => {
  const repo = await repository({ "tailgate.yaml": DECIDED_BY_TWO });
  const pull = repo.pull();
  repo.preview.failsEvery = 2;
  await attempt(repo, pull, 1);
  const [first] = repo.state.artifacts;
  for (const number of [2, 3]) repo.state.addArtifact({ name: nameOf(number), runId: pull.id, content: first!.content });
  const step = await attempt(repo, pull, 4);
  expect(step.outputs["verdict"], step.log).toBe("fail");
  expect(repo.checkout.verdict().attempts).toHaveLength(1);
  expect(problemsOf(repo).map(({ message }) => message)).toEqual([
    expect.stringContaining("it is a copy of a run that counts already"),
    expect.stringContaining("it is a copy of a run that counts already"),
  ]);
});

test("a GitHub that does not tell of attempts costs them, with a warning and no verdict", async () => {
  const repo = await repository({ "tailgate.yaml": DECIDED_BY_TWO });
  const pull = repo.pull();
  await attempt(repo, pull, 1);
  repo.state.permissions.actions = "none";
  const step = await attempt(repo, pull, 2, { baseline: "none" });
  expect(step.code, step.log).toBe(0);
  expect(step.outputs["verdict"]).toBe("inconclusive");
  const message = "whether this commit was measured before is not known, and nothing of it counts: ";
  expect(step.said("warning")[0]).toMatch(new RegExp(`^${message}.*actions: read`));
  expect(bodyOf(repo)).toContain(message);
  expect(problemsOf(repo)).toMatchObject([{ severity: "warning", code: "attempts-unknown" }]);
});
