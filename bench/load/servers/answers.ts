import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { stream, uniform } from "../../../src/core/plan/random.ts";

/** What a server of this bench answers with. */
export type AnswerKind = "chat" | "json" | "binary";

/** Of streams only: ms between two events of one stream, whether all streams go in step, and events that share a TCP segment. */
export type AnswerOptions = {
  readonly kind: AnswerKind;
  readonly gapMs?: number;
  readonly together?: boolean;
  readonly perSegment?: number;
};

/** Content events of a chat answer; a role, a finish reason, a usage report and `[DONE]` come besides. */
export const TOKENS = 200;
/** Numbers of a tensor answer: the classes of an image classifier. */
const NUMBERS = 1000;
/** Answers that differ, because the answers of a server do. */
const ANSWERS = 64;

const WORDS = [" the", " model", " answers", ",", " token", " by", " to", "ken", " and", " a", ".", " latency", " is", "'s", " p", "99"];
/** Quotes, line ends and other scripts, as often as prose has them. */
const RARE = ["\n\n", ' "', "\n- ", " naïve", " 模型", "😀", "\\", "\t"];

/**
 * Chat completions as vLLM streams them, each event about 260 bytes, in chunks of HTTP/1.1: what comes in one element
 * was written at once.
 */
export function chatAnswers(perSegment: number): readonly (readonly Buffer[])[] {
  const draw = stream(1, "answers");
  const among = (words: readonly string[]) => words[Math.floor(uniform(draw) * words.length)]!;
  return Array.from({ length: ANSWERS }, () => {
    const id = `chatcmpl-${Array.from({ length: 32 }, () => Math.floor(uniform(draw) * 16).toString(16)).join("")}`;
    const common = { id, object: "chat.completion.chunk", created: 1_764_100_000, model: "meta-llama/Llama-3.1-8B-Instruct" };
    const event = (delta: object, finish: string | null) =>
      chunk({ ...common, choices: [{ index: 0, delta, logprobs: null, finish_reason: finish, token_ids: null }] });
    const usage = { prompt_tokens: 31, total_tokens: 31 + TOKENS, completion_tokens: TOKENS, prompt_tokens_details: null };
    const events = [
      event({ role: "assistant", content: "" }, null),
      ...Array.from({ length: TOKENS }, () => event({ content: uniform(draw) < 0.04 ? among(RARE) : among(WORDS) }, null)),
      event({ content: "" }, "stop"),
      chunk({ ...common, choices: [], usage }),
    ];
    const segments = Array.from({ length: Math.ceil(events.length / perSegment) }, (_, i) =>
      events.slice(i * perSegment, (i + 1) * perSegment).join(""),
    );
    return [...segments, `${framed("data: [DONE]\n\n")}0\r\n\r\n`].map((text) => Buffer.from(text));
  });
}

const chunk = (value: object): string => framed(`data: ${JSON.stringify(value)}\n\n`);
const framed = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

/** A tensor of FP32 as the Open Inference Protocol answers it over REST, headers and all. */
export function wholeAnswer(kind: "json" | "binary"): Buffer {
  const numbers = tensor();
  const output = { name: "scores", datatype: "FP32", shape: [1, NUMBERS] };
  const answer = (more: object) => JSON.stringify({ model_name: "resnet", model_version: "1", outputs: [{ ...output, ...more }] });
  const bytes = kind === "json" ? Buffer.alloc(0) : Buffer.from(numbers.buffer);
  const json = answer(kind === "json" ? { data: Array.from(numbers) } : { parameters: { binary_data_size: bytes.length } });
  const type = kind === "json" ? "application/json" : `application/octet-stream\r\nInference-Header-Content-Length: ${json.length}`;
  const head = `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: ${json.length + bytes.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head + json), bytes]);
}

/** The same tensor as the message of a gRPC call: a ModelInferResponse with its frame. */
export function grpcAnswer(): Buffer {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.LengthDelimited).string("resnet").tag(2, WireType.LengthDelimited).string("1");
  writer.tag(5, WireType.LengthDelimited).fork();
  writer.tag(1, WireType.LengthDelimited).string("scores").tag(2, WireType.LengthDelimited).string("FP32");
  writer.tag(3, WireType.LengthDelimited).fork().int64(1).int64(NUMBERS).join().join();
  writer.tag(6, WireType.LengthDelimited).bytes(new Uint8Array(tensor().buffer));
  const message = writer.finish();
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** Scores of an answer. */
function tensor(): Float32Array {
  const draw = stream(1, "scores");
  return Float32Array.from({ length: NUMBERS }, () => uniform(draw));
}
