import { z } from "zod";
import { inWords, quantity } from "./fields.ts";
import { parseQuantity, patternOf } from "./units.ts";

/** Most users of a closed loop. */
export const MOST_USERS = 65_536;
/** As a suite writes it, and in 1/s. */
const MOST_RATE = "100000/s";
const MOST_RATE_PER_S = 100_000;

/** A height of a shape: a rate in 1/s (open loop) or a whole number of users (closed loop). */
export type Level = { readonly of: "rate" | "users"; readonly value: number };

const level = (description: string) =>
  z
    .unknown()
    .transform((input, context): Level => {
      const read = readLevel(input);
      if ("value" in read) return read;
      context.issues.push({ code: "custom", message: read.problem, input, params: { hint: read.hint } });
      return z.NEVER;
    })
    .meta({
      anyOf: [
        { type: "string", pattern: patternOf("rate") },
        { type: "integer", minimum: 0, maximum: MOST_USERS },
      ],
      description,
      examples: ["20/s", 4],
    });

function readLevel(input: unknown): Level | { readonly problem: string; readonly hint: string } {
  if (typeof input === "number") {
    if (!Number.isInteger(input) || input < 0) {
      return {
        problem: `${inWords(input)} is not a number of users`,
        hint: `write a whole number for users, or ${Math.abs(input)}/s for a rate`,
      };
    }
    if (input > MOST_USERS) return { problem: `${inWords(input)} is too much`, hint: `at most ${MOST_USERS} users` };
    return { of: "users", value: input };
  }
  const parsed = parseQuantity(input, "rate");
  if (parsed.problem !== undefined) {
    const isBare = typeof input === "string" && /^\d+$/.test(input);
    return { problem: parsed.problem, hint: isBare ? `write ${input} without quotes for users, ${input}/s for a rate` : parsed.hint };
  }
  const { value } = parsed;
  return value > MOST_RATE_PER_S ? { problem: `${inWords(input)} is too much`, hint: `at most ${MOST_RATE}` } : { of: "rate", value };
}

const between = (description: string, examples: readonly (readonly unknown[])[]) =>
  z
    .tuple([level("From."), level("To.")])
    .describe(description)
    .meta({ examples });

/** Keys that say what a piece of a shape is: each piece has exactly one. */
export const STAGE_KINDS = ["rate", "concurrency", "ramp", "steps", "spike", "sine", "ladder"] as const;
export type StageKind = (typeof STAGE_KINDS)[number];

/** Further keys that a kind needs, with an example each. No other kind has them. */
export const STAGE_DETAILS: Readonly<Partial<Record<StageKind, Readonly<Record<string, string>>>>> = {
  spike: { from: "20/s", at: "10s", for: "5s" },
  sine: { period: "1m" },
  ladder: { rungs: "5" },
};

/** One piece of a shape. */
export const stageSchema = z
  .strictObject({
    rate: quantity("rate", "Open loop: this rate all along; 0/s is a pause.", { most: MOST_RATE, allowZero: true }).optional(),
    concurrency: z
      .int()
      .min(0)
      .max(MOST_USERS)
      .describe("Closed loop: this many users all along; 0 is a pause.")
      .meta({ examples: [8] })
      .optional(),
    ramp: between("A straight line from one level to another.", [
      ["20/s", "100/s"],
      [1, 16],
    ]).optional(),
    steps: z
      .array(level("A level."))
      .min(2)
      .max(1000)
      .describe("These levels, one after the other, each for an equal part of the duration.")
      .meta({ examples: [["20/s", "40/s", "80/s"]] })
      .optional(),
    spike: level("A burst to this level: out of `from`, `at` this time within the piece, `for` so long, and back.")
      .meta({ examples: ["200/s", 32] })
      .optional(),
    from: level("`spike`: the level around the burst.").optional(),
    at: quantity("duration", "`spike`: when the burst begins, counted from the beginning of the piece.", {
      most: "24h",
      allowZero: true,
      example: "10s",
    }).optional(),
    for: quantity("duration", "`spike`: how long the burst lasts.", { most: "24h", example: "5s" }).optional(),
    sine: between("A wave between a low and a high level that starts at their mean and rises.", [
      ["20/s", "100/s"],
      [4, 16],
    ]).optional(),
    period: quantity("duration", "`sine`: length of one wave.", { most: "48h", example: "1m" }).optional(),
    ladder: between("Levels from one to another that grow by the same factor: to find out what an endpoint can take.", [
      ["10/s", "160/s"],
      [1, 16],
    ]).optional(),
    rungs: z
      .int()
      .min(2)
      .max(100)
      .describe("`ladder`: how many levels, both ends included.")
      .meta({ examples: [5] })
      .optional(),
    duration: quantity("duration", "How long the piece lasts.", { most: "24h", example: "1m" }),
  })
  .describe("A piece of a shape: exactly one of rate, concurrency, ramp, steps, spike, sine, ladder.")
  .meta({
    oneOf: STAGE_KINDS.map((kind) => ({ required: [kind] })),
    dependencies: Object.fromEntries(Object.entries(STAGE_DETAILS).map(([kind, details]) => [kind, Object.keys(details)])),
    examples: [{ ramp: ["20/s", "100/s"], duration: "1m" }],
  });

export type WrittenStage = z.output<typeof stageSchema>;

export type PlacedLevel = { readonly level: Level; readonly at: readonly (string | number)[] };

/** The levels of a piece in the order of their writing, at least one in a piece that keeps the rules, and where in it they stand. */
export function levelsOf({ rate, concurrency, ramp, steps, spike, from, sine, ladder }: WrittenStage): readonly PlacedLevel[] {
  const each = (key: string, levels: readonly Level[] = []) => levels.map((level, i) => ({ level, at: [key, i] }));
  const one = (key: string, level: Level | undefined) => (level === undefined ? [] : [{ level, at: [key] }]);
  return [
    ...one("rate", rate === undefined ? undefined : { of: "rate", value: rate }),
    ...one("concurrency", concurrency === undefined ? undefined : { of: "users", value: concurrency }),
    ...each("ramp", ramp),
    ...each("steps", steps),
    ...one("spike", spike),
    ...one("from", from),
    ...each("sine", sine),
    ...each("ladder", ladder),
  ];
}
