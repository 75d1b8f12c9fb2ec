import { Distribution } from "./distribution.ts";
import type { Outcome, SessionEnd } from "./outcome.ts";

/** What a block keeps of sessions while it is filled: see `Counts` in `run-record.ts`. */
export type SessionCounts = {
  sessions: { ended: number; completed: number } | undefined;
  drained: { ok: number; tokens: number } | undefined;
  readonly open: { session?: Distribution | undefined };
};

/** A session ended: counted, and its latency kept where it was completed. */
export function foldSession(block: SessionCounts, { completed, latencyNs }: SessionEnd): void {
  const counts = (block.sessions ??= { ended: 0, completed: 0 });
  counts.ended++;
  if (!completed) return;
  counts.completed++;
  (block.open.session ??= new Distribution()).recordNs(latencyNs);
}

/** A step that began after the load: in all counts and in no rate. Only the last block holds any. */
export function foldDrained(block: SessionCounts, result: Outcome["result"]): void {
  if (result.kind === "failed") return;
  const drained = (block.drained ??= { ok: 0, tokens: 0 });
  drained.ok++;
  drained.tokens += result.stream?.tokens ?? result.usageTokens ?? 0;
}
