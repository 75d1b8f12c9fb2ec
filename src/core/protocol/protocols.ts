import type { ProtocolName } from "../suite/suite.ts";
import { kserveV2 } from "./kserve-v2.ts";
import { kserveV2Grpc } from "./kserve-v2-grpc.ts";
import { openaiChat } from "./openai-chat.ts";
import { openaiCompletions } from "./openai-completions.ts";
import { openaiEmbeddings } from "./openai-embeddings.ts";
import type { Protocol } from "./protocol.ts";
import { raw } from "./raw.ts";
import { tfServing } from "./tf-serving.ts";
import { torchserve } from "./torchserve.ts";

/** Every protocol tailgate speaks. What the suite has to know of each is in `core/suite/protocol-facts.ts`. */
export const protocols: Readonly<Record<ProtocolName, Protocol>> = {
  raw,
  "kserve-v2": kserveV2,
  "kserve-v2-grpc": kserveV2Grpc,
  "openai-chat": openaiChat,
  "openai-completions": openaiCompletions,
  "openai-embeddings": openaiEmbeddings,
  "tf-serving": tfServing,
  torchserve,
};
