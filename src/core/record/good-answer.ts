import type { GoodputLimits } from "../suite/goodput.ts";
import { latencyNs, type Outcome, type StreamTiming } from "./outcome.ts";

/**
 * Whether a request was answered correctly within all limits. A failed request is not, nor one with an answer that its label
 * says is wrong. Times count from the intended start, as in the metrics of the same names; an answer of one token has no time per token
 * and keeps that limit, an answer that is no stream keeps all limits of streams.
 */
export function isGood(outcome: Outcome, { latencyS, ttftS, ttfoS, tpotS }: GoodputLimits): boolean {
  const { result, intendedNs } = outcome;
  if (result.kind === "failed" || result.correct === false) return false;
  const latency = latencyNs(outcome);
  if (latencyS !== undefined && (latency === undefined || latency > latencyS * 1e9)) return false;
  const { stream } = result;
  if (stream === undefined) return true;
  return (
    isWithin(stream.firstTokenNs - intendedNs, ttftS) &&
    isWithin((stream.firstOutputNs ?? stream.firstTokenNs) - intendedNs, ttfoS) &&
    isWithin(timePerTokenNs(stream), tpotS)
  );
}

/** (last token − first) / (tokens − 1); undefined for a single token. */
export const timePerTokenNs = ({ firstTokenNs, lastTokenNs, tokens }: StreamTiming): number | undefined =>
  tokens > 1 ? (lastTokenNs - firstTokenNs) / (tokens - 1) : undefined;

const isWithin = (ns: number | undefined, limitS: number | undefined): boolean =>
  ns === undefined || limitS === undefined || ns <= limitS * 1e9;
