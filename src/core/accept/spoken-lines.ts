/** A line that readers of a comment see as its writer's own words. */
export type SpokenLine = {
  readonly text: string;
  /** It stands right below a quoted line, so that Markdown takes it into the quote. */
  readonly belowQuote: boolean;
};

/**
 * The lines of a Markdown comment that its writer says: none of a code block, a quote, an HTML comment or another block
 * that is shown as it is or not at all. Where Markdown leaves doubt a line is left out. Linear in the length of `body`.
 */
export function spokenLines(body: string): readonly SpokenLine[] {
  const spoken: SpokenLine[] = [];
  let closes: RegExp | undefined;
  let isQuoted = false;
  for (const line of body.split(/\r\n|\r|\n/)) {
    if (closes !== undefined) {
      if (closes.test(line)) closes = undefined;
      continue;
    }
    if (line.trim() === "") isQuoted = false;
    else if (/^ {0,3}>/.test(line)) isQuoted = true;
    else {
      closes = endOfBlock(line);
      // A block that begins here interrupts the quote above it.
      if (closes !== undefined && /^ {0,3}[`~<]/.test(line)) isQuoted = false;
      else if (!/^ {0,3}\t| {4}/.test(line.slice(0, 4))) spoken.push({ text: withoutHtmlComments(line), belowQuote: isQuoted });
    }
  }
  return spoken;
}

/** What ends the block of code or hidden text that a line opens and does not close. */
function endOfBlock(line: string): RegExp | undefined {
  const [, fence = ""] = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/.exec(line) ?? [];
  if (fence !== "") return new RegExp(`^ {0,3}${fence[0]}{${fence.length},}\\s*$`);
  const [, tag] = /^ {0,3}<(pre|script|style|textarea)(?=[\s>]|$)/i.exec(line) ?? [];
  const end = /<\/(?:pre|script|style|textarea)>/i;
  if (tag !== undefined) return end.test(line) ? undefined : end;
  // `<!--` as code hides nothing.
  const text = line.replace(/(`+)[^`]*\1/g, "");
  return text.lastIndexOf("<!--") > text.lastIndexOf("-->") ? /-->/ : undefined;
}

const withoutHtmlComments = (line: string): string => line.replace(/<!--.*?-->/g, "").replace(/<!--.*$/, "");
