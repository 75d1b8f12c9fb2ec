import type { FailureKind } from "../../core/record/outcome.ts";

/** How far a request had come when its connection failed. */
export type Stage = {
  /** Its connection had answered an earlier request. */
  readonly reused: boolean;
  readonly onWire: boolean;
  readonly answered: boolean;
};

const DETAIL_LENGTH = 200;

/** Why a request whose exchange broke off counts as failed, in one line for a person. */
export function classify(error: Error, stage: Stage, origin: string): { readonly why: FailureKind; readonly detail: string } {
  const { sentence } = explain(error, origin);
  if (isTlsRecord(error)) return { why: "connect", detail: sentence };
  if (isBadHttp(error) || (error as NodeJS.ErrnoException).code === "UND_ERR_HEADERS_OVERFLOW") return { why: "body", detail: sentence };
  if (stage.answered) return { why: "reset", detail: clip(`the connection broke during the answer: ${sentence}`) };
  if (stage.reused) return { why: "stale", detail: clip(`a kept-alive connection was closed under the request: ${sentence}`) };
  if (stage.onWire) return { why: "reset", detail: clip(`the connection broke before any answer: ${sentence}`) };
  return { why: "connect", detail: sentence };
}

/** What happened, in one line for a person, and whether waiting can mend it (a certificate does not become valid by waiting). */
export type Explanation = { readonly sentence: string; readonly heals: boolean };

type Words = readonly [sentence: string, heals?: "never"];

const TRUST = "; for an authority of your own, set NODE_EXTRA_CA_CERTS to its file";

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
  ERR_TLS_CERT_ALTNAME_INVALID: ["the TLS certificate is for another host", "never"],
  ERR_SSL_WRONG_VERSION_NUMBER: ["the endpoint speaks plain HTTP on this port; write http:// instead of https://", "never"],
  ERR_SSL_PACKET_LENGTH_TOO_LONG: ["the endpoint does not speak TLS on this port; write http:// instead of https://", "never"],
  ERR_SSL_HTTP_REQUEST: ["the endpoint speaks plain HTTP on this port; write http:// instead of https://", "never"],
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: ["the endpoint asks for a client certificate, which is not supported", "never"],
  ERR_SSL_UNSUPPORTED_PROTOCOL: ["no common version of TLS", "never"],
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: ["no common version of TLS", "never"],
  ERR_INVALID_URL: ["this is not a URL", "never"],
};

/** Puts an error of the network or of the HTTP client into words. One line, at most 200 characters, no header, no body. */
export function explain(error: Error, origin: string): Explanation {
  if (isTlsRecord(error)) return { sentence: "the endpoint speaks TLS on this port; write https:// instead of http://", heals: false };
  if (isBadHttp(error)) return { sentence: clip(`the answer is not HTTP/1.1: ${error.message}`), heals: false };
  // Several addresses of one name tried in turn: the last attempt's reason stands for all.
  const one = error instanceof AggregateError ? ((error.errors.at(-1) as Error | undefined) ?? error) : error;
  const { code, address, port } = one as NodeJS.ErrnoException & { readonly address?: string; readonly port?: number };
  // Many servers close without a word when plain HTTP comes to a port that speaks TLS.
  const maybeTls = code === "UND_ERR_SOCKET" && origin.startsWith("http:") ? " (does this port speak TLS? then write https://)" : "";
  const words = code === undefined ? undefined : BY_CODE[code];
  if (words === undefined)
    return {
      sentence: clip(`${one.message} ${code === undefined ? "" : `(${code})`}`),
      heals: !/^(CERT_|ERR_TLS_|ERR_SSL_)/.test(code ?? ""),
    };
  const where =
    address === undefined ? hostOf(origin) : `${address.includes(":") ? `[${address}]` : address}${port === undefined ? "" : `:${port}`}`;
  return {
    sentence: clip(`${words[0].includes(";") ? words[0].replace(";", ` at ${where};`) : `${words[0]} at ${where}`} (${code})${maybeTls}`),
    heals: words[1] !== "never",
  };
}

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
