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
  const known = labelTexts.get(labels);
  const text = known ?? JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
  if (known === undefined) labelTexts.set(labels, text);
  return name + text;
}

/** The series of one thing share their labels, see {@link parseExposition}. */
const labelTexts = new WeakMap<Sample["labels"], string>();

export type Exposition = {
  readonly samples: readonly Sample[];
  /** How many lines are neither a sample nor a comment nor empty, and the first of them (at most 120 characters). */
  readonly broken: { readonly lines: number; readonly first: { readonly line: number; readonly text: string } | undefined };
};

/**
 * @param keep which metric names to read. The rest of a line whose name is not kept is not looked at, which makes a
 *             large exposition cheap to read for the one or two series somebody needs.
 */
export function parseExposition(text: string, keep: (name: string) => boolean = () => true): Exposition {
  const body = unquoted(text);
  const timestampScale = body.trimEnd().endsWith("# EOF") ? 1000 : 1;
  const samples: Sample[] = [];
  const isSkipped = skipping(body, keep);
  const known: KnownLabels = new Map();
  let lines = 0;
  let first: Exposition["broken"]["first"];
  for (let start = 0, number = 1; start < body.length; number++) {
    let end = body.indexOf("\n", start);
    if (end < 0) end = body.length;
    const begin = start;
    start = end + 1;
    if (isSkipped(begin, end)) continue;
    const line = body.slice(begin, end).trim();
    if (line === "" || line.startsWith("#")) continue;
    const read = parseLine(line, keep, timestampScale, known);
    if (read === "broken") {
      lines++;
      first ??= { line: number, text: line.slice(0, 120) };
    } else if (read !== "skipped") samples.push(read);
  }
  return { samples, broken: { lines, first } };
}

/**
 * Whether the line between two places is a comment or one of a name that is not kept, without taking it out of the text:
 * nine of ten lines are. The lines of a histogram have one name, of which all but the first are known by it. False where
 * a closer look is needed.
 */
function skipping(body: string, keep: (name: string) => boolean): (start: number, end: number) => boolean {
  const skipped = new Map<string, boolean>();
  let last = "\n";
  let isLastSkipped = false;
  return (start, end) => {
    if (body.charCodeAt(start) === HASH) return true;
    const behind = body.charCodeAt(start + last.length);
    if ((behind === BRACE || behind === SPACE) && body.startsWith(last, start)) return isLastSkipped;
    let at = start;
    for (let code = body.charCodeAt(at); at < end && code !== BRACE && code !== SPACE && code !== TAB; code = body.charCodeAt(++at));
    if (at === start) return false;
    last = body.slice(start, at);
    isLastSkipped = skipped.get(last) ?? (NAME.test(last) && !keep(last));
    skipped.set(last, isLastSkipped);
    return isLastSkipped;
  };
}

const [HASH, BRACE, SPACE, TAB] = [35, 123, 32, 9];

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

/** Label sets by their text: an exposition has few, and many series with each of them. */
type KnownLabels = Map<string, LabelSet>;

function parseLine(
  line: string,
  keep: (name: string) => boolean,
  timestampScale: number,
  known: KnownLabels,
): Sample | "skipped" | "broken" {
  let at = indexOfAny(line, "{ \t", 0);
  let name = line.slice(0, at);
  if (name !== "" && !NAME.test(name)) return "broken";
  if (name !== "" && !keep(name)) return "skipped";
  at = skipBlanks(line, at);
  let labels: Sample["labels"] = {};
  if (line[at] === "{") {
    const text = line.slice(at, line.lastIndexOf("}") + 1);
    const set = known.get(text) ?? parseLabels(line, at + 1);
    if (set === undefined) return "broken";
    // Otherwise something behind the labels ends in a brace, or one of their values has one.
    if (set.length === text.length) known.set(text, set);
    ({ labels } = set);
    if (name === "" && set.name !== undefined) name = set.name;
    at += set.length;
  }
  if (name === "") return "broken";
  if (!keep(name)) return "skipped";
  at = skipBlanks(line, at);
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
