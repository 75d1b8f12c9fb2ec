/**
 * A place in a step of a session that is filled when the step is sent: `{{capture.NAME}}`, what an earlier answer held, or
 * `{{session.id}}`, which no other session has. References are named as they are written: `capture.NAME`.
 */
const PLACEHOLDER = /\{\{\s*(capture\.[A-Za-z_][\w-]*|session\.id)\s*\}\}/g;

/** What begins like a placeholder, whether or not it is one. */
const LIKE_PLACEHOLDER = /\{\{\s*(?:capture|session)\b[^}]{0,60}\}{0,2}/g;

export const SESSION_ID = "session.id";
export const captureReference = (name: string): string => `capture.${name}`;
export const CAPTURE_NAME = /^[A-Za-z_][\w-]{0,63}$/;

/** A text in order: what is sent as it stands, and what is filled in. */
export type TextPart = { readonly text: string } | { readonly reference: string };

export function splitPlaceholders(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let at = 0;
  for (const found of text.matchAll(PLACEHOLDER)) {
    if (found.index > at) parts.push({ text: text.slice(at, found.index) });
    parts.push({ reference: found[1]! });
    at = found.index + found[0].length;
  }
  if (at < text.length) parts.push({ text: text.slice(at) });
  return parts;
}

/** References in a text, each once. */
export const referencesIn = (text: string): readonly string[] => [...new Set([...text.matchAll(PLACEHOLDER)].map(([, name]) => name!))];

/** What looks like a placeholder and is none: a slip of the pen that would be sent as text. */
export const brokenPlaceholdersIn = (text: string): readonly string[] =>
  [...text.matchAll(LIKE_PLACEHOLDER)].map(([written]) => written).filter((written) => referencesIn(written).length === 0);
