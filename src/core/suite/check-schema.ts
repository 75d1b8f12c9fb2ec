import { z } from "zod";
import { readJsonPath } from "../json-path.ts";
import { readJsonSchema } from "../json-schema.ts";
import { choice } from "./fields.ts";

const status = z.int().min(100).max(599);

const pattern = z
  .string()
  .min(1)
  .check((context) => {
    const { value: input } = context;
    try {
      RegExp(input, "u");
    } catch (error) {
      const message = `"${input}" is no regular expression: ${error instanceof Error ? error.message.replace(/^.*: /, "") : "it cannot be read"}`;
      context.issues.push({ code: "custom", message, input, params: { hint: "it is JavaScript's, with the flag u" } });
    }
  });

const path = z
  .string()
  .min(1)
  .check((context) => {
    const { value: input } = context;
    const read = readJsonPath(input);
    if (!("problem" in read)) return;
    const message = `"${input}" is no JSON path: ${read.problem}`;
    context.issues.push({ code: "custom", message, input, params: { hint: "write one of RFC 9535, such as $.outputs[0].data[*]" } });
  });

const tolerance = (description: string) =>
  z
    .union([
      z.number().min(0),
      z.strictObject({
        relative: z
          .number()
          .gt(0)
          .lt(1)
          .describe("A share of the expected number's size: 0.01 is 1 %. Of an expected 0 it is nothing.")
          .meta({ examples: [0.01] }),
      }),
    ])
    .describe(description)
    .meta({ examples: [0.001, { relative: 0.01 }] });

const jsonCheckSchema = z
  .strictObject({
    path: path.describe("Which values of the answer, by RFC 9535. All of them have to fit.").meta({ examples: ["$.outputs[0].data[*]"] }),
    equals: z
      .unknown()
      .describe("The value itself, of any JSON type.")
      .meta({ examples: [1, "positive"] })
      .optional(),
    tolerance: tolerance("How far a number may be from `equals`, wherever it stands in it.").optional(),
    between: z
      .tuple([z.number(), z.number()])
      .describe("Least and greatest number.")
      .meta({ examples: [[0, 1]] })
      .optional(),
    matches: pattern
      .describe("Regular expression (JavaScript's, with the flag u) that a text fits.")
      .meta({ examples: ["^(positive|negative)$"] })
      .optional(),
    count: z
      .int()
      .min(0)
      .describe("How many values there are. Default: at least one.")
      .meta({ examples: [1] })
      .optional(),
  })
  .meta({ examples: [{ path: "$.outputs[0].shape[0]", equals: 1 }] });

export const checkSchema = z
  .strictObject({
    status: z
      .union([status, z.array(status).min(1)])
      .describe("Status codes that count as answered. Default: any 2xx.")
      .meta({ examples: [200, [200, 204]] })
      .optional(),
    contains: z
      .string()
      .min(1)
      .describe("Text that every correct answer holds.")
      .meta({ examples: ["label"] })
      .optional(),
    matches: pattern
      .describe("Regular expression (JavaScript's, with the flag u) that every correct answer fits somewhere.")
      .meta({ examples: ['"label":\\s*"(positive|negative)"'] })
      .optional(),
    headers: z
      .record(z.string().min(1), z.string())
      .describe("Headers that every correct answer has, and a text that each of them holds. Names are not case-sensitive.")
      .meta({ examples: [{ "content-type": "application/json" }] })
      .optional(),
    json: z
      .array(jsonCheckSchema)
      .min(1)
      .describe("What the answer holds as JSON: each entry names values, and what must hold for them.")
      .meta({ examples: [[{ path: "$.outputs[0].shape[0]", equals: 1 }]] })
      .optional(),
    answer: z
      .strictObject({
        path: path
          .describe("Which value is compared, by RFC 9535. Default: the text has to hold the label.")
          .meta({ examples: ["$.outputs[0].data[0]"] })
          .optional(),
        tolerance: tolerance(
          "How far a number may be from the label, wherever it stands in it: lists are compared element by element. Default: 0.",
        ).default(0),
      })
      .describe(
        "How the answers to labelled payloads are compared with their labels. What is wrong counts into `wrong.ratio`, and has not failed.",
      )
      .meta({ examples: [{ path: "$.outputs[0].data[0]" }] })
      .optional(),
    "same-answers": choice(
      ["yes", "report"],
      "With a live base: whether both arms answer the same payload alike. `yes` gates `changed.ratio` by 2 points, unless the scenario gates it itself; `report` counts. Default: not compared.",
      { unquoted: [[true, "yes"]] },
    ).optional(),
    schema: z
      .record(z.string(), z.unknown())
      .check((context) => {
        const { value: input } = context;
        const read = readJsonSchema(input);
        if (!("problem" in read)) return;
        const hint = "write one of draft 2020-12, without keywords that it does not know";
        context.issues.push({ code: "custom", message: `this is no JSON Schema: ${read.problem}`, input, params: { hint } });
      })
      .describe("JSON Schema that the answer fits.")
      .meta({ examples: [{ type: "object", required: ["outputs"] }] })
      .optional(),
  })
  .describe("What an answer must hold to count as correct. Text and JSON are those of the body, or of what an OpenAI endpoint generated.")
  .prefault({});
