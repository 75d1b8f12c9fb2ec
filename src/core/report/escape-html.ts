import { plainLine } from "./plain.ts";

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/**
 * Text from outside as text in HTML, XML or SVG, also inside a quoted attribute: one line, what XML cannot hold removed.
 */
export const escapeHtml = (text: string, limit?: number): string =>
  plainLine(text, limit)
    .replace(/[\uFFFE\uFFFF]/g, "")
    .replace(/[&<>"']/g, (character) => ENTITIES[character]!);
