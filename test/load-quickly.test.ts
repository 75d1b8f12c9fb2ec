import { expect, test } from "vitest";
import { loadQuickly } from "../src/load-quickly.ts";

const load = (suite: string, isLive = false) =>
  loadQuickly(
    "suite.yaml",
    { overrides: [], scenarios: [], isLive },
    {},
    { readText: () => Promise.resolve(suite), readBytes: () => Promise.reject(new Error("no file")) },
  );

const LONG = "name: a\ntarget: { protocol: raw }\nscenarios: [{ name: steady, load: { rate: 30/s, duration: 4m } }]\n";

test("says how long it takes, how long the whole would, and marks the record", async () => {
  const { remarks, text } = await load(LONG);
  expect(text).toBe("a quick run of about 15s; the whole run takes about 5m");
  expect(remarks).toEqual([expect.objectContaining({ severity: "warning", code: "quick-run" })]);
  expect((await load(LONG, true)).text).toMatch(
    /^a quick run of about 15s; the whole run takes about 10m, and up to 1h while it is undecided$/,
  );
});

test("a suite that is as short already is run whole, without a mark", async () => {
  const { remarks, text } = await load(LONG.replace("4m", "5s"));
  expect([remarks, text]).toEqual([[], "the suite takes about 7s: it is run whole"]);
});

test("a suite whose tensors are the model's is planned before the model was asked", async () => {
  const suite =
    "name: a\ntarget: { protocol: kserve-v2, model: m }\npayloads: { a: { tensors: from-model } }\nscenarios: [{ name: steady, load: { rate: 30/s, duration: 4m } }]\n";
  expect((await load(suite)).remarks).toHaveLength(1);
});
