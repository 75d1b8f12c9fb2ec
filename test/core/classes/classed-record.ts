import { mergeEncoded } from "../../../src/core/record/distribution.ts";
import type { ArmRecord, BlockRecord, RunRecord } from "../../../src/core/record/run-record.ts";
import { parseSuite } from "../../../src/core/suite/parse.ts";
import type { Suite } from "../../../src/core/suite/suite.ts";
import { makeRecord, type RecordOptions } from "../compare/records.ts";

/** One scenario, `steady`, that sends short payloads and, one in ten, long ones. */
export const classedSuite = ({
  long = "gates: { latency.p50: { regression: 10% } }",
  gates = "latency.p50: { regression: 10% }",
  more = "",
} = {}): Suite => parseSuite(suiteText({ long, gates, more }), "suite.yaml").suite;

export const suiteText = ({ long = "", gates = "", more = "" }): string => `name: simulated
target: { protocol: raw }
payloads:
  long: { weight: 10, text: { words: 900 }${long === "" ? "" : `, ${long}`} }
  short: { weight: 90, text: { words: 9 } }
scenarios:
  - { name: steady, gates: { ${gates} } }
${more}`;

/** A run of {@link classedSuite} of which figures of the long payloads were kept: 225 short and 25 long ones a block, or as told. */
export function classedRecord({
  short = {},
  long = {},
}: {
  readonly short?: RecordOptions;
  readonly long?: RecordOptions;
} = {}): RunRecord {
  const rest = makeRecord({ requestsPerBlock: 225, ...short });
  const own = makeRecord({ requestsPerBlock: 25, medianS: 0.3, ...long, seed: 77 + (long.seed ?? short.seed ?? 1) });
  return {
    ...rest,
    scenarios: rest.scenarios.map((scenario, i) => {
      const { base, head } = own.scenarios[i]!.arms;
      const both = (one: ArmRecord | undefined, other: ArmRecord | undefined) =>
        one === undefined || other === undefined ? {} : { ...one, blocks: one.blocks.map((block, k) => together(block, other.blocks[k]!)) };
      const arms = scenario.arms.base === undefined ? {} : { base: both(scenario.arms.base, base) as ArmRecord };
      return { ...scenario, arms: { ...arms, head: both(scenario.arms.head, head) as ArmRecord } };
    }),
  };
}

function together(
  rest: BlockRecord,
  { index: _, pair: __, startS: ___, durationS: ____, gauges: _____, ...long }: BlockRecord,
): BlockRecord {
  const failures = Object.fromEntries(
    [...new Set([...Object.keys(rest.failures), ...Object.keys(long.failures)])].map((kind) => {
      const of = (counts: Pick<BlockRecord, "failures">) => (counts.failures as Record<string, number>)[kind] ?? 0;
      return [kind, of(rest) + of(long)];
    }),
  );
  return {
    ...rest,
    offered: rest.offered + long.offered,
    ok: rest.ok + long.ok,
    failures,
    histograms: { latency: mergeEncoded([rest.histograms.latency!, long.histograms.latency!]) },
    classes: { long },
  };
}
