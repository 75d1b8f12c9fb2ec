import { describe, expect, test } from "vitest";
import { redactRecord } from "../../../src/core/record/redact.ts";
import type { RunRecord } from "../../../src/core/record/run-record.ts";
import { someRecord } from "./some-record.ts";

const SECRET = "hunter2-hunter2";

const whole = someRecord();
const [scenario] = whole.scenarios;
const talkative: RunRecord = {
  ...whole,
  provenance: {
    ref: `refs/${SECRET}`,
    accepted: [{ metric: "latency.p99", largest: 0.3, by: "alice", reason: `with ${SECRET} it is slower`, pull: 7 }],
  },
  environment: { "target.model": SECRET },
  problems: [{ severity: "warning", code: "odd", message: `asked http://x/?key=${SECRET}` }],
  identity: { path: `/${SECRET}`, expected: SECRET, observed: `you sent ${SECRET}`, matches: false },
  scenarios: [{ ...scenario!, arms: { head: { ...scenario!.arms.head!, examples: { status: `status 401: ${SECRET}` } } } }],
};

describe("a redacted record", () => {
  test("holds a secret in no text, and says where one was", () => {
    const text = JSON.stringify(redactRecord(talkative, [SECRET]));
    expect(JSON.stringify(talkative).split(SECRET)).toHaveLength(9);
    expect(text).not.toContain(SECRET);
    expect(text.split("***")).toHaveLength(9);
  });

  test("keeps every number, histogram and digest, even where a short secret occurs in them", () => {
    const { digest } = whole.suite;
    const histogram = Object.values(scenario!.arms.head!.blocks[0]!.histograms)[0]!;
    const secrets = [digest.slice(0, 4), histogram.slice(0, 4)];
    const redacted = redactRecord(whole, secrets);
    expect(redacted.suite).toEqual(whole.suite);
    expect(redacted.scenarios.map(({ arms }) => arms.head?.blocks)).toEqual(whole.scenarios.map(({ arms }) => arms.head?.blocks));
  });

  test("without secrets is the record itself", () => {
    expect(redactRecord(talkative, [])).toBe(talkative);
  });
});
