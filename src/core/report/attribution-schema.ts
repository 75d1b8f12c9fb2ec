import { z } from "zod";
import { CAUSE_KINDS, PART_NAMES } from "../decide/cause-words.ts";
import { METRIC_NAMES } from "../metric.ts";

const partName = z.enum(PART_NAMES);
const metricName = z.enum(METRIC_NAMES);

/** `attribution` of a scenario in verdict.json. */
export const attributionSchema = z
  .strictObject({
    symptom: metricName.describe("The metric that got worse, which is what is explained."),
    sentence: z.string().describe("For people: the likeliest cause, its numbers, the next step."),
    time: z
      .strictObject({
        of: z.enum(["latency", "ttft"]).describe("Whose mean this is."),
        base: z.number(),
        head: z.number(),
        parts: z.array(
          z.strictObject({
            part: partName,
            source: z.enum(["answers", "telemetry", "client"]),
            base: z.number(),
            head: z.number(),
            share: z
              .strictObject({ value: z.number(), low: z.number(), high: z.number() })
              .nullable()
              .describe("Of the change of the mean, with the bounds of a 90 % interval; null where the mean may not have changed."),
          }),
        ),
      })
      .nullable()
      .describe("The mean time of a request and its parts, seconds; null where they are not known."),
    causes: z
      .array(
        z.strictObject({
          kind: z.enum(CAUSE_KINDS),
          parts: z.array(
            z.strictObject({
              part: partName,
              percentile: z
                .strictObject({ metric: metricName, beside: z.number().describe("Its change, divided by that of the symptom.") })
                .nullable(),
            }),
          ),
          evidence: z.array(metricName),
          numbers: z.array(z.string()),
          next: z.string(),
        }),
      )
      .describe("What the numbers are consistent with, the likeliest first. None of it is proven."),
  })
  .nullable()
  .describe("What slowed the scenario down as far as the numbers say; null where they say nothing, or nothing got slower.");

export type AttributionJson = z.infer<typeof attributionSchema>;
