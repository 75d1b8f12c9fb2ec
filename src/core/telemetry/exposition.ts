/**
 * Prometheus text → samples, for the text that inference servers and GPU exporters really send.
 *
 * Why not a package: the only parser for Node with users (parse-prometheus-text-format 1.1.1) gives up on the whole
 * scrape at the first line it does not know, and it does not know `{a="1", b="2"}` with a space (DCGM exporter), an
 * exemplar, or a body sent as a JSON string (llama.cpp); it also folds buckets away and keeps numbers as text.
 *
 * Read here: the text format 0.0.4, OpenMetrics 1.0 (exemplars, timestamps in seconds), quoted names of Prometheus 3,
 * and these habits: a comma before `}` (TorchServe), a name that begins with a colon (TensorFlow Serving), `nan` in
 * lower case, CRLF. A line that cannot be read is counted and skipped. Cost: linear in the text.
 */

/** One line. `value` may be NaN or ±Infinity: whoever reads decides. */
export type Sample = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Milliseconds since 1970, if the line carries a time. */
  readonly timestampMs: number | undefined;
};

/** One text for one series, whatever the order of its labels. */
export function seriesKey({ name, labels }: Pick<Sample, "name" | "labels">): string {
  const keys = keysByLabels.get(labels) ?? new Map<string, string>();
  if (keys.size === 0) keysByLabels.set(labels, keys);
  const known = keys.get(name);
  if (known !== undefined) return known;
  const key = name + JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
  keys.set(name, key);
  return key;
}

/** By name. The series of one thing share their labels, see {@link parseExposition}, and come back with every exposition. */
const keysByLabels = new WeakMap<Sample["labels"], Map<string, string>>();

export type Exposition = {
  readonly samples: readonly Sample[];
  /** How many lines are neither a sample nor a comment nor empty, and the first of them (at most 120 characters). */
  readonly broken: { readonly lines: number; readonly first: { readonly line: number; readonly text: string } | undefined };
};

/**
 * @param keep which metric names to read. The rest of a line whose name is not kept is not looked at, which makes a
 *             large exposition cheap to read for the one or two series somebody needs.
 * @param memory what earlier expositions of the same endpoint had in common with this one: see {@link expositionMemory}.
 */
export function parseExposition(
  text: string,
  keep: (name: string) => boolean = () => true,
  memory: ExpositionMemory = expositionMemory(),
): Exposition {
  const body = unquoted(text);
  const timestampScale = body.trimEnd().endsWith("# EOF") ? 1000 : 1;
  const samples: Sample[] = [];
  const skip = skipping(body, keep, memory.runs);
  let lines = 0;
  let first: Exposition["broken"]["first"];
  for (let begin = 0, end = 0; begin < body.length; begin = end + 1) {
    end = skip(begin);
    if (end > begin) continue;
    end = endOfLine(body, begin);
    const line = body.slice(begin, end);
    const read = readAgain(line, memory.series) ?? parseLine(line.trim(), keep, timestampScale, memory);
    if (typeof read !== "string") samples.push(read);
    else if (read === "broken") {
      lines++;
      first ??= { line: body.slice(0, begin).split("\n").length, text: line.trim().slice(0, 120) };
    }
  }
  return { samples, broken: { lines, first } };
}

/** What one exposition of an endpoint has in common with the next: series and label sets by their text, and what ends the lines of a name that is skipped. */
export type ExpositionMemory = {
  readonly series: Map<string, Series>;
  readonly labels: Map<string, LabelSet>;
  readonly runs: Map<string, RegExp | undefined>;
};
export const expositionMemory = (): ExpositionMemory => ({ series: new Map(), labels: new Map(), runs: new Map() });

/**
 * The end of the last line that can be skipped from a place on, without taking it out of the text: a comment, or lines of a
 * name that is not kept. Nine of ten lines are one or the other. The buckets of a histogram are skipped all at once. Gives
 * the place itself where a closer look is needed.
 */
function skipping(body: string, keep: (name: string) => boolean, runs: ExpositionMemory["runs"]): (start: number) => number {
  return (start) => {
    if (body.charCodeAt(start) === HASH) return endOfLine(body, start);
    let at = start;
    for (let code = body.charCodeAt(at); code !== BRACE && code !== SPACE; code = body.charCodeAt(++at)) {
      if (code === LF || code === TAB || Number.isNaN(code)) return start;
    }
    const text = body.slice(start, at);
    let run = runs.get(text);
    if (run === undefined) {
      // An expression for a name without end would be refused.
      if (runs.has(text) || text.length > LONGEST_REMEMBERED) return start;
      const name = copied(text);
      run = NAME.test(name) && !keep(name) ? new RegExp(`\\n(?!${name.replaceAll(".", "\\.")}[{ ])`, "g") : undefined;
      remember(runs, name, run);
      if (run === undefined) return start;
    }
    run.lastIndex = at;
    return run.test(body) ? run.lastIndex - 1 : body.length;
  };
}

function endOfLine(body: string, start: number): number {
  const end = body.indexOf("\n", start);
  return end < 0 ? body.length : end;
}

/** More names and label sets than an exposition has, and what an endpoint that makes up new ones may cost. */
const MOST_REMEMBERED = 10_000;
/** Longer ones are read anew each time. */
const LONGEST_REMEMBERED = 4096;

function remember<V>(memory: Map<string, V>, key: string, value: V): void {
  if (key.length > LONGEST_REMEMBERED) return;
  if (memory.size >= MOST_REMEMBERED) memory.clear();
  memory.set(key, value);
}

/** A part of a string keeps the whole in memory: what outlives an exposition must not be a part of its text. */
const copied = (text: string): string => ` ${text}`.slice(1);

const [HASH, BRACE, SPACE, TAB, LF] = [35, 123, 32, 9, 10];

/** llama.cpp has answered with the exposition as one JSON string. */
function unquoted(text: string): string {
  const trimmed = text.trim();
  if (!trimmed.startsWith('"') || !trimmed.endsWith('"')) return text;
  try {
    const parsed: unknown = JSON.parse(trimmed);
    return typeof parsed === "string" ? parsed : text;
  } catch {
    return text;
  }
}

/** The common case: a series that was there before, with another number and nothing else. Undefined for any other line. */
function readAgain(line: string, memory: ExpositionMemory["series"]): Sample | undefined {
  const end = line.indexOf("}") + 1;
  const series = end === 0 ? undefined : memory.get(line.slice(0, end));
  const value = series === undefined || line.charCodeAt(end) !== SPACE ? undefined : numberOf(line.slice(end + 1));
  return value === undefined ? undefined : { name: series!.name, labels: series!.labels, value, timestampMs: undefined };
}

/** A line up to its value. */
type Series = Pick<Sample, "name" | "labels"> & { readonly end: number };

function parseLine(line: string, keep: (name: string) => boolean, timestampScale: number, memory: ExpositionMemory): Line {
  if (line === "" || line.startsWith("#")) return "skipped";
  // Unless something behind the labels ends in a brace.
  const text = line.slice(0, line.lastIndexOf("}") + 1);
  const known = text === "" ? undefined : memory.series.get(text);
  const own = known === undefined ? copied(line) : line;
  const series = known ?? parseSeries(own, keep, memory.labels);
  if (typeof series === "string") return series;
  if (known === undefined && series.end === text.length) remember(memory.series, own.slice(0, series.end), series);
  const { name, labels } = series;
  const at = skipBlanks(line, series.end);
  const valueEnd = indexOfAny(line, " \t", at);
  const valueText = line.slice(at, valueEnd);
  const [timeText, ...rest] = valueEnd === line.length ? [] : line.slice(skipBlanks(line, valueEnd)).split(/[ \t]+/);
  const value = numberOf(valueText);
  if (value === undefined) return "broken";
  if (timeText === undefined || timeText.startsWith("#")) return { name, labels, value, timestampMs: undefined };
  const time = numberOf(timeText);
  if (time === undefined || !Number.isFinite(time) || (rest[0] !== undefined && !rest[0].startsWith("#"))) return "broken";
  return { name, labels, value, timestampMs: time * timestampScale };
}

type Line = Sample | "skipped" | "broken";

function parseSeries(line: string, keep: (name: string) => boolean, memory: ExpositionMemory["labels"]): Series | "skipped" | "broken" {
  let at = indexOfAny(line, "{ \t", 0);
  let name = line.slice(0, at);
  if (name !== "" && !NAME.test(name)) return "broken";
  if (name !== "" && !keep(name)) return "skipped";
  at = skipBlanks(line, at);
  let labels: Sample["labels"] = {};
  if (line[at] === "{") {
    const text = line.slice(at, line.lastIndexOf("}") + 1);
    const set = memory.get(text) ?? parseLabels(line, at + 1);
    if (set === undefined) return "broken";
    // Otherwise something behind the labels ends in a brace, or one of their values has one.
    if (set.length === text.length) remember(memory, text, set);
    ({ labels } = set);
    if (name === "" && set.name !== undefined) name = set.name;
    at += set.length;
  }
  if (name === "") return "broken";
  return keep(name) ? { name, labels, end: at } : "skipped";
}

/** A dot is not in the specification and is sent all the same. */
const NAME = /^[A-Za-z_:][\w:.]*$/;

/** `length`: from `{` to behind `}`. */
type LabelSet = { readonly labels: Sample["labels"]; readonly name: string | undefined; readonly length: number };

/** Reads from behind `{`. A quoted string without a value is the metric's name (Prometheus 3). */
function parseLabels(line: string, start: number): LabelSet | undefined {
  const labels: [string, string][] = [];
  let name: string | undefined;
  let at = skipBlanks(line, start);
  while (line[at] !== "}") {
    const key = line[at] === '"' ? parseQuoted(line, at) : bareWord(line, at);
    if (key === undefined || key.text === "") return undefined;
    at = skipBlanks(line, key.end);
    if (line[at] === "=") {
      const value = parseQuoted(line, skipBlanks(line, at + 1));
      if (value === undefined) return undefined;
      labels.push([key.text, value.text]);
      at = skipBlanks(line, value.end);
    } else if (line[key.end - 1] === '"' && name === undefined) {
      name = key.text;
    } else return undefined;
    if (line[at] === ",") at = skipBlanks(line, at + 1);
    else if (line[at] !== "}") return undefined;
  }
  return { labels: Object.fromEntries(labels), name, length: at + 2 - start };
}

type Read = { readonly text: string; readonly end: number };

function bareWord(line: string, start: number): Read {
  const end = indexOfAny(line, '=,}" \t', start);
  return { text: line.slice(start, end), end };
}

/** A string in double quotes with the escapes `\\`, `\"` and `\n`; any other backslash stands for itself. */
function parseQuoted(line: string, start: number): Read | undefined {
  if (line[start] !== '"') return undefined;
  const close = line.indexOf('"', start + 1);
  const escape = line.indexOf("\\", start + 1);
  if (close > 0 && (escape < 0 || escape > close)) return { text: line.slice(start + 1, close), end: close + 1 };
  let text = "";
  let from = start + 1;
  for (let at = from; at < line.length; at++) {
    if (line[at] === '"') return { text: text + line.slice(from, at), end: at + 1 };
    if (line[at] !== "\\") continue;
    const escaped = line[at + 1];
    const meant = escaped === "n" ? "\n" : escaped === "\\" || escaped === '"' ? escaped : undefined;
    if (meant !== undefined) {
      text += line.slice(from, at) + meant;
      from = at + 2;
    }
    at++;
  }
  return undefined;
}

function numberOf(text: string): number | undefined {
  if (/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return Number(text);
  if (/^[+-]?nan$/i.test(text)) return Number.NaN;
  if (/^[+-]?inf(?:inity)?$/i.test(text)) return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return undefined;
}

function indexOfAny(line: string, characters: string, start: number): number {
  let least = line.length;
  for (const character of characters) {
    const at = line.indexOf(character, start);
    if (at >= 0 && at < least) least = at;
  }
  return least;
}

function skipBlanks(line: string, start: number): number {
  let at = start;
  while (line[at] === " " || line[at] === "\t") at++;
  return at;
}
