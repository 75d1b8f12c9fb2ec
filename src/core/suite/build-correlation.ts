import { PHASES } from "../metric.ts";
import type { WrittenResponseHeader, WrittenServerTiming, WrittenTrace } from "./correlation-schema.ts";
import type { Target } from "./suite.ts";

/** What a target says about correlation, each part only where it says something. */
export function buildCorrelation(written: {
  readonly trace?: WrittenTrace | undefined;
  readonly "server-timing"?: WrittenServerTiming | undefined;
  readonly "response-header"?: WrittenResponseHeader | undefined;
}): Pick<Target, "trace" | "phases"> {
  const { trace } = written;
  const phases = { serverTiming: namesOf(written["server-timing"] ?? {}), headers: headersOf(written["response-header"] ?? {}) };
  return {
    ...(trace?.traceparent === "yes" ? { trace: { sampled: trace.sampled === "yes" } } : {}),
    ...(Object.keys(phases.serverTiming).length + phases.headers.length === 0 ? {} : { phases }),
  };
}

const namesOf = (written: WrittenServerTiming): Record<string, readonly string[]> =>
  Object.fromEntries(
    PHASES.flatMap((phase) => {
      const names = written[phase];
      return names === undefined ? [] : [[phase, [names].flat().map((name) => name.toLowerCase())]];
    }),
  );

const headersOf = (written: WrittenResponseHeader): NonNullable<Target["phases"]>["headers"] =>
  PHASES.flatMap((phase) => {
    const header = written[phase];
    if (header === undefined) return [];
    const { name, unit } = typeof header === "string" ? ({ name: header, unit: "ms" } as const) : header;
    return [{ phase, name: name.toLowerCase(), unit }];
  });
