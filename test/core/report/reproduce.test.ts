import { expect, test } from "vitest";
import { reproductionCommands } from "../../../src/core/report/reproduce.ts";
import { ARTIFACTS, CASES, LIVE, makeRecord, storedBaseline } from "./fixtures.ts";

const RUN = 'tailgate run suite.yaml --endpoint "$PREVIEW_URL"';
const stored = CASES["inconclusive"]!();
const [head] = stored.heads;

test("runs that are kept as artifacts are downloaded first", () => {
  expect(reproductionCommands({ ...stored, baseline: storedBaseline(["steady"], 2) })).toEqual([
    "for run in 812 811; do gh run download $run -n tailgate-baseline-sentiment-54a2822f -D base/$run; done",
    "gh run download 1290045512 -n tailgate-run-sentiment-54a2822f-1 -D head",
    "tailgate compare --suite suite.yaml --base base/812/run.json --base base/811/run.json --head head/run.json",
    RUN,
  ]);
});

test("a head that joins the baseline is found under the baseline's name, and one that is spoiled is not", () => {
  const artifacts = { ...ARTIFACTS, extendsBaseline: true };
  const download = (verdict: typeof stored.verdict) => reproductionCommands({ ...stored, verdict, artifacts })[1];
  expect(download(stored.verdict)).toBe("gh run download 1290045512 -n tailgate-baseline-sentiment-54a2822f -D head");
  expect(download({ ...stored.verdict, verdict: "invalid" })).toBe(
    "gh run download 1290045512 -n tailgate-run-sentiment-54a2822f-1 -D head",
  );
});

test("runs in files are compared where they are", () => {
  expect(reproductionCommands(CASES["few-blocks"]!())).toEqual([
    "tailgate compare --suite suite.yaml --base baselines/sentiment/1.json --base baselines/sentiment/2.json --base baselines/sentiment/3.json --head tailgate-out/run.json",
    RUN,
  ]);
});

test("confirmation runs are named each", () => {
  const input = { ...CASES["few-blocks"]!(), heads: [head!, head!], headPaths: ["a b.json", "-c.json"] };
  expect(reproductionCommands(input)[0]).toMatch(/ --head 'a b\.json' --head '-c\.json'$/);
});

test("no file is named that nobody has", () => {
  const { headPaths: _, ...withoutPaths } = CASES["few-blocks"]!();
  expect(reproductionCommands(withoutPaths)).toEqual([RUN]);
  const { artifacts: __, ...withoutArtifacts } = stored;
  expect(reproductionCommands({ ...withoutArtifacts, headPaths: ["run.json"] })).toEqual([RUN]);
  expect(reproductionCommands({ ...stored, heads: [] })).toEqual([RUN]);
  const byHand = makeRecord(["steady"], { head: {} }, { provenance: {} });
  expect(reproductionCommands({ ...stored, heads: [byHand] })).toEqual([RUN]);
});

test("a run id that is no number comes into no command", () => {
  const hostile = makeRecord(["steady"], { head: {} }, { provenance: { runId: "1; touch pwned" } });
  expect(reproductionCommands({ ...stored, heads: [hostile] }).join("\n")).not.toContain("pwned");
  const runs = stored.baseline.kind === "stored" ? stored.baseline.runs : [];
  const baseline = {
    kind: "stored",
    refused: [],
    runs: runs.map((run) => ({ ...run, origin: "run $(touch pwned) · artifact 1" })),
  } as const;
  expect(reproductionCommands({ ...stored, baseline })).toEqual([RUN]);
});

test("a live base is measured again", () => {
  expect(reproductionCommands({ ...stored, baseline: LIVE })).toEqual([`${RUN} --baseline-endpoint "$BASE_URL"`]);
});

test("a hostile suite path is quoted for the shell", () => {
  expect(reproductionCommands(CASES["hostile"]!())[0]).toContain(String.raw`run 'my suites/it'\''s $(touch pwned).yaml' --endpoint`);
});

test("attempts come before the run, and are had as they were found", () => {
  const attempts = [
    { origin: "run 812 · attempt 1 · artifact 99", record: head! },
    { origin: "first/run.json", record: head! },
  ];
  const input = { ...stored, heads: [head!, head!, head!], attempts, baseline: storedBaseline(["steady"], 1) };
  expect(reproductionCommands(input).slice(1, 4)).toEqual([
    "gh run download 812 -n tailgate-run-sentiment-54a2822f-1 -D attempts/812-1",
    "gh run download 1290045512 -n tailgate-run-sentiment-54a2822f-1 -D head",
    "tailgate compare --suite suite.yaml --base base/812/run.json --head attempts/812-1/run.json --head first/run.json --head head/run.json",
  ]);
  const again = { ...input, artifacts: { ...ARTIFACTS, head: "tailgate-run-sentiment-54a2822f-2" } };
  expect(reproductionCommands(again)[1]).toBe("gh run download 812 -n tailgate-run-sentiment-54a2822f-1 -D attempts/812-1");
  // The run was spoiled: only its attempts count.
  expect(reproductionCommands({ ...input, heads: [head!, head!] }).join("\n")).not.toContain("-D head");
});

test("attempts from a place that nobody can go to are in no command", () => {
  const attempts = [{ origin: "run $(touch pwned) · attempt 1 · artifact 1", record: head! }];
  expect(reproductionCommands({ ...stored, heads: [head!, head!], attempts })).toEqual([RUN]);
});

test("runs that are kept on a branch are read from it", () => {
  const origins = ["2026-11-22T091500Z-1a2b3c4d5e6f.json", "2026-11-21T091500Z-0f1e2d3c4b5a.json"].map(
    (file) => `tailgate-baselines:sentiment-54a2822f/${file} · 3 commits before the merge base`,
  );
  const runs = stored.baseline.kind === "stored" ? stored.baseline.runs : [];
  const of = (named: readonly string[]) => ({
    ...stored,
    artifacts: { ...ARTIFACTS, baseline: undefined },
    baseline: { kind: "stored", refused: [], runs: named.map((origin) => ({ ...runs[0]!, origin })) } as const,
  });
  expect(reproductionCommands(of(origins))).toEqual([
    "git fetch origin tailgate-baselines && mkdir -p base",
    "for file in 2026-11-22T091500Z-1a2b3c4d5e6f.json 2026-11-21T091500Z-0f1e2d3c4b5a.json; do git show FETCH_HEAD:sentiment-54a2822f/$file > base/$file; done",
    "gh run download 1290045512 -n tailgate-run-sentiment-54a2822f-1 -D head",
    "tailgate compare --suite suite.yaml --base base/2026-11-22T091500Z-1a2b3c4d5e6f.json --base base/2026-11-21T091500Z-0f1e2d3c4b5a.json --head head/run.json",
    RUN,
  ]);
  // Nor does a hostile name come into a command, nor a mixture of places.
  expect(reproductionCommands(of([`tailgate-baselines:sentiment-54a2822f/$(touch pwned).json · at the merge base`]))).toEqual([RUN]);
  expect(reproductionCommands(of([origins[0]!, origins[1]!.replace("tailgate-baselines", "other")]))).toEqual([RUN]);
});

test("where there are no artifacts the head cannot be had again", () => {
  expect(reproductionCommands({ ...stored, artifacts: { ...ARTIFACTS, head: undefined } })).toEqual([RUN]);
});
