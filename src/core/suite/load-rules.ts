import { DEFAULT_LOAD } from "./defaults.ts";
import type { Mistake, Path } from "./mistake.ts";
import { asQuantity, type Mapping } from "./raw.ts";

/** More arrivals than this do not fit into memory before the run. */
const MOST_REQUESTS = 50_000_000;

/** A load is a rate or a concurrency, and small enough to be planned. */
export function loadRules(load: Mapping, path: Path): readonly Mistake[] {
  const has = (key: string) => Object.hasOwn(load, key);
  const mistakes: Mistake[] = [];
  if (has("concurrency") && has("rate")) {
    mistakes.push({
      path: [...path, "concurrency"],
      at: "key",
      message: "a load has a rate or a concurrency, not both",
      hint: "keep rate for requests that arrive on their own (what users do), concurrency for a fixed number of callers",
    });
  } else if (has("concurrency") && has("arrivals")) {
    mistakes.push({
      path: [...path, "arrivals"],
      at: "key",
      message: "a closed loop has no arrivals",
      hint: "leave it out, or write rate instead of concurrency",
    });
  }
  const rate = asQuantity(load["rate"], "rate", DEFAULT_LOAD.ratePerS);
  const duration = asQuantity(load["duration"], "duration", DEFAULT_LOAD.durationS);
  if (has("concurrency") || rate === undefined || duration === undefined || !(rate > 0 && duration > 0)) return mistakes;
  const expected = rate * duration;
  const at: Pick<Mistake, "path" | "at"> = { path: has("duration") ? [...path, "duration"] : [...path, "rate"], at: "value" };
  if (expected > MOST_REQUESTS) {
    mistakes.push({
      ...at,
      message: `this load is ${Math.round(expected).toLocaleString("en-US")} requests`,
      hint: `at most ${MOST_REQUESTS.toLocaleString("en-US")} can be planned: lower rate or duration`,
    });
  } else if (expected < 1) {
    mistakes.push({ ...at, message: "this load is less than one request", hint: "raise rate or duration" });
  }
  return mistakes;
}
