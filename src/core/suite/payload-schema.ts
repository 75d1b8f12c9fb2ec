import { z } from "zod";
import { choice, filePath } from "./fields.ts";
import { gatesSchema } from "./gate-schema.ts";
import { inputFields } from "./input-schema.ts";
import { fromTraceSchema, prefixSchema, uniqueSchema } from "./prompt-schema.ts";

/** Keys that say what a payload is made of: each class has exactly one. */
// biome-ignore format: a list reads best in rows
export const PAYLOAD_KINDS = [
  "body", "json", "file", "files", "text", "tensors", "messages", "image", "audio", "multipart", "from-trace", "session",
] as const;

/** Datatypes of the Open Inference Protocol, version 2. */
// biome-ignore format: a table reads best in rows
const DATATYPES = [
  "BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64",
  "FP16", "FP32", "FP64", "BYTES",
] as const;

const OTHER_NAMES = {
  float16: "FP16",
  half: "FP16",
  float32: "FP32",
  float: "FP32",
  float64: "FP64",
  double: "FP64",
  string: "BYTES",
  str: "BYTES",
  int: "INT64",
  long: "INT64",
};

const size = z.int().min(1);

const tensorSchema = z.strictObject({
  name: z
    .string()
    .min(1)
    .describe("Name of the model's input.")
    .meta({ examples: ["input_ids"] }),
  shape: z
    .array(z.union([size, z.tuple([size, size])]))
    .min(1)
    .describe("Size of every dimension; `[low, high]` is drawn anew for each request.")
    .meta({
      examples: [
        [1, 512],
        [1, [16, 128]],
      ],
    }),
  datatype: choice(DATATYPES, "Datatype of the Open Inference Protocol.", { notYet: { BF16: "use FP32" }, alsoKnownAs: OTHER_NAMES }),
  range: z
    .tuple([z.number(), z.number()])
    .describe("Random values are uniform in [low, high). Default: [0, 1) for floats, [0, 100) for integers.")
    .meta({ examples: [[-1, 1]] })
    .optional(),
  data: z
    .array(z.union([z.number(), z.string(), z.boolean()]))
    .min(1)
    .describe("Fixed values instead of random ones, in row-major order.")
    .meta({ examples: [[1, 0, 1]] })
    .optional(),
});

export const payloadSchema = z.strictObject({
  weight: z
    .number()
    .gt(0)
    .describe("Share of the requests, relative to the other classes: 60, 30 and 10 make 60 %, 30 % and 10 %.")
    .default(1),
  gates: gatesSchema
    .describe(
      "What must hold for the requests of this class alone, in every scenario that sends it, by metric. Gating anything limits the errors of the class to 5% as well.",
    )
    .optional(),
  report: choice(["yes", "no"], "Whether the report has figures of this class alone. Default: only where it has gates.", {
    unquoted: [
      [true, "yes"],
      [false, "no"],
    ],
  }).optional(),
  body: z
    .string()
    .describe("`raw` and `torchserve`: the body, sent as it stands.")
    .meta({ examples: ["a text"] })
    .optional(),
  "content-type": z
    .string()
    .regex(/^[\w.+-]+\/[\w.+-]+(\s*;.*)?$/)
    .describe("Content type of `body`. Default: none is sent.")
    .meta({ examples: ["text/plain"] })
    .optional(),
  json: z
    .unknown()
    .describe(
      "The body as JSON, sent as it stands; the OpenAI protocols add what `target` says (model, stream, max_tokens) where it is missing.",
    )
    .meta({ examples: [{ text: "a text" }] })
    .optional(),
  file: filePath
    .describe(
      "One request per line (`.jsonl`, `.txt`, and `.csv` with a template, label or sample) or one request (anything else). Relative to the suite file.",
    )
    .meta({ examples: ["data/tickets.jsonl"] })
    .optional(),
  label: z
    .string()
    .min(1)
    .describe(
      "Field of each line of a `.jsonl` file, or column of a `.csv` file, that holds the right answer. It is not sent; `target.check.answer` says how it is compared.",
    )
    .meta({ examples: ["label"] })
    .optional(),
  ...inputFields,
  tensors: z
    .union([z.array(tensorSchema).min(1), z.literal("from-model")])
    .describe(
      "`kserve-v2`, `kserve-v2-grpc` and `tf-serving`: the model's inputs. `from-model`: as the model's own metadata names them (not `tf-serving`).",
    )
    .meta({ examples: ["from-model", [{ name: "input_ids", shape: [1, 128], datatype: "INT64" }]] })
    .optional(),
  dimensions: z
    .record(z.string(), z.union([size, z.tuple([size, size]), z.array(z.union([size, z.tuple([size, size])])).min(1)]))
    .describe(
      "`tensors: from-model`: how long the dimensions are that the model leaves open. `-1` is for all but the first one, which is 1 (one row); the name of an input is for its whole shape. A range is drawn for each request.",
    )
    .meta({ examples: [{ "-1": [16, 128] }, { input_ids: [1, 128] }] })
    .optional(),
  values: z
    .record(z.string(), tensorSchema.pick({ range: true, data: true }))
    .describe("`tensors: from-model`: what an input holds, by its name. Default: random values.")
    .meta({ examples: [{ input_ids: { range: [0, 30000] }, attention_mask: { data: [1] } }] })
    .optional(),
  messages: z
    .array(
      z.strictObject({
        role: choice(["system", "developer", "user", "assistant", "tool"], "Who says it."),
        content: z
          .string()
          .describe("What is said.")
          .meta({ examples: ["What is a p99?"] }),
      }),
    )
    .min(1)
    .describe("`openai-chat`: the conversation so far.")
    .meta({ examples: [[{ role: "user", content: "What is a p99?" }]] })
    .optional(),
  "from-trace": fromTraceSchema.optional(),
  prefix: prefixSchema.optional(),
  unique: uniqueSchema.optional(),
});
