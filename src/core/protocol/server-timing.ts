/** One metric of a `Server-Timing` header. `durationMs` as it was written: of any sign; undefined where there is none or it is no number. */
export type ServerTiming = { readonly name: string; readonly durationMs: number | undefined };

/**
 * Reads a `Server-Timing` header as browsers do: what is no metric is passed over, of a parameter that is there twice the
 * first one counts, quoted strings may hold anything, and a number ends where it stops being one. Never throws, in time
 * that grows with the length of the text alone.
 *
 * @param text values of several headers are joined by commas.
 *
 * Source: W3C Server Timing, §2 (grammar) and §4.1 (parsing); a number as in HTML, "rules for parsing floating-point
 *   number values".
 */
export function readServerTiming(text: string): readonly ServerTiming[] {
  const metrics: ServerTiming[] = [];
  let at = 0;
  const skipBlanks = () => {
    while (at < text.length && isBlank(text.charCodeAt(at))) at++;
  };
  const token = (): string => {
    const from = at;
    while (at < text.length && isTokenChar(text.charCodeAt(at))) at++;
    return text.slice(from, at);
  };
  /** To what ends a parameter or a metric; what stands between is no part of either. */
  const skipTo = (ends: string) => {
    while (at < text.length && !ends.includes(text[at]!)) {
      if (text[at] === '"') quoted();
      else at++;
    }
  };
  function quoted(): string {
    let value = "";
    for (at++; at < text.length && text[at] !== '"'; at++) {
      if (text[at] === "\\") at++;
      value += text[at] ?? "";
    }
    at++;
    return value;
  }
  function parameter(): { readonly name: string; readonly value: string } | undefined {
    at++;
    skipBlanks();
    const name = token().toLowerCase();
    skipBlanks();
    let value = "";
    if (text[at] === "=") {
      at++;
      skipBlanks();
      value = text[at] === '"' ? quoted() : token();
    }
    skipTo(";,");
    return name === "" ? undefined : { name, value };
  }

  while (at < text.length) {
    skipBlanks();
    const name = token();
    let duration: string | undefined;
    skipTo(";,");
    while (text[at] === ";") {
      const read = parameter();
      if (read?.name === "dur") duration ??= read.value;
    }
    at++;
    if (name !== "") metrics.push({ name, durationMs: duration === undefined ? undefined : numberIn(duration) });
  }
  return metrics;
}

/** The number that a text begins with; undefined where it begins with none, or with one that is not finite. */
export function numberIn(text: string): number | undefined {
  const value = Number(/^[\t\n\f\r ]*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/.exec(text)?.[1] ?? Number.NaN);
  return Number.isFinite(value) ? value : undefined;
}

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;

/** RFC 9110 §5.6.2. */
const TOKEN_CHARS: readonly boolean[] = Array.from({ length: 128 }, (_, code) =>
  /[!#$%&'*+.^_`|~0-9A-Za-z-]/.test(String.fromCharCode(code)),
);
const isTokenChar = (code: number): boolean => TOKEN_CHARS[code] === true;
