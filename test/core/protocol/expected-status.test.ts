import { expect, test } from "vitest";
import { answerOpener } from "../../../src/core/protocol/expected-status.ts";
import { protocols } from "../../../src/core/protocol/protocols.ts";
import type { Outcome } from "../../../src/core/record/outcome.ts";
import { openRecorder } from "../../../src/core/record/recorder.ts";
import type { ExpectedStatus } from "../../../src/core/suite/input-content.ts";
import { target } from "../plan/fixtures.ts";
import { respond } from "./drive.ts";

const open = answerOpener(protocols.raw, target());
const answered = (expected: readonly ExpectedStatus[], status: number, body = "no") =>
  respond(open({ expect: expected }), [[10, body]], { status }).result;

test("an expected refusal is right, whatever it holds", () => {
  for (const status of [400, 404, 422, 499]) expect(answered(["4xx"], status)).toEqual({ kind: "ok", stream: undefined });
  expect(answered([400, 422], 422, "")).toEqual({ kind: "ok", stream: undefined });
});

test("any other status is a failed check that says what was expected", () => {
  expect(answered(["4xx"], 200, '{"label": "positive"}')).toEqual({
    kind: "failed",
    why: "check",
    detail: 'this request should be refused: status 200, expected 4xx: "{"label": "positive"}"',
  });
  expect(answered(["4xx"], 500, "Traceback")).toMatchObject({ why: "check", detail: expect.stringContaining("status 500, expected 4xx") });
  expect(answered([400, 422], 404)).toMatchObject({ why: "check", detail: expect.stringContaining("expected 400 or 422") });
});

test("an expected success is read by the protocol, with its own statuses in the place of the target's", () => {
  expect(answered([201], 201)).toEqual({ kind: "ok", stream: undefined });
  expect(answered([201], 200)).toMatchObject({ why: "status", detail: expect.stringContaining("expected 201") });
  expect(answered(["2xx"], 204, "")).toEqual({ kind: "ok", stream: undefined });
  const chat = answerOpener(protocols["openai-chat"], target({ protocol: "openai-chat", stream: false }));
  expect(respond(chat({ expect: [200] }), [[10, "{}"]]).result).toMatchObject({ kind: "failed" });
});

test("a request without an expectation is read as ever, with its label", () => {
  const labelled = answerOpener(
    protocols.raw,
    target({ check: { status: undefined, contains: undefined, answer: { path: undefined, tolerance: 0 } } }),
  );
  expect(respond(labelled({ label: "yes" }), [[10, "yes!"]]).result).toMatchObject({ kind: "ok", correct: true });
});

test("only refusals are kept out of the distributions, and the reader says so", () => {
  expect(open({ expect: ["4xx"] }).untimed).toBe(true);
  expect(open({ expect: [200, 422] }).untimed).toBe(true);
  expect(open({ expect: [200] }).untimed).toBeUndefined();
  expect(open({}).untimed).toBeUndefined();
});

test("what is not timed counts, and is in no distribution of the answer", () => {
  const recorder = openRecorder([{ index: 0, pair: undefined, startS: 0, durationS: 10 }], 0, { timeoutS: 1 });
  const outcome = (more: Partial<Outcome>): Outcome => ({
    index: 0,
    intendedNs: 1e9,
    dispatchedNs: 1e9,
    attempts: 1,
    attemptNs: 1e9,
    wireNs: 1e9,
    firstByteNs: 1.01e9,
    endNs: 1.02e9,
    connectNs: undefined,
    dnsNs: undefined,
    tlsNs: undefined,
    status: 400,
    result: { kind: "ok", stream: undefined },
    ...more,
  });
  const refusal = { untimed: true, firstByteNs: undefined } as const;
  recorder.add(outcome(refusal));
  recorder.add(outcome({ ...refusal, result: { kind: "failed", why: "check", detail: "x" } }));
  recorder.add(outcome({ ...refusal, result: { kind: "failed", why: "timeout", detail: "x" } }));
  const [block] = recorder.finish();
  expect(block).toMatchObject({ offered: 3, ok: 1, failures: { check: 1, timeout: 1 } });
  for (const name of ["latency", "service", "firstByte", "transfer", "ttft"]) expect(Object.keys(block!.histograms)).not.toContain(name);
  recorder.add(outcome({}));
  expect(Object.keys(recorder.finish()[0]!.histograms)).toContain("latency");
});
