import { InputError } from "../errors.ts";
import { locateForEdit } from "./document.ts";
import type { Path } from "./mistake.ts";

/** A value to be written: YAML in one line. */
export type Edit = { readonly path: Path; readonly yaml: string };

/**
 * A suite's text with some values changed or added. Everything else stays byte for byte: comments, quotes, spaces, order.
 *
 * A value that exists is replaced where it stands. A key that is missing is added to its mapping, in that mapping's own
 * style; mappings that are missing on the way are written in braces.
 *
 * @param text a suite that parses.
 * @throws {InputError} for a value behind an alias, which others share.
 */
export function editSuite(text: string, file: string, edits: readonly Edit[]): string {
  return edits.reduce((current, edit) => editOnce(current, file, edit), text);
}

function editOnce(text: string, file: string, { path, yaml }: Edit): string {
  const place = locateForEdit(text, file, path);
  if (place.kind === "shared") {
    throw new InputError(`${path.join(".")} is shared by an alias (*name), so it cannot be changed here alone`, {
      hint: `write it by hand: ${String(path.at(-1))}: ${yaml}`,
      position: place.position,
    });
  }
  const splice = (from: number, to: number, inserted: string): string => text.slice(0, from) + inserted + text.slice(to);
  if (place.kind === "value") return splice(place.from, place.to, yaml);
  const [key = "", ...inner] = place.missing.map(String);
  const added = `${key}: ${inner.toReversed().reduce((value, step) => `{ ${step}: ${value} }`, yaml)}`;
  switch (place.kind) {
    case "in-braces":
      return splice(place.at, place.at, place.isEmpty ? ` ${added} ` : `, ${added}`);
    case "on-lines": {
      const line = `${" ".repeat(place.indent)}${added}`;
      // Behind the last key's line, comment included.
      const end = text.indexOf("\n", place.at);
      return end < 0 ? `${text}\n${line}\n` : splice(end + 1, end + 1, `${line}\n`);
    }
  }
}
