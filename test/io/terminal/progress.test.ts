import { afterEach, expect, test, vi } from "vitest";
import { openProgress } from "../../../src/io/terminal/progress.ts";

function open(tty: boolean, columns?: number) {
  const written: string[] = [];
  let ms = 0;
  const stream = { write: (text: string) => written.push(text), ...(columns === undefined ? {} : { columns }) };
  return { written, progress: openProgress(stream, { tty, now: () => ms }), wait: (by: number) => void (ms += by) };
}
const tick = { elapsedS: 4, durationS: 10, offered: 200, inFlight: 3, ok: 196, failed: 1 };

test("a terminal shows one line that changes in place", () => {
  const { written, progress, wait } = open(true, 120);
  progress.phase("steady · head · block 3");
  wait(200);
  progress.tick(tick);
  expect(written).toEqual([
    "\r\u001B[2Ksteady · head · block 3",
    "\r\u001B[2Ksteady · head · block 3  4/10 s  50.0/s  3 in flight  196 ok  1 failed",
  ]);
});

test("a terminal is not written to more than ten times per second", () => {
  const { written, progress, wait } = open(true);
  progress.phase("steady");
  for (let i = 0; i < 100; i++) {
    wait(10);
    progress.tick(tick);
  }
  expect(written.length).toBe(1 + 10);
});

test("a terminal that does not know its width is taken for 80 columns", () => {
  const { written, progress } = open(true, 0);
  progress.phase("steady · head · warm-up");
  expect(written[0]).toBe("\r\u001B[2Ksteady · head · warm-up");
});

test("a line is never wider than the terminal", () => {
  const { written, progress } = open(true, 20);
  progress.phase("a scenario with a very long name");
  expect(written[0]).toBe("\r\u001B[2Ka scenario with a …");
});

test("done leaves an empty line", () => {
  const { written, progress } = open(true);
  progress.phase("steady");
  progress.done();
  progress.done();
  expect(written.slice(1)).toEqual(["\r\u001B[2K"]);
});

test("a log gets a plain line every ten seconds, without escape sequences", () => {
  const { written, progress, wait } = open(false);
  progress.phase("steady · base · warm-up");
  for (let i = 0; i < 250; i++) {
    wait(100);
    if (i === 50) progress.phase("steady · base · block 1");
    progress.tick(tick);
  }
  progress.done();
  expect(written).toEqual([
    "steady · base · warm-up\n",
    "steady · base · block 1  4/10 s  50.0/s  3 in flight  196 ok  1 failed\n",
    "steady · base · block 1  4/10 s  50.0/s  3 in flight  196 ok  1 failed\n",
    "steady · ended after 25s\n",
  ]);
});

test("a log says when a scenario ends, once each, however short it was", () => {
  const { written, progress, wait } = open(false);
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

test.each([true, false])("a step that reports nothing is shown again with the time it has taken, until done (terminal: %s)", (tty) => {
  vi.useFakeTimers();
  const { written, progress, wait } = open(tty);
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
});

test("a second run after done begins with its own first line", () => {
  const { written, progress } = open(false);
  progress.phase("base");
  progress.done();
  progress.phase("head");
  expect(written).toEqual(["base\n", "head\n"]);
});

test("a hostile name cannot move the cursor", () => {
  const { written, progress } = open(false);
  progress.phase("a\u001B[2Jb\nc");
  expect(written).toEqual(["a [2Jb c\n"]);
});

test("a tick before any time has passed shows no rate", () => {
  const { written, progress, wait } = open(true);
  wait(1000);
  progress.tick({ ...tick, elapsedS: 0 });
  expect(written[0]).toContain("0/10 s  –  3 in flight");
});
