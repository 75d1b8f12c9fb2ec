import { formatDuration } from "../../core/decide/duration.ts";
import { formatQuantity } from "../../core/decide/quantity.ts";
import type { SoFar, Tick } from "../../core/record/so-far.ts";

/** What a line says after its step, the most interesting first. */
export function tickParts({ elapsedS, durationS, offered, inFlight, ok, failed }: Tick, soFar: SoFar): readonly string[] {
  const { p50S, p99S, ownDelayP99S, leftS, recentS } = soFar;
  const seconds = (label: string, value: number | undefined) => (value === undefined ? [] : [`${label} ${formatQuantity(value, "s")}`]);
  return [
    `${Math.min(elapsedS, durationS).toFixed(0)}/${durationS.toFixed(0)} s`,
    `${formatDuration(Math.ceil(leftS))} left`,
    elapsedS > 0 ? `${(offered / elapsedS).toFixed(1)}/s` : "–",
    ...seconds("p50", p50S),
    ...seconds("p99", p99S),
    `${failed} failed`,
    `${inFlight} in flight`,
    ...(recentS.length > 1 ? [sparkline(recentS)] : []),
    ...seconds("own delay p99", ownDelayP99S),
    `${ok} ok`,
  ];
}

const BARS = "▁▂▃▄▅▆▇█";

/**
 * The slowest request of each of the last seconds, on a logarithmic scale: the lowest of them is the lowest bar, and the
 * highest bar is at least twice as long, so that noise does not look like an outage.
 */
export function sparkline(values: readonly number[]): string {
  const logs = values.map((value) => Math.log(Math.max(value, 1e-6)));
  const low = Math.min(...logs);
  const range = Math.max(Math.max(...logs) - low, Math.LN2);
  return logs.map((log) => BARS[Math.round(((log - low) / range) * (BARS.length - 1))]).join("");
}

/** As many whole parts as fit: a line that wraps could not be erased again. A first part that is too long is cut. */
export function fitLine(parts: readonly string[], width: number): string {
  const [first = "", ...others] = parts;
  const characters = Array.from(first);
  if (characters.length > width) return `${characters.slice(0, Math.max(width - 1, 0)).join("")}…`;
  let line = first;
  for (const part of others) {
    if (Array.from(`${line}  ${part}`).length > width) break;
    line += `  ${part}`;
  }
  return line;
}
