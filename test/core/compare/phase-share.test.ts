import { describe, expect, test } from "vitest";
import type { Baseline } from "../../../src/core/compare/baseline.ts";
import { compareRuns } from "../../../src/core/compare/compare.ts";
import { decide } from "../../../src/core/decide/decide.ts";
import { phaseNotes } from "../../../src/core/decide/phase-notes.ts";
import type { Arm } from "../../../src/core/plan/plan.ts";
import { Distribution } from "../../../src/core/record/distribution.ts";
import type { ArmRecord, BlockRecord, RunRecord } from "../../../src/core/record/run-record.ts";
import { makeRecord, makeSuite } from "./records.ts";

const LIVE: Baseline = { kind: "live", refused: [] };

/** The record with a queue of about 2 ms (`slower` times that) told in a share of each arm's answers. */
function told(shares: Readonly<Partial<Record<Arm, number>>>, slower = 1): RunRecord {
  const record = makeRecord({ blocks: 12, requestsPerBlock: 250 });
  const blockOf = (block: BlockRecord, arm: Arm): BlockRecord => {
    const share = shares[arm] ?? 0;
    const queue = new Distribution();
    for (let i = 0; i < block.ok; i++) {
      const spread = 1 + ((i * 37 + block.index * 11) % 100) / 200;
      if (Math.floor((i + 1) * share) > Math.floor(i * share)) queue.recordNs(2e6 * spread * (arm === "head" ? slower : 1));
    }
    if (queue.count === 0) return block;
    return {
      ...block,
      phases: { answers: block.ok, with: queue.count },
      histograms: { ...block.histograms, "phase.queue": queue.encode() },
    };
  };
  const armOf = (arm: ArmRecord | undefined, name: Arm) => arm && { ...arm, blocks: arm.blocks.map((block) => blockOf(block, name)) };
  const [scenario] = record.scenarios;
  const { base, head } = scenario!.arms;
  return { ...record, scenarios: [{ ...scenario!, arms: { base: armOf(base, "base")!, head: armOf(head, "head")! } }] };
}

const suite = makeSuite({ gates: [{ metric: "phase.queue.p95", regression: 0.1, floor: undefined, limit: undefined }] });

function judged(record: RunRecord) {
  const { evidence, comparisons } = compareRuns({ suite, heads: [record], baseline: LIVE });
  const comparison = comparisons.find(({ metric }) => metric === "phase.queue.p95")!;
  const { scenarios } = decide({ suite, comparisons, evidence, baseline: LIVE, problems: [] });
  const { verdict, reason } = scenarios[0]!.metrics.find(({ metric }) => metric === "phase.queue.p95")!;
  return { codes: comparison.obstacles.map(({ code }) => code), comparison, verdict, reason };
}

describe("a phase that the endpoint tells", () => {
  test("is compared like any other time: equal passes, slower fails", () => {
    expect(judged(told({ base: 1, head: 1 }))).toMatchObject({ verdict: "pass", codes: [] });
    const slower = judged(told({ base: 1, head: 1 }, 1.4));
    expect(slower.verdict).toBe("fail");
    expect(slower.comparison.worse).toBeCloseTo(0.4, 2);
  });

  test("also where only some answers tell it, as long as it is as many on both sides", () => {
    expect(judged(told({ base: 0.5, head: 0.5 }))).toMatchObject({ verdict: "pass", codes: [] });
    expect(judged(told({ base: 0.5, head: 0.504 })).codes).toEqual([]);
  });

  test.each([
    [{ base: 1, head: 0.4 }, 1],
    [{ base: 0.4, head: 1 }, 1],
    [{ base: 1, head: 0.4 }, 1.4],
  ])("decides nothing where %o of the answers tell it", (shares, slower) => {
    const { verdict, codes, reason } = judged(told(shares, slower));
    expect(verdict).toBe("inconclusive");
    expect(codes).toEqual(["phase-share-differs"]);
    expect(reason).toContain(`it is told in ${shares.head * 100} % of the head's answers and in ${shares.base * 100} % of the baseline's`);
  });

  test("is flagged as worse without a gate only where the same requests tell it", () => {
    const ungated = makeSuite({ gates: [] });
    const word = (record: RunRecord) => {
      const { evidence, comparisons } = compareRuns({ suite: ungated, heads: [record], baseline: LIVE });
      const { scenarios } = decide({ suite: ungated, comparisons, evidence, baseline: LIVE, problems: [] });
      return scenarios[0]!.metrics.find(({ metric }) => metric === "phase.queue.p95")!.verdict;
    };
    expect(word(told({ base: 1, head: 1 }, 1.4))).toBe("fail");
    expect(word(told({ base: 1, head: 0.4 }, 1.4))).not.toBe("fail");
  });

  test("and is told no more can neither pass its gate nor vanish unseen", () => {
    const { verdict, reason } = judged(told({ base: 1 }));
    expect([verdict, reason]).toEqual(["inconclusive", "phase.queue.p95 cannot be compared: the head has no data for it"]);
    expect(phaseNotes([told({ base: 1 })], LIVE)).toEqual([
      {
        severity: "warning",
        code: "phase-vanished",
        scenario: "steady",
        arm: "head",
        message:
          "the head's answers no longer tell how long phase.queue took, as 100 % of the baseline's did: nothing is known of a change there",
      },
    ]);
  });

  test("is worth no warning where it is there, where it is new, and where nobody tells it", () => {
    for (const shares of [{ base: 1, head: 1 }, { head: 1 }, {}]) expect(phaseNotes([told(shares)], LIVE)).toEqual([]);
    expect(phaseNotes([told({ base: 1 })], { kind: "none", reason: "", refused: [] })).toEqual([]);
  });

  test("is missed against stored runs as well", () => {
    const stored: Baseline = { kind: "stored", runs: [{ origin: "run 1", record: told({ head: 1 }) }], refused: [] };
    expect(phaseNotes([told({})], stored)).toMatchObject([{ code: "phase-vanished", scenario: "steady" }]);
    expect(phaseNotes([told({ head: 1 })], stored)).toEqual([]);
  });
});
