/** `{{int 1 100}}` inside a text. */
export type Expression = {
  /** What stands between the braces, without the space around it. */
  readonly source: string;
  readonly name: string;
  readonly words: readonly Word[];
};

/** An argument; `quoted` ones are text, whatever they look like. */
export type Word = { readonly text: string; readonly quoted: boolean };

/** A text taken apart, or what is wrong with it. */
export type ReadText =
  | { readonly parts: readonly (string | Expression)[]; readonly problem?: undefined }
  | { readonly problem: string; readonly hint: string; readonly parts?: undefined };

/**
 * Reads `{{name argument …}}`; `{{{{` stands for `{{` itself. Arguments are separated by spaces, and may be quoted with "
 * or '. Braces that never close are a mistake, so that a misspelled expression is never sent as text.
 */
export function readExpressions(text: string): ReadText {
  const parts: (string | Expression)[] = [];
  let plain = "";
  for (let at = 0; at < text.length; ) {
    const open = text.indexOf("{{", at);
    if (open < 0) {
      plain += text.slice(at);
      break;
    }
    plain += text.slice(at, open);
    if (text.startsWith("{{{{", open)) {
      plain += "{{";
      at = open + 4;
      continue;
    }
    const close = text.indexOf("}}", open);
    if (close < 0)
      return { problem: `"${shorten(text.slice(open))}" is not closed`, hint: "write }} behind it, or {{{{ for the braces themselves" };
    const source = text.slice(open + 2, close).trim();
    const words = wordsOf(source);
    const [first] = words ?? [];
    if (words === undefined || first === undefined || first.quoted) {
      return {
        problem: `"{{${shorten(source)}}}" cannot be read`,
        hint: "write for example {{int 1 100}}, or {{{{ for the braces themselves",
      };
    }
    if (plain !== "") parts.push(plain);
    plain = "";
    parts.push({ source, name: first.text, words: words.slice(1) });
    at = close + 2;
  }
  return { parts: plain === "" ? parts : [...parts, plain] };
}

/** Whether there are braces to be read in any string of a value; keys of objects are taken as they are. */
export function hasBraces(value: unknown): boolean {
  if (typeof value === "string") return value.includes("{{");
  return typeof value === "object" && value !== null && Object.values(value).some(hasBraces);
}

/** Undefined where a quote never closes. */
function wordsOf(source: string): readonly Word[] | undefined {
  const words: Word[] = [];
  const pattern = /\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))/y;
  while (pattern.lastIndex < source.length) {
    const found = pattern.exec(source);
    if (found === null) return undefined;
    const [, double, single, bare] = found;
    words.push({ text: double ?? single ?? bare ?? "", quoted: bare === undefined });
  }
  return words;
}

const shorten = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
