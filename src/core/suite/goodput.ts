import { formatForSuite } from "./units.ts";

/** At least one of them, in seconds. A stream has a time to first token (or output) and per token; other answers keep those limits. */
export type GoodputLimits = {
  readonly latencyS?: number;
  readonly ttftS?: number;
  readonly ttfoS?: number;
  readonly tpotS?: number;
};

/** `latency 2s, ttft 500ms`: limits in words, the same for equal limits. */
export const goodputText = (limits: GoodputLimits): string =>
  GOODPUT_LIMITS.flatMap(({ key, written }) =>
    limits[key] === undefined ? [] : [`${written} ${formatForSuite(limits[key], "duration")}`],
  ).join(", ");

/** How a suite writes the limits, in the order in which they are told. */
export const GOODPUT_LIMITS = [
  { key: "latencyS", written: "latency" },
  { key: "ttftS", written: "ttft" },
  { key: "ttfoS", written: "ttfo" },
  { key: "tpotS", written: "tpot" },
] as const satisfies readonly { readonly key: keyof GoodputLimits; readonly written: string }[];
