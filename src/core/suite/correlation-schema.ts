import { z } from "zod";
import { PHASES, type PhaseName } from "../metric.ts";
import { PHASE_UNITS, type PhaseUnit } from "./correlation.ts";
import { choice } from "./fields.ts";

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

const yesOrNo = (description: string) =>
  choice(["yes", "no"], description, {
    unquoted: [
      [true, "yes"],
      [false, "no"],
    ],
  });

export const traceSchema = z
  .strictObject({
    traceparent: yesOrNo(
      "Whether every request carries a W3C `traceparent` with ids of its own, by which it is found among the endpoint's traces. Default: no, because an endpoint that samples its traces obeys the header.",
    ).prefault("no"),
    sampled: yesOrNo("Whether the header asks the endpoint to record the trace. Default: yes.").prefault("yes"),
  })
  .describe("Correlation with the endpoint's own traces.")
  .meta({ examples: [{ traceparent: "yes" }] });

const token = (description: string, example: string) =>
  z
    .string()
    .regex(TOKEN)
    .max(100)
    .describe(description)
    .meta({ examples: [example] });

const names = z.union([
  token("The name of a metric in `Server-Timing`; case does not count.", "wait"),
  z.array(token("One of several names, whose durations are added.", "wait")).min(1).max(20),
]);

const header = z.union([
  token("A header that holds milliseconds.", "x-queue-time"),
  z.strictObject({
    name: token("The name of a header; case does not count.", "x-process-time"),
    unit: z
      .enum(Object.keys(PHASE_UNITS) as [PhaseUnit, ...PhaseUnit[]])
      .describe("The unit of its number.")
      .default("ms"),
  }),
]);

/** One key per phase. */
const byPhase = <V extends z.ZodType>(values: V, what: string, examples: Readonly<Record<PhaseName, unknown>>) =>
  z.strictObject(
    Object.fromEntries(
      PHASES.map((phase) => [
        phase,
        values
          .describe(`${what} \`phase.${phase}\`.`)
          .meta({ examples: [examples[phase]] })
          .optional(),
      ]),
    ) as unknown as Record<PhaseName, z.ZodOptional<V>>,
  );

export const serverTimingSchema = byPhase(names, "Names in `Server-Timing` whose durations make", {
  preprocess: "tokenize",
  queue: ["wait", "q"],
  infer: "model",
  postprocess: "detokenize",
})
  .describe(
    "Which metrics of the endpoint's `Server-Timing` header are its phases. A phase that is not named has its usual names, such as `queue`, `wait`, `infer`, `inference`, `model`.",
  )
  .meta({ examples: [{ queue: ["wait", "q"], infer: "model" }] });

export const responseHeaderSchema = byPhase(header, "The header that holds", {
  preprocess: "x-tokenization-time",
  queue: "x-queue-time",
  infer: "x-inference-time",
  postprocess: { name: "x-postprocessing-time", unit: "s" },
})
  .describe("Headers of an answer that hold the duration of a phase as a plain number.")
  .meta({ examples: [{ queue: "x-queue-time", infer: "x-inference-time" }] });

export type WrittenTrace = z.output<typeof traceSchema>;
export type WrittenServerTiming = z.output<typeof serverTimingSchema>;
export type WrittenResponseHeader = z.output<typeof responseHeaderSchema>;
