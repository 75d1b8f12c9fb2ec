import { describe, expect, test } from "vitest";
import { openTokenStream } from "../../../src/core/protocol/openai-stream.ts";
import type { StreamTiming } from "../../../src/core/record/outcome.ts";
import { target } from "../plan/fixtures.ts";
import { type Arrival, respond } from "./drive.ts";

const timing = (arrivals: readonly Arrival[]): StreamTiming => {
  const { result } = respond(openTokenStream(target()), arrivals);
  if (result.kind === "failed" || result.stream === undefined) throw new Error(JSON.stringify(result));
  return result.stream;
};
const delta = (said: object): string => `data: ${JSON.stringify({ choices: [{ delta: said }] })}\n\n`;
const DONE = "data: [DONE]\n\n";

describe("the time to the first output", () => {
  test("is that of the first token that is no reasoning, and the first token is the reasoning's", () => {
    const arrivals: readonly Arrival[] = [
      [10, delta({ role: "assistant", content: "" })],
      [20, delta({ reasoning_content: "hm" })],
      [40, delta({ reasoning: "so" })],
      [70, delta({ content: "Bern" })],
      [80, delta({ content: "." }) + DONE],
    ];
    expect(timing(arrivals)).toMatchObject({ firstTokenNs: 20, firstOutputNs: 70, lastTokenNs: 80, gapsNs: [20, 30, 10] });
  });

  test("a tool call and a refusal are output", () => {
    const after = (said: object) =>
      timing([
        [20, delta({ reasoning: "hm" })],
        [50, delta(said)],
        [60, delta({ content: "x" }) + DONE],
      ]).firstOutputNs;
    expect(after({ tool_calls: [{ index: 0, function: { name: "f", arguments: "" } }] })).toBe(50);
    expect(after({ refusal: "no" })).toBe(50);
  });

  test("is left out where it is the first token, also where reasoning comes along with it or later", () => {
    expect(timing([[10, delta({ content: "a" }) + DONE]])).not.toHaveProperty("firstOutputNs");
    const mixed: readonly Arrival[] = [
      [10, delta({ reasoning: "hm", content: "a" })],
      [20, delta({ reasoning: "more" }) + DONE],
    ];
    expect(timing(mixed)).not.toHaveProperty("firstOutputNs");
  });

  test("of a stream that only reasoned is no sooner than its end", () => {
    const arrivals: readonly Arrival[] = [
      [10, delta({ reasoning: "a" })],
      [35, delta({ reasoning: "b" }) + DONE],
    ];
    expect(timing(arrivals)).toMatchObject({ firstTokenNs: 10, firstOutputNs: 35, lastTokenNs: 35 });
  });
});
