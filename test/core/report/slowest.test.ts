import { describe, expect, test } from "vitest";
import type { ArmRecord, RequestRecord } from "../../../src/core/record/run-record.ts";
import { renderHtml } from "../../../src/core/report/html.ts";
import { verdictJson } from "../../../src/core/report/json.ts";
import { renderComment } from "../../../src/core/report/markdown.ts";
import { buildReport, type ReportInput } from "../../../src/core/report/report.ts";
import { collectSlowest } from "../../../src/core/report/slowest.ts";
import { VERDICT_JSON } from "../../../src/core/report/verdict-schema.ts";
import { CASES, HOSTILE } from "./fixtures.ts";

const id = (digit: string) => digit.repeat(32);
const request = (traceId: string | undefined, more: Partial<RequestRecord> = {}): RequestRecord => ({
  block: 3,
  index: 17,
  atS: 72.4,
  payloadClass: "long",
  ...(traceId === undefined ? {} : { traceId }),
  latencyS: 0.8123,
  serviceS: 0.79,
  firstByteS: 0.78,
  status: 200,
  result: "ok",
  ...more,
});

/** A case with requests in the arms of its newest head. */
function withRequests(name: string, arms: Readonly<Partial<Record<"base" | "head", Pick<ArmRecord, "slowest" | "failed">>>>): ReportInput {
  const input = CASES[name]!();
  const heads = input.heads.map((record) => ({
    ...record,
    scenarios: record.scenarios.map((scenario) => {
      const { base, head } = scenario.arms;
      return { ...scenario, arms: { ...(base && { base: { ...base, ...arms.base } }), ...(head && { head: { ...head, ...arms.head } }) } };
    }),
  }));
  return { ...input, heads };
}

const FOUR = ["a", "b", "c", "d"].map((digit, place) => request(id(digit), { latencyS: 0.9 - place / 10, index: place }));
const FAILED = request(id("e"), { result: "status", status: 503, detail: "status 503, expected 2xx", attempts: 3 });
const { latencyS: _, serviceS: __, ...LOST } = FAILED;
const TRACED = { head: { slowest: FOUR, failed: [LOST] }, base: { slowest: [request(id("f"))] } };

describe("the slowest requests", () => {
  test("are rows of their scenario: the head's, the base's, then the failed ones", () => {
    const [table, ...others] = collectSlowest(withRequests("fail", TRACED));
    expect(others).toEqual([]);
    expect(table).toMatchObject({ scenario: "steady", isTraced: true });
    expect(table!.rows.map(({ arm, traceId, isFailed }) => [arm, traceId[0], isFailed])).toEqual([
      ["head", "a", false],
      ["head", "b", false],
      ["head", "c", false],
      ["head", "d", false],
      ["base", "f", false],
      ["head", "e", true],
    ]);
    expect(table!.rows[4]).toEqual({
      arm: "base",
      traceId: id("f"),
      payloadClass: "long",
      at: "1m12s",
      block: "4",
      latency: "812 ms",
      service: "790 ms",
      firstByte: "780 ms",
      firstToken: "–",
      status: "200",
      result: "ok",
      isFailed: false,
    });
    expect(table!.rows[5]).toMatchObject({
      latency: "–",
      service: "–",
      status: "503",
      result: "status, sent 3 times: status 503, expected 2xx",
    });
  });

  test("of a stored baseline are not this run's", () => {
    const rows = collectSlowest(withRequests("inconclusive", { head: { slowest: FOUR } })).flatMap((table) => table.rows);
    expect(new Set(rows.map(({ arm }) => arm))).toEqual(new Set(["head"]));
  });

  test("are three of the head in the comment, by their trace ids, folded", () => {
    const comment = renderComment(buildReport(withRequests("fail", TRACED)));
    const at = comment.indexOf("<details><summary>Trace ids of the head's slowest requests</summary>");
    const lines = comment
      .slice(at)
      .split("</details>")[0]!
      .split("\n")
      .filter((line) => line.startsWith("- "));
    expect(lines).toEqual([
      `- \`${id("a")}\`: 900\u00A0ms (service 790\u00A0ms), class \`long\`, at 1m12s, block 4`,
      `- \`${id("b")}\`: 800\u00A0ms (service 790\u00A0ms), class \`long\`, at 1m12s, block 4`,
      `- \`${id("c")}\`: 700\u00A0ms (service 790\u00A0ms), class \`long\`, at 1m12s, block 4`,
    ]);
    expect(comment).not.toContain(id("d"));
  });

  test("are not in the comment without trace ids, and in the report all the same", () => {
    const report = buildReport(withRequests("fail", { head: { slowest: [request(undefined)] } }));
    expect(renderComment(report)).not.toContain("slowest requests");
    const html = renderHtml({ ...withRequests("fail", { head: { slowest: [request(undefined)] } }), report });
    expect(html).toContain("<summary>The slowest requests</summary>");
    expect(html).not.toContain("Trace id");
  });

  test("are nowhere where none was kept", () => {
    const input = CASES["fail"]!();
    expect(collectSlowest(input)).toEqual([]);
    expect(renderHtml({ ...input, report: buildReport(input) })).not.toContain("The slowest requests");
  });

  test("say where the first token came, where there are tokens", () => {
    const input = withRequests("fail", { head: { slowest: [request(id("a"), { ttftS: 0.25 })] } });
    expect(renderHtml({ ...input, report: buildReport(input) })).toMatch(/First token<\/th>.*250 ms/s);
  });

  test("with hostile names break no table, list or page", () => {
    const slowest = [request(id("a"), { payloadClass: HOSTILE })];
    const failed = [{ ...LOST, payloadClass: HOSTILE, detail: HOSTILE }];
    const input = withRequests("fail", { head: { slowest, failed } });
    const report = buildReport(input);
    const comment = renderComment(report);
    const [line] = comment.split("\n").filter((each) => each.includes(id("a")));
    expect(line).toMatch(/^- `a{32}`: .*, class <code>[^<>|`*@]*<\/code>, at 1m12s, block 4$/);
    const html = renderHtml({ ...input, report });
    expect(html).not.toMatch(/<img|onerror=alert\(1\)>/);
  });

  test("are in verdict.json in base units, with null for what is not known", () => {
    const { scenarios } = VERDICT_JSON.parse(JSON.parse(verdictJson(withRequests("fail", TRACED))));
    const { slowest, failed } = scenarios[0]!.requests;
    expect(slowest.map(({ arm, trace_id: trace }) => [arm, trace])).toEqual([
      ...["a", "b", "c", "d"].map((digit) => ["head", id(digit)]),
      ["base", id("f")],
    ]);
    expect(failed).toEqual([
      {
        arm: "head",
        trace_id: id("e"),
        payload_class: "long",
        at: 72.4,
        block: 3,
        latency: null,
        service: null,
        first_byte: 0.78,
        ttft: null,
        status: 503,
        attempts: 3,
        result: "status",
        detail: "status 503, expected 2xx",
      },
    ]);
  });
});
