import { z } from "zod";
import { filePath, inWords } from "./fields.ts";

const traceFile = filePath
  .max(500)
  .check((context) => {
    const { value: input } = context;
    if (/\.(csv|jsonl|ndjson)$/i.test(input)) return;
    const hint = "write a .csv file with a header, or a .jsonl file with one object a line";
    context.issues.push({ code: "custom", message: `${inWords(input)} is not a kind of trace that can be read`, input, params: { hint } });
  })
  .describe("Requests arrive when those of this recording did: `.csv` with a header, or `.jsonl`. Relative to the suite file.")
  .meta({ examples: ["data/trace.csv"] });

const column = (description: string, example: string) =>
  z
    .string()
    .min(1)
    .describe(description)
    .meta({ examples: [example] })
    .optional();

const tokens = (description: string, example: number) =>
  z
    .int()
    .min(1)
    .max(100_000_000)
    .describe(description)
    .meta({ examples: [example] })
    .optional();

/** A file of which only the arrivals count, or with what its rows say of their requests. */
export const traceSchema = z
  .union([
    traceFile,
    z
      .strictObject({
        file: traceFile,
        "input-tokens": column(
          "Column of the prompts' lengths. Default: found by its name (ContextTokens, input_length, …).",
          "ContextTokens",
        ),
        "output-tokens": column(
          "Column of the answers' lengths. Default: found by its name (GeneratedTokens, output_length, …).",
          "GeneratedTokens",
        ),
        blocks: column(
          "Column of the blocks that a prompt begins with: equal names are equal text. Default: found by its name (hash_ids, …).",
          "hash_ids",
        ),
        "block-tokens": tokens("Tokens of one block. Default: 512.", 512),
        "max-input": tokens("Longer prompts are cut to this many tokens.", 8000),
        "max-output": tokens("Longer answers are cut to this many tokens.", 1000),
      })
      .describe("A trace, and which of its columns say what was asked: payloads made `from-trace` are built from them.")
      .meta({ examples: [{ file: "data/trace.csv", "max-input": 8000 }] }),
  ])
  .describe("Requests arrive when those of this recording did, and may be built from it.")
  .meta({ examples: ["data/trace.csv"] });
