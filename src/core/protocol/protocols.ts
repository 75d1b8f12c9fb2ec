import type { ProtocolName } from "../suite/suite.ts";
import { kserveV2 } from "./kserve-v2.ts";
import { openaiChat } from "./openai-chat.ts";
import type { Protocol } from "./protocol.ts";
import { raw } from "./raw.ts";

/** Every protocol tailgate speaks. */
export const protocols: Readonly<Record<ProtocolName, Protocol>> = { raw, "kserve-v2": kserveV2, "openai-chat": openaiChat };
