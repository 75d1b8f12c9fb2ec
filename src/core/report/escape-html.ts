import { plainLine } from "./plain.ts";

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/**
 * Text from outside as text in HTML, XML or SVG, also inside a quoted attribute: one line, what XML cannot hold removed.
 */
export const escapeHtml = (text: string, limit?: number): string =>
  plainLine(text, limit)
    .replace(/[\uFFFE\uFFFF]/g, "")
    .replace(/[&<>"']/g, (character) => ENTITIES[character]!);

/** The same as running text: a number stays on one line with the unit behind it. */
export const proseHtml = (text: string, limit?: number): string =>
  escapeHtml(text, limit).replace(/(?<=\d) (?=(?:%|°C|(?:[nµm]?s|[kMGT]i?B|B|[km]?[WJ])(?![\p{L}\p{N}])))/gu, "&nbsp;");
