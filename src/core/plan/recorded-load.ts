import type { RecordedLoad } from "../record/run-record.ts";
import { arrivalsText } from "../suite/load.ts";
import { loadText } from "../suite/load-text.ts";
import type { Load } from "../suite/suite.ts";

/**
 * A load as a run record tells it.
 *
 * @param traceRatePerS mean rate of a trace's replay, which only its arrivals tell. The other kinds know theirs.
 */
export function recordedLoad(load: Load, traceRatePerS: number): RecordedLoad {
  const { durationS } = load;
  const text = loadText(load);
  const shape = text === undefined ? {} : { shape: text };
  if (load.kind === "closed") return { kind: "closed", concurrency: load.concurrency, durationS, ...shape };
  if (load.kind === "trace") return { kind: "open", ratePerS: traceRatePerS, arrivals: "trace", durationS, ...shape };
  return { kind: "open", ratePerS: load.ratePerS, arrivals: arrivalsText(load.arrivals), durationS, ...shape };
}
