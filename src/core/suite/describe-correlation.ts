import { PHASES } from "../metric.ts";
import type { Target } from "./suite.ts";

/** What a target says about correlation, in words: `traces`, `phases`, each only where it says something. */
export function describeCorrelation({
  trace,
  phases,
}: Pick<Target, "trace" | "phases">): Readonly<Partial<Record<"traces" | "phases", string>>> {
  const told = phases === undefined ? "" : phasesText(phases);
  return {
    ...(trace === undefined
      ? {}
      : { traces: `every request carries a traceparent of its own, ${trace.sampled ? "" : "not "}to be sampled` }),
    ...(told === "" ? {} : { phases: told }),
  };
}

const phasesText = ({ serverTiming, headers }: NonNullable<Target["phases"]>): string =>
  [
    ...PHASES.flatMap((phase) => {
      const names = serverTiming[phase];
      return names === undefined ? [] : [`${phase} is ${names.join(" + ")} of Server-Timing`];
    }),
    ...headers.map(({ phase, name, unit }) => `${phase} is the header ${name} in ${unit}`),
  ].join(", ");
