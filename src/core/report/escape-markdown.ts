import { escapeHtml } from "./escape-html.ts";
import { plainLine } from "./plain.ts";
import type { Link } from "./report-input.ts";

/** Joins two characters without a break and shows nothing: what it stands in is no longer a mention or a link. */
const WORD_JOINER = "\u2060";

/**
 * A sentence that holds text from outside, as GitHub Markdown that shows exactly that text on one line, also in a table
 * cell: no formatting, HTML, mention, issue or advisory reference, link, emoji or formula comes of it. GitHub looks for
 * mentions and references after Markdown is done, so escaping does not stop them: a word joiner does.
 */
export const markdownText = (text: string, limit?: number): string =>
  defuse(plainLine(text, limit))
    .replace(/[\\`*_[\]|~^{}]/g, "\\$&")
    .replace(/[&<>]/g, (character) => escapeHtml(character))
    .replaceAll("$", "&#36;")
    .replace(/^(\s*)([-+=>#])/, "$1\\$2")
    .replace(/^(\s*\d+)([.)])(?=\s|$)/, "$1\\$2");

/**
 * A name from outside as code. GitHub turns nothing inside a code span into a mention, a reference or a link. A name
 * that is more than letters, digits and a few signs is written as HTML in which every other character is an entity,
 * since a backtick or a pipe cannot be escaped inside a code span; there, links have to be stopped as in text.
 */
export function markdownCode(text: string, limit = 120): string {
  const line = plainLine(text, limit);
  if (line === "") return "(empty)";
  return /^[\p{L}\p{N}_./:%=+,-]+( [\p{L}\p{N}_./:%=+,-]+)*$/u.test(line) ? `\`${line}\`` : `<code>${entities(defuse(line))}</code>`;
}

/** As {@link markdownCode} for a raw HTML block (`<summary>`), where Markdown is not read. */
export const summaryCode = (text: string, limit = 120): string => `<code>${entities(defuse(plainLine(text, limit)))}</code>`;

/** A sentence as {@link markdownText} for a raw HTML block (`<summary>`), where Markdown is not read. */
export const summaryText = (text: string, limit?: number): string => entities(defuse(plainLine(text, limit)));

/**
 * A link with a label of ours to a place that somebody else names: only http and https, without user and password. Any
 * other address is shown as text.
 */
export function markdownLink({ label, url }: Link): string {
  const target = URL.parse(url);
  if (target === null || !/^https?:$/.test(target.protocol) || target.username !== "" || target.password !== "") {
    return `${markdownText(label)}: ${markdownText(url, 200)}`;
  }
  return `[${markdownText(label)}](${target.href.replace(/[()<>[\]\\`*_|]/g, (character) => `%${character.codePointAt(0)!.toString(16).toUpperCase()}`)})`;
}

const entities = (line: string): string => line.replace(/[^\p{L}\p{N} ]/gu, (character) => `&#${character.codePointAt(0)};`);

const defuse = (line: string): string =>
  line
    .replace(/[@#]/g, `$&${WORD_JOINER}`)
    .replace(/(gh-|cve-|ghsa-)(?=\w)/gi, `$1${WORD_JOINER}`)
    .replace(/:\/\//g, `:${WORD_JOINER}//`)
    .replace(/(www)\./gi, `$1${WORD_JOINER}.`)
    .replace(/(mailto|xmpp):/gi, `$1${WORD_JOINER}:`)
    .replace(/:(?=(?:[\w+-]*[a-z][\w+-]*|100|1234):)/gi, `:${WORD_JOINER}`);
