import type { Place } from "../compare/causes.ts";
import type { PartChange } from "../compare/part-changes.ts";
import type { AttributionVerdict } from "../decide/attribution-words.ts";
import type { AttributionJson } from "./attribution-schema.ts";

/** What slowed a scenario down as far as the numbers say, for programs. Null where they say nothing. */
export function attributionJson(found: AttributionVerdict | undefined): AttributionJson {
  if (found === undefined) return null;
  const { attribution, sentence, causes } = found;
  const { symptom, time } = attribution;
  return {
    symptom: symptom.metric,
    sentence,
    time: time === undefined ? null : { of: time.of, base: time.base, head: time.head, parts: time.parts.map((part) => partJson(part)) },
    causes: attribution.causes.map(({ kind, places, evidence }, i) => ({
      kind,
      parts: places.map(placeJson),
      evidence: evidence.map(({ metric }) => metric),
      numbers: [...causes[i]!.numbers],
      next: causes[i]!.next,
    })),
  };
}

type Parts = NonNullable<NonNullable<AttributionJson>["time"]>["parts"];

const partJson = ({ part, source, base, head, share }: PartChange): Parts[number] => ({
  part,
  source,
  base,
  head,
  share: share === undefined ? null : { value: share.value, low: share.low, high: share.high },
});

const placeJson = ({ part, percentile }: Place): NonNullable<AttributionJson>["causes"][number]["parts"][number] => ({
  part,
  percentile: percentile === undefined ? null : { metric: percentile.comparison.metric, beside: percentile.beside },
});
