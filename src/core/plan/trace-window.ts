import { InputError } from "../errors.ts";
import type { TraceLoad } from "../suite/suite.ts";
import { formatForSuite } from "../suite/units.ts";
import { type Generator, uniform } from "./random.ts";
import type { Trace } from "./trace.ts";

/** `rows`: the position in the trace of each arrival. */
export type Replay = { readonly arrivalsS: Float64Array; readonly rows: Uint32Array };

/**
 * The arrivals of a replay, in seconds since its begin: those of the trace from `fromS` on, `speed` times as fast, each
 * kept with probability `sample` whatever becomes of the others.
 *
 * A trace lasts from its first arrival to one mean gap beyond its last: a window may end there, and no later.
 *
 * @param next draws once for each arrival of the trace from its beginning, so that moving the window keeps the choice.
 * @returns ascending, in [0, durationS); never empty.
 * @throws {InputError} if the window reaches beyond the trace or holds no arrival.
 */
export function replay(trace: Trace, load: Pick<TraceLoad, "fromS" | "speed" | "sample" | "durationS">, next: Generator): Replay {
  const { arrivalsS, file, lines } = trace;
  const { fromS, speed, sample, durationS } = load;
  const count = arrivalsS.length;
  const lastS = arrivalsS[count - 1]!;
  const lengthS = count > 1 ? (lastS * count) / (count - 1) : 0;
  const endS = fromS + durationS * speed;
  if (endS > lengthS * (1 + 1e-9)) {
    const [whole, rest] = [lengthS, lengthS - fromS].map((seconds) => text(Math.max(0, seconds) / speed));
    const at = speed === 1 ? "" : ` at speed ${speed}`;
    const [asked, left] = fromS === 0 ? ["", ""] : [` from ${text(fromS)} on`, `, ${rest} of it from there on`];
    throw new InputError(`this trace ends before ${text(durationS)}${asked} are over: it lasts ${whole}${at}${left}`, {
      position: { file, line: lines[count - 1]!, column: 1 },
      hint: "shorten duration, or lower from or speed",
    });
  }
  const kept: number[] = [];
  const rows: number[] = [];
  for (let i = 0; i < count && arrivalsS[i]! < endS; i++) {
    const isKept = uniform(next) < sample;
    if (!isKept || arrivalsS[i]! < fromS) continue;
    kept.push((arrivalsS[i]! - fromS) / speed);
    rows.push(i);
  }
  if (kept.length > 0) return { arrivalsS: Float64Array.from(kept), rows: Uint32Array.from(rows) };
  const after = arrivalsS.findIndex((atS) => atS >= endS);
  const line = lines[after < 0 ? count - 1 : after]!;
  const unit = trace.unitAssumed ? "; its numbers were read as seconds: if they are not, write unit: ms" : "";
  const why = sample < 1 ? ", or sample more of it" : "";
  throw new InputError(`no arrival is left in the ${text(durationS * speed)} of this trace from ${text(fromS)} on`, {
    position: { file, line, column: 1 },
    hint: `choose another from or a longer duration${why}${unit}`,
  });
}

const text = (seconds: number): string => formatForSuite(Number(seconds.toPrecision(6)), "duration");
