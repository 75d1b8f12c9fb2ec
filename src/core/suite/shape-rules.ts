import type { Mistake, Path } from "./mistake.ts";
import { asMapping, type Mapping } from "./raw.ts";
import { type Level, levelsOf, STAGE_DETAILS, STAGE_KINDS, type StageKind, stageSchema, type WrittenStage } from "./stage-schema.ts";
import { lengthOf, stagesOf } from "./stages.ts";
import { formatForSuite } from "./units.ts";

/** What a shape can do wrong as a whole is looked at once its pieces are right. */
export type CheckedShape =
  | { readonly mistakes: readonly Mistake[]; readonly pieces?: undefined }
  | { readonly mistakes: readonly []; readonly pieces: readonly WrittenStage[]; readonly of: Level["of"] };

/** As long as a plain load may be. */
const LONGEST_S = 24 * 3600;
/** Changes of the number of users in one sine: beyond it, users come and go faster than they could ask for anything. */
const MOST_CHANGES = 100_000;

/** Each piece is one thing and complete, its numbers fit together, and all pieces speak of rates or all of users. */
export function shapeRules(shape: readonly unknown[], path: Path): CheckedShape {
  const structure = shape.flatMap((stage, i) => structureRules(asMapping(stage), [...path, i]));
  const read = shape.map((stage) => stageSchema.safeParse(stage));
  const pieces = read.flatMap(({ data }) => (data === undefined ? [] : [data]));
  if (structure.length > 0 || pieces.length < shape.length || pieces.length === 0) return { mistakes: structure };

  const mixed = mixedLevels(pieces, path);
  if (mixed !== undefined) return { mistakes: [mixed] };
  const mistakes = pieces.flatMap((piece, i) => numberRules(piece, [...path, i]));
  if (mistakes.length > 0) return { mistakes };
  const length = lengthOf(stagesOf(pieces));
  if (length > LONGEST_S) {
    const message = `this shape lasts ${formatForSuite(length, "duration")}`;
    return { mistakes: [{ path, at: "value", message, hint: `at most ${formatForSuite(LONGEST_S, "duration")}` }] };
  }
  return { mistakes: [], pieces, of: levelsOf(pieces[0]!)[0]!.level.of };
}

function structureRules(stage: Mapping, path: Path): readonly Mistake[] {
  const has = (key: string) => Object.hasOwn(stage, key);
  const at = (key: string, message: string, hint: string): Mistake => ({ path: [...path, key], at: "key", message, hint });
  const [kind, ...others] = STAGE_KINDS.filter(has);
  const details = Object.entries(STAGE_DETAILS) as readonly (readonly [StageKind, Readonly<Record<string, string>>])[];
  const strays = details.flatMap(([owner, keys]) =>
    owner === kind
      ? []
      : Object.keys(keys)
          .filter(has)
          .map((key) => [key, owner] as const),
  );
  if (kind === undefined) {
    const [stray] = strays;
    if (stray !== undefined)
      return [at(stray[0], `"${stray[0]}" is for ${stray[1]}, which this piece does not have`, `add ${stray[1]}, or leave it out`)];
    // A misspelt kind has been told already.
    const isTold = Object.keys(stage).some((key) => key !== "duration");
    return isTold || !has("duration")
      ? []
      : [{ path, at: "value", message: "this piece of the shape sends nothing", hint: `write one of ${STAGE_KINDS.join(", ")}` }];
  }
  const needed = Object.entries(STAGE_DETAILS[kind] ?? {}).filter(([key]) => !has(key));
  return [
    ...others.map((other) => at(other, `a piece of a shape is ${kind} or ${other}, not both`, "make it two pieces, each with a duration")),
    ...strays.map(([key, owner]) => at(key, `"${key}" is for ${owner}, and this is a ${kind}`, "leave it out")),
    ...needed.map(([key, example]) => at(kind, `a ${kind} needs "${key}"`, `add ${key}: ${example}`)),
  ];
}

function mixedLevels(pieces: readonly WrittenStage[], path: Path): Mistake | undefined {
  const all = pieces.flatMap((piece, i) => levelsOf(piece).map(({ level, at }) => ({ level, path: [...path, i, ...at] })));
  const other = all.find(({ level }) => level.of !== all[0]!.level.of);
  if (other === undefined) return undefined;
  const [is, was] = other.level.of === "users" ? ["a number of users", "rates"] : ["a rate", "numbers of users"];
  return {
    path: other.path,
    at: "value",
    message: `this is ${is}, and the shape began with ${was}`,
    hint: "write every level as a rate such as 10/s (open loop) or every level as a number of users such as 4 (closed loop)",
  };
}

function numberRules(piece: WrittenStage, path: Path): readonly Mistake[] {
  const { spike, from, at, for: length, duration, sine, period, ladder, rungs } = piece;
  const mistake = (key: string, message: string, hint: string): readonly Mistake[] => [
    { path: [...path, key], at: "value", message, hint },
  ];
  if (spike !== undefined && from !== undefined && at !== undefined && length !== undefined) {
    if (spike.value <= from.value)
      return mistake("spike", "the burst does not rise above the level around it", "write a spike that is higher than from");
    if (at + length > duration * (1 + 1e-12)) {
      const ends = formatForSuite(at + length, "duration");
      return mistake(
        "for",
        `the burst ends after ${ends}, and the piece lasts ${formatForSuite(duration, "duration")}`,
        "make it shorter or earlier, or the piece longer",
      );
    }
  }
  if (sine !== undefined && period !== undefined) {
    const [low, high] = sine;
    if (low.value > high.value) return mistake("sine", "this runs backwards", "write the low level first");
    if (low.value === high.value)
      return mistake("sine", "this wave is flat", "write two different levels, or rate (or concurrency) for one");
    const changes = (2 * (high.value - low.value) * duration) / period;
    if (low.of === "users" && changes > MOST_CHANGES)
      return mistake(
        "period",
        `the number of users would change ${Math.round(changes).toLocaleString("en-US")} times`,
        "write a longer period",
      );
  }
  if (ladder !== undefined && rungs !== undefined) {
    const [first, last] = ladder;
    if (first.value === 0 || last.value === 0)
      return mistake("ladder", "a ladder cannot begin or end at nothing: its levels grow by a factor", "write a level above 0");
    if (first.value === last.value) return mistake("ladder", "all rungs of this ladder are the same", "write two different levels");
    const levels = new Set(stagesOf([piece]).map((stage) => (stage.kind === "linear" ? stage.from : 0)));
    if (levels.size < rungs) {
      return mistake(
        "rungs",
        `${rungs} rungs do not fit between ${first.value} and ${last.value} users: some would be the same`,
        `write ${levels.size} or less`,
      );
    }
  }
  return [];
}
