import { expect, test } from "vitest";
import { serve } from "../io/load/endpoint.ts";
import { sleeping } from "./answers.ts";
import { suite } from "./suites.ts";
import { workplace } from "./tailgate.ts";

// An answer takes so long that a busy machine's own delay is little beside it.
/** No failure among 30 requests decides nothing about this limit, none among 60 does. */
const SUITE = `${suite({ load: "rate: 30/s, duration: 1s", gates: "errors.ratio: { limit: 9.2% }" })}decision: { budget: 1 }\n`;

test("an earlier run counts into the same test, and a run that is named twice counts once", async () => {
  const place = await workplace({ "suite.yaml": SUITE });
  const url = await serve(sleeping(150));
  const run = (out: string, ...earlier: readonly string[]) =>
    place.tailgate(["run", "suite.yaml", "--endpoint", url, "--out", out, ...earlier.flatMap((path) => ["--earlier", path])]);

  const first = await run("first");
  expect(first.code, first.stdout + first.stderr).toBe(3);
  const second = await run("second", "first", "first/run.json");
  expect(second.code, second.stdout + second.stderr).toBe(0);
  expect(place.verdict("second")).toMatchObject({ verdict: "pass", attempts: [{ origin: "first/run.json", requests: 30 }] });
  expect(second.stdout).toContain("with 1 earlier attempt");
  expect(second.stdout).toContain("first/run.json: it is a copy of a run that counts already");

  const compared = await place.tailgate(["compare", "--suite", "suite.yaml", "--head", "first/run.json", "--head", "second/run.json"]);
  expect(compared.code, compared.stdout).toBe(0);
  expect(place.verdict().scenarios).toEqual(place.verdict("second").scenarios);
});

test("an earlier run that is not there is wrong input, before any load", async () => {
  const place = await workplace({ "suite.yaml": SUITE });
  const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", "http://127.0.0.1:9", "--earlier", "gone.json"]);
  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain("there is no earlier run gone.json");
  expect(place.exists("tailgate-out/run.json")).toBe(false);
});
