import { z } from "zod";
import { choice, quantity } from "./fields.ts";
import { MOST_USERS, stageSchema } from "./stage-schema.ts";
import { traceSchema } from "./trace-schema.ts";

const arrivalsSchema = z
  .union([
    z
      .strictObject({
        gamma: z
          .number()
          .min(0.05)
          .max(10)
          .describe("Random gaps with this coefficient of variation: 1 is poisson, more comes in bursts, less is smoother.")
          .meta({ examples: [2] })
          .optional(),
        jitter: quantity("percent", "Equal gaps, each arrival moved by up to this share of a gap.", { most: "50%" }).optional(),
      })
      .check((context) => {
        const { value: input } = context;
        if ((input.gamma === undefined) !== (input.jitter === undefined) || context.issues.length > 0) return;
        const [message, hint] =
          input.gamma === undefined
            ? ["this says nothing about the arrivals", "write { gamma: 2 } or { jitter: 20% }"]
            : ["arrivals have gamma or jitter, not both", "keep one"];
        context.issues.push({ code: "custom", message, input, params: { hint } });
      }),
    choice(["poisson", "constant"], "Random gaps as of independent users, or equal ones.", {
      alsoKnownAs: {
        random: "poisson",
        exponential: "poisson",
        uniform: "constant",
        fixed: "constant",
        deterministic: "constant",
        gamma: "{ gamma: 2 }",
        jitter: "{ jitter: 20% }",
      },
    }),
  ])
  .describe("Open loop: the gaps between requests, relative to the rate of the moment. Default: poisson.")
  .meta({ examples: ["poisson", "constant", { gamma: 2 }, { jitter: "20%" }] });

const thinkTimeSchema = z
  .union([
    z.strictObject({ exponential: quantity("duration", "Mean of an exponential distribution.", { most: "1h", example: "500ms" }) }),
    z.tuple([
      quantity("duration", "Shortest.", { most: "1h", allowZero: true }),
      quantity("duration", "Longest; uniform in between.", { most: "1h" }),
    ]),
    quantity("duration", "Always the same.", { most: "1h" }),
  ])
  .describe("Closed loop: pause of a user between an answer and the next request. Default: none.")
  .meta({ examples: ["500ms", ["200ms", "800ms"], { exponential: "500ms" }] });

/** Every form of a load in one mapping, so that an editor completes all keys; which go together is for `load-rules.ts`. */
export const loadSchema = z
  .strictObject({
    rate: quantity("rate", "Open loop: requests start at this rate whether or not earlier ones were answered. Default: 30/s.", {
      most: "100000/s",
    }).optional(),
    arrivals: arrivalsSchema.optional(),
    concurrency: z
      .int()
      .min(1)
      .max(MOST_USERS)
      .describe("Closed loop: this many users, each sends its next request when the last was answered.")
      .meta({ examples: [8] })
      .optional(),
    "think-time": thinkTimeSchema.optional(),
    pacing: quantity("duration", "Closed loop: a user starts at most one request in this time.", { most: "1h", example: "5s" }).optional(),
    shape: z
      .array(stageSchema)
      .min(1)
      .max(1000)
      .describe("The load over time, one piece after the other: all in rates (`10/s`, open loop) or all in numbers of users (closed loop).")
      .meta({ examples: [[{ ramp: ["20/s", "100/s"], duration: "1m" }]] })
      .optional(),
    trace: traceSchema.optional(),
    time: z
      .string()
      .min(1)
      .describe("`trace`: column or key of the time stamps. Default: found by its name (timestamp, time, arrived_at, …).")
      .meta({ examples: ["TIMESTAMP"] })
      .optional(),
    unit: choice(["s", "ms", "us", "ns"], "`trace`: unit of numeric time stamps. Default: what their column ends in (`at_ms`), else s.", {
      alsoKnownAs: { seconds: "s", milliseconds: "ms", microseconds: "us", µs: "us", nanoseconds: "ns" },
    }).optional(),
    from: quantity("duration", "`trace`: where the replay begins, counted from the first time stamp. Default: 0s.", {
      most: "10000h",
      allowZero: true,
    }).optional(),
    speed: z
      .number()
      .gt(0)
      .max(100_000)
      .describe("`trace`: seconds of the trace replayed in one second. Default: 1.")
      .meta({ examples: [2] })
      .optional(),
    sample: quantity("percent", "`trace`: share of its requests that is replayed, drawn by the seed. Default: 100%.", {
      most: "100%",
    }).optional(),
    duration: quantity("duration", "How long to measure, on each endpoint. A shape has its own.", { most: "24h" }).prefault("2m"),
  })
  .describe("The load over time: a rate (open loop), a concurrency (closed loop), a shape of either, or a trace. Default: 30/s for 2m.")
  .meta({
    examples: [
      { rate: "50/s", arrivals: "poisson", duration: "2m" },
      { concurrency: 8, duration: "1m" },
      {
        shape: [
          { ramp: ["20/s", "100/s"], duration: "1m" },
          { rate: "100/s", duration: "2m" },
        ],
      },
      { trace: "data/trace.csv", duration: "5m" },
    ],
  });

export type WrittenLoad = z.output<typeof loadSchema>;
