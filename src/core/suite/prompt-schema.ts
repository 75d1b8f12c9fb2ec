import { z } from "zod";
import { choice } from "./fields.ts";

const MOST_LENGTH = 1_000_000;
const length = (unit: string) =>
  z
    .int()
    .min(1)
    .max(MOST_LENGTH)
    .describe(`Length of the prefix in ${unit}.`)
    .meta({ examples: [1000] })
    .optional();

/** Prompts that share their beginning, as with a system prompt. */
export const prefixSchema = z
  .strictObject({
    words: length("words"),
    tokens: length("tokens, approximately"),
    groups: z.int().min(1).max(1024).describe("How many different prefixes there are; each request has one of them.").default(1),
  })
  .describe("Prompts of this class begin with a text that they share, on top of their own length.")
  .meta({ examples: [{ tokens: 1000, groups: 4 }] });

export const uniqueSchema = choice(
  ["no", "yes", "pass"],
  "Whether a prefix cache can know a prompt. `yes`: every request that is sent begins differently (behind its prefix). `pass`: requests share what they share within one pass over the load, and nothing with the warm-up, other passes and other runs. Default: no, and of from-trace: pass.",
  {
    unquoted: [
      [true, "yes"],
      [false, "no"],
    ],
  },
);

export const fromTraceSchema = z
  .strictObject({
    json: z
      .record(z.string(), z.unknown())
      .describe(
        "Fields of the request: beside the prompt of an OpenAI request, and the whole body of any other. `{text}` stands for the prompt, `{input-tokens}` and `{output-tokens}` for the numbers.",
      )
      .meta({ examples: [{ ignore_eos: true, min_tokens: "{output-tokens}" }] })
      .optional(),
  })
  .describe("One request for each row of the scenario's trace, as long as the row says, with the blocks that it shares.")
  .meta({ examples: [{}] });

export type WrittenPrefix = z.output<typeof prefixSchema>;
