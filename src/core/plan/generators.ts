import type { Expression, Word } from "../suite/expression.ts";
import { IMAGE_FORMATS } from "../suite/input-content.ts";
import { suggest } from "../suite/nearest.ts";
import { base64 } from "./base64.ts";
import { drawPicture } from "./picture.ts";
import { type Generator, integerBetween, shortFloat } from "./random.ts";
import { drawSpeech } from "./speech.ts";
import { sentences } from "./text-length.ts";

/** What one evaluation draws from: the class's stream, and the number of the request, from 0. */
export type Draw = { readonly next: Generator; readonly index: number };

/** Makes a value of JSON. */
export type Make = (draw: Draw) => unknown;

type Kind = {
  /** For messages. */
  readonly usage: string;
  /** Undefined for arguments that it cannot use. */
  readonly read: (words: readonly Word[]) => Make | undefined;
};

/** Most words, characters or tokens of one text. */
const LONGEST_TEXT = 1_000_000;
const LARGEST_SIDE = 4096;
const LONGEST_AUDIO_S = 600;

/** What can stand between braces. Text comes out as text, numbers as numbers. */
const GENERATORS: Readonly<Record<string, Kind>> = {
  int: {
    usage: "{{int LOWEST HIGHEST}}, whole numbers, both included",
    read: (words) => {
      const range = rangeOf(words, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
      return range === undefined || words.length !== 2 || range[1] - range[0] >= 2 ** 53
        ? undefined
        : ({ next }) => integerBetween(next, ...range);
    },
  },
  float: {
    usage: "{{float LOW HIGH}}, from LOW to just below HIGH",
    read: (words) => {
      const [low, high] = words.map(numberOf);
      if (words.length !== 2 || low === undefined || high === undefined || !(low < high)) return undefined;
      return ({ next }) => shortFloat(next, low, high);
    },
  },
  bool: { usage: "{{bool}}", read: (words) => (words.length > 0 ? undefined : ({ next }) => next() >= 2 ** 31) },
  words: texts("words"),
  characters: texts("characters"),
  tokens: texts("tokens"),
  uuid: { usage: "{{uuid}}", read: (words) => (words.length > 0 ? undefined : ({ next }) => uuid(next)) },
  pick: {
    usage: '{{pick red green "light blue"}}, at least one',
    read: (words) => {
      const values = words.map(valueOf);
      return values.length === 0 ? undefined : ({ next }) => values[integerBetween(next, 0, values.length - 1)];
    },
  },
  index: { usage: "{{index}}, the number of the request, from 0", read: (words) => (words.length > 0 ? undefined : ({ index }) => index) },
  image: {
    usage: `{{image ${IMAGE_FORMATS.join("|")} WIDTH HEIGHT}}, base64, at most ${LARGEST_SIDE} each`,
    read: (words) => {
      const format = IMAGE_FORMATS.find((known) => known === words[0]?.text);
      const sides = words
        .slice(1)
        .map(numberOf)
        .filter((side) => isWholeIn(side, 1, LARGEST_SIDE));
      const [width, height] = sides as readonly number[];
      if (format === undefined || words.length !== 3 || width === undefined || height === undefined) return undefined;
      return ({ next }) => base64(drawPicture({ format, width: [width, width], height: [height, height], quality: 85 }, next));
    },
  },
  audio: {
    usage: `{{audio SECONDS RATE}}, a WAV file in base64, at most ${LONGEST_AUDIO_S} s, 8000 to 48000 samples per second`,
    read: (words) => {
      const [seconds, rateHz] = words.map(numberOf);
      if (words.length !== 2 || seconds === undefined || !(seconds > 0 && seconds <= LONGEST_AUDIO_S)) return undefined;
      if (rateHz === undefined || !isWholeIn(rateHz, 8000, 48_000)) return undefined;
      return ({ next }) => base64(drawSpeech({ seconds: [seconds, seconds], rateHz }, next));
    },
  },
};

/** What an expression makes, or what is wrong with it. `others`: what else may stand there, for a message. */
export function readGenerator(
  { name, source, words }: Expression,
  others: readonly string[] = [],
): { readonly make: Make; readonly problem?: undefined } | { readonly problem: string; readonly hint: string } {
  const kind = Object.hasOwn(GENERATORS, name) ? GENERATORS[name] : undefined;
  const escape = "or write {{{{ for the braces themselves";
  if (kind === undefined)
    return { problem: `nothing is called "${name}"`, hint: `${suggest(name, [...others, ...Object.keys(GENERATORS)])}; ${escape}` };
  const make = kind.read(words);
  return make === undefined ? { problem: `"{{${source}}}" cannot be drawn`, hint: `write ${kind.usage}` } : { make };
}

/** A word as JSON means it: `3` and `true` are no text, quoted they are. */
const valueOf = ({ text, quoted }: Word): unknown => (quoted ? text : typedCell(text));

/** Numbers, true and false written as JSON has them; anything else is text. `007` is text. */
export function typedCell(text: string): unknown {
  if (text === "true" || text === "false") return text === "true";
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) && Number.isFinite(Number(text)) ? Number(text) : text;
}

function texts(unit: "words" | "characters" | "tokens"): Kind {
  return {
    usage: `{{${unit} NUMBER}} or {{${unit} FEWEST MOST}}, at most ${LONGEST_TEXT}`,
    read: (words) => {
      const range = rangeOf(words, 1, LONGEST_TEXT);
      return range === undefined ? undefined : ({ next }) => sentences(unit, integerBetween(next, ...range), next);
    },
  };
}

/** One whole number or two, as a range. */
function rangeOf(words: readonly Word[], least: number, most: number): readonly [number, number] | undefined {
  const [low, high = low] = words.map(numberOf);
  if (words.length < 1 || words.length > 2 || !isWholeIn(low, least, most) || !isWholeIn(high, least, most) || low > high) return undefined;
  return [low, high];
}

function numberOf({ text }: Word): number | undefined {
  const value = Number(text);
  return text.trim() === "" || !Number.isFinite(value) ? undefined : value;
}

const isWholeIn = (value: number | undefined, least: number, most: number): value is number =>
  value !== undefined && Number.isInteger(value) && value >= least && value <= most;

/** Version 4 by its form (RFC 9562); drawn by the seed, and so unique in a run only. */
function uuid(next: Generator): string {
  const hex = Array.from({ length: 4 }, () => next().toString(16).padStart(8, "0")).join("");
  const variant = "89ab".charAt(Number.parseInt(hex.charAt(16), 16) & 3);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
