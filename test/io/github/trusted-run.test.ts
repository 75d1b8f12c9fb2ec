import { expect, test } from "vitest";
import { inTheirPlace } from "../../../src/io/github/trusted-run.ts";
import { someRecord } from "../../core/record/some-record.ts";

const SHA = "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d";
const GENUINE = { commit: SHA, repositoryId: "4711", event: "push", ref: "main", workflow: ".github/workflows/perf.yml" };
const reasonOf = (change: object, workflowPath?: string) => {
  const record = someRecord({ provenance: { ...GENUINE, ...change } });
  const { candidates, refused } = inTheirPlace([{ origin: "run 7", record }], [{ origin: "run 7", commit: SHA }], {
    repositoryId: 4711,
    branch: "main",
    workflowPath,
  });
  expect(candidates.length + refused.length).toBe(1);
  return refused[0]?.reason;
};

test("a record that says what its place says counts", () => {
  expect(reasonOf({})).toBeUndefined();
  expect(reasonOf({}, GENUINE.workflow)).toBeUndefined();
});

test.each([
  ["another commit", { commit: "d".repeat(40) }, "its record is of commit ddddddd"],
  ["a commit that only begins like its own", { commit: SHA.slice(0, 12) }, "its record is of commit 1a2b3c4"],
  ["no commit", { commit: undefined }, "its record is of no commit"],
  ["another repository", { repositoryId: "666" }, "its record is of another repository (repository id 666)"],
  ["a pull request", { event: "pull_request" }, "from event pull_request; only push, schedule, workflow_dispatch make a baseline"],
  ["no event", { event: undefined }, "from event undefined; only push, schedule, workflow_dispatch make a baseline"],
  ["another branch", { ref: "feature" }, "from branch feature, not from main"],
])("a record of %s is refused", (_, change, reason) => {
  expect(reasonOf(change)).toBe(reason);
});

test("a record of another workflow is refused where one is asked for", () => {
  expect(reasonOf({ workflow: ".github/workflows/evil.yml" })).toBeUndefined();
  expect(reasonOf({ workflow: ".github/workflows/evil.yml" }, GENUINE.workflow)).toBe(
    "from workflow .github/workflows/evil.yml, not from .github/workflows/perf.yml",
  );
});
