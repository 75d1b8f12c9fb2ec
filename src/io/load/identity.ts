import type { Target } from "../../core/suite/suite.ts";
import { ask } from "../ask.ts";
import { type Route, USUAL_ROUTE } from "../connector.ts";
import { joinPath, readAddress } from "./address.ts";
import { clip, explain, isTimeout } from "./failure.ts";

export type Identity = { readonly path: string; readonly expected: string; readonly observed: string; readonly matches: boolean };

const TIMEOUT_S = 10;

/**
 * Asks the endpoint which version it runs: the text at `path`, or its `field` (dotted, `build.commit` or `images.0.tag`)
 * in a JSON answer. An endpoint that does not answer does not match; `observed` then says why, in parentheses.
 */
export async function readIdentity(
  url: string,
  identity: NonNullable<Target["identity"]>,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  route: Route = USUAL_ROUTE,
): Promise<Identity> {
  const { path, equals: expected, field } = identity;
  const { base, headers: all } = readAddress(url, headers);
  const unknown = (why: string): Identity => ({ path, expected, observed: clip(`(${why})`), matches: false });
  try {
    const { status, body } = await ask(base.origin + joinPath(base, path), route, { timeoutS: TIMEOUT_S, headers: all, signal });
    if (status < 200 || status >= 300) return unknown(`answered ${status}`);
    const observed = field === undefined ? textOf(body) : fieldOf(body, field);
    if (observed === undefined) return unknown(`no field ${field} in the answer`);
    return { path, expected, observed: clip(observed), matches: sameVersion(expected.trim(), observed) };
  } catch (error) {
    return unknown(isTimeout(error) ? `no answer within ${TIMEOUT_S} s` : explain(error as Error, base.origin).sentence);
  }
}

/**
 * Equal, or one a prefix of at least seven characters of the other where both are hexadecimal: an abbreviated commit. An
 * empty expectation (a variable that was not set) matches nothing.
 */
function sameVersion(expected: string, observed: string): boolean {
  if (expected === "") return false;
  if (expected === observed) return true;
  const [a, b] = [expected.toLowerCase(), observed.toLowerCase()];
  return [a, b].every((text) => /^[0-9a-f]{7,64}$/.test(text)) && (a.startsWith(b) || b.startsWith(a));
}

/** The body as text; a JSON string without its quotes. */
function textOf(body: string): string {
  const value = parse(body);
  return (typeof value === "string" ? value : body).trim();
}

function fieldOf(body: string, field: string): string | undefined {
  let value: unknown = parse(body);
  for (const key of field.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? value.trim() : JSON.stringify(value);
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
