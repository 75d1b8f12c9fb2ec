import { expect, test } from "vitest";
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
  ]);
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
