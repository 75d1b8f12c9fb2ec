import { InputError } from "../errors.ts";
import type { TraceColumns } from "../suite/prompt.ts";
import { PROTOCOL_FACTS } from "../suite/protocol-facts.ts";
import type { PayloadClass, ProtocolName } from "../suite/suite.ts";
import { NONCE_PLACEHOLDER, NONCE_TOKENS } from "./nonce.ts";
import type { Payload } from "./payload.ts";
import { BYTES_OF_A_TOKEN, MOST_PROMPT_BYTES } from "./prompt-limit.ts";
import { stream } from "./random.ts";
import { tokenText } from "./token-text.ts";
import type { TraceRequest } from "./trace-request.ts";

/** What a request takes besides its body. */
const BYTES_AROUND = 1024;

export type TracePayloadsInput = {
  readonly payloadClass: PayloadClass;
  readonly columns: TraceColumns;
  readonly protocol: ProtocolName;
  readonly file: string;
  readonly seed: number;
};

/**
 * One payload for each request of a trace: a prompt of about its length. Every block of the trace is the same text
 * wherever it stands, so that prompts which begin with the same blocks begin with the same bytes; what no block covers
 * is a text of the row's own. The last block of a prompt may be cut short: it is then the beginning of the whole one.
 *
 * @param requests at least one.
 * @throws {InputError} before anything is built where the prompts would take more than 256 MiB, and where the fields of a
 *   whole request hold no `{text}`.
 */
export function tracePayloads(requests: readonly TraceRequest[], input: TracePayloadsInput): readonly Payload[] {
  const { payloadClass, columns, protocol, file, seed } = input;
  refuseTooMuch(requests, file);
  const json = payloadClass.content.kind === "from-trace" ? payloadClass.content.json : undefined;
  const isWhole = json !== undefined && !PROTOCOL_FACTS[protocol].addsFields;
  if (isWhole && !JSON.stringify(json).includes("{text}")) {
    throw new InputError(`the json of payload "${payloadClass.name}" holds no {text}: all of its requests would be the same`, {
      hint: 'write for example json: { inputs: "{text}" }',
    });
  }
  const blockText = openBlocks(seed, columns.blockTokens);
  return requests.map((request): Payload => {
    const text = promptOf(request, { blockText, blockTokens: columns.blockTokens, seed, isUnique: payloadClass.unique !== undefined });
    const fields = json === undefined ? undefined : filled(json, text, request);
    if (isWhole) return { kind: "json", value: fields };
    const { outputTokens } = request;
    return { kind: "text", text, ...(outputTokens === undefined ? {} : { outputTokens }), ...(fields === undefined ? {} : { fields }) };
  });
}

function refuseTooMuch(requests: readonly TraceRequest[], file: string): void {
  const tokens = requests.reduce((sum, { inputTokens }) => sum + inputTokens, 0);
  const bytes = tokens * BYTES_OF_A_TOKEN + requests.length * BYTES_AROUND;
  if (bytes <= MOST_PROMPT_BYTES) return;
  const longest = Math.max(1, Math.floor((MOST_PROMPT_BYTES / requests.length - BYTES_AROUND) / BYTES_OF_A_TOKEN));
  const counted = (count: number) => count.toLocaleString("en-US");
  throw new InputError(
    `this replay is ${counted(requests.length)} requests with ${counted(tokens)} tokens of prompts, about ${Math.ceil(bytes / 2 ** 20)} MiB, and ${MOST_PROMPT_BYTES / 2 ** 20} MiB are the most`,
    {
      position: { file, line: requests[0]!.line, column: 1 },
      hint: `shorten duration, lower sample, or write max-input: ${longest}`,
    },
  );
}

type Prompting = {
  readonly blockText: (name: number | string, tokens: number) => string;
  readonly blockTokens: number;
  readonly seed: number;
  readonly isUnique: boolean;
};

/** The nonce is part of the length: the end of the prompt gives way to it, and not the blocks that are shared. */
function promptOf(request: TraceRequest, { blockText, blockTokens, seed, isUnique }: Prompting): string {
  const { inputTokens, blocks, line } = request;
  const parts = isUnique ? [NONCE_PLACEHOLDER] : [];
  let left = inputTokens - (isUnique ? NONCE_TOKENS : 0);
  for (const name of blocks) {
    if (left <= 0) break;
    parts.push(blockText(name, Math.min(left, blockTokens)));
    left -= blockTokens;
  }
  if (left > 0) parts.push(tokenText(stream(seed, "trace row", line), left));
  return parts.join(" ");
}

function openBlocks(seed: number, blockTokens: number): Prompting["blockText"] {
  const known = new Map<number | string, string>();
  return (name, tokens) => {
    const next = () => stream(seed, "trace block", name);
    if (tokens < blockTokens) return tokenText(next(), tokens);
    const text = known.get(name) ?? tokenText(next(), blockTokens);
    known.set(name, text);
    return text;
  };
}

/** The value with what a row says in place of `{text}`, and numbers in place of texts that are a name of theirs. */
function filled(value: unknown, text: string, request: TraceRequest): Readonly<Record<string, unknown>> {
  const fill = (each: unknown): unknown => {
    if (each === "{input-tokens}") return request.inputTokens;
    if (each === "{output-tokens}") return request.outputTokens ?? null;
    if (typeof each === "string") return each.replaceAll("{text}", () => text);
    if (Array.isArray(each)) return each.map(fill);
    if (typeof each !== "object" || each === null) return each;
    return Object.fromEntries(Object.entries(each).map(([key, item]) => [key, fill(item)]));
  };
  return fill(value) as Readonly<Record<string, unknown>>;
}
