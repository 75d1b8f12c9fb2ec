import type { Outcome } from "../record/outcome.ts";
import { excerpt, failed } from "./failure.ts";

type Headers = Readonly<Record<string, string>>;

/**
 * What the status of a gRPC call says: undefined for OK. A call that ends without one was cut short by somebody in
 * between, whatever came before.
 *
 * @param trailers of the response; where it has no message, the status stands in its headers.
 *
 * Source: grpc/grpc, doc/PROTOCOL-HTTP2.md (Trailers, percent-encoded message) and doc/statuscodes.md.
 */
export function callFailure(headers: Headers, trailers: Headers): Outcome["result"] | undefined {
  const status = trailers["grpc-status"] ?? headers["grpc-status"];
  const message = trailers["grpc-message"] ?? headers["grpc-message"] ?? "";
  if (status === undefined) return failed("truncated", "the call ended without a gRPC status");
  if (status === "0") return undefined;
  const name = STATUSES[Number(status)];
  const said = message === "" ? "no message" : excerpt(decoded(message));
  return failed("status", `gRPC status ${excerpt(status).slice(1, -1)}${name === undefined ? "" : ` (${name})`}: ${said}`);
}

// biome-ignore format: a list reads best in rows
const STATUSES = [
  "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS",
  "UNAUTHENTICATED",
];

/** What is wrongly encoded is shown as it came. */
function decoded(message: string): string {
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}
