import { z } from "zod";
import { choice, inWords, quantity, url } from "./fields.ts";
import { suggest } from "./nearest.ts";
import type { RetryCause } from "./suite.ts";

export const connectionSchema = z
  .strictObject({
    reuse: choice(
      ["keep-alive", "new"],
      "`keep-alive`: a connection serves one request after another for as long as the endpoint lets it. `new`: every request opens its own connection and closes it. Default: keep-alive.",
      { alsoKnownAs: { keepalive: "keep-alive", keep: "keep-alive", none: "new", close: "new", never: "new" } },
    ).prefault("keep-alive"),
    "requests-each": z
      .int()
      .min(1)
      .max(1_000_000_000)
      .describe("Churn: a connection is closed after this many requests. Default: never by us.")
      .meta({ examples: [100] })
      .optional(),
    http: choice(
      ["1.1", "2"],
      "Version of HTTP. With 2 the endpoint has to speak it: over TLS by ALPN, without TLS by prior knowledge; nothing falls back. Default: 1.1.",
      {
        alsoKnownAs: { "http/1.1": '"1.1"', h1: '"1.1"', "http/2": '"2"', h2: '"2"', h2c: '"2"', "2.0": '"2"' },
        notYet: { "3": 'use http: "2"', h3: 'use http: "2"', "http/3": 'use http: "2"' },
        unquoted: [
          [1.1, "1.1"],
          [2, "2"],
        ],
      },
    ).prefault("1.1"),
    streams: z
      .int()
      .min(1)
      .max(100_000)
      .describe("HTTP/2: most requests under way on one connection; the endpoint may allow less. Default: 100.")
      .meta({ examples: [100] })
      .optional(),
    dns: choice(
      ["each", "once"],
      "`each`: the host's name is resolved for every new connection. `once`: when the run begins; its addresses then take turns. Default: each.",
      { alsoKnownAs: { always: "each", connection: "each", start: "once", cached: "once" } },
    ).prefault("each"),
    proxy: url("HTTP proxy that connections are tunnelled through (CONNECT). `user:password@` in it is sent to the proxy and masked.")
      .meta({ examples: ["${env:PROXY_URL}", "http://proxy.internal:3128"] })
      .optional(),
  })
  .describe("How connections are made and kept. It shapes what is measured, so runs with another policy are not comparable.")
  .meta({ examples: [{ reuse: "new" }, { http: "2", streams: 50 }] });

const pem = (description: string, example: string) =>
  z
    .string()
    .min(1)
    .describe(description)
    .meta({ examples: [example] })
    .optional();

export const tlsSchema = z
  .strictObject({
    ca: pem("PEM file of certificates that are trusted besides the machine's own. Path relative to the suite.", "certs/ca.pem"),
    cert: pem("PEM file of the client's certificate (mTLS). Path relative to the suite.", "certs/client.pem"),
    key: pem("PEM file of the key that belongs to `cert`, not encrypted. Path relative to the suite.", "certs/client.key"),
    "server-name": z
      .string()
      .regex(/^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?$/)
      .describe("Name that the endpoint's certificate must have and that is sent as SNI. Default: the URL's host.")
      .meta({ examples: ["preview.internal"] })
      .optional(),
    verify: choice(["yes", "no"], "Whether the endpoint's certificate is verified. `no` is said in every report. Default: yes.", {
      unquoted: [
        [true, "yes"],
        [false, "no"],
      ],
    }).prefault("yes"),
  })
  .describe("Certificates of an https endpoint.")
  .meta({ examples: [{ ca: "certs/ca.pem" }, { cert: "certs/client.pem", key: "certs/client.key" }] });

const CAUSES = ["connect", "stale", "reset"] as const;

const causeSchema = z
  .unknown()
  .transform((input, context): RetryCause => {
    const reject = (message: string, hint: string) => {
      context.issues.push({ code: "custom", message, input, params: { hint } });
      return z.NEVER;
    };
    if (typeof input === "number") {
      if (Number.isInteger(input) && input >= 400 && input <= 599) return input;
      return reject(`${input} is not the status of a failed answer`, "write 400 to 599");
    }
    const word = CAUSES.find((cause) => cause === input);
    if (word !== undefined) return word;
    if (input === "timeout")
      return reject("a request that ran into its deadline has no time left to be sent again", "leave it out, or raise target.timeout");
    if (typeof input !== "string") return reject(`${inWords(input)} is no cause`, `write a status, or one of ${CAUSES.join(", ")}`);
    if (/^\d{3}$/.test(input)) return reject(`"${input}" is text`, `write ${input} without quotes`);
    return reject(`"${input}" is not known here`, suggest(input, CAUSES));
  })
  .meta({
    anyOf: [
      { type: "integer", minimum: 400, maximum: 599 },
      { type: "string", enum: [...CAUSES] },
    ],
    description: "A status from 400 to 599, or `connect`, `stale`, `reset`: a connection that failed before any answer.",
    examples: [503, "connect"],
  });

export const retrySchema = z
  .strictObject({
    attempts: z.int().min(2).max(100).describe("Most times that one request is sent, the first included.").default(3),
    on: z
      .array(causeSchema)
      .min(1)
      .describe("What is sent again. Default: 429 and 503, with which an endpoint itself asks to be tried later.")
      .meta({ examples: [[429, 503, "connect"]] })
      .default([429, 503]),
    backoff: quantity("duration", "Wait before the second attempt; doubles with each further one, and is drawn from its upper half.", {
      most: "10m",
    }).prefault("100ms"),
    "max-backoff": quantity("duration", "Longest wait that doubling leads to.", { most: "1h" }).prefault("5s"),
    "retry-after": choice(
      ["respect", "ignore"],
      "`respect`: an answer's `Retry-After` is the wait, where it is longer. Default: respect.",
    ).prefault("respect"),
  })
  .describe(
    "Retries, only on this wish: latency runs on from the first intended start, and each attempt is counted. Without this key: none.",
  )
  .meta({ examples: [{ attempts: 3, on: [429, 503] }] });

export type WrittenConnection = z.output<typeof connectionSchema>;
export type WrittenTls = z.output<typeof tlsSchema>;
export type WrittenRetry = z.output<typeof retrySchema>;
