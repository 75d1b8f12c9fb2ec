import { describe, expect, test } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import { readTrace } from "../../../src/core/plan/trace.ts";
import type { TraceRequest } from "../../../src/core/plan/trace-request.ts";
import type { TraceColumns } from "../../../src/core/suite/prompt.ts";

const COLUMNS: TraceColumns = {
  inputTokens: undefined,
  outputTokens: undefined,
  blocks: undefined,
  blockTokens: 512,
  maxInput: undefined,
  maxOutput: undefined,
};
const read = (file: string, text: string, columns: Partial<TraceColumns> = {}): readonly TraceRequest[] =>
  readTrace(new TextEncoder().encode(text), { file, time: undefined, unit: "s", requests: { ...COLUMNS, ...columns } }).requests;
const lengths = (requests: readonly TraceRequest[]) => requests.map(({ inputTokens, outputTokens }) => [inputTokens, outputTokens]);

function complaint(file: string, text: string, columns: Partial<TraceColumns> = {}): string {
  try {
    read(file, text, columns);
  } catch (error) {
    if (error instanceof InputError) return error.sentence;
    throw error;
  }
  return "no complaint";
}

describe("The requests of a trace are read", () => {
  test("of Azure's, with CRLF and without a last line break", () => {
    const text = "TIMESTAMP,ContextTokens,GeneratedTokens\r\n2023-11-16 18:17:03.9799600,4808,10\r\n2023-11-16 18:17:04.0319600,3180,8";
    const { requests } = readTrace(new TextEncoder().encode(text), {
      file: "azure.csv",
      time: undefined,
      unit: undefined,
      requests: COLUMNS,
    });
    expect(requests).toEqual([
      { line: 2, inputTokens: 4808, outputTokens: 10, blocks: [] },
      { line: 3, inputTokens: 3180, outputTokens: 8, blocks: [] },
    ]);
  });

  test("of BurstGPT's: what has no prompt says of no request, and one without a response did arrive and asks for one token", () => {
    const text =
      "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type\n5,,1.2,ChatGPT,472,18,490,Conversation log\n20,,,ChatGPT,0,0,0,Conversation log\n45,,,GPT-4,1087,0,1087,API log\n";
    expect(lengths(read("burst.csv", text))).toEqual([
      [472, 18],
      [1087, 1],
    ]);
    const whole = { file: "burst.csv", time: undefined, unit: undefined };
    const bytes = new TextEncoder().encode(text);
    expect([...readTrace(bytes, { ...whole, requests: COLUMNS }).arrivalsS]).toEqual([0, 40]);
    expect([...readTrace(bytes, whole).arrivalsS]).toEqual([0, 15, 40]);
  });

  test("of Mooncake's, with the blocks that prompts begin with", () => {
    const text =
      '{"timestamp": 0, "input_length": 1100, "output_length": 500, "hash_ids": [0, 14, 15]}\n{"timestamp": 1, "input_length": 512, "output_length": 1, "hash_ids": [0]}\n';
    expect(read("mooncake.jsonl", text)).toEqual([
      { line: 1, inputTokens: 1100, outputTokens: 500, blocks: [0, 14, 15] },
      { line: 2, inputTokens: 512, outputTokens: 1, blocks: [0] },
    ]);
  });

  test("of columns that are named, with blocks as a list or as names in a row", () => {
    const named = { inputTokens: "in", outputTokens: "OUT", blocks: "parts", blockTokens: 64 };
    const csv = 'ts,in,out,parts\n0,130,7,"[""a"",""b"",3]"\n1,100,7,a b\n2,100,7,a;c\n3,100,7,\n';
    expect(read("t.csv", csv, named).map(({ blocks }) => blocks)).toEqual([["a", "b", 3], ["a", "b"], ["a", "c"], []]);
    expect(lengths(read("t.jsonl", '{"ts":0,"in":"12","out":3.4}', { inputTokens: "in", outputTokens: "out" }))).toEqual([[12, 3]]);
  });

  test("without lengths of answers, and without lengths of prompts where blocks tell them", () => {
    expect(lengths(read("t.csv", "ts,prompt_tokens\n0,9\n"))).toEqual([[9, undefined]]);
    expect(lengths(read("t.jsonl", '{"ts":0,"hash_ids":[1,2]}', { blockTokens: 16 }))).toEqual([[32, undefined]]);
  });

  test("cut to the most that is asked for, blocks and all", () => {
    const text = '{"ts":0,"input_length":2000,"output_length":900,"hash_ids":[1,2,3,4]}';
    expect(read("t.jsonl", text, { maxInput: 600, maxOutput: 100 })).toEqual([
      { line: 1, inputTokens: 600, outputTokens: 100, blocks: [1, 2] },
    ]);
  });
});

describe("The requests of a trace: what is said about", () => {
  test("a trace without lengths, and a column that is not there", () => {
    expect(complaint("t.csv", "ts,tokens_in\n0,5\n")).toMatchInlineSnapshot(
      `"t.csv:1:1: no column of the trace is called ContextTokens, input_length, prompt_tokens or the like; name its column in the load: trace: { file: t.csv, input-tokens: tokens_in }"`,
    );
    expect(complaint("t.jsonl", '{"ts":0,"n":5}')).toMatchInlineSnapshot(
      `"t.jsonl:1:1: no key of the trace is called ContextTokens, input_length, prompt_tokens or the like; name its key in the load: trace: { file: t.jsonl, input-tokens: n }"`,
    );
    expect(complaint("t.csv", "ts,ContextTokens\n0,5\n", { outputTokens: "GeneratedTokens" })).toMatchInlineSnapshot(
      `"t.csv:1:1: the trace has no column "GeneratedTokens"; known are ts, ContextTokens"`,
    );
  });

  test("a length that is none", () => {
    expect(complaint("t.csv", "ts,ContextTokens\n0,5\n1,many\n")).toMatchInlineSnapshot(
      `"t.csv:3:3: "many" is not a number of tokens; write a whole number, 0 or more"`,
    );
    expect(complaint("t.csv", "ts,ContextTokens\n0,5\n1,\n")).toMatchInlineSnapshot(
      `"t.csv:3:3: "ContextTokens" is missing here; write a whole number, 0 or more"`,
    );
    expect(complaint("t.csv", "ts,ContextTokens,GeneratedTokens\n0,5,-1\n")).toMatchInlineSnapshot(
      `"t.csv:2:5: "-1" is not a number of tokens; write a whole number, 0 or more"`,
    );
    expect(complaint("t.jsonl", '{"ts":0,"input_length":5}\n{"ts":1}')).toMatchInlineSnapshot(
      `"t.jsonl:2:1: "input_length" is missing here; write a whole number, 0 or more"`,
    );
    expect(complaint("t.jsonl", '{"ts":0,"input_length":1e300}')).toMatchInlineSnapshot(
      `"t.jsonl:1:1: 1e+300 is not a number of tokens; write a whole number, 0 or more"`,
    );
  });

  test("blocks that are none, or more than the prompt holds", () => {
    expect(complaint("t.jsonl", '{"ts":0,"input_length":600,"hash_ids":7}')).toMatchInlineSnapshot(
      `"t.jsonl:1:1: 7 is not a list of blocks; write a list of numbers or texts: [0, 1, 2]"`,
    );
    expect(complaint("t.jsonl", '{"ts":0,"input_length":600,"hash_ids":[[1]]}')).toMatchInlineSnapshot(
      `"t.jsonl:1:1: [[1]] is not a list of blocks; write a list of numbers or texts: [0, 1, 2]"`,
    );
    expect(complaint("t.csv", "ts,input_length,blocks\n0,600,[1\n")).toMatchInlineSnapshot(
      `"t.csv:2:7: "[1" is not a list of blocks; write a list of numbers or texts: [0, 1, 2]"`,
    );
    expect(complaint("t.jsonl", '{"ts":0,"input_length":600,"hash_ids":[1,2,3]}')).toMatchInlineSnapshot(
      `"t.jsonl:1:1: 3 blocks of 512 tokens are more than a prompt of 600 tokens holds; say how long a block is: block-tokens: 64"`,
    );
  });
});
