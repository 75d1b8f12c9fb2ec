import type { BlockRecord } from "./run-record.ts";

/**
 * The prefix cache's hit ratio as the answers of a block tell it: of all tokens of their prompts, the share that a cache
 * knew. One value a block, because it is a ratio of sums; empty where no answer tells. Telemetry of the same metric wins.
 */
export function promptGauges(prompt: BlockRecord["prompt"]): BlockRecord["gauges"] {
  if (prompt === undefined || prompt.tokens === 0) return {};
  const ratio = Math.min(1, prompt.cached / prompt.tokens);
  return { "cache.hit_ratio": { n: 1, mean: ratio, min: ratio, max: ratio } };
}
