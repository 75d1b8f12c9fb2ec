import { DEFAULT_LOAD } from "./defaults.ts";
import type { Mistake, Path } from "./mistake.ts";
import { asList, asQuantity, type Mapping } from "./raw.ts";
import { shapeRules } from "./shape-rules.ts";
import { areaOf, peakOf, stagesOf } from "./stages.ts";

/** More arrivals than this do not fit into memory before the run. */
const MOST_REQUESTS = 50_000_000;

/** Keys that only a trace has. */
const OF_TRACES = ["time", "unit", "from", "speed", "sample"] as const;
/** Keys that only a closed loop has. */
const OF_USERS = ["think-time", "pacing"] as const;

/** A load is one of rate, concurrency, shape and trace, with what belongs to it, and small enough to be planned. */
export function loadRules(load: Mapping, path: Path, maxInFlight: number): readonly Mistake[] {
  const has = (key: string) => Object.hasOwn(load, key);
  const at = (key: string, message: string, hint: string): Mistake => ({ path: [...path, key], at: "key", message, hint });
  const backwards = thinkTimeRules(load["think-time"], path);
  if (has("concurrency") && has("rate")) {
    const hint = "keep rate for requests that arrive on their own (what users do), concurrency for a fixed number of callers";
    return [at("concurrency", "a load has a rate or a concurrency, not both", hint), ...backwards];
  }
  const [kind = "rate", other] = (["trace", "shape", "rate", "concurrency"] as const).filter(has);
  if (other !== undefined) {
    const hint = kind === "trace" ? "a trace has its own arrivals: keep one" : `write the ${other} as a piece of the shape, or keep one`;
    return [at(other, `a load has a ${kind} or a ${other}, not both`, hint), ...backwards];
  }

  const shape = kind === "shape" ? shapeRules(asList(load["shape"]), [...path, "shape"]) : undefined;
  const isClosed = kind === "concurrency" || (shape?.pieces !== undefined && shape.of === "users");
  const isOpen = kind === "rate" || (shape?.pieces !== undefined && shape.of === "rate");
  const strays = [
    ...(kind === "trace" ? [] : OF_TRACES.filter(has).map((key) => at(key, `"${key}" is for a trace`, hintForStray(key)))),
    ...(isOpen || kind === "trace"
      ? OF_USERS.filter(has).map((key) =>
          at(key, "an open loop has no users who could wait", "leave it out, or write concurrency (in a shape: numbers of users)"),
        )
      : []),
    ...(isClosed && has("arrivals")
      ? [at("arrivals", "a closed loop has no arrivals", "leave it out, or write rate instead of concurrency")]
      : []),
    ...(kind === "trace" && has("arrivals") ? [at("arrivals", "a trace has its own arrivals", "leave it out")] : []),
    ...(kind === "shape" && has("duration")
      ? [at("duration", "a shape is as long as its pieces", "leave it out, and give each piece its duration")]
      : []),
  ];
  const sizes = shape === undefined ? plainSize(load, kind, path, maxInFlight) : shapeSize(shape, [...path, "shape"], maxInFlight);
  return [...strays, ...backwards, ...(shape?.mistakes ?? []), ...sizes];
}

const hintForStray = (key: string): string =>
  key === "time" ? "leave it out; how long a load lasts is its duration" : "leave it out, or name a trace";

function thinkTimeRules(thinkTime: unknown, path: Path): readonly Mistake[] {
  const [low, high] = asList(thinkTime).map((each) => asQuantity(each, "duration", 0));
  if (low === undefined || high === undefined || low <= high) return [];
  return [{ path: [...path, "think-time"], at: "value", message: "this runs backwards", hint: "write the shorter time first" }];
}

function plainSize(load: Mapping, kind: string, path: Path, maxInFlight: number): readonly Mistake[] {
  const { concurrency } = load;
  if (kind === "concurrency")
    return typeof concurrency === "number" ? tooManyUsers(concurrency, [...path, "concurrency"], maxInFlight) : [];
  const rate = asQuantity(load["rate"], "rate", DEFAULT_LOAD.ratePerS);
  const duration = asQuantity(load["duration"], "duration", DEFAULT_LOAD.durationS);
  if (kind === "trace" || rate === undefined || duration === undefined || !(rate > 0 && duration > 0)) return [];
  return tooManyRequests(rate * duration, [...path, Object.hasOwn(load, "duration") ? "duration" : "rate"], "lower rate or duration");
}

function shapeSize(shape: ReturnType<typeof shapeRules>, path: Path, maxInFlight: number): readonly Mistake[] {
  if (shape.pieces === undefined) return [];
  const stages = stagesOf(shape.pieces);
  if (peakOf(stages) === 0) {
    return [{ path, at: "value", message: "this shape sends nothing from beginning to end", hint: "write a level above 0" }];
  }
  if (shape.of === "rate") return tooManyRequests(areaOf(stages), path, "lower its rates or durations");
  const high = shape.pieces.findIndex((piece) => peakOf(stagesOf([piece])) > maxInFlight);
  return high < 0 ? [] : tooManyUsers(peakOf(stagesOf([shape.pieces[high]!])), [...path, high], maxInFlight);
}

function tooManyUsers(users: number, path: Path, maxInFlight: number): readonly Mistake[] {
  if (users <= maxInFlight) return [];
  const message = `${users} users can have ${users} requests under way, and target.max-in-flight is ${maxInFlight}`;
  return [{ path, at: "value", message, hint: `lower it, or write max-in-flight: ${users}` }];
}

function tooManyRequests(expected: number, path: Path, lower: string): readonly Mistake[] {
  if (expected > MOST_REQUESTS) {
    const message = `this load is ${Math.round(expected).toLocaleString("en-US")} requests`;
    return [{ path, at: "value", message, hint: `at most ${MOST_REQUESTS.toLocaleString("en-US")} can be planned: ${lower}` }];
  }
  if (expected >= 1) return [];
  return [{ path, at: "value", message: "this load is less than one request", hint: lower.replace("lower", "raise") }];
}
