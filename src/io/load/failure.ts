import type { FailureKind } from "../../core/record/outcome.ts";
import { CLOSED, GOAWAY, NO_HTTP2, RESET } from "../http2.ts";
import type { ProxyError } from "../proxy.ts";

/** How far a request had come when its connection failed. */
export type Stage = {
  /** Its connection had answered an earlier request, */
  readonly reused: boolean;
  /** and nothing was under way on it when this one came. */
  readonly wasIdle: boolean;
  readonly onWire: boolean;
  readonly answered: boolean;
};

const DETAIL_LENGTH = 200;

/** Why a request whose exchange broke off counts as failed, in one line for a person. */
export function classify(error: Error, stage: Stage, origin: string): { readonly why: FailureKind; readonly detail: string } {
  const { sentence } = explain(error, origin);
  const code = codeOf(error);
  if (isTlsRecord(error) || code === NO_HTTP2) return { why: "connect", detail: sentence };
  // With TLS 1.3 an endpoint rejects the client's certificate when the client has sent its request already.
  if (!stage.answered && /^ERR_SSL_.*_ALERT_/.test(code)) return { why: "connect", detail: sentence };
  if (isBadHttp(error) || code === "UND_ERR_HEADERS_OVERFLOW") return { why: "body", detail: sentence };
  if (stage.answered) return { why: "reset", detail: clip(`the connection broke during the answer: ${sentence}`) };
  if (code === RESET) return { why: "reset", detail: sentence };
  // A connection that others were using was not closed for being idle, unless the endpoint says that it was closing it.
  if (stage.reused && (stage.wasIdle || code === GOAWAY))
    return { why: "stale", detail: clip(`a kept-alive connection was closed under the request: ${sentence}`) };
  if (stage.onWire) return { why: "reset", detail: clip(`the connection broke before any answer: ${sentence}`) };
  return { why: "connect", detail: sentence };
}

/** What happened, in one line for a person, and whether waiting can mend it (a certificate does not become valid by waiting). */
export type Explanation = { readonly sentence: string; readonly heals: boolean };

type Words = readonly [sentence: string, heals?: "never"];

const TRUST = "; for an authority of your own, name its file in target.tls.ca";
const CLIENT = "; see target.tls.cert and key";
const HTTP_1 = '; write http: "1.1" in target.connection, or switch HTTP/2 on there';

const BY_CODE: Readonly<Record<string, Words>> = {
  ECONNREFUSED: ["connection refused"],
  ECONNRESET: ["the endpoint reset the connection"],
  EPIPE: ["the endpoint closed the connection while the request was sent"],
  UND_ERR_SOCKET: ["the endpoint closed the connection"],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ["the answer is shorter or longer than its content-length says"],
  UND_ERR_HEADERS_OVERFLOW: ["the headers of the answer are too large"],
  ENOTFOUND: ["the name of the host does not resolve"],
  EAI_AGAIN: ["the name server does not answer"],
  ETIMEDOUT: ["the network gave up connecting"],
  EHOSTUNREACH: ["no route to the host"],
  ENETUNREACH: ["no route to the network"],
  EADDRNOTAVAIL: ["this machine has no free port left for another connection; lower the rate or max-in-flight"],
  EMFILE: ["this machine's limit of open files is reached; raise it (ulimit -n) or lower max-in-flight"],
  DEPTH_ZERO_SELF_SIGNED_CERT: [`the TLS certificate is self-signed${TRUST}`, "never"],
  SELF_SIGNED_CERT_IN_CHAIN: [`the TLS certificate was signed by an unknown authority${TRUST}`, "never"],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [`the TLS certificate's chain is incomplete or its authority unknown${TRUST}`, "never"],
  UNABLE_TO_GET_ISSUER_CERT: [`the TLS certificate's authority is unknown${TRUST}`, "never"],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [`the TLS certificate's authority is unknown${TRUST}`, "never"],
  CERT_HAS_EXPIRED: ["the TLS certificate has expired", "never"],
  CERT_NOT_YET_VALID: ["the TLS certificate is not valid yet; compare the clocks of both machines", "never"],
  ERR_TLS_CERT_ALTNAME_INVALID: ["the TLS certificate is for another host; see target.tls.server-name", "never"],
  ERR_SSL_WRONG_VERSION_NUMBER: ["the endpoint speaks plain HTTP on this port; write http:// instead of https://", "never"],
  ERR_SSL_PACKET_LENGTH_TOO_LONG: ["the endpoint does not speak TLS on this port; write http:// instead of https://", "never"],
  ERR_SSL_HTTP_REQUEST: ["the endpoint speaks plain HTTP on this port; write http:// instead of https://", "never"],
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: [`the endpoint asks for a client certificate${CLIENT}`, "never"],
  ERR_SSL_UNSUPPORTED_PROTOCOL: ["no common version of TLS", "never"],
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: ["no common version of TLS", "never"],
  ERR_INVALID_URL: ["this is not a URL", "never"],
};

/** OpenSSL's names of alerts differ between versions in what stands before them. */
const BY_ALERT: readonly (readonly [RegExp, string])[] = [
  [
    /_ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_\w+|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED|DECRYPT_ERROR)$/,
    `the endpoint rejected the client's certificate${CLIENT}`,
  ],
  [/_ALERT_HANDSHAKE_FAILURE$/, "the endpoint refused the TLS handshake; if it asks for a client certificate, see target.tls.cert and key"],
];

function wordsOf(error: Error, code: string): Words | undefined {
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return otherHost(error) ?? BY_CODE[code];
  if (code === NO_HTTP2) return [error.message + HTTP_1, "never"];
  if (code === GOAWAY || code === CLOSED || code === RESET) return [error.message];
  const alert = BY_ALERT.find(([pattern]) => pattern.test(code));
  return BY_CODE[code] ?? (alert === undefined ? undefined : [alert[1], "never"]);
}

/** Which host was asked for, and which names the certificate has. */
function otherHost(error: Error): Words | undefined {
  const { host, cert } = error as {
    readonly host?: string;
    readonly cert?: { readonly subjectaltname?: string; readonly subject?: { CN?: string } };
  };
  const names = cert?.subjectaltname?.replaceAll(/(DNS|IP Address):/g, "") ?? cert?.subject?.CN;
  if (host === undefined || names === undefined) return undefined;
  const shown = names.length > 80 ? `${names.slice(0, 79)}…` : names;
  return [`the TLS certificate is for ${shown} and not for ${host}; if that is right, see target.tls.server-name`, "never"];
}

/** Puts an error of the network or of the HTTP client into words. One line, at most 200 characters, no header, no body. */
export function explain(error: Error, origin: string): Explanation {
  if (isTlsRecord(error)) return { sentence: "the endpoint speaks TLS on this port; write https:// instead of http://", heals: false };
  if (isBadHttp(error)) return { sentence: clip(`the answer is not HTTP/1.1: ${error.message}`), heals: false };
  // Several addresses of one name tried in turn: the last attempt's reason stands for all.
  const one = error instanceof AggregateError ? ((error.errors.at(-1) as Error | undefined) ?? error) : error;
  const { address, port } = one as { readonly address?: string; readonly port?: number };
  const code = codeOf(one);
  const words = wordsOf(one, code);
  const { proxy, heals } = error as Partial<ProxyError>;
  if (proxy !== undefined) {
    if (heals !== undefined) return { sentence: clip(error.message), heals };
    const why = words?.[0].split(";")[0]?.replace("the endpoint", "it") ?? one.message;
    return {
      sentence: clip(`the proxy ${proxy} cannot be used: ${why} (${code}); check target.connection.proxy`),
      heals: words?.[1] !== "never",
    };
  }
  // Many servers close without a word when plain HTTP comes to a port that speaks TLS.
  const maybeTls = code === "UND_ERR_SOCKET" && origin.startsWith("http:") ? " (does this port speak TLS? then write https://)" : "";
  if (words === undefined)
    return { sentence: clip(`${one.message} ${code === "" ? "" : `(${code})`}`), heals: !/^(CERT_|ERR_TLS_|ERR_SSL_)/.test(code) };
  const where =
    address === undefined ? hostOf(origin) : `${address.includes(":") ? `[${address}]` : address}${port === undefined ? "" : `:${port}`}`;
  return {
    sentence: clip(`${words[0].includes(";") ? words[0].replace(";", ` at ${where};`) : `${words[0]} at ${where}`} (${code})${maybeTls}`),
    heals: words[1] !== "never",
  };
}

const codeOf = (error: Error): string => (error as NodeJS.ErrnoException).code ?? "";

/** A plain request was answered by a TLS record: alert (21) or handshake (22), version 3.x. */
function isTlsRecord(error: Error): boolean {
  const data = (error as { readonly data?: unknown }).data;
  return isBadHttp(error) && typeof data === "string" && [0x15, 0x16].includes(data.charCodeAt(0)) && data.charCodeAt(1) === 3;
}

/** The client could not parse the answer. Its parser's errors have no stable code, but a name. */
const isBadHttp = (error: Error): boolean => error.name === "HTTPParserError";

const hostOf = (origin: string): string => URL.parse(origin)?.host ?? origin;

/** One line of at most 200 characters. */
export function clip(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= DETAIL_LENGTH ? line : `${line.slice(0, DETAIL_LENGTH - 1)}…`;
}

/** The deadline of `AbortSignal.timeout` was over. */
export const isTimeout = (error: unknown): boolean => error instanceof DOMException && error.name === "TimeoutError";
