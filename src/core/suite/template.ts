/** A string of the target, taken apart: plain text and the environment variables it asks for. */
export type TemplatePart = { readonly text: string } | { readonly name: string };

/** Parts in order, or what is wrong with the string. */
export type Template =
  | { readonly parts: readonly TemplatePart[]; readonly problem?: undefined }
  | { readonly problem: string; readonly hint: string; readonly parts?: undefined };

/**
 * Reads `${env:NAME}`; `$${` stands for `${` itself. Any other `${` is a mistake, so that a misspelled reference is never
 * sent as text: `${NAME}`, GitHub's `${{ secrets.NAME }}` (nobody evaluates it in a suite), an unclosed brace.
 */
export function parseTemplate(text: string): Template {
  const parts: TemplatePart[] = [];
  let plain = "";
  for (let at = 0; at < text.length; ) {
    if (text.startsWith("$${", at)) {
      plain += "${";
      at += 3;
    } else if (text.startsWith("${", at)) {
      const reference = /^\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}/.exec(text.slice(at));
      if (reference === null) return notAReference(text.slice(at));
      if (plain !== "") parts.push({ text: plain });
      parts.push({ name: reference[1]! });
      plain = "";
      at += reference[0].length;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  return { parts: plain === "" ? parts : [...parts, { text: plain }] };
}

/** Names of the environment variables in a string, in order, each once. A string that cannot be read has none. */
export function namesIn(text: string): readonly string[] {
  const names = parseTemplate(text).parts?.flatMap((part) => ("name" in part ? [part.name] : [])) ?? [];
  return [...new Set(names)];
}

function notAReference(rest: string): Template {
  const written = /^\$\{[^}]*\}*/.exec(rest)?.[0] ?? rest;
  const name = /[A-Za-z_][A-Za-z0-9_]*(?=\W*$)/.exec(written)?.[0] ?? "NAME";
  if (written.startsWith("${{")) {
    return {
      problem: `"${written}" is a GitHub expression, and a suite evaluates none`,
      hint: `write \${env:${name}} and set ${name} in the workflow's env:`,
    };
  }
  if (!written.endsWith("}")) return { problem: `"${written}" is not closed`, hint: `write \${env:${name}}` };
  return { problem: `"${written}" is not a reference`, hint: `write \${env:${name}}, or $\${ for the text itself` };
}
