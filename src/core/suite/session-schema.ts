import { z } from "zod";
import { choice, filePath, quantity } from "./fields.ts";
import { PAYLOAD_KINDS, payloadSchema } from "./payload-schema.ts";
import { CAPTURE_NAME } from "./placeholders.ts";

/** Steps of one session. Longer ones are another kind of test: nothing of them is known until they end. */
const MOST_STEPS = 100;

const STEP_NAME = /^[\p{L}\p{N}](?:[\p{L}\p{N} ._-]{0,62}[\p{L}\p{N}._-])?$/u;

const pause = (description: string) => quantity("duration", description, { most: "10m", allowZero: true, example: "2s" });

const thinkTimeSchema = z
  .union([
    z.strictObject({ exponential: pause("Mean of an exponential distribution.") }),
    z.tuple([pause("Shortest."), pause("Longest; uniform in between.")]),
    pause("Always the same."),
  ])
  .describe("Pause between the answer before and this step. It is part of no latency. Default: none.")
  .meta({ examples: ["2s", ["1s", "5s"], { exponential: "2s" }] });

const headersSchema = z
  .record(z.string().min(1), z.string())
  .describe("Headers of this step. May hold `{{capture.NAME}}` and `{{session.id}}`.")
  .meta({ examples: [{ "x-session": "{{capture.token}}" }] });

const stepSchema = payloadSchema
  .omit({
    weight: true,
    label: true,
    prefix: true,
    unique: true,
    order: true,
    variants: true,
    malformed: true,
    expect: true,
    "from-trace": true,
  })
  .extend({
    name: z
      .string()
      .regex(STEP_NAME)
      .describe("Its requests are the payload class CLASS/NAME. Default: its number, from 1 on.")
      .meta({ examples: ["open"] })
      .optional(),
    "think-time": thinkTimeSchema.optional(),
    capture: z
      .record(z.string().regex(CAPTURE_NAME), z.string().min(1))
      .describe(
        "What later steps know of this answer, by name: a JSON path (RFC 9535), of which the first value counts, or `header:NAME`. An answer without it has failed (`check`).",
      )
      .meta({ examples: [{ id: "$.id", token: "header:x-session" }] })
      .optional(),
    method: z
      .string()
      .min(1)
      .describe("`raw`: the method of this step. Default: the target's.")
      .meta({ examples: ["GET"] })
      .optional(),
    path: z
      .string()
      .min(1)
      .describe("`raw`: the path of this step. May hold `{{capture.NAME}}`. Default: the target's.")
      .meta({ examples: ["/sessions/{{capture.id}}"] })
      .optional(),
    headers: headersSchema.optional(),
  });

const turns = z.int().min(1).max(MOST_STEPS);

const sessionSchema = z
  .strictObject({
    steps: z
      .array(stepSchema.describe("One request: what it is made of, as in a payload class."))
      .min(1)
      .max(MOST_STEPS)
      .describe("The requests of a session, in order. A step that fails ends it.")
      .meta({ examples: [[{ json: { start: true }, capture: { id: "$.id" } }]] })
      .optional(),
    turns: z
      .union([turns, z.tuple([turns, turns])])
      .describe("`openai-chat`: a conversation of so many turns, or `[fewest, most]`, each with a message from `text` or `file`.")
      .meta({ examples: [4, [2, 6]] })
      .optional(),
    text: payloadSchema.shape.text,
    file: filePath
      .describe("`turns`: the user's messages, one a line (`.txt`). Relative to the suite file.")
      .meta({ examples: ["data/questions.txt"] })
      .optional(),
    system: z
      .string()
      .min(1)
      .describe("`turns`: the system message that every conversation begins with.")
      .meta({ examples: ["You answer in one sentence."] })
      .optional(),
    "think-time": thinkTimeSchema.describe("`turns`: pause before each turn but the first. Default: none.").optional(),
    history: choice(
      ["grow", "none"],
      "`openai-chat`: whether a turn holds the earlier ones, with what the assistant really answered. Default: grow.",
    ).optional(),
    cookies: choice(
      ["keep", "none"],
      "Whether cookies that the endpoint sets are sent back in the same session. Default: keep.",
    ).optional(),
    connection: choice(
      ["shared", "session"],
      "`session`: all steps of a session go over one connection (HTTP/1.1). `shared`: over any. Default: shared.",
    ).optional(),
  })
  .describe("A user's requests, one after the other: `steps`, or for `openai-chat` a conversation of `turns`.")
  .meta({ examples: [{ turns: 4, text: { words: [5, 20] }, "think-time": "2s" }] });

/** A payload class as a suite names it: one request, or a session of several. */
export const classSchema = payloadSchema
  .extend({ session: sessionSchema.optional() })
  .describe(`One class of inputs: exactly one of ${PAYLOAD_KINDS.join(", ")}.`)
  .meta({ oneOf: PAYLOAD_KINDS.map((kind) => ({ required: [kind] })), examples: [{ weight: 60, text: { words: [5, 20] } }] });

export type WrittenClass = z.output<typeof classSchema>;
export type WrittenSession = z.output<typeof sessionSchema>;
