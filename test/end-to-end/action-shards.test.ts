import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openRepository, type Repository, repository, type Step } from "./action-run.ts";
import { LIMITED, LIMITED_STRICTLY } from "./action-suites.ts";

// Each test starts several processes, and most of them measure.
vi.setConfig({ testTimeout: 180_000 });

type Run = ReturnType<Repository["pull"]>;

const shard = (repo: Repository, run: Run, place: string, startAt: string, attempt = 1): Promise<Step> =>
  repo.step(
    run,
    { mode: "shard", shard: place, "start-at": startAt, out: `out-${place[0]}-${attempt}` },
    { GITHUB_RUN_ATTEMPT: String(attempt), GITHUB_JOB: "shard" },
  );
const merged = (repo: Repository, run: Run, attempt = 1): Promise<Step> =>
  repo.step(run, { mode: "merge", endpoint: "" }, { GITHUB_RUN_ATTEMPT: String(attempt), GITHUB_JOB: "merge" });
/** Seconds since 1970, far enough ahead for two processes to be ready on a busy machine. */
const soon = (): string => String(Math.ceil(Date.now() / 1000) + 12);
const problems = ({ checkout }: Repository) =>
  checkout.verdict("tailgate-out/sentiment").problems.filter(({ code }) => code.startsWith("shard"));

/**
 * Two jobs send at once, beside other tests, on perhaps two processors. An answer takes so long that even then the delay
 * of the jobs themselves is small beside it.
 */
const SLOW_MS = 1000;

describe("a load that two jobs send together", () => {
  let repo: Repository;
  let pull: Run;
  beforeAll(async () => {
    repo = await openRepository({ "tailgate.yaml": LIMITED });
    repo.preview.delayMs = SLOW_MS;
    pull = repo.pull();
  }, 120_000);
  afterAll(() => repo.close());

  test("is the whole load, to the request", async () => {
    const startAt = soon();
    const steps = await Promise.all(["1/2", "2/2"].map((place) => shard(repo, pull, place, startAt)));
    for (const step of steps) expect(step.code, step.log).toBe(0);
    expect(steps.map(({ outputs }) => outputs["summary"])).toEqual(
      [1, 2].map((index) => `measured shard ${index} of 2; nothing was compared`),
    );
    // 30/s for one second, and the one question with which each job saw that the endpoint is ready.
    expect(repo.preview.requests).toBe(30 + 2);
    const records = [1, 2].map((index) => repo.checkout.record(`out-${index}-1`));
    const offered = records.map(({ scenarios }) => scenarios[0]!.arms.head!.blocks.reduce((sum, block) => sum + block.offered, 0));
    expect(offered[0]! + offered[1]!).toBe(30);
    expect(Math.abs(offered[0]! - offered[1]!)).toBeLessThanOrEqual(1);
    expect(records.map((record) => record.shard)).toMatchObject(
      [1, 2].map((index) => ({ index, of: 2, startAt: new Date(Number(startAt) * 1000).toISOString() })),
    );
    const begun = records.map(({ startedAt, scenarios }) => Date.parse(startedAt) / 1000 + scenarios[0]!.arms.head!.blocks[0]!.startS);
    for (const at of begun) expect(at - Number(startAt)).toBeLessThan(1);
    expect(new Set(repo.state.artifacts.map(({ name }) => name))).toEqual(
      new Set([1, 2].map((index) => `tailgate-shard-sentiment-54a2822f-${index}of2-1`)),
    );
    expect(repo.state.comments).toEqual([]);
  });

  test("is judged as one run", async () => {
    const step = await merged(repo, pull);
    expect(step.code, step.log).toBe(0);
    expect(step.outputs["verdict"]).toBe("pass");
    expect(problems(repo)).toEqual([]);
    const record = repo.checkout.record("tailgate-out/sentiment");
    expect(record.shard).toBeUndefined();
    expect(record.environment["client.shards"]).toBe("2");
    expect(record.scenarios[0]!.arms.head!.blocks.map(({ offered, ok }) => [offered, ok])).toEqual([[30, 30]]);
    expect(repo.state.comments).toHaveLength(1);
    expect(repo.state.comments[0]!.body).toContain("head 30 requests in 1 block");
  });

  test("is invalid after a re-run of one of its jobs alone, which comes too late to send anything", async () => {
    const before = repo.preview.requests;
    const step = await shard(repo, pull, "2/2", String(Math.floor(Date.now() / 1000) - 60), 2);
    expect(step.code, step.log).toBe(1);
    expect(step.said("error")[0]).toMatch(
      /^invalid: ready [\d.]+ s after start-at .* when the other shards had begun, so that nothing was sent; /,
    );
    // The question whether it is ready.
    expect(repo.preview.requests).toBe(before + 1);
    const after = await merged(repo, pull, 2);
    expect(after.outputs["verdict"], after.log).toBe("invalid");
    expect(problems(repo).map(({ code }) => code)).toEqual(["shard-missing", "shard-late"]);
    expect(problems(repo)[0]!.message).toMatch(/^shard 1 of 2 is missing, .*run all jobs again$/);
  });
});

test("shards that did not send at one time are no whole load", async () => {
  const repo = await repository({ "tailgate.yaml": LIMITED });
  repo.preview.delayMs = SLOW_MS;
  const pull = repo.pull();
  for (const place of ["1/2", "2/2"]) {
    const { code, log } = await shard(repo, pull, place, "");
    expect(code, log).toBe(0);
  }
  const step = await merged(repo, pull);
  expect(step.code, step.log).toBe(1);
  expect(step.outputs["verdict"]).toBe("invalid");
  expect(problems(repo)).toMatchObject([
    {
      code: "shard-apart",
      message: expect.stringMatching(/^shard 2 began [\d.]+ (s|ms) after shard 1, so that the endpoint never saw the whole load; /),
    },
  ]);
  expect(repo.state.comments[0]!.body).toContain("so that the endpoint never saw the whole load");
});

test("all attempts of a sharded load are one test, and its whole run becomes a baseline on the default branch", {
  timeout: 180_000,
}, async () => {
  const repo = await repository({ "tailgate.yaml": LIMITED_STRICTLY });
  repo.preview.delayMs = SLOW_MS;
  const pull = repo.pull();
  const whole = async (run: Run, attempt: number) => {
    const startAt = soon();
    await Promise.all(["1/2", "2/2"].map((place) => shard(repo, run, place, startAt, attempt)));
    return merged(repo, run, attempt);
  };
  repo.preview.failsEvery = 3;
  expect((await whole(pull, 1)).outputs["verdict"]).toBe("fail");
  const again = await whole(pull, 2);
  expect(again.outputs["verdict"], again.log).toBe("fail");
  expect(repo.checkout.verdict("tailgate-out/sentiment").attempts).toMatchObject([
    { requests: 30, origin: expect.stringContaining(" + ") },
  ]);

  repo.preview.failsEvery = 0;
  const push = repo.push();
  const stored = await whole(push, 1);
  expect(stored.code, stored.log).toBe(0);
  expect(repo.state.artifacts.filter(({ runId }) => runId === push.id).map(({ name }) => name)).toContain(
    "tailgate-baseline-sentiment-54a2822f",
  );
});

test.each([
  ["without its place", { mode: "shard" }, "mode shard needs the input shard"],
  ["with a place that there is not", { mode: "shard", shard: "3/2" }, 'shard: "3/2" names no shard'],
  ["with a start that is no time", { mode: "shard", shard: "1/2", "start-at": "soon" }, 'start-at: "soon" is no time'],
  ["with a start that no job waits for", { mode: "shard", shard: "1/2", "start-at": "2100-01-01T00:00:00Z" }, "longer than a job may last"],
  ["of nothing", { mode: "shard", shard: "40/40" }, 'scenario "steady" is too small for 40 shards: shard 40 of 40 would send nothing'],
])("a shard %s is a mistake", async (_, inputs, message) => {
  const repo = await repository({ "tailgate.yaml": LIMITED });
  const step = await repo.step(repo.pull(), inputs);
  expect(step.code, step.log).toBe(2);
  expect(step.said("error")[0]).toContain(message);
  expect(repo.preview.requests).toBe(0);
});

test.each(["shard", "merge"])("mode %s says at once that a GitHub Enterprise Server cannot hand records from job to job", async (mode) => {
  const repo = await repository({ "tailgate.yaml": LIMITED });
  const step = await repo.step(repo.pull(), { mode, shard: "1/2" }, { GITHUB_SERVER_URL: "https://github.example.com" });
  expect(step.code, step.log).toBe(2);
  expect(step.said("error")[0]).toMatch(new RegExp(`^mode ${mode} needs workflow artifacts, and a GitHub Enterprise Server has none`));
  expect(repo.preview.requests).toBe(0);
});
