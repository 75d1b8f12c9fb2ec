import { steadyLevel } from "./stages.ts";
import type { ClosedLoad, Load, OpenLoad, Stage, ThinkTime, TraceLoad } from "./suite.ts";
import { formatForSuite } from "./units.ts";

/** Pieces of a shape that a line tells; of a longer one it says how many more there are. */
const MOST_PIECES = 8;

/**
 * What a load does over time, in words and in the units of a suite: `20/s → 100/s over 1m, 100/s for 2m`,
 * `1 → 16 at a time over 1m, think time 500ms`, `the trace data/a.csv from 10m, at 2 times its speed, for 5m`.
 *
 * @returns undefined for a constant rate, and for users without pauses whose number never changes: their numbers say all.
 */
export function loadText(load: Load): string | undefined {
  switch (load.kind) {
    case "open":
      return steadyLevel(load.stages) === undefined ? shapeText(load) : undefined;
    case "closed":
      return steadyLevel(load.stages) === undefined || load.thinkTime !== undefined || load.pacingS !== undefined
        ? usersText(load)
        : undefined;
    case "trace":
      return traceText(load);
  }
}

function usersText(load: ClosedLoad): string {
  const think = load.thinkTime === undefined ? [] : [`think time ${thinkText(load.thinkTime)}`];
  const pacing = load.pacingS === undefined ? [] : [`each at most one request in ${duration(load.pacingS)}`];
  return [shapeText(load), ...think, ...pacing].join(", ");
}

function thinkText(think: ThinkTime): string {
  if (think.kind === "fixed") return duration(think.seconds);
  if (think.kind === "uniform") return `${duration(think.lowS)} to ${duration(think.highS)}`;
  return `${duration(think.meanS)} on average (exponential)`;
}

function traceText({ file, fromS, speed, sample, durationS }: TraceLoad): string {
  const how = [
    ...(speed === 1 ? [] : [`at ${significant(speed)} times its speed`]),
    ...(sample === 1 ? [] : [`${formatForSuite(sample, "percent")} of it`]),
  ];
  const from = fromS === 0 ? "" : ` from ${duration(fromS)}`;
  return `the trace ${file}${from}${how.map((each) => `, ${each}`).join("")}${how.length > 0 ? "," : ""} for ${duration(durationS)}`;
}

function shapeText({ kind, stages }: OpenLoad | ClosedLoad): string {
  const told = stages.slice(0, MOST_PIECES).map((stage) => pieceText(stage, kind));
  const more = stages.length - told.length;
  return [...told, ...(more > 0 ? [`${more} more`] : [])].join(", ");
}

function pieceText(stage: Stage, kind: "open" | "closed"): string {
  const level = (value: number) => (kind === "open" ? formatForSuite(significant(value), "rate") : String(value));
  const what = kind === "open" ? "" : " at a time";
  const length = duration(stage.durationS);
  if (stage.kind === "sine")
    return `${level(stage.low)} to ${level(stage.high)} and back${what} every ${duration(stage.periodS)} for ${length}`;
  if (stage.from !== stage.to) return `${level(stage.from)} → ${level(stage.to)}${what} over ${length}`;
  return stage.from === 0 ? `nothing for ${length}` : `${level(stage.from)}${what} for ${length}`;
}

const significant = (value: number): number => Number(value.toPrecision(3));

/** To the millisecond: a third of ten seconds needs no more. */
const duration = (seconds: number): string => formatForSuite(seconds < 1 ? significant(seconds) : Number(seconds.toFixed(3)), "duration");
