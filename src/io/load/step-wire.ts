import type { PreparedRequest } from "../../core/plan/plan.ts";
import type { BodyPart, FilledText, PreparedStep } from "../../core/plan/session-step.ts";
import type { WireRequest } from "../http.ts";
import { type Address, joinPath } from "./address.ts";

/** What a session knows when it sends a step. */
export type SessionState = {
  /** By reference. */
  readonly values: ReadonlyMap<string, unknown>;
  /** Earlier messages of a chat as JSON, each with the comma behind it. */
  readonly history: readonly Uint8Array[];
  /** The value of the header `cookie`, for the path of the step. */
  readonly cookies: (path: string) => string | undefined;
};

/**
 * A step as it is sent: what was prepared, with what earlier answers held. Only pieces are joined; nothing is parsed.
 *
 * @param prepared the step's wire request, in which that is still missing.
 * @returns the reason where a captured value names no place of the endpoint.
 */
export function stepWire(
  prepared: WireRequest,
  { session }: PreparedRequest,
  state: SessionState,
  address: Address,
): WireRequest | { readonly problem: string } {
  if (session === undefined) return prepared;
  const path = session.path === undefined ? prepared.path : pathOf(session.path, state, address);
  if (path === undefined)
    return { problem: `the path of this step is no address: ${JSON.stringify(plain(session.path!, state)).slice(0, 120)}` };
  const cookie = session.cookies ? state.cookies(path) : undefined;
  const headers = session.headers === undefined && cookie === undefined ? prepared.headers : headersOf(prepared, session, state, cookie);
  return { method: prepared.method, path, headers, body: bodyOf(prepared, session, state) };
}

/** The step's own messages and what was answered, for the turns that follow. */
export function withTurn(
  history: readonly Uint8Array[],
  own: readonly BodyPart[],
  answer: string,
  state: SessionState,
): readonly Uint8Array[] {
  const said = `,{"role":"assistant","content":${JSON.stringify(answer)}},`;
  return [...history, ...own.map((part) => rendered(part, state)), Buffer.from(said)];
}

function bodyOf(prepared: WireRequest, { body, turn }: PreparedStep, state: SessionState): Buffer | null {
  if (turn !== undefined) {
    return Buffer.concat([turn.head, ...state.history, ...turn.own.map((part) => rendered(part, state)), turn.tail]);
  }
  return body === undefined ? prepared.body : Buffer.concat(body.map((part) => rendered(part, state)));
}

function rendered(part: BodyPart, { values }: SessionState): Uint8Array {
  if (!("reference" in part)) return part;
  const value = values.get(part.reference);
  if (part.as === "json") return Buffer.from(JSON.stringify(value));
  return Buffer.from(part.as === "json-text" ? JSON.stringify(asText(value)).slice(1, -1) : asText(value));
}

function headersOf(prepared: WireRequest, { headers = {} }: PreparedStep, state: SessionState, cookie: string | undefined): string[] {
  const filled = [...prepared.headers];
  for (let i = 0; i < filled.length; i += 2) {
    const text = headers[filled[i]!];
    if (text !== undefined) filled[i + 1] = plain(text, state);
  }
  if (cookie === undefined) return filled;
  const at = filled.findIndex((name, i) => i % 2 === 0 && name === "cookie");
  if (at === -1) filled.push("cookie", cookie);
  else filled[at + 1] = `${filled[at + 1]}; ${cookie}`;
  return filled;
}

/**
 * A value in a path is one segment of it, or of its query. A path that is one placeholder is an address as the endpoint
 * gave it, a `Location` for instance: it counts from the endpoint's origin, and of a whole URL only the path counts.
 */
function pathOf(text: readonly FilledText[], state: SessionState, { base }: Address): string | undefined {
  const [only] = text;
  if (text.length === 1 && typeof only === "object") {
    const url = URL.parse(plain(text, state), base.origin);
    return url === null ? undefined : url.pathname + url.search;
  }
  return joinPath(
    base,
    text
      .map((part) => (typeof part === "string" ? part : encodeURIComponent(asText(state.values.get(part.reference)).toWellFormed())))
      .join(""),
  );
}

const plain = (text: readonly FilledText[], { values }: SessionState): string =>
  text.map((part) => (typeof part === "string" ? part : asText(values.get(part.reference)))).join("");

const asText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
