import { DEFAULT_CONNECTION } from "./defaults.ts";
import type { ConnectionPolicy, RetryPolicy, Target, TlsPolicy } from "./suite.ts";
import { formatForSuite } from "./units.ts";

/**
 * What of a target's connection, TLS and retry policy is not the usual, in words: `connection`, `tls`, `retry`, each only
 * where there is something to say. Holds no credential.
 */
export function describeConnection({
  connection,
  tls,
  retry,
}: Pick<Target, "connection" | "tls" | "retry">): Readonly<Partial<Record<"connection" | "tls" | "retry", string>>> {
  const [how, certificates] = [connectionText(connection), tlsText(tls)];
  return {
    ...(how === "" ? {} : { connection: how }),
    ...(certificates === "" ? {} : { tls: certificates }),
    ...(retry === undefined ? {} : { retry: retryText(retry) }),
  };
}

const connectionText = ({ reuse, requestsEach, http, streams, dns, proxy }: ConnectionPolicy): string =>
  [
    ...(http === "2"
      ? [`HTTP/2${reuse === "new" ? "" : `, up to ${streams} ${streams === 1 ? "stream" : "streams"} on a connection`}`]
      : []),
    ...(reuse === "new" ? ["a new connection for each request"] : []),
    ...(requestsEach === undefined ? [] : [`a connection is closed after ${requestsEach} ${requestsEach === 1 ? "request" : "requests"}`]),
    ...(dns === DEFAULT_CONNECTION.dns ? [] : ["the name is resolved once"]),
    ...(proxy === undefined ? [] : [`through the proxy ${URL.parse(proxy)?.host ?? proxy}`]),
  ].join(", ");

const tlsText = ({ ca, cert, serverName, verify }: TlsPolicy): string =>
  [
    ...(verify ? [] : ["certificates are not verified"]),
    ...(ca === undefined ? [] : [`an authority of its own (${ca})`]),
    ...(cert === undefined ? [] : [`a client certificate (${cert})`]),
    ...(serverName === undefined ? [] : [`under the name ${serverName}`]),
  ].join(", ");

const retryText = ({ attempts, on, backoffS, maxBackoffS, retryAfter }: RetryPolicy): string =>
  `up to ${attempts} attempts on ${on.join(", ")}, after ${formatForSuite(backoffS, "duration")} and up to ${formatForSuite(maxBackoffS, "duration")}${retryAfter === "respect" ? " or as Retry-After says" : ""}`;
