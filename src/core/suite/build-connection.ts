import type { WrittenConnection, WrittenRetry, WrittenTls } from "./connection-schema.ts";
import { DEFAULT_CONNECTION } from "./defaults.ts";
import type { ConnectionPolicy, RetryPolicy, TlsPolicy } from "./suite.ts";

export const buildConnection = (written: WrittenConnection): ConnectionPolicy => ({
  reuse: written.reuse,
  requestsEach: written["requests-each"],
  http: written.http,
  streams: written.streams ?? DEFAULT_CONNECTION.streams,
  dns: written.dns,
  proxy: written.proxy,
});

export const buildTls = (written: WrittenTls): TlsPolicy => ({
  ca: written.ca,
  cert: written.cert,
  key: written.key,
  serverName: written["server-name"],
  verify: written.verify === "yes",
});

export const buildRetry = (written: WrittenRetry): RetryPolicy => ({
  attempts: written.attempts,
  on: written.on,
  backoffS: written.backoff,
  maxBackoffS: written["max-backoff"],
  retryAfter: written["retry-after"],
});
