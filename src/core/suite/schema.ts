import { z } from "zod";
import { choice, inWords, NAME_PATTERN, quantity, SUITE_NAME_PATTERN } from "./fields.ts";
import { gatesSchema } from "./gate-schema.ts";
import { loadSchema } from "./load-schema.ts";
import { classSchema } from "./session-schema.ts";
import { targetSchema } from "./target-schema.ts";
import { telemetrySchema } from "./telemetry-schema.ts";
import { parseQuantity, patternOf } from "./units.ts";

const warmUpSchema = z
  .unknown()
  .transform((input, context): "auto" | "none" | number => {
    if (input === "auto" || input === "none") return input;
    const { value, problem } = parseQuantity(input, "duration");
    if (value !== undefined && value > 0) return value;
    const [message, hint] =
      value === 0 ? [`${inWords(input)} is no warm-up`, "write none"] : [problem ?? "", "write auto, none or a duration such as 10s"];
    context.issues.push({ code: "custom", message, input, params: { hint } });
    return z.NEVER;
  })
  .meta({
    anyOf: [
      { type: "string", enum: ["auto", "none"] },
      { type: "string", pattern: patternOf("duration") },
    ],
    description:
      "Load before measuring, not recorded. `auto`: until the endpoint is steady, for at most a time that follows from the duration.",
    examples: ["auto", "none", "10s"],
  });

const limit = (what: string, example: string) => quantity("duration", what, { example }).optional();

const goodputSchema = z
  .strictObject({
    latency: limit("Most time from the intended start to the end.", "2s"),
    ttft: limit("Most time to the first token.", "500ms"),
    ttfo: limit("Most time to the first token that is not reasoning.", "3s"),
    tpot: limit("Most time per output token after the first.", "50ms"),
  })
  .describe("Within what an answer is a good one: `goodput` counts those that keep all of these limits.")
  .meta({ examples: [{ ttft: "500ms", tpot: "50ms" }] });

const scenarioSchema = z
  .strictObject({
    name: z
      .string()
      .regex(NAME_PATTERN)
      .describe("Names the scenario in comments and on the command line; unique in the suite.")
      .meta({ examples: ["steady"] }),
    load: loadSchema.prefault({}),
    mix: z
      .record(z.string(), z.number().gt(0))
      .describe("Weights of the payload classes in this scenario; classes not named are not sent. Default: the classes' own weights.")
      .meta({ examples: [{ short: 80, long: 20 }] })
      .optional(),
    together: z
      .string()
      .regex(NAME_PATTERN)
      .describe("Scenarios that name the same group run at once. They follow one another in the list, with the same duration and warm-up.")
      .meta({ examples: ["mixed"] })
      .optional(),
    "warm-up": warmUpSchema.prefault("auto"),
    block: z
      .strictObject({
        duration: quantity("duration", "Shortest block.", { least: "1s", most: "1h" }).prefault("10s"),
        requests: z.int().min(1).describe("Fewest requests in a block.").default(100),
      })
      .describe("The unit of evidence: a stretch of load that is long enough for both.")
      .meta({ examples: [{ duration: "30s", requests: 200 }] })
      .prefault({}),
    goodput: goodputSchema.optional(),
    gates: gatesSchema.optional(),
  })
  .describe("One load over one mix of payloads, with its gates.")
  .meta({ examples: [{ name: "steady", load: { rate: "50/s", duration: "2m" } }] });

const price = (what: string, example: number) =>
  z
    .number()
    .gt(0)
    .max(1e6)
    .describe(what)
    .meta({ examples: [example] });

const costSchema = z
  .strictObject({
    "price-per-hour": price("Of all that serves the endpoint: every replica, with its GPUs. In any currency, that of all costs.", 2.49),
    "baseline-price-per-hour": price("Of what serves a live baseline endpoint, where it is another price.", 3.2).optional(),
  })
  .describe("What the endpoint costs, for `cost_per_million`. Changes nothing that is sent.")
  .meta({ examples: [{ "price-per-hour": 2.49 }] });

const decisionSchema = z.strictObject({
  "false-alarm": quantity("percent", "Chance that a change without any effect is blocked, over all gates together.", {
    most: "20%",
  }).prefault("1%"),
  "false-pass": quantity("percent", "Chance that a metric passes although it got worse by its whole margin.", { most: "20%" }).prefault(
    "5%",
  ),
  pass: choice(
    ["strict", "resolvable"],
    "`strict`: passing needs evidence that the change is below the margin. `resolvable`: below the smallest change this run could see is enough, up to `ceiling`.",
  ).prefault("strict"),
  ceiling: quantity("percent", "With `pass: resolvable`: a gate passes only where no change larger than this could have stayed unseen.", {
    most: "100%",
  }).prefault("30%"),
  budget: z
    .union([
      z
        .int()
        .min(1)
        .max(64)
        .transform((passes) => ({ passes })),
      quantity("duration", "Time for all scenarios and both arms.", { most: "24h" }).transform((durationS) => ({ durationS })),
    ])
    .describe(
      "How long an undecided run may go on: so many times its planned load (1: its length is fixed), or so much time. It ends early when every gate is decided, and as soon as more time would not help; what decided scenarios leave goes to the others.",
    )
    .meta({ examples: [6, "15m"] })
    .prefault(6),
  "between-runs": quantity(
    "percent",
    "Standard deviation of the median latency between runs of one build, where it has been measured. Default: 3 % until stored runs show their own.",
    { most: "50%", example: "2%" },
  ).optional(),
  "between-deployments": quantity(
    "percent",
    "Standard deviation of the median latency between two deployments of one build driven in turn, where it has been measured. Default: 0.5 % on one machine, 3 % on different ones.",
    { most: "50%", example: "0.8%" },
  ).optional(),
  "cache-tolerance": quantity(
    "percent",
    "Largest difference between the arms' prefix-cache hit ratios, in points, at which their times are still compared. 100% compares them in any case.",
    { most: "100%", allowZero: true },
  ).prefault("5%"),
  "same-host": choice(
    ["auto", "yes", "no"],
    "Whether a live base and its head run on one machine. If not, the difference between machines is part of the uncertainty. `auto`: unless the GPUs that telemetry names, or else the host names of the endpoints, differ.",
  ).prefault("auto"),
});

const generatorSchema = z.strictObject({
  threads: z
    .union([z.literal("auto"), z.int().min(1).max(64)])
    .describe(
      "Threads that send to each endpoint. `auto`: one, and more only where the rate asks for it and the machine has processors to spare.",
    )
    .meta({ examples: ["auto", 4] })
    .default("auto"),
  calibration: choice(
    ["yes", "no"],
    "Whether the generator measures a server of known times first, for two seconds, so that the report can say how far its numbers are off. Default: yes.",
    {
      unquoted: [
        [true, "yes"],
        [false, "no"],
      ],
    },
  ).prefault("yes"),
});

/**
 * The suite as it is written, with a description on every field: the editor's JSON Schema is generated from it. Its
 * output still has YAML's shape, with quantities in base units; `build.ts` turns that into a {@link Suite}.
 */
export const suiteSchema = z
  .strictObject({
    version: z.literal(1).describe("Version of this format.").default(1),
    name: z
      .string()
      .regex(SUITE_NAME_PATTERN)
      .describe("Names the suite in comments and keeps its baselines apart from those of other suites.")
      .meta({ examples: ["sentiment"] }),
    seed: z.int().min(0).describe("Drives arrivals, payload picks and payload contents: the same seed sends the same requests.").default(1),
    target: targetSchema,
    payloads: z
      .record(z.string().regex(NAME_PATTERN), classSchema)
      .describe("Classes of inputs by name. Default: one class that the protocol makes.")
      .meta({ examples: [{ short: { weight: 60, text: { words: [5, 20] } } }] })
      .optional(),
    scenarios: z
      .array(scenarioSchema)
      .min(1)
      .describe("What to measure, in this order.")
      .meta({ examples: [[{ name: "steady" }]] }),
    goodput: goodputSchema.optional(),
    telemetry: z
      .array(telemetrySchema)
      .describe("Where GPU and queue numbers come from.")
      .meta({ examples: [[{ dcgm: "http://preview:9400/metrics" }]] })
      .default([]),
    cost: costSchema.optional(),
    decision: decisionSchema
      .describe("How sure the gate must be.")
      .meta({ examples: [{ "same-host": "yes", budget: "15m" }] })
      .prefault({}),
    generator: generatorSchema
      .describe("How the load is made. Changes who sends, and not what is sent.")
      .meta({ examples: [{ threads: 4 }] })
      .prefault({}),
  })
  .meta({
    title: "tailgate suite",
    description: "Measures a model endpoint and says what a pull request must not make worse.",
    examples: [{ name: "sentiment", target: { protocol: "raw", path: "/predict" }, scenarios: [{ name: "steady" }] }],
  });

export type WrittenSuite = z.output<typeof suiteSchema>;
