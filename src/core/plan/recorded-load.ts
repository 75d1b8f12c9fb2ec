import type { RecordedLoad } from "../record/run-record.ts";
import { arrivalsText } from "../suite/load.ts";
import type { Load } from "../suite/suite.ts";

/** A load as a run record tells it. */
export function recordedLoad(load: Load): RecordedLoad {
  const { durationS } = load;
  if (load.kind === "closed") return { kind: "closed", concurrency: load.concurrency, durationS };
  if (load.kind === "trace") return { kind: "open", ratePerS: 0, arrivals: "trace", durationS };
  return { kind: "open", ratePerS: load.ratePerS, arrivals: arrivalsText(load.arrivals), durationS };
}
