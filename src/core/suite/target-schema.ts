import { z } from "zod";
import { checkSchema } from "./check-schema.ts";
import { connectionSchema, retrySchema, tlsSchema } from "./connection-schema.ts";
import { responseHeaderSchema, serverTimingSchema, traceSchema } from "./correlation-schema.ts";
import { DEFAULT_MAX_IN_FLIGHT } from "./defaults.ts";
import { choice, path, quantity, template, url } from "./fields.ts";
import { PROTOCOLS } from "./suite.ts";

const PROTOCOLS_BY_OTHER_NAMES = {
  http: "raw",
  https: "raw",
  openai: "openai-chat",
  chat: "openai-chat",
  completions: "openai-completions",
  embeddings: "openai-embeddings",
  kserve: "kserve-v2",
  oip: "kserve-v2",
  triton: "kserve-v2",
  grpc: "kserve-v2-grpc",
  "triton-grpc": "kserve-v2-grpc",
  tensorflow: "tf-serving",
  "tensorflow-serving": "tf-serving",
};

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] as const;

/** The HTTP client sets these itself: a second value would break the request or its measurement. */
const HEADERS_OF_THE_CLIENT = ["connection", "content-length", "expect", "keep-alive", "transfer-encoding", "upgrade"];

const headerName = z.string().check((context) => {
  const { value: input } = context;
  const reject = (message: string, hint: string) => context.issues.push({ code: "custom", message, input, params: { hint } });
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(input)) reject(`"${input}" is not a header name`, "letters, digits and dashes: x-api-key");
  else if (HEADERS_OF_THE_CLIENT.includes(input.toLowerCase())) reject(`the header "${input}" is set by tailgate itself`, "leave it out");
});

export const targetSchema = z
  .strictObject({
    protocol: choice(PROTOCOLS, "How the endpoint is asked and how its answers are read.", {
      alsoKnownAs: PROTOCOLS_BY_OTHER_NAMES,
    }),
    endpoint: url("Base URL of the preview. `--endpoint` and the action's `endpoint` input win over it.")
      .meta({ examples: ["http://127.0.0.1:8000", "${env:PREVIEW_URL}"] })
      .optional(),
    method: choice(METHODS, "HTTP method of `raw`. Default: POST, or GET for a suite without payloads.").optional(),
    path: path("Path of a request below the endpoint. Every protocol has its own default; `raw` asks `/`.")
      .meta({ examples: ["/", "/v1/chat/completions"] })
      .optional(),
    model: template(
      "Name of the model: part of the path of `kserve-v2`, `tf-serving` and `torchserve`, sent as `model` by the OpenAI protocols and as `model_name` by `kserve-v2-grpc`.",
    )
      .meta({ examples: ["sentiment"] })
      .optional(),
    stream: z
      .boolean()
      .describe(
        "Ask for a stream: of tokens with `openai-chat` and `openai-completions`, of answers with `kserve-v2-grpc` (Triton's ModelStreamInfer). Default: true for the two OpenAI protocols, else false.",
      )
      .optional(),
    "max-tokens": z
      .int()
      .min(1)
      .describe("`openai-chat` and `openai-completions`: sent as `max_tokens`. Set it: answers of different length cannot be compared.")
      .meta({ examples: [200] })
      .optional(),
    "tensor-encoding": choice(
      ["json", "binary"],
      "`kserve-v2`: how tensors travel. `binary` is the binary tensor data extension, which Triton speaks. Default: json.",
    ).optional(),
    metadata: choice(
      ["check", "ignore"],
      "`kserve-v2` and `kserve-v2-grpc`: whether tensors of the suite that contradict what the model says of its inputs stop the run before the load. Default: check.",
    ).optional(),
    headers: z
      .record(headerName, template("Value of the header; `${env:NAME}` reads an environment variable, which is masked everywhere."))
      .describe("Sent with every request. Names are not case-sensitive.")
      .meta({ examples: [{ authorization: "Bearer ${env:API_TOKEN}" }] })
      .prefault({}),
    timeout: quantity("duration", "Deadline of one request, counted from its intended start.", { most: "1h" }).prefault("30s"),
    "max-in-flight": z
      .int()
      .min(1)
      .max(65_536)
      .describe(
        "Most requests under way at once. In an open loop an arrival beyond it is counted as failed, never hidden; a closed loop has at most so many users.",
      )
      .default(DEFAULT_MAX_IN_FLIGHT),
    ready: z
      .strictObject({
        path: path("Polled until it answers with 2xx. Without it, any HTTP answer counts as ready.")
          .meta({ examples: ["/v2/health/ready"] })
          .optional(),
        timeout: quantity("duration", "How long to wait before the run gives up.", { most: "6h" }).prefault("1m"),
      })
      .describe("When the endpoint is ready to be measured. Without this key: any HTTP answer within 30s.")
      .meta({ examples: [{ path: "/v2/health/ready", timeout: "5m" }] })
      .optional(),
    identity: z
      .strictObject({
        path: path("Where the endpoint says which build it is.").meta({ examples: ["/version"] }),
        equals: template("What it must say: usually the commit. A prefix of at least 7 characters is enough.").meta({
          examples: ["${env:GITHUB_SHA}"],
        }),
        field: z
          .string()
          .min(1)
          .describe("Dotted path into a JSON answer: `build.commit`. Default: the whole body.")
          .meta({ examples: ["build.commit"] })
          .optional(),
      })
      .describe("Are we measuring the build we think? A mismatch makes the run invalid.")
      .meta({ examples: [{ path: "/version", equals: "${env:GITHUB_SHA}" }] })
      .optional(),
    check: checkSchema,
    connection: connectionSchema.prefault({}),
    tls: tlsSchema.prefault({}),
    retry: retrySchema.optional(),
    trace: traceSchema.optional(),
    "server-timing": serverTimingSchema.optional(),
    "response-header": responseHeaderSchema.optional(),
  })
  .describe("The endpoint to measure.")
  .meta({ examples: [{ protocol: "raw", method: "POST", path: "/" }] });
