import { expect, test } from "vitest";
import { writeRunRecord } from "../../../src/core/record/read.ts";
import { readBranchRuns } from "../../../src/io/baselines/branch-store.ts";
import { someRecord } from "../../core/record/some-record.ts";

const record = someRecord({ suite: { name: "sentiment", digest: "d", seed: 1 } });
const BLOBS: Readonly<Record<string, string>> = {
  good: writeRunRecord(record),
  variant: writeRunRecord({ ...record, environment: { "suite.variant": "L4" } }),
  other: writeRunRecord({ ...record, suite: { ...record.suite, name: "chat" } }),
  damaged: writeRunRecord(record).slice(0, 100),
  old: '{"schema":0}',
};
const read = (names: readonly string[], variant = "") =>
  readBranchRuns(
    names.map((sha, distance) => ({ sha, distance, origin: `of ${sha}` })),
    "sentiment",
    variant,
    (sha) => Promise.resolve(Buffer.from(BLOBS[sha]!)),
  );

test("records keep their order and what is known of their place", async () => {
  expect(await read(["good", "good"])).toEqual({
    candidates: [
      { origin: "of good", record, distance: 0 },
      { origin: "of good", record, distance: 1 },
    ],
    refused: [],
  });
});

test("a damaged file, another suite and another variant are refused by name, and the others still serve", async () => {
  const { candidates, refused } = await read(["damaged", "other", "old", "variant", "good"]);
  expect(candidates.map(({ origin }) => origin)).toEqual(["of good"]);
  expect(refused.map(({ origin, reason }) => `${origin}: ${reason}`)).toEqual([
    expect.stringMatching(/^of damaged: the file/),
    "of other: it holds a run of another suite",
    expect.stringMatching(/^of old: the file was written by an older tailgate/),
    "of variant: it holds a run of another variant",
  ]);
});

test("a record that does not say its variant is of the folder in which it lies", async () => {
  expect((await read(["variant", "good"], "L4")).candidates.map(({ origin }) => origin)).toEqual(["of variant", "of good"]);
  expect((await read(["variant"], "H100")).candidates).toEqual([]);
});
