import { z } from "zod";
import { VERDICTS } from "../decide/verdict.ts";
import { METRIC_NAMES, METRICS } from "../metric.ts";
import { FAILURE_KINDS } from "../record/outcome.ts";
import { attributionSchema } from "./attribution-schema.ts";

/** Raised whenever a reader of verdict.json would misread the new form. New fields do not raise it. */
export const VERDICT_SCHEMA = 1;

const number = z.number().nullable();
const word = z.enum(VERDICTS);

const estimate = z
  .strictObject({
    value: z.number(),
    low: number,
    high: number,
    n: z.int().nonnegative().describe("Observations: requests of a percentile, blocks of a rate or a gauge."),
  })
  .nullable();

const distributionShift = z
  .strictObject({ p: z.number().min(0).max(1).describe("One-sided: head slower."), cliffs_delta: z.number().min(-1).max(1) })
  .nullable();

const gate = z
  .strictObject({
    regression: number.describe("Smallest change worth blocking, as the suite says it."),
    floor: number.describe("Smallest absolute change worth blocking, in the unit."),
    limit: number.describe("Hard limit, in the unit."),
  })
  .nullable();

const accepted = z.strictObject({
  of: z.enum(["regression", "limit"]).describe("Which half of the gate."),
  by: z.string().describe("Login of the person who accepted it."),
  reason: z.string(),
  up_to: z
    .number()
    .describe("Of a regression: the largest change for the worse, > 0, on the delta's scale. Of a limit: the worst value, in the unit."),
  until: z.string().nullable().describe("The last day on which it holds, UTC; null: as long as the pull request is open."),
  pull: z.int().positive().describe("Number of the pull request."),
});

const metric = z.strictObject({
  metric: z.enum(METRIC_NAMES),
  unit: z.enum([...new Set(Object.values(METRICS).map(({ unit }) => unit))]),
  better: z.enum(["lower", "higher", "neither"]),
  gated: z.boolean(),
  verdict: word.describe("Of an ungated metric: for the reader only, it never enters the scenario's verdict."),
  base: estimate,
  head: estimate,
  delta: z
    .strictObject({
      scale: z.enum(["relative", "difference"]).describe("Which change is judged: `relative`, or `absolute` in the metric's unit."),
      relative: number.describe("head / base − 1; null where base is 0."),
      low: number,
      high: number,
      absolute: z.number().describe("head − base, in the unit."),
      absolute_low: number,
      absolute_high: number,
      confidence: z.number().min(0).max(1).describe("Of all bounds of this metric, two-sided."),
    })
    .nullable(),
  mann_whitney: distributionShift,
  mann_whitney_tail: distributionShift.describe("The same among the slowest requests only; decides nothing."),
  gate,
  margin: number.describe("Smallest change worth blocking, on the delta's scale."),
  resolvable_margin: number.describe("Smallest change that this much data blocks in four cases of five, on the delta's scale."),
  more_data: number.describe("Factor on the measured time that would make the gate decidable."),
  self_test: z
    .strictObject({
      planted: z.number().describe("By how much the head's own numbers were made worse than the base's: the margin, on the delta's scale."),
      caught: z.boolean().describe("Whether the gate failed then."),
    })
    .nullable(),
  accepted: z.array(accepted).describe("What is accepted of this failure; the verdict stays `fail`."),
  obstacles: z.array(z.string()).describe("Why no conclusion may be drawn, or only in one direction: stable, kebab-case codes."),
  reason: z.string(),
});

const request = z.strictObject({
  arm: z.enum(["base", "head"]),
  trace_id: z.string().nullable().describe("W3C trace id, 32 hexadecimal digits; null where none was sent."),
  payload_class: z.string(),
  at: z.number().describe("Intended start, since the start of the run."),
  block: z.int().nonnegative(),
  latency: number.describe("From the intended start; null for a request that failed otherwise than by its deadline."),
  service: number,
  first_byte: number.describe("From the request on the wire."),
  ttft: number,
  status: z.int().nullable(),
  attempts: z.int().nonnegative(),
  result: z.enum(["ok", ...FAILURE_KINDS]),
  detail: z.string().nullable(),
});

const requests = z
  .strictObject({
    slowest: z.array(request).describe("By arm, slowest first; those that ran into their deadline among them."),
    failed: z.array(request).describe("The first failed request of each kind, by arm."),
  })
  .describe("Requests by themselves, of the newest run of the head and of its live base.");

/** The shape of verdict.json: times in seconds, sizes in bytes, rates per second, ratios in [0, 1]; unknown is null. */
export const VERDICT_JSON = z
  .strictObject({
    $schema: z.string().optional(),
    schema: z.literal(VERDICT_SCHEMA),
    verdict: word,
    evidence: z.enum(["live", "stored", "single", "none"]),
    reasons: z.array(z.string()).describe("Sentences for people, worst first."),
    problems: z.array(
      z.strictObject({
        severity: z.enum(["invalid", "warning"]),
        code: z.string(),
        message: z.string(),
        scenario: z.string().nullable(),
        arm: z.enum(["base", "head"]).nullable(),
      }),
    ),
    attempts: z
      .array(
        z.strictObject({
          origin: z.string(),
          startedAt: z.string().describe("ISO 8601, UTC."),
          requests: z.int().nonnegative().describe("Offered to the head while it was measured."),
        }),
      )
      .describe("Earlier runs of the same code that count into this verdict, oldest first."),
    accepted: z.boolean().describe("Whether all that failed is accepted, so that it does not block. Each metric says by whom."),
    scenarios: z.array(
      z.strictObject({ name: z.string(), verdict: word, metrics: z.array(metric), attribution: attributionSchema, requests }),
    ),
  })
  .meta({
    title: "tailgate verdict",
    description:
      "The decision about one run, with every number it stands on. Times in seconds, sizes in bytes, rates per second, ratios in [0, 1]; unknown is null.",
  });

export type VerdictJson = z.infer<typeof VERDICT_JSON>;

/** schema/verdict.schema.json, as text. Readers must accept fields they do not know: later versions add some. */
export function verdictSchemaText(): string {
  const schema = z.toJSONSchema(VERDICT_JSON, {
    target: "draft-2020-12",
    // Open on purpose: a consumer that pins today's schema keeps working when a field is added.
    override: ({ jsonSchema }) => {
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}
