import { afterEach, expect, test, vi } from "vitest";
import { openProgress, type ProgressKind } from "../../../src/io/terminal/progress.ts";

function open(kind: ProgressKind, columns?: number) {
  const written: string[] = [];
  let ms = 0;
  const stream = { write: (text: string) => written.push(text), ...(columns === undefined ? {} : { columns }) };
  return { written, progress: openProgress(stream, { kind, now: () => ms }), wait: (by: number) => void (ms += by) };
}
const tick = { startedNs: 0n, elapsedS: 4, durationS: 10, offered: 200, inFlight: 3, ok: 196, failed: 1 };
const soFar = () => ({ p50S: 0.0241, p99S: 0.0602, ownDelayP99S: undefined, recentS: [], leftS: 200 });

test("a terminal shows one line that changes in place", () => {
  const { written, progress, wait } = open("live", 120);
  progress.phase("steady · head · block 3");
  wait(200);
  progress.tick(tick, soFar);
  expect(written).toEqual([
    "\r\u001B[2Ksteady · head · block 3",
    "\r\u001B[2Ksteady · head · block 3  4/10 s  3m20s left  50.0/s  p50 24.1 ms  p99 60.2 ms  1 failed  3 in flight  196 ok",
  ]);
});

test("a terminal is not written to more than ten times per second", () => {
  const { written, progress, wait } = open("live");
  progress.phase("steady");
  for (let i = 0; i < 100; i++) {
    wait(10);
    progress.tick(tick, soFar);
  }
  expect(written.length).toBe(1 + 10);
});

test("a terminal that does not know its width is taken for 80 columns", () => {
  const { written, progress } = open("live", 0);
  progress.phase("steady · head · warm-up");
  expect(written[0]).toBe("\r\u001B[2Ksteady · head · warm-up");
});

test("a line is never wider than the terminal", () => {
  const { written, progress } = open("live", 20);
  progress.phase("a scenario with a very long name");
  expect(written[0]).toBe("\r\u001B[2Ka scenario with a …");
});

test("done leaves an empty line", () => {
  const { written, progress } = open("live");
  progress.phase("steady");
  progress.done();
  progress.done();
  expect(written.slice(1)).toEqual(["\r\u001B[2K"]);
});

test("a log gets a plain line every ten seconds, without escape sequences", () => {
  const { written, progress, wait } = open("log");
  progress.phase("steady · base · warm-up");
  for (let i = 0; i < 250; i++) {
    wait(100);
    if (i === 50) progress.phase("steady · base · block 1");
    progress.tick(tick, soFar);
  }
  progress.done();
  expect(written).toEqual([
    "steady · base · warm-up\n",
    "steady · base · block 1  4/10 s  3m20s left  50.0/s  p50 24.1 ms  p99 60.2 ms  1 failed  3 in flight  196 ok\n",
    "steady · base · block 1  4/10 s  3m20s left  50.0/s  p50 24.1 ms  p99 60.2 ms  1 failed  3 in flight  196 ok\n",
    "steady · ended after 25s\n",
  ]);
});

test("a log says when a scenario ends, once each, however short it was", () => {
  const { written, progress, wait } = open("log");
  for (const text of [
    "waiting for the head endpoint",
    "steady · head · warm-up",
    "steady · head · measuring",
    "burst · head · measuring",
  ]) {
    progress.phase(text);
    wait(4000);
  }
  progress.done();
  progress.done();
  expect(written).toEqual([
    "waiting for the head endpoint\n",
    "steady · ended after 8s\n",
    "burst · head · measuring\n",
    "burst · ended after 4s\n",
  ]);
});

afterEach(() => void vi.useRealTimers());

test.each(["live", "actions", "log"] as const)(
  "a step that reports nothing is shown again with the time it has taken, until done (%s)",
  (kind) => {
    vi.useFakeTimers();
    const { written, progress, wait } = open(kind);
    progress.phase("waiting for the head endpoint");
    const pass = (seconds: number) => {
      wait(seconds * 1000);
      vi.advanceTimersByTime(seconds * 1000);
    };
    pass(10);
    expect(written.at(-1)).toContain("waiting for the head endpoint  10s");
    for (let i = 0; i < 8; i++) pass(10);
    expect(written.at(-1)).toContain("waiting for the head endpoint  1m30s");
    expect(written).toHaveLength(10);
    progress.done();
    const count = written.length;
    pass(60);
    expect(written).toHaveLength(count);
  },
);

test("a step that reports is not reminded of: its next line has numbers", () => {
  vi.useFakeTimers();
  const { written, progress, wait } = open("log");
  progress.phase("steady · head · block 1");
  for (let i = 0; i < 39; i++) {
    wait(500);
    progress.tick(tick, soFar);
    vi.advanceTimersByTime(500);
  }
  expect(written.length).toBe(2);
  expect(written[1]).toContain("p50 24.1 ms");
});

test("a second run after done begins with its own first line", () => {
  const { written, progress } = open("log");
  progress.phase("base");
  progress.done();
  progress.phase("head");
  expect(written).toEqual(["base\n", "head\n"]);
});

test("a hostile name cannot move the cursor", () => {
  const { written, progress } = open("log");
  progress.phase("a\u001B[2Jb\nc");
  expect(written).toEqual(["a [2Jb c\n"]);
});

test("a tick before any time has passed shows no rate", () => {
  const { written, progress, wait } = open("live");
  wait(1000);
  progress.tick({ ...tick, elapsedS: 0 }, soFar);
  expect(written[0]).toContain("0/10 s  3m20s left  –  p50");
});

test("a narrow terminal is shown whole numbers, the most interesting first", () => {
  const { written, progress, wait } = open("live", 70);
  progress.phase("steady · head · block 3");
  wait(200);
  progress.tick(tick, soFar);
  expect(written[1]).toBe("\r\u001B[2Ksteady · head · block 3  4/10 s  3m20s left  50.0/s  p50 24.1 ms");
});

test("the generator's own delay is told where it is notable, and nothing is made up before the first answer", () => {
  const { written, progress, wait } = open("live", 200);
  progress.phase("steady");
  wait(200);
  progress.tick(tick, () => ({ p50S: undefined, p99S: undefined, ownDelayP99S: undefined, recentS: [], leftS: 7 }));
  wait(200);
  progress.tick(tick, () => ({ ...soFar(), ownDelayP99S: 0.0071 }));
  expect(written.slice(1)).toEqual([
    "\r\u001B[2Ksteady  4/10 s  7s left  50.0/s  1 failed  3 in flight  196 ok",
    "\r\u001B[2Ksteady  4/10 s  3m20s left  50.0/s  p50 24.1 ms  p99 60.2 ms  1 failed  3 in flight  own delay p99 7.1 ms  196 ok",
  ]);
});

test("percentiles are asked for only when they are shown", () => {
  const { progress, wait } = open("log");
  let asked = 0;
  progress.phase("steady · head");
  for (let i = 0; i < 100; i++) {
    wait(250);
    progress.tick(tick, () => {
      asked++;
      return soFar();
    });
  }
  expect(asked).toBe(2);
});

test("in GitHub Actions each scenario is a group with a line every five seconds, and what stays is in none", () => {
  const { written, progress, wait } = open("actions");
  progress.phase("waiting for the head endpoint");
  progress.note("generator error: release p99 800 µs");
  for (const text of ["steady · head · warm-up", "steady · head · measuring", "burst · head · measuring"]) {
    progress.phase(text);
    for (let i = 0; i < 24; i++) {
      wait(250);
      progress.tick(tick, () => ({ p50S: undefined, p99S: undefined, ownDelayP99S: undefined, recentS: [], leftS: 9 }));
    }
    if (text.endsWith("warm-up")) progress.note("warning: something to know");
  }
  progress.done();
  const line = "4/10 s  9s left  50.0/s  1 failed  3 in flight  196 ok";
  expect(written.join("")).toBe(
    [
      "waiting for the head endpoint",
      "generator error: release p99 800 µs",
      "::group::steady",
      "steady · head · warm-up",
      `steady · head · warm-up  ${line}`,
      "::endgroup::",
      "warning: something to know",
      "::group::steady",
      `steady · head · measuring  ${line}`,
      "::endgroup::",
      "steady · ended after 12s",
      "::group::burst",
      "burst · head · measuring",
      `burst · head · measuring  ${line}`,
      "::endgroup::",
      "burst · ended after 6s",
      "",
    ].join("\n"),
  );
});

test("a note stays in a terminal, above the line that changes", () => {
  const { written, progress } = open("live", 80);
  progress.phase("calibrating");
  progress.note("generator error: release p99 800 µs");
  expect(written.slice(1)).toEqual(["\r\u001B[2Kgenerator error: release p99 800 µs\n", "\r\u001B[2Kcalibrating"]);
});
