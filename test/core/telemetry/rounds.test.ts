import { describe, expect, test } from "vitest";
import { openRounds, type Round } from "../../../src/core/telemetry/rounds.ts";

const scrape = (atMs: number, value = atMs): Round => ({
  atMs,
  samples: [{ name: "x", labels: {}, value, timestampMs: undefined }],
});
const times = (rounds: readonly Round[]) => rounds.map(({ atMs, samples }) => [atMs, samples.length]);

describe("rounds", () => {
  test("of one target are its scrapes, also with gaps", () => {
    const rounds = openRounds();
    for (const atMs of [0, 1000, 2000, 6000]) rounds.push("a", scrape(atMs));
    expect(times(rounds.take(6000))).toEqual([0, 1000, 2000, 6000].map((atMs) => [atMs, 1]));
    expect(rounds.take(6000)).toEqual([]);
    expect([rounds.intervalMs(), rounds.toldUntilMs(6000)]).toEqual([1000, 6000]);
  });

  test("have one scrape of every target, and stand where a sum of counters that rise alike is right", () => {
    const rounds = openRounds();
    for (let i = 0; i < 5; i++) {
      rounds.push("a", scrape(i * 1000 + 100));
      rounds.push("b", scrape(i * 1000 + 900));
    }
    const all = rounds.take(5000);
    expect(times(all).slice(0, 4)).toEqual([500, 1500, 2500, 3500].map((atMs) => [atMs, 2]));
    for (const { atMs, samples } of all) expect(samples.reduce((sum, { value }) => sum + value, 0)).toBe(2 * atMs);
  });

  test("wait for a target that is late, and leave out the round that it missed", () => {
    const rounds = openRounds();
    for (const atMs of [0, 1000, 2000, 3000]) rounds.push("a", scrape(atMs));
    for (const atMs of [100, 1100]) rounds.push("b", scrape(atMs));
    expect(times(rounds.take(3200))).toEqual([
      [50, 2],
      [1050, 2],
    ]);
    rounds.push("b", scrape(3100));
    expect(times(rounds.take(3200))).toEqual([[3050, 2]]);
  });

  test("go on without a target that is gone, and with it when it comes back", () => {
    const rounds = openRounds();
    for (let i = 0; i <= 9; i++) rounds.push("a", scrape(i * 1000));
    for (const atMs of [100, 1100]) rounds.push("b", scrape(atMs));
    expect(times(rounds.take(5000)).at(-1)).toEqual([1050, 2]);
    expect(times(rounds.take(9000)).map(([, count]) => count)).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
    rounds.push("b", scrape(10_100));
    rounds.push("a", scrape(10_000));
    expect(times(rounds.take(10_100))).toEqual([[10_050, 2]]);
  });
});
