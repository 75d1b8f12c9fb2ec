import { DISTRIBUTIONS, type DistributionName } from "../metric.ts";
import type { ServerPhases } from "../protocol/server-phases.ts";
import { Distribution } from "./distribution.ts";
import { foldDrained, type SessionCounts } from "./fold-session.ts";
import { timePerTokenNs } from "./good-answer.ts";
import { clientQueueNs, type FailureKind, latencyNs, type Outcome, ownDelayNs, type StreamTiming, serviceNs } from "./outcome.ts";
import type { BlockRecord, Counts } from "./run-record.ts";

/** Requests of one block, or those of one payload class in it. */
export type Counting = SessionCounts & {
  offered: number;
  ok: number;
  readonly failures: Partial<Record<FailureKind, number>>;
  /** Exists where requests may be sent again. */
  readonly attempts: { sent: number; retried: number } | undefined;
  labelled: { readonly answers: number; readonly wrong: number } | undefined;
  compared: { readonly answers: number; readonly changed: number } | undefined;
  /** Exists where there are limits. */
  readonly good: { answers: number; readonly within: string } | undefined;
  bodies: { answers: number; bytes: number } | undefined;
  /** Whether some stream reasoned before its first output. */
  reasoned: boolean;
  tokens: BlockRecord["tokens"];
  prompt: { tokens: number; cached: number } | undefined;
  /** Answers that told of a phase of the endpoint's. */
  phases: number;
  /** Exists from the first value to the fold. */
  readonly open: { [D in DistributionName]?: Distribution | undefined };
  readonly folded: Map<DistributionName, string>;
};

export const openCounting = (mayRetry: boolean, within: string | undefined): Counting => ({
  offered: 0,
  ok: 0,
  failures: {},
  attempts: mayRetry ? { sent: 0, retried: 0 } : undefined,
  labelled: undefined,
  compared: undefined,
  good: within === undefined ? undefined : { answers: 0, within },
  bodies: undefined,
  reasoned: false,
  sessions: undefined,
  drained: undefined,
  tokens: undefined,
  prompt: undefined,
  phases: 0,
  open: {},
  folded: new Map(),
});

/** What is known of an outcome beside it: within the limits of goodput, another answer than the base's, after the load was over. */
export type Seen = { readonly isGood: boolean; readonly isChanged: boolean | undefined; readonly isDrained: boolean };

/** Each distribution by its own name and not by a variable one: this runs for every request, between two of them. */
export function fold(block: Counting, outcome: Outcome, { isGood, isChanged, isDrained }: Seen): void {
  const { open } = block;
  const { result, intendedNs, wireNs, firstByteNs, endNs } = outcome;
  block.offered++;
  if (block.attempts !== undefined) {
    block.attempts.sent += outcome.attempts;
    if (outcome.attempts > 1) block.attempts.retried++;
  }
  if (isDrained) foldDrained(block, result);
  const [latency, service] = [latencyNs(outcome), serviceNs(outcome)];
  if (latency !== undefined) (open.latency ??= new Distribution()).recordNs(latency);
  if (service !== undefined) (open.service ??= new Distribution()).recordNs(service);
  if (firstByteNs !== undefined && wireNs !== undefined) (open.firstByte ??= new Distribution()).recordNs(firstByteNs - wireNs);
  if (result.kind === "failed") {
    block.failures[result.why] = (block.failures[result.why] ?? 0) + 1;
    return;
  }
  if (firstByteNs !== undefined) (open.transfer ??= new Distribution()).recordNs(endNs - firstByteNs);
  block.ok++;
  if (isGood && block.good !== undefined) block.good.answers++;
  const { stream, usageTokens, correct, prompt } = result;
  if (correct !== undefined) {
    const { answers, wrong } = block.labelled ?? { answers: 0, wrong: 0 };
    block.labelled = { answers: answers + 1, wrong: wrong + (correct ? 0 : 1) };
  }
  if (prompt !== undefined) {
    const all = (block.prompt ??= { tokens: 0, cached: 0 });
    all.tokens += prompt.tokens;
    all.cached += prompt.cached;
  }
  if (isChanged !== undefined) {
    const { answers, changed } = block.compared ?? { answers: 0, changed: 0 };
    block.compared = { answers: answers + 1, changed: changed + (isChanged ? 1 : 0) };
  }
  if (stream === undefined && usageTokens === undefined && outcome.bytes !== undefined) {
    block.bodies ??= { answers: 0, bytes: 0 };
    block.bodies.answers++;
    block.bodies.bytes += outcome.bytes;
  }
  if (usageTokens !== undefined) countTokens(block, usageTokens, "usage");
  if (outcome.phases !== undefined) foldPhases(block, outcome.phases);
  if (stream !== undefined) foldStream(block, stream, intendedNs);
}

/** Our own delay and the connections: of the block as a whole, whoever shares it. */
export function foldOwn({ open }: Counting, outcome: Outcome): void {
  const { intendedNs, dispatchedNs, connectNs, dnsNs, tlsNs } = outcome;
  const ownDelay = ownDelayNs(outcome);
  if (ownDelay !== undefined) {
    const queueNs = clientQueueNs(outcome);
    (open.lateness ??= new Distribution()).recordNs(dispatchedNs - intendedNs);
    if (queueNs !== undefined) (open.clientQueue ??= new Distribution()).recordNs(queueNs);
    (open.generator ??= new Distribution()).recordNs(ownDelay);
  }
  if (connectNs !== undefined) (open.connect ??= new Distribution()).recordNs(connectNs);
  if (dnsNs !== undefined) (open.dns ??= new Distribution()).recordNs(dnsNs);
  if (tlsNs !== undefined) (open.tls ??= new Distribution()).recordNs(tlsNs);
}

/** A distribution that is not encoded yet. */
export const openIn = ({ open }: Counting): DistributionName | undefined => DISTRIBUTIONS.find((each) => open[each] !== undefined);

/** Encodes a distribution, which takes about a millisecond, and frees its memory. */
export function encode(block: Counting, name: DistributionName): void {
  const distribution = block.open[name];
  if (distribution === undefined) return;
  const before = block.folded.get(name);
  if (before !== undefined) distribution.addEncoded(before);
  block.folded.set(name, distribution.close());
  block.open[name] = undefined;
}

export function countsOf(counting: Counting): Counts {
  for (const name of DISTRIBUTIONS) encode(counting, name);
  const { offered, ok, failures, attempts, labelled, compared, good, bodies, sessions, drained } = counting;
  const { tokens, prompt, phases, folded, reasoned } = counting;
  // Without reasoning the first output is the first token.
  const kept = DISTRIBUTIONS.filter((name) => folded.has(name) && (name !== "ttfo" || reasoned));
  return {
    offered,
    ok,
    failures: { ...failures },
    ...(attempts === undefined ? {} : { attempts: { ...attempts } }),
    ...(labelled === undefined ? {} : { labelled }),
    ...(prompt === undefined ? {} : { prompt: { ...prompt } }),
    ...(sessions === undefined ? {} : { sessions: { ...sessions } }),
    ...(drained === undefined ? {} : { drained: { ...drained } }),
    ...(phases === 0 ? {} : { phases: { answers: ok, with: phases } }),
    ...(compared === undefined ? {} : { compared }),
    ...(good === undefined ? {} : { good: { ...good } }),
    ...(bodies === undefined ? {} : { bodies: { ...bodies } }),
    tokens,
    histograms: Object.fromEntries(kept.map((name) => [name, folded.get(name)!])),
  };
}

function foldStream(block: Counting, stream: StreamTiming, intendedNs: number): void {
  const { open } = block;
  countTokens(block, stream.tokens, stream.tokensFrom);
  (open.ttft ??= new Distribution()).recordNs(stream.firstTokenNs - intendedNs);
  (open.ttfo ??= new Distribution()).recordNs((stream.firstOutputNs ?? stream.firstTokenNs) - intendedNs);
  block.reasoned ||= stream.firstOutputNs !== undefined;
  for (const gapNs of stream.gapsNs) (open.itl ??= new Distribution()).recordNs(gapNs);
  const perTokenNs = timePerTokenNs(stream);
  if (perTokenNs !== undefined) (open.tpot ??= new Distribution()).recordNs(perTokenNs);
}

function foldPhases(block: Counting, { preprocess, queue, infer, postprocess }: ServerPhases): void {
  const { open } = block;
  block.phases++;
  if (preprocess !== undefined) (open["phase.preprocess"] ??= new Distribution()).recordNs(preprocess);
  if (queue !== undefined) (open["phase.queue"] ??= new Distribution()).recordNs(queue);
  if (infer !== undefined) (open["phase.infer"] ??= new Distribution()).recordNs(infer);
  if (postprocess !== undefined) (open["phase.postprocess"] ??= new Distribution()).recordNs(postprocess);
}

function countTokens(block: Counting, tokens: number, from: "usage" | "events"): void {
  const before = block.tokens ?? { output: 0, from };
  block.tokens = { output: before.output + tokens, from: before.from === from ? from : "mixed" };
}
