import { z } from "zod";
import { choice, filePath, quantity } from "./fields.ts";
import { EDGES, IMAGE_FORMATS, MALFORMATIONS, ORDERS } from "./input-content.ts";

const MOST_WORDS = 100_000;
const MOST_CHARACTERS = 10_000_000;
const LARGEST_SIDE = 8192;

/** A number, or `[fewest, most]`, drawn uniformly for each request. */
const range = (one: z.ZodInt | z.ZodNumber) => z.union([one, z.tuple([one, one])]);

const length = (most: number, what: string, example: number) => {
  const one = z.int().min(1).max(most);
  return z
    .union([
      one,
      z.tuple([one, one]),
      z.strictObject({
        median: one.describe("Half the lengths lie below it.").meta({ examples: [example] }),
        p99: one.describe("One length in a hundred lies above it.").meta({ examples: [10 * example] }),
      }),
    ])
    .describe(`${what}, or \`[fewest, most]\`, drawn uniformly for each request, or \`{ median, p99 }\` of a lognormal distribution.`)
    .meta({ examples: [example, [example, 4 * example], { median: example, p99: 10 * example }] });
};

const edge = choice(EDGES, "A kind of text that breaks what has only seen plain English.");

export const textSchema = z
  .strictObject({
    words: length(MOST_WORDS, "Number of words", 20).optional(),
    characters: length(MOST_CHARACTERS, "Number of characters", 200).optional(),
    tokens: length(MOST_WORDS, "Approximate number of tokens: a word and a full stop count as one each", 100).optional(),
    edge: z
      .union([z.array(edge).min(1), edge])
      .describe("Texts at the edge of what an endpoint expects, in turn where there are several. Default: English-looking sentences.")
      .meta({ examples: ["unicode", ["empty", "longest", "control"]] })
      .optional(),
  })
  .describe("Synthetic text, the same for the same seed.")
  .meta({ examples: [{ words: [5, 20] }] });

const side = (what: string) =>
  range(z.int().min(1).max(LARGEST_SIDE))
    .describe(`${what} in pixels, or \`[least, most]\`, drawn uniformly for each image.`)
    .meta({ examples: [640, [224, 1024]] });

export const imageSchema = z
  .strictObject({
    format: choice(IMAGE_FORMATS, "Format of the file. Default: png.", { alsoKnownAs: { jpg: "jpeg" } }).prefault("png"),
    width: side("Width"),
    height: side("Height"),
    quality: z.int().min(1).max(100).describe("`jpeg`: its quality. Default: 85.").default(85),
  })
  .describe("Generated images that compress about as photographs do.")
  .meta({ examples: [{ format: "jpeg", width: 640, height: 480 }] });

export const audioSchema = z
  .strictObject({
    seconds: range(z.number().gt(0).max(600))
      .describe("Length, or `[shortest, longest]`, drawn uniformly for each recording.")
      .meta({ examples: [2, [0.5, 10]] }),
    "rate-hz": z.int().min(8000).max(48_000).describe("Samples per second. Default: 16000.").default(16_000),
  })
  .describe("Generated recordings with the rhythm of speech: WAV, 16 bits, one channel.")
  .meta({ examples: [{ seconds: [0.5, 10] }] });

const partSchema = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .describe("Name of the field.")
      .meta({ examples: ["file"] }),
    value: z
      .string()
      .describe("A text, sent as it stands.")
      .meta({ examples: ["whisper-1"] })
      .optional(),
    json: z
      .unknown()
      .describe("Sent as JSON.")
      .meta({ examples: [{ language: "en" }] })
      .optional(),
    file: filePath
      .describe("A file, sent as it is. Relative to the suite file.")
      .meta({ examples: ["data/question.wav"] })
      .optional(),
    image: imageSchema.optional(),
    audio: audioSchema.optional(),
    filename: z
      .string()
      .min(1)
      .describe("Name of the file, as the form tells it. Default: the file's own name, image.png or audio.wav; none for a text.")
      .meta({ examples: ["question.wav"] })
      .optional(),
    "content-type": z
      .string()
      .regex(/^[\w.+-]+\/[\w.+-]+(\s*;.*)?$/)
      .describe("Content type of the part. Default: that of the file or medium; none for a text.")
      .meta({ examples: ["audio/wav"] })
      .optional(),
  })
  .meta({ examples: [{ name: "model", value: "whisper-1" }] });

const expectedStatus = z.union([z.int().min(100).max(599), z.enum(["1xx", "2xx", "3xx", "4xx", "5xx"])]).meta({ examples: ["4xx", 422] });

/** Keys of a payload class that say what is sent, beside those of `payload-schema.ts`. */
export const inputFields = {
  files: z
    .array(filePath)
    .min(1)
    .max(10_000)
    .describe("One request per file, each sent as it is. Relative to the suite file.")
    .meta({ examples: [["data/cat.jpg", "data/dog.jpg"]] })
    .optional(),
  text: textSchema.optional(),
  image: imageSchema.optional(),
  audio: audioSchema.optional(),
  multipart: z
    .array(partSchema)
    .min(1)
    .max(100)
    .describe("`raw` and `torchserve`: a form, sent as `multipart/form-data`.")
    .meta({
      examples: [
        [
          { name: "file", audio: { seconds: 2 } },
          { name: "model", value: "whisper-1" },
        ],
      ],
    })
    .optional(),
  template: z
    .unknown()
    .describe(
      "What is made of each line of a data set (`.jsonl`, `.csv`, `.txt`): JSON or a text, with `{{column}}` for its fields and with generators.",
    )
    .meta({ examples: [{ prompt: "{{question}}", max_tokens: 64 }] })
    .optional(),
  sample: z
    .union([z.int().min(1).max(10_000), quantity("percent", "Share of the lines.", { most: "100%" }).transform((share) => ({ share }))])
    .describe("How many lines of a data set are used, or which share of them; drawn by the seed. Default: all, 10000 at most.")
    .meta({ examples: [500, "10%"] })
    .optional(),
  order: choice(
    ORDERS,
    "In which order the requests of this class are sent. `random`: any of them each time. `shuffle`: each once, in an order drawn by the seed, before any comes again. `as-is`: as the file has them. Default: random.",
  ).optional(),
  variants: z
    .int()
    .min(1)
    .max(100_000)
    .describe("How many different requests are made where something is drawn. Default: 64, and fewer of large ones.")
    .meta({ examples: [500] })
    .optional(),
  prompt: z
    .string()
    .min(1)
    .describe("`openai-chat`: the text before an image or a recording.")
    .meta({ examples: ["What is in this image?"] })
    .optional(),
  input: z
    .string()
    .min(1)
    .describe("`kserve-v2`, `kserve-v2-grpc` and `tf-serving`: name of the tensor or column that holds an image or a recording.")
    .meta({ examples: ["IMAGE"] })
    .optional(),
  malformed: choice(
    MALFORMATIONS,
    "What is done to each request after it was built, so that it is one that should be refused. `expect` is then 4xx by default.",
  ).optional(),
  expect: z
    .strictObject({
      status: z
        .union([z.array(expectedStatus).min(1), expectedStatus])
        .describe("Statuses that are the right answer; any other is a failed check.")
        .meta({ examples: ["4xx", [400, 422]] }),
    })
    .describe("What this class is answered with, where it is not what `target.check` says of all.")
    .meta({ examples: [{ status: "4xx" }] })
    .optional(),
};
