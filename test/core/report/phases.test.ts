import { describe, expect, test } from "vitest";
import { Distribution } from "../../../src/core/record/distribution.ts";
import type { BlockRecord, RunRecord } from "../../../src/core/record/run-record.ts";
import { renderHtml } from "../../../src/core/report/html.ts";
import { renderComment } from "../../../src/core/report/markdown.ts";
import { collectPhases } from "../../../src/core/report/phases.ts";
import { buildReport } from "../../../src/core/report/report.ts";
import { CASES, LIVE, makeRecord, storedBaseline } from "./fixtures.ts";

/** n equal values. */
function times(n: number, ms: number): string {
  const distribution = new Distribution();
  for (let i = 0; i < n; i++) distribution.recordNs(ms * 1e6);
  return distribution.encode();
}

type Change = Partial<Pick<BlockRecord, "attempts" | "failures" | "ok">> & { readonly phases?: BlockRecord["histograms"] };

/** The record of a live run in which each block of an arm is changed so. */
function withPhases(arms: { readonly base?: Change; readonly head?: Change }): RunRecord {
  const record = makeRecord(["steady"], { base: {}, head: {} });
  const changed = (arm: "base" | "head") => {
    const { phases, ...more } = arms[arm] ?? {};
    const before = record.scenarios[0]!.arms[arm]!;
    return { ...before, blocks: before.blocks.map((block) => ({ ...block, ...more, histograms: { ...block.histograms, ...phases } })) };
  };
  return { ...record, scenarios: [{ ...record.scenarios[0]!, arms: { base: changed("base"), head: changed("head") } }] };
}

const KEPT = { firstByte: times(500, 20), transfer: times(500, 2) };
const rows = (record: RunRecord, baseline: Parameters<typeof collectPhases>[0]["baseline"] = LIVE) => {
  const [table, ...others] = collectPhases({ heads: [record], baseline });
  expect(others).toEqual([]);
  return Object.fromEntries(table!.rows.map(({ label, base, head }) => [label, [base, head]]));
};

describe("where the time goes", () => {
  test("is told by phase, with how many requests had the rare ones", () => {
    const opened = { connect: times(2, 8), dns: times(2, 1), tls: times(2, 5) };
    const record = withPhases({ base: { phases: KEPT }, head: { phases: { ...KEPT, ...opened } } });
    expect(rows(record)).toEqual({
      connect: ["never in 6,000 requests", "8 ms / 8 ms, in 24 of 6,000 requests"],
      "of that DNS": ["never in 6,000 requests", "1 ms / 1 ms, in 24 of 6,000 requests"],
      "of that TLS": ["never in 6,000 requests", "5 ms / 5 ms, in 24 of 6,000 requests"],
      "first byte": ["20 ms / 20 ms", "20 ms / 20 ms"],
      transfer: ["2 ms / 2 ms", "2 ms / 2 ms"],
      "connections opened": ["none, those of before were kept", "24, one for 250 requests"],
    });
  });

  test("tells what the endpoint says of its own, and in how many answers", () => {
    const record = withPhases({
      base: { phases: { ...KEPT, "phase.queue": times(500, 2), "phase.infer": times(500, 15) } },
      head: { phases: { ...KEPT, "phase.infer": times(125, 16) } },
    });
    const { "queue, says the endpoint": queue, "infer, says the endpoint": infer, ...others } = rows(record);
    expect(queue).toEqual(["2 ms / 2 ms", "not told in 6,000 answers"]);
    expect(infer).toEqual(["15 ms / 15 ms", "16 ms / 16 ms, told in 1,500 of 6,000 answers"]);
    expect(Object.keys(others).filter((label) => label.includes("says"))).toEqual([]);
  });

  test("counts the requests of a connection without those that were never sent", () => {
    const phases = { ...KEPT, connect: times(250, 8) };
    const record = withPhases({
      base: { phases: { ...KEPT, connect: times(500, 8) } },
      head: { phases, failures: { overflow: 250 }, ok: 250 },
    });
    expect(rows(record)["connections opened"]).toEqual(["6,000, one for 1 request", "3,000, one for 1 request"]);
  });

  test("tells of attempts and goodput where there is a retry policy", () => {
    const record = withPhases({
      base: { phases: KEPT, attempts: { sent: 500, retried: 0 } },
      head: { phases: KEPT, attempts: { sent: 625, retried: 100 }, ok: 475, failures: { status: 25 } },
    });
    expect(rows(record)).toMatchObject({
      attempts: ["6,000 for 6,000 requests", "7,500 for 6,000 requests"],
      "sent more than once": ["0 (0 %)", "1,200 (20 %)"],
      goodput: ["100 % of all attempts were answered correctly", "76 % of all attempts were answered correctly"],
    });
  });

  test("is not told of records that do not know it, and not of their arm", () => {
    expect(collectPhases({ heads: [makeRecord(["steady"], { base: {}, head: {} })], baseline: LIVE })).toEqual([]);
    const record = withPhases({ head: { phases: KEPT } });
    expect(rows(record)["first byte"]).toEqual(["–", "20 ms / 20 ms"]);
    expect(rows(record, storedBaseline(["steady"], 3))["connect"]).toEqual(["–", "never in 6,000 requests"]);
    expect(rows(record, { kind: "none", reason: "", refused: [] })["transfer"]).toEqual(["–", "2 ms / 2 ms"]);
  });

  test("stands in the HTML report and folded in the comment", () => {
    const input = { ...CASES["pass"]!(), heads: [withPhases({ base: { phases: KEPT }, head: { phases: KEPT } })] };
    const report = buildReport(input);
    const html = renderHtml({ ...input, report });
    expect(html).toContain("<h3>Where the time goes</h3>");
    expect(html).toContain("<tr><td>first byte</td><td>20 ms / 20 ms</td><td>20 ms / 20 ms</td></tr>");
    const comment = renderComment(report);
    expect(comment).toContain("<details><summary>Where the time goes</summary>");
    expect(comment).toMatch(/\| first byte \| 20\u00A0ms \/ 20\u00A0ms \|/);
    const without = CASES["pass"]!();
    expect(renderComment(buildReport(without))).not.toContain("Where the time goes");
  });
});
