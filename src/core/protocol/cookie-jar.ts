/** Most cookies of one session, and most characters of each with its name: RFC 6265 §6.1 asks clients for 50 and 4096. */
const MOST_COOKIES = 100;
const LONGEST = 4096;

type Cookie = {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  readonly secure: boolean;
  /** Milliseconds since 1970. */
  readonly untilMs: number;
};

/** Where a request goes, as far as cookies know it. `path` is that of its URL, with or without a query. */
export type CookiePlace = { readonly host: string; readonly path: string; readonly secure: boolean; readonly nowMs: number };

/**
 * The cookies of one session with one host: what it sets comes back to it, by Path, Secure, Max-Age and Expires. A cookie
 * for another domain, or that no header can hold, is left out. RFC 6265 §5.2 to §5.4 for a single host: SameSite and
 * HttpOnly mean nothing to a client without pages.
 */
export class CookieJar {
  #cookies: readonly Cookie[] = [];

  /** @param headers each value of `set-cookie` by itself. */
  store(headers: readonly string[], place: CookiePlace): void {
    for (const header of headers) {
      const cookie = readCookie(header, place);
      if (cookie === undefined) continue;
      const others = this.#cookies.filter(({ name, path }) => name !== cookie.name || path !== cookie.path);
      if (cookie.untilMs <= place.nowMs) this.#cookies = others;
      // One that is set again keeps its place in the order.
      else if (others.length < this.#cookies.length) this.#cookies = this.#cookies.map((each) => (others.includes(each) ? each : cookie));
      else if (others.length < MOST_COOKIES) this.#cookies = [...others, cookie];
    }
  }

  /** The value of `cookie` for a request; undefined for none. Longer paths first, then older cookies. */
  header({ path, secure, nowMs }: CookiePlace): string | undefined {
    if (this.#cookies.length === 0) return undefined;
    const at = pathname(path);
    const fitting = this.#cookies.filter((cookie) => cookie.untilMs > nowMs && (secure || !cookie.secure) && holds(cookie.path, at));
    if (fitting.length === 0) return undefined;
    return fitting
      .toSorted((a, b) => b.path.length - a.path.length)
      .map(({ name, value }) => `${name}=${value}`)
      .join("; ");
  }
}

function readCookie(header: string, { host, path, nowMs }: CookiePlace): Cookie | undefined {
  const [pair = "", ...rest] = header.split(";");
  const equals = pair.indexOf("=");
  const [name, value] = [pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()];
  if (equals < 0 || name === "" || name.length + value.length > LONGEST || /[^\x20-\x7e\x80-\xff]/.test(name + value)) return undefined;
  const attributes = new Map(
    rest.map((attribute) => {
      const [key = "", ...words] = attribute.split("=");
      return [key.trim().toLowerCase(), words.join("=").trim()];
    }),
  );
  const domain = attributes.get("domain")?.replace(/^\./, "").toLowerCase() ?? "";
  if (domain !== "" && host !== domain && !host.endsWith(`.${domain}`)) return undefined;
  const own = attributes.get("path") ?? "";
  return {
    name,
    value,
    path: own.startsWith("/") ? own : defaultPath(path),
    secure: attributes.has("secure"),
    untilMs: endOf(attributes.get("max-age"), attributes.get("expires"), nowMs),
  };
}

/** Max-Age wins over Expires; what cannot be read is not there. */
function endOf(maxAge: string | undefined, expires: string | undefined, nowMs: number): number {
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return Number(maxAge) <= 0 ? Number.NEGATIVE_INFINITY : nowMs + Number(maxAge) * 1000;
  const ms = expires === undefined ? Number.NaN : Date.parse(expires);
  return Number.isNaN(ms) ? Number.POSITIVE_INFINITY : ms;
}

const pathname = (path: string): string => path.replace(/[?#].*$/s, "");

/** The folder of the request's path, without its last slash (RFC 6265 §5.1.4). */
function defaultPath(path: string): string {
  const at = pathname(path);
  const slash = at.lastIndexOf("/");
  return slash <= 0 ? "/" : at.slice(0, slash);
}

const holds = (folder: string, path: string): boolean =>
  path === folder || (path.startsWith(folder) && (folder.endsWith("/") || path[folder.length] === "/"));
