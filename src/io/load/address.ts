import { InputError } from "../../core/errors.ts";
import type { PreparedRequest } from "../../core/plan/plan.ts";
import type { WireRequest } from "../http.ts";

/** Where requests go and what each of them carries besides its own headers. */
export type Address = { readonly base: URL; readonly headers: Readonly<Record<string, string>> };

// The client writes these itself; a second one would break the framing of the request.
const OWN_HEADERS = new Set(["content-length", "transfer-encoding", "keep-alive", "upgrade", "expect"]);
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const FORBIDDEN_IN_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

/**
 * Reads an endpoint's URL and the target's headers. `user:password@` in the URL becomes basic authorization, unless a
 * header says otherwise.
 *
 * @throws {InputError} on a URL that is not absolute http or https, or a header that cannot be sent. Values of headers
 * may be secrets and are never part of the message.
 */
export function readAddress(url: string, headers: Readonly<Record<string, string>>): Address {
  const base = URL.parse(url);
  if (base === null)
    throw new InputError(`the endpoint "${url}" is not a URL`, { hint: "write it as http://host:port or https://host/path" });
  if (base.protocol !== "http:" && base.protocol !== "https:") {
    throw new InputError(`the endpoint's URL begins with "${base.protocol}//"`, { hint: "only http:// and https:// can be driven" });
  }
  const lower: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) lower[checkHeader(name, value)] = value;
  if (base.username !== "" && lower["authorization"] === undefined) {
    const pair = `${decodeURIComponent(base.username)}:${decodeURIComponent(base.password)}`;
    lower["authorization"] = `Basic ${Buffer.from(pair).toString("base64")}`;
  }
  base.username = "";
  base.password = "";
  base.hash = "";
  return { base, headers: lower };
}

/**
 * `path` below the endpoint's URL: `/v1?key=a` and `/chat?stream=1` make `/v1/chat?key=a&stream=1`. The path `/` means the
 * endpoint's URL as it stands. A version that both name counts once, because many servers are known by a URL that ends
 * in it: `/v1` and `/v1/chat/completions` make `/v1/chat/completions`.
 */
export function joinPath(base: URL, path: string): string {
  // A base of our own keeps `//host/x` a path, and encodes what may not stand in a URL.
  const below = new URL(`http://base${path.startsWith("/") ? "" : "/"}${path}`);
  const above = base.pathname.replace(/\/+$/, "");
  const version = /\/v\d+$/.exec(above)?.[0];
  const isNamedTwice = version !== undefined && below.pathname.startsWith(`${version}/`);
  const pathname = below.pathname === "/" ? base.pathname : (isNamedTwice ? above.slice(0, -version.length) : above) + below.pathname;
  const query = [base.search.slice(1), below.search.slice(1)].filter((part) => part !== "").join("&");
  return query === "" ? pathname : `${pathname}?${query}`;
}

/** Everything of a request that can be done before the clock starts. The target's headers win over the request's own. */
export function toWire(address: Address, request: PreparedRequest): WireRequest {
  const own: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) own[checkHeader(name, value)] = value;
  const { body, method } = request;
  if (!TOKEN.test(method) || method.toUpperCase() === "CONNECT")
    throw new InputError(`"${method}" is not a method that a request can have`);
  return {
    method,
    path: joinPath(address.base, request.path),
    headers: Object.entries({ "user-agent": "tailgate", accept: "*/*", ...own, ...address.headers }).flat(),
    body: body === undefined || body.byteLength === 0 ? null : Buffer.from(body.buffer, body.byteOffset, body.byteLength),
  };
}

function checkHeader(name: string, value: string): string {
  const lower = name.toLowerCase();
  if (!TOKEN.test(name)) throw new InputError(`"${name}" is not the name of a header`);
  if (OWN_HEADERS.has(lower))
    throw new InputError(`the header "${name}" cannot be set`, { hint: "the HTTP client writes it itself; leave it out" });
  if (FORBIDDEN_IN_VALUE.test(value)) {
    throw new InputError(`the value of the header "${name}" holds a character that HTTP forbids`, {
      hint: "look for a line break, often at the end of a secret",
    });
  }
  return lower;
}
