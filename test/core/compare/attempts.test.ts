import { describe, expect, test } from "vitest";
import { admitAttempts, type FoundAttempts, isSameRun } from "../../../src/core/compare/attempts.ts";
import type { RunRecord } from "../../../src/core/record/run-record.ts";
import { makeRecord, type RecordOptions } from "./records.ts";

const SMALL = { blocks: 4, requestsPerBlock: 20 } as const;
/** An attempt begun at a minute past nine; each seed is another run. */
const attempt = (minute: number, overrides: Partial<RunRecord> = {}, options: RecordOptions = {}): RunRecord => {
  const record = makeRecord({ ...SMALL, seed: minute, ...options });
  const startedAt = `2026-11-22T09:${String(minute).padStart(2, "0")}:00.000Z`;
  return { ...record, startedAt, finishedAt: startedAt, ...overrides };
};
const run = attempt(30);
const found = (...records: readonly RunRecord[]): FoundAttempts => ({
  candidates: records.map((record, index) => ({ origin: `attempt ${index + 1}`, record })),
  refused: [],
});
const origins = (records: FoundAttempts, of = run) => admitAttempts(of, records).attempts.map(({ origin }) => origin);
const messages = (records: FoundAttempts, of = run) => admitAttempts(of, records).notes.map(({ message }) => message);
/** The one reason, of a single attempt that does not count. */
const reasonFor = (record: RunRecord, of = run): string => {
  expect(origins(found(record), of)).toEqual([]);
  const [note, ...others] = admitAttempts(of, found(record)).notes;
  expect(others).toEqual([]);
  expect(note).toMatchObject({ severity: "warning", code: "attempt-refused" });
  const [, reason] = /^an earlier attempt does not count: attempt 1: (.*)$/.exec(note!.message) ?? [];
  return reason!;
};

test("without earlier attempts there is nothing to say", () => {
  expect(admitAttempts(run, found())).toEqual({ attempts: [], notes: [] });
});

test("attempts count in the order in which they were begun, however they were found", () => {
  const [first, second, third] = [attempt(1), attempt(2), attempt(3)];
  expect(admitAttempts(run, found(second, third, first))).toEqual({
    attempts: [
      { origin: "attempt 3", record: first },
      { origin: "attempt 1", record: second },
      { origin: "attempt 2", record: third },
    ],
    notes: [],
  });
});

describe("an attempt does not count", () => {
  test("of another commit", () => {
    const other = attempt(1, { provenance: { commit: "f".repeat(40), runId: "1" } });
    expect(reasonFor(other)).toBe("it is of another commit (ffffffffff, this run is of 1a2b3c4d5e)");
  });

  test("of another workload", () => {
    expect(reasonFor(attempt(1, { suite: { name: "simulated", digest: "f".repeat(64), seed: 42 } }))).toMatch(
      /^it was measured with another workload/,
    );
  });

  test.each(["cancelled", "aborted"] as const)("that is %s", (status) => {
    expect(reasonFor(attempt(1, { status }))).toBe(`the run is not complete (${status})`);
  });

  test("that is invalid", () => {
    const problems = [{ severity: "invalid", code: "generator-late", message: "the generator was late" }] as const;
    expect(reasonFor(attempt(1, { problems }))).toBe("the run is invalid: the generator was late");
  });

  test("from another environment", () => {
    const environment = { ...run.environment, "gpu.models": "1 × NVIDIA T4" };
    expect(reasonFor(attempt(1, { environment }))).toMatch(/^it was measured in another environment \(gpu\.models/);
  });

  test("of another design, in both directions", () => {
    const single = attempt(1, {}, { design: "single" });
    expect(reasonFor(single)).toBe("it was measured without the live base of this run");
    expect(reasonFor(run, single)).toBe("it was measured beside a live base, and this run was not");
  });

  test("without a scenario of this run", () => {
    expect(reasonFor(attempt(1, {}, { scenarios: ["burst"] }))).toMatch(/^it has no scenario in common/);
  });

  test("that could not be read", () => {
    expect(messages({ candidates: [], refused: [{ origin: "run 8 · attempt 1", reason: "digest mismatch" }] })).toEqual([
      "an earlier attempt does not count: run 8 · attempt 1: digest mismatch",
    ]);
  });
});

test("an attempt whose commit nobody knows counts", () => {
  expect(origins(found(attempt(1, { provenance: {} })))).toEqual(["attempt 1"]);
});

describe("a copy counts once", () => {
  test("of an attempt", () => {
    const first = attempt(1);
    expect(origins(found(first, first))).toEqual(["attempt 1"]);
    expect(messages(found(first, first))).toEqual([
      "an earlier attempt does not count: attempt 2: it is a copy of a run that counts already",
    ]);
  });

  test("of the run itself", () => {
    expect(reasonFor(run)).toBe("it is a copy of a run that counts already");
  });

  test("that calls itself another run, because no run repeats the measurements of another", () => {
    const renamed = { ...run, provenance: { ...run.provenance, runId: "99", runAttempt: "7" }, startedAt: "2026-11-22T08:00:00.000Z" };
    expect(reasonFor(renamed)).toBe("it is a copy of a run that counts already");
  });

  test("and two attempts of one workflow run are two runs", () => {
    const [first, second] = (["1", "2"] as const).map((runAttempt) =>
      attempt(Number(runAttempt), { provenance: { ...run.provenance, runId: "5", runAttempt } }),
    );
    expect(isSameRun(first!, second!)).toBe(false);
    expect(isSameRun(first!, { ...first!, tool: "another" })).toBe(true);
  });
});

test("two runs that measured nothing are not one for that", () => {
  const [first, second] = [attempt(1, { scenarios: [], provenance: {} }), attempt(2, { scenarios: [], provenance: {} })];
  expect(isSameRun(first, second)).toBe(false);
  expect(isSameRun(first, first)).toBe(true);
});

test("a live attempt beside another base counts, and a reader is told", () => {
  const beside = (baseCommit: string, minute: number) => attempt(minute, { provenance: { ...run.provenance, baseCommit } });
  const of = beside("a".repeat(40), 30);
  expect(origins(found(beside("b".repeat(40), 1)), of)).toEqual(["attempt 1"]);
  expect(messages(found(beside("b".repeat(40), 1)), of)).toEqual([
    "an earlier attempt was measured beside another base: attempt 1: the base branch was at bbbbbbbbbb then and at aaaaaaaaaa for this run; each attempt is compared with its own base",
  ]);
  expect(messages(found(beside("a".repeat(40), 1)), of)).toEqual([]);
});

test("scenarios that this run left out are not judged from an earlier one", () => {
  const whole = attempt(1, {}, { scenarios: ["burst", "steady"] });
  const [counted] = admitAttempts(run, found(whole)).attempts;
  expect(counted!.record.scenarios.map(({ name, arms }) => [name, Object.keys(arms)])).toEqual([
    ["burst", []],
    ["steady", ["base", "head"]],
  ]);
});

test("a run that measured nothing keeps its attempts", () => {
  expect(origins(found(attempt(1)), { ...run, scenarios: [], status: "aborted" })).toEqual(["attempt 1"]);
});
