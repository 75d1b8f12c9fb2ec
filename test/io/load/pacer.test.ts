import { execFile } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { openPacer, type Pacer } from "../../../src/io/load/pacer.ts";
import { block } from "./drive.ts";

const open = (): Pacer => {
  const pacer = openPacer();
  onTestFinished(() => pacer.close());
  return pacer;
};

const every = (ms: number, count: number) => Float64Array.from({ length: count }, (_, i) => i * ms * 1e6);

/** Paces and notes when each arrival was released, in ms after it was intended. */
async function pace(pacer: Pacer, arrivalsNs: Float64Array, signal = new AbortController().signal, onRelease: () => unknown = () => {}) {
  const lateMs: number[] = [];
  let startedNs = 0n;
  const startTime = () => (startedNs = process.hrtime.bigint() + 10_000_000n);
  await pacer.pace(
    startTime,
    arrivalsNs,
    (due) => {
      const nowNs = Number(process.hrtime.bigint() - startedNs);
      while (lateMs.length < due) lateMs.push((nowNs - arrivalsNs[lateMs.length]!) / 1e6);
      onRelease();
    },
    signal,
  );
  return lateMs;
}

describe("the pacer", () => {
  test("releases every arrival, none early, most within a few milliseconds", async () => {
    const lateMs = await pace(open(), every(5, 100));
    expect(lateMs.length).toBe(100);
    expect(Math.min(...lateMs)).toBeGreaterThanOrEqual(0);
    expect(lateMs.toSorted((a, b) => a - b)[50]!).toBeLessThan(5);
  });

  test("has the sender awake when an arrival comes, and its sockets and timers served until then", async () => {
    let turns = 0;
    const turning = setInterval(() => turns++, 1);
    const lateMs = await pace(open(), every(20, 50)).finally(() => clearInterval(turning));
    // A thread that is woken at the moment itself is never as early as this, and a busy machine does not hold up all of them.
    expect(Math.min(...lateMs)).toBeLessThan(0.02);
    expect(turns).toBeGreaterThan(50);
  });

  test("releases what is due at the same time in one call", async () => {
    let calls = 0;
    const lateMs = await pace(open(), new Float64Array(50), undefined, () => calls++);
    expect(lateMs.length).toBe(50);
    expect(calls).toBe(1);
  });

  test("makes up for a pause of the sender at once", async () => {
    const pacer = open();
    const counts: number[] = [];
    const release = (due: number) => {
      counts.push(due);
      if (counts.length === 5) block(100);
    };
    await pacer.pace(() => process.hrtime.bigint(), every(5, 60), release, new AbortController().signal);
    expect(counts.at(-1)).toBe(60);
    // 100 ms hold 20 arrivals; the first call after the pause brings all that passed meanwhile.
    expect(counts[5]! - counts[4]!).toBeGreaterThanOrEqual(5);
  });

  test("takes one schedule after the other, also an empty one", async () => {
    const pacer = open();
    expect((await pace(pacer, every(2, 10))).length).toBe(10);
    expect((await pace(pacer, every(2, 0))).length).toBe(0);
    expect((await pace(pacer, every(2, 10))).length).toBe(10);
  });

  test("stops when it is told to, and can pace again", async () => {
    const pacer = open();
    const stop = new AbortController();
    let calls = 0;
    expect((await pace(pacer, every(10, 1000), stop.signal, () => ++calls === 5 && stop.abort())).length).toBeLessThan(200);
    expect((await pace(pacer, every(2, 10))).length).toBe(10);
  });

  test("hands on what the release throws", async () => {
    const fail = () => {
      throw new Error("cannot send");
    };
    await expect(pace(open(), every(2, 1000), undefined, fail)).rejects.toThrow("cannot send");
  });

  test("fails when its thread ends under it", async () => {
    const pacer = open();
    const running = pace(pacer, every(10, 1000));
    await sleep(150);
    await pacer.close();
    await expect(running).rejects.toThrow(/pacer thread ended/);
  });
});

test("a process lives as long as it paces, and ends without being told to close", async () => {
  const url = new URL("../../../src/io/load/pacer.ts", import.meta.url).href;
  const script = `
    import { openPacer } from ${JSON.stringify(url)};
    let released = 0;
    const arrivals = Float64Array.from({ length: 20 }, (_, i) => i * 10e6);
    await openPacer().pace(() => process.hrtime.bigint(), arrivals, (due) => { released = due; }, new AbortController().signal);
    console.log(released);`;
  const child = execFile(process.execPath, ["--input-type=module", "-e", script], { timeout: 15_000 });
  let output = "";
  child.stdout!.on("data", (text: string) => (output += text));
  expect(await once(child, "close")).toEqual([0, null]);
  expect(output).toBe("20\n");
});
