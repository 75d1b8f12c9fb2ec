/** A fenced block of a Markdown file. `marker` is the word in an HTML comment on the line above: `<!-- runs -->`. */
export type Block = {
  readonly file: string;
  /** Of the first line inside, from 1. */
  readonly line: number;
  readonly language: string;
  readonly marker: string | undefined;
  readonly text: string;
};

/** @throws if a block is never closed. */
export function blocksOf(file: string, markdown: string): readonly Block[] {
  const lines = markdown.split("\n");
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at++) {
    const open = /^(\s*)(`{3,}|~{3,})\s*(\S*)/.exec(lines[at] ?? "");
    if (open === null) continue;
    const [, indent = "", fence = "", language = ""] = open;
    const end = lines.findIndex((line, index) => index > at && line.trim() === fence);
    if (end < 0) throw new Error(`${file}:${at + 1}: the code block is never closed`);
    const above = lines.slice(0, at).findLast((line) => line.trim() !== "") ?? "";
    blocks.push({
      file,
      line: at + 2,
      language,
      marker: /^\s*<!--\s*([\w-]+)\s*-->\s*$/.exec(above)?.[1],
      text: lines
        .slice(at + 1, end)
        .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
        .join("\n"),
    });
    at = end;
  }
  return blocks;
}

/** A command line of a shell block: continuation lines joined, prompt and comment removed. */
export type CommandLine = { readonly line: number; readonly words: readonly string[]; readonly comment: string };

export function commandsOf(block: Block): readonly CommandLine[] {
  const commands: CommandLine[] = [];
  let pending = "";
  for (const [offset, raw] of block.text.split("\n").entries()) {
    if (raw.endsWith("\\")) {
      pending += `${raw.slice(0, -1)} `;
      continue;
    }
    const [, command = "", comment = ""] = /^(.*?)(?:(?:^|\s)#\s*(.*))?$/.exec(pending + raw) ?? [];
    pending = "";
    for (const part of command.split(/&&|\|\|?|;/)) {
      const words = part.replace(/^\s*\$\s+/, "").match(/"[^"]*"|'[^']*'|[^\s]+/g) ?? [];
      if (words.length > 0)
        commands.push({ line: block.line + offset, words: words.map((word) => word.replace(/^["']|["']$/g, "")), comment });
    }
  }
  return commands;
}

/** `npm run NAME`, `npm test` → the script; `tailgate NAME …` in any of its spellings → the command and its options. */
export type Use = { readonly script: string } | { readonly command: string; readonly options: readonly string[] };

export function usesOf({ words }: CommandLine): readonly Use[] {
  const plain = words.filter((word) => !/^\w+=/.test(word));
  const [first, ...rest] = plain[0] === "npx" ? plain.slice(1).filter((word) => !["-y", "--yes", "--"].includes(word)) : plain;
  if (first === "npm" && (rest[0] === "test" || rest[0] === "t")) return [{ script: "test" }];
  if (first === "npm" && (rest[0] === "run" || rest[0] === "run-script")) {
    const [script = "", ...more] = rest.slice(1).filter((word) => word !== "-s" && word !== "--silent");
    const args = more[0] === "--" ? more.slice(1) : more;
    return script === "tailgate" ? [{ script }, ...commandOf(args)] : [{ script }];
  }
  if (first === "tailgate") return commandOf(rest);
  if (first === "node" && /(^|\/)(src\/cli\.ts|dist\/cli\.js)$/.test(rest[0] ?? "")) return commandOf(rest.slice(1));
  return [];
}

const commandOf = (args: readonly string[]): readonly Use[] => {
  const [command, ...options] = args;
  if (command === undefined || command.startsWith("-")) return [];
  return [{ command, options: options.filter((word) => /^--\w/.test(word)).map((word) => word.replace(/=.*$/, "")) }];
};

/** Targets of `[text](target)` outside code, without those that leave the repository. */
export function linksOf(markdown: string): readonly string[] {
  const prose = markdown.replace(/^(\s*)(`{3,}|~{3,})[\s\S]*?^\s*\2\s*$/gm, "").replace(/`[^`\n]*`/g, "");
  const targets = [...prose.matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)/g)].map((match) => match[1] ?? "");
  return targets.filter((target) => !/^[a-z][a-z+.-]*:/i.test(target));
}

/** The anchors that GitHub gives to the headings of a document. */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ""] of markdown.matchAll(/^#{1,6}\s+(.*?)\s*#*$/gm)) {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-");
    let anchor = slug;
    for (let again = 1; anchors.has(anchor); again++) anchor = `${slug}-${again}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`. @throws if the document has no such place. */
export function withSection(markdown: string, name: string, content: string): string {
  const place = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`);
  if (!place.test(markdown)) throw new Error(`the document needs a place between <!-- ${name} --> and <!-- /${name} -->`);
  return markdown.replace(place, (_, open: string, close: string) => `${open}\n${content}\n\n${close}`);
}
