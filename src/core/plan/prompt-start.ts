import { InputError } from "../errors.ts";
import type { SharedPrefix } from "../suite/prompt.ts";
import type { PayloadClass } from "../suite/suite.ts";
import { NONCE_PLACEHOLDER } from "./nonce.ts";
import type { Payload } from "./payload.ts";
import { BYTES_OF_A_TOKEN, MOST_PROMPT_BYTES } from "./prompt-limit.ts";
import { stream } from "./random.ts";
import { syntheticText } from "./text.ts";
import { tokenText } from "./token-text.ts";

/**
 * The payloads of a class with what their prompts begin with: a prefix that they share, then the place of a nonce. Of
 * several prefixes each stands before equally many payloads, which are repeated where there are fewer of them. A
 * synthetic text gives its first word for the nonce, so that it has as many words as it was asked to have.
 *
 * @param payloads at least one.
 * @throws {InputError} where a payload holds no text that could begin so, and where the prefixes would take more than 256 MiB.
 */
export function begunPayloads(payloads: readonly Payload[], payloadClass: PayloadClass, seed: number): readonly Payload[] {
  const { name, content, prefix, unique } = payloadClass;
  if (prefix === undefined && unique === undefined) return payloads;
  const groups = prefix?.groups ?? 1;
  const count = groups * Math.ceil(payloads.length / groups);
  if (prefix !== undefined) refuseTooMuch(prefix, count, name);
  const prefixes = prefix === undefined ? [""] : prefixesOf(prefix, name, seed);
  const begins = (text: string, i: number): string => {
    const own = unique !== undefined && isOfWords(content) ? text.replace(/^\S+\s*/, "") : text;
    return `${prefixes[i % prefixes.length]!}${unique === undefined ? "" : `${NONCE_PLACEHOLDER} `}${own}`.trimEnd();
  };
  return Array.from({ length: count }, (_, i) => {
    const begun = mapText(payloads[i % payloads.length]!, (text) => begins(text, i));
    if (begun !== undefined) return begun;
    throw new InputError(`payload "${name}" holds no text that could begin with ${unique === undefined ? "a prefix" : "a nonce"}`, {
      hint: `leave ${unique === undefined ? "prefix" : "unique"} out, or give it text, messages, or JSON with messages, prompt, text, input or inputs`,
    });
  });
}

const isOfWords = (content: PayloadClass["content"]): boolean =>
  content.kind === "text" || (content.kind === "sized-text" && content.unit === "words" && content.edges === undefined);

function refuseTooMuch({ unit, length }: SharedPrefix, count: number, name: string): void {
  const most = Math.floor(MOST_PROMPT_BYTES / BYTES_OF_A_TOKEN / count);
  if (length <= most) return;
  throw new InputError(
    `the prefixes of payload "${name}" would take more than ${MOST_PROMPT_BYTES / 2 ** 20} MiB in its ${count} requests`,
    {
      hint: `write ${unit}: ${most} at most, or fewer groups or lines`,
    },
  );
}

function prefixesOf({ unit, length, groups }: SharedPrefix, name: string, seed: number): readonly string[] {
  return Array.from({ length: groups }, (_, group) => {
    const next = stream(seed, "prefix", name, group);
    return `${unit === "words" ? syntheticText(next, [length, length]) : tokenText(next, length)}\n\n`;
  });
}

/** The payload with its first text changed; undefined where there is none. */
function mapText(payload: Payload, change: (text: string) => string): Payload | undefined {
  switch (payload.kind) {
    case "text":
      return { ...payload, text: change(payload.text) };
    case "messages": {
      const [first, ...others] = payload.messages;
      return { ...payload, messages: [{ ...first!, content: change(first!.content) }, ...others] };
    }
    case "json": {
      const value = mapJson(payload.value, change);
      // What was read is no longer what is sent.
      const { source: _, ...rest } = payload;
      return value === undefined ? undefined : { ...rest, value };
    }
    default:
      return undefined;
  }
}

/** Where requests have their prompt: of OpenAI, TGI and what tailgate itself reads as a text. */
const PROMPTS = ["messages", "prompt", "text", "input", "inputs", "content"] as const;

/** The value with its first prompt changed; undefined where there is none. */
function mapJson(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) {
    const items = value as readonly unknown[];
    const mapped = items.map((item, i) => (items.findIndex(hasPrompt) === i ? mapJson(item, change) : item));
    return items.some(hasPrompt) ? mapped : undefined;
  }
  if (!isMapping(value)) return undefined;
  const key = PROMPTS.find((each) => Object.hasOwn(value, each) && hasPrompt(value[each]));
  return key === undefined ? undefined : { ...value, [key]: mapJson(value[key], change) };
}

function hasPrompt(value: unknown): boolean {
  if (typeof value === "string") return true;
  if (Array.isArray(value)) return value.some(hasPrompt);
  return isMapping(value) && PROMPTS.some((key) => Object.hasOwn(value, key) && hasPrompt(value[key]));
}

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
