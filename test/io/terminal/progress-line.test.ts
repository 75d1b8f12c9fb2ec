import { expect, test } from "vitest";
import { fitLine, sparkline, tickParts } from "../../../src/io/terminal/progress-line.ts";

const TICK = { startedNs: 0n, elapsedS: 12, durationS: 60, offered: 360, inFlight: 3, ok: 356, failed: 1 };
const SO_FAR = { p50S: 0.024, p99S: 0.06, ownDelayP99S: undefined, recentS: [0.05, 0.06, 0.9, 0.055], leftS: 48 };

test("a line says where it is, how fast, what failed, and how the last seconds looked", () => {
  expect(tickParts(TICK, SO_FAR)).toEqual([
    "12/60 s",
    "48s left",
    "30.0/s",
    "p50 24 ms",
    "p99 60 ms",
    "1 failed",
    "3 in flight",
    "▁▁█▁",
    "356 ok",
  ]);
});

test.each([
  ["one stall is the highest bar", [0.05, 0.05, 5, 0.05], "▁▁█▁"],
  ["a ramp climbs", [0.01, 0.02, 0.04, 0.08, 0.16], "▁▃▅▆█"],
  ["a little noise stays low", [0.05, 0.052, 0.051], "▁▁▁"],
  ["nothing at all is drawn low", [0, 0], "▁▁"],
])("%s", (_, values, bars) => {
  expect(sparkline(values)).toBe(bars);
});

test("there is no picture of a single second", () => {
  expect(tickParts(TICK, { ...SO_FAR, recentS: [1] }).join()).not.toMatch(/[▁-█]/u);
});

test("bars count as one column each", () => {
  expect(fitLine(["steady", "▁▁█▁", "356 ok"], 13)).toBe("steady  ▁▁█▁");
});
