/**
 * What lies between the load generator and an endpoint, as far as its URL tells: scheme, then `loopback` (this machine),
 * `private` (an address or a name of an inner network) or `public`: `https public`. The host itself is left out, because
 * every preview has a name of its own. A name is not resolved, so that a public name may still lead into an inner network.
 *
 * @param url of http or https.
 *
 * Sources: RFC 1918, RFC 4193 and RFC 6598 (private addresses), RFC 3927 and RFC 4291 (link-local), RFC 6761 and RFC 6762
 * (`.localhost`, `.local`), RFC 8375 (`.home.arpa`); `.internal` is reserved for inner networks by ICANN (2024).
 */
export function endpointClass(url: string): string {
  const { protocol, hostname } = new URL(url);
  const host = hostname.toLowerCase().replace(/^\[|\]$|\.$/g, "");
  return `${protocol.slice(0, -1)} ${placeOf(host)}`;
}

function placeOf(host: string): "loopback" | "private" | "public" {
  if (host === "localhost" || host.endsWith(".localhost") || /^127(?:\.\d+){3}$/.test(host) || host === "::1") return "loopback";
  const isInner = host.includes(":") ? INNER_V6.test(host) : INNER_V4.test(host) || INNER_NAME.test(host) || !host.includes(".");
  return isInner ? "private" : "public";
}

const INNER_V4 = /^(?:10|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))(?:\.\d+)+$/;
/** fc00::/7 and fe80::/10. */
const INNER_V6 = /^(?:f[cd][0-9a-f]{2}|fe[89ab][0-9a-f]):/;
/** A cluster's services end in `.svc` or in the cluster's own domain, which is `cluster.local` unless it was renamed. */
const INNER_NAME = /\.(?:local|internal|svc|lan|home\.arpa)$/;
