import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readTrace } from "../../../src/core/plan/trace.ts";

/** Published traces, which are no part of the project. The tests beside this one have lines of the same forms. */
const FOLDER = "../shared/data";
const isHere = existsSync(FOLDER);
const COLUMNS = {
  inputTokens: undefined,
  outputTokens: undefined,
  blocks: undefined,
  blockTokens: 512,
  maxInput: undefined,
  maxOutput: undefined,
};
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

test.skipIf(isHere)("NOT CHECKED: ../shared/data is not here", () => undefined);

describe.runIf(isHere)("the traces in ../shared/data", () => {
  // Counted with another program: requests, seconds from the first to the last, tokens in, tokens out, blocks of a prefix.
  test.each([
    ["AzureLLMInferenceTrace_code.csv", undefined, [8819, 3435.948056, 18_059_974, 245_896, 0]],
    ["AzureLLMInferenceTrace_conv.csv", undefined, [19_366, 3501.721937, 22_361_870, 4_088_665, 0]],
    ["mooncake_conversation_trace.head2000.jsonl", "ms", [2000, 669, 27_441_774, 704_602, 38_788]],
    ["mooncake_synthetic_trace.jsonl", "ms", [3993, 1022.025, 61_194_628, 595_432, 43_924]],
  ] as const)("%s holds what was counted in it", (name, unit, [count, lastS, input, output, blocks]) => {
    const trace = readTrace(readFileSync(join(FOLDER, name)), { file: name, time: undefined, unit, requests: COLUMNS });
    const { requests, arrivalsS } = trace;
    expect([requests.length, arrivalsS.length, arrivalsS[0]]).toEqual([count, count, 0]);
    expect(arrivalsS.at(-1)).toBeCloseTo(lastS, 6);
    expect(sum(requests.map(({ inputTokens }) => inputTokens ?? 0))).toBe(input);
    expect(sum(requests.map(({ outputTokens }) => outputTokens ?? 0))).toBe(output);
    expect(new Set(requests.flatMap((request) => request.blocks)).size).toBe(blocks);
  });
});
