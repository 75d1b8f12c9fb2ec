import type { PAYLOAD_KINDS } from "./payload-schema.ts";
import type { ProtocolName } from "./suite.ts";

type PayloadKind = (typeof PAYLOAD_KINDS)[number];

/** What a suite has to know of a protocol to say what fits it. How it is spoken is in `core/protocol/`. */
export type ProtocolFacts = {
  /** Kinds of payload that it can carry, the most natural one first. */
  readonly carries: readonly PayloadKind[];
  /** Whether the model is named apart from the path and the payload. */
  readonly namesModel: boolean;
  /** Whether its answers can be streams of tokens, and whether they are unless the suite says otherwise. */
  readonly streams: "by-default" | "on-request" | "never";
  /** Whether it generates text, whose length is told in tokens. */
  readonly generates: boolean;
  /** The version of HTTP that it needs; undefined where any will do. */
  readonly http: "2" | undefined;
  /** Whether tensors can travel as bytes instead of JSON. */
  readonly binaryTensors: boolean;
  /** Whether an endpoint can be asked which inputs its model takes. */
  readonly describesModel: boolean;
  /** Whether a request is JSON in which fields of the user's can stand beside the prompt. */
  readonly addsFields: boolean;
};

const GENERATING = { streams: "by-default", generates: true, addsFields: true } as const;

const MEDIA = ["files", "image", "audio"] as const;

export const PROTOCOL_FACTS: Readonly<Record<ProtocolName, ProtocolFacts>> = {
  raw: facts(["body", "json", "text", "file", ...MEDIA, "multipart", "from-trace"], { namesModel: false, streams: "on-request" }),
  "kserve-v2": facts(["tensors", "text", "json", "file", ...MEDIA, "from-trace"], { binaryTensors: true, describesModel: true }),
  "kserve-v2-grpc": facts(["tensors", "text", "json", "file", ...MEDIA, "from-trace"], {
    streams: "on-request",
    http: "2",
    describesModel: true,
  }),
  "openai-chat": facts(["messages", "text", "json", "file", ...MEDIA, "from-trace"], GENERATING),
  "openai-completions": facts(["text", "json", "file", "from-trace"], GENERATING),
  "openai-embeddings": facts(["text", "json", "file", "from-trace"], { addsFields: true }),
  "tf-serving": facts(["tensors", "text", "json", "file", ...MEDIA, "from-trace"]),
  torchserve: facts(["body", "json", "text", "file", ...MEDIA, "multipart", "from-trace"], { streams: "on-request" }),
};

/** The protocols of which something is true, for a sentence: `openai-chat or openai-completions`. */
export function protocolsWith(holds: (facts: ProtocolFacts) => boolean): string {
  const names = Object.entries(PROTOCOL_FACTS).flatMap(([name, of]) => (holds(of) ? [name] : []));
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

/** The facts of a protocol by its name as written; undefined for one that is unknown. */
export const factsOf = (protocol: unknown): ProtocolFacts | undefined =>
  typeof protocol === "string" && Object.hasOwn(PROTOCOL_FACTS, protocol) ? PROTOCOL_FACTS[protocol as ProtocolName] : undefined;

function facts(carries: readonly PayloadKind[], other: Partial<ProtocolFacts> = {}): ProtocolFacts {
  return {
    carries,
    namesModel: true,
    streams: "never",
    generates: false,
    http: undefined,
    binaryTensors: false,
    describesModel: false,
    addsFields: false,
    ...other,
  };
}
