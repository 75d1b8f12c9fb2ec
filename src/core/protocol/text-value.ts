/**
 * The text a JSON value stands for, where a protocol needs a text and a file holds JSON lines: a string, or an object
 * with a string `text` or `prompt`. Undefined for anything else.
 */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return undefined;
  const { text, prompt } = value as { readonly text?: unknown; readonly prompt?: unknown };
  if (typeof text === "string") return text;
  return typeof prompt === "string" ? prompt : undefined;
}
