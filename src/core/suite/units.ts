import type { Unit } from "../metric.ts";

/** What a number with a unit can stand for in a suite. */
export type Quantity =
  | "duration"
  | "rate"
  | "percent"
  | "points"
  | "size"
  | "data rate"
  | "power"
  | "energy"
  | "clock"
  | "temperature"
  | "temperature difference"
  | "count";

/** A value in its base unit, or why there is none and what to write instead. */
export type ParsedQuantity =
  | { readonly value: number; readonly problem?: undefined }
  | { readonly problem: string; readonly hint: string; readonly value?: undefined };

/**
 * Reads a number with a unit: `250us`, `1m30s` (parts in falling order), `600/m`, `10%`, `512MiB`, `300W`, `1410MHz`.
 * Units are case-sensitive, space between number and unit is allowed, digits are plain (`1000`, no separators).
 *
 * @param input what the YAML held; only strings have units, so any number but a count is a mistake.
 * @returns seconds, events per second, a ratio (`10%` is 0.1), bytes, watts, joules, hertz, °C or a plain number; ≥ 0 and
 *          finite. Decimal units are exact: `2.3ms` is the number closest to 0.0023.
 */
export function parseQuantity(input: unknown, quantity: Quantity): ParsedQuantity {
  const form = FORMS[quantity];
  if (typeof input === "number" && Number.isFinite(input)) {
    if (input < 0) return negative(String(input), form);
    if (quantity === "count") return { value: input };
    return unitless(String(input), quantity);
  }
  if (typeof input !== "string") return { problem: `${shown(input)} is not ${form.what}`, hint: example(form) };
  const text = input;
  if (/^[-−]\s*\d/.test(text)) return negative(text, form);
  if (BARE_NUMBER.test(text))
    return quantity === "count" ? { problem: `"${text}" is text`, hint: `write ${text} without quotes` } : unitless(text, quantity);
  if (!readerOf(quantity).test(text)) return unreadable(text, form);
  return quantity === "duration" ? durationOf(text) : { value: partOf(text, form) };
}

/** The regular expression of everything {@link parseQuantity} accepts (a duration's parts must also fall). Unicode flag. */
export function patternOf(quantity: Quantity): string {
  const units = Object.keys(FORMS[quantity].units).sort((a, b) => b.length - a.length);
  const part = `${NUMBER}\\s*(?:${units.join("|")})`;
  if (quantity === "count") return `^${NUMBER}$`;
  return quantity === "duration" ? `^${part}(?:\\s*${part})*$` : `^${part}$`;
}

const readers = new Map<Quantity, RegExp>();

function readerOf(quantity: Quantity): RegExp {
  const reader = readers.get(quantity) ?? new RegExp(patternOf(quantity), "u");
  readers.set(quantity, reader);
  return reader;
}

export const examplesOf = (quantity: Quantity): readonly string[] => FORMS[quantity].examples;

/** The quantity in which a metric with this unit is written. */
export const QUANTITY_OF_UNIT: Readonly<Record<Unit, Quantity>> = {
  s: "duration",
  "1/s": "rate",
  B: "size",
  "B/s": "data rate",
  ratio: "percent",
  W: "power",
  J: "energy",
  "°C": "temperature",
  Hz: "clock",
  "1": "count",
};

/**
 * A value as it would be written in a suite: {@link parseQuantity} reads it back, to 12 significant digits
 * (durations: to the nanosecond). Whole bytes come back exactly.
 *
 * @param value in the base unit, finite, ≥ 0.
 */
export function formatForSuite(value: number, quantity: Quantity): string {
  if (quantity === "duration") return formatDuration(value);
  const candidates = Object.entries(FORMS[quantity].units).filter(([unit]) => FORMS[quantity].write.includes(unit));
  const written = candidates.map(([unit, scale]) => `${plain(unscaled(value, scale))}${unit}`);
  const exact = written.filter((text) => parseQuantity(text, quantity).value === value);
  // The shortest number reads best: 1GiB, not 1024MiB; 90/m, not 1.5/s. At a tie the first, usual unit wins.
  return (exact.length > 0 ? exact : written.slice(0, 1)).reduce((best, text) => (text.length < best.length ? text : best));
}

type Scale = { readonly exponent: number } | { readonly times: number } | { readonly per: number };
type Form = {
  readonly what: string;
  readonly units: Readonly<Record<string, Scale>>;
  /** Units to write with, the usual one first. */
  readonly write: readonly string[];
  readonly examples: readonly string[];
};

const NUMBER = "\\d+(?:\\.\\d+)?";
const BARE_NUMBER = new RegExp(`^${NUMBER}$`);
const ten = (exponent: number): Scale => ({ exponent });
const PERCENT = { "%": ten(-2) };
const CELSIUS = { "°C": ten(0), C: ten(0) };

const FORMS: Readonly<Record<Quantity, Form>> = {
  duration: {
    what: "a duration",
    units: { us: ten(-6), µs: ten(-6), μs: ten(-6), ms: ten(-3), s: ten(0), m: { times: 60 }, h: { times: 3600 } },
    write: ["us", "ms", "s", "m", "h"],
    examples: ["10s", "250ms", "1m30s"],
  },
  rate: {
    what: "a rate",
    units: { "/s": ten(0), "/m": { per: 60 }, "/h": { per: 3600 } },
    write: ["/s", "/m", "/h"],
    examples: ["50/s", "600/m"],
  },
  percent: { what: "a percentage", units: PERCENT, write: ["%"], examples: ["10%", "0.5%"] },
  points: { what: "a difference in percentage points", units: { ...PERCENT, pp: ten(-2) }, write: ["%"], examples: ["0.5%", "2%"] },
  size: {
    what: "a size",
    units: {
      B: ten(0),
      kB: ten(3),
      MB: ten(6),
      GB: ten(9),
      TB: ten(12),
      KiB: { times: 1024 },
      MiB: { times: 1024 ** 2 },
      GiB: { times: 1024 ** 3 },
      TiB: { times: 1024 ** 4 },
    },
    write: ["B", "KiB", "MiB", "GiB", "TiB", "kB", "MB", "GB", "TB"],
    examples: ["512MiB", "2GB"],
  },
  "data rate": {
    what: "a data rate",
    units: { "B/s": ten(0), "kB/s": ten(3), "MB/s": ten(6), "GB/s": ten(9) },
    write: ["B/s", "kB/s", "MB/s", "GB/s"],
    examples: ["2GB/s"],
  },
  power: { what: "a power", units: { W: ten(0), kW: ten(3) }, write: ["W"], examples: ["300W"] },
  energy: { what: "an energy", units: { J: ten(0), mJ: ten(-3), kJ: ten(3) }, write: ["J"], examples: ["25J"] },
  clock: {
    what: "a clock frequency",
    units: { MHz: ten(6), GHz: ten(9), kHz: ten(3), Hz: ten(0) },
    write: ["MHz", "GHz"],
    examples: ["1410MHz"],
  },
  temperature: { what: "a temperature", units: CELSIUS, write: ["°C"], examples: ["80°C"] },
  "temperature difference": { what: "a temperature difference", units: CELSIUS, write: ["°C"], examples: ["5°C"] },
  count: { what: "a number", units: { "": ten(0) }, write: [""], examples: ["8"] },
};

/** How people write units of other tools, and what to write here. Compared without case. */
// biome-ignore format: a table reads best in rows
const OTHER_SPELLINGS: Readonly<Record<string, string>> = {
  usec: "us", msec: "ms", millis: "ms", milliseconds: "ms", sec: "s", secs: "s", second: "s", seconds: "s",
  min: "m", mins: "m", minute: "m", minutes: "m", hr: "h", hrs: "h", hour: "h", hours: "h",
  rps: "/s", qps: "/s", "req/s": "/s", "/sec": "/s", "/second": "/s", "/min": "/m", "/minute": "/m", "/hour": "/h",
  percent: "%", pct: "%", k: "KiB", m: "MiB", g: "GiB", t: "TiB", ki: "KiB", mi: "MiB", gi: "GiB", ti: "TiB",
  kb: "kB", bytes: "B", byte: "B", watt: "W", watts: "W", joule: "J", joules: "J", "°": "°C", celsius: "°C",
};

function durationOf(text: string): ParsedQuantity {
  const form = FORMS.duration;
  const parts = [...text.matchAll(new RegExp(`${NUMBER}\\s*[^\\d\\s.]+`, "gu"))].map(([part]) => part);
  const order = parts.map((part) => sizeOfUnit(form.units[unitOf(part)]!));
  if (order.some((size, i) => i > 0 && size >= order[i - 1]!)) {
    return { problem: `"${text}" has its parts out of order`, hint: "write the largest unit first, each once: 1m30s" };
  }
  return { value: parts.reduce((sum, part) => sum + partOf(part, form), 0) };
}

function partOf(text: string, form: Form): number {
  const [digits] = text.match(new RegExp(NUMBER)) ?? [""];
  const scale = form.units[unitOf(text)]!;
  // The exponent goes into the literal, so that the result is the closest number and not a rounded product.
  if ("exponent" in scale) return Number(`${digits}e${scale.exponent}`);
  return "times" in scale ? Number(digits) * scale.times : Number(digits) / scale.per;
}

const unitOf = (text: string): string => text.replace(new RegExp(`^${NUMBER}\\s*`), "");

const sizeOfUnit = (scale: Scale): number => ("exponent" in scale ? 10 ** scale.exponent : "times" in scale ? scale.times : 1 / scale.per);

const unscaled = (value: number, scale: Scale): number =>
  "exponent" in scale ? value / 10 ** scale.exponent : "times" in scale ? value / scale.times : value * scale.per;

const negative = (text: string, form: Form): ParsedQuantity => ({ problem: `${text} is negative`, hint: example(form) });

function unitless(digits: string, quantity: Quantity): ParsedQuantity {
  const problem = `${digits} has no unit`;
  const value = Number(digits);
  if (quantity === "percent" || quantity === "points") {
    const asRatio = value > 0 && value < 1 ? `${plain(value * 100)}% (or ${digits}%, if that is meant)` : `${digits}%`;
    return { problem, hint: `write ${asRatio}` };
  }
  const units = quantity === "duration" ? ["ms", "s"] : quantity === "size" ? ["MiB", "GiB"] : FORMS[quantity].write.slice(0, 1);
  return { problem, hint: `write ${units.map((unit) => `${digits}${unit}`).join(" or ")}` };
}

function unreadable(text: string, form: Form): ParsedQuantity {
  const separated = text.replaceAll(/(?<=\d)[,_' ](?=\d{3}(?!\d))/g, "");
  if (separated !== text) return { problem: `"${text}" has a separator in its digits`, hint: `write ${separated}` };
  const [, digits = "", unit = ""] = text.match(new RegExp(`^(${NUMBER})\\s*(\\D+)$`)) ?? [];
  if (unit === "") return { problem: `"${text}" is not ${form.what}`, hint: example(form) };
  const lower = unit.trim().toLowerCase();
  const known = Object.keys(form.units);
  const other = OTHER_SPELLINGS[lower];
  const meant = other !== undefined && known.includes(other) ? other : known.find((name) => name.toLowerCase() === lower);
  return {
    problem: `"${text}" has the unknown unit "${unit.trim()}"`,
    hint: meant === undefined ? `units are ${form.write.join(", ")}: ${example(form)}` : `write ${digits}${meant}`,
  };
}

const example = (form: Form): string => `write ${form.what}, for example ${form.examples[0]}`;

function shown(input: unknown): string {
  if (input === null || input === undefined) return "nothing";
  if (Array.isArray(input)) return "a list";
  if (typeof input === "object") return "a mapping";
  return typeof input === "number" ? String(input) : JSON.stringify(input);
}

function formatDuration(seconds: number): string {
  if (seconds > 0 && seconds < 1) return seconds < 1e-3 ? `${plain(seconds * 1e6)}us` : `${plain(seconds * 1e3)}ms`;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds - hours * 3600) / 60);
  const rest = Number((seconds - hours * 3600 - minutes * 60).toFixed(9));
  const parts = `${hours > 0 ? `${hours}h` : ""}${minutes > 0 ? `${minutes}m` : ""}${rest > 0 ? `${plain(rest)}s` : ""}`;
  return parts === "" ? "0s" : parts;
}

/** Digits without an exponent, 12 significant, no trailing zeros; whole numbers stay exact. For values below 1e21. */
function plain(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  const short = String(Number(value.toPrecision(12)));
  return short.includes("e")
    ? Number(short)
        .toFixed(20)
        .replace(/\.?0+$/, "")
    : short;
}
