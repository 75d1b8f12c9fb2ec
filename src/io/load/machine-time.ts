import { type FileHandle, open } from "node:fs/promises";

/** What the processors of this machine have done since it started, all together, in ticks of the system. */
export type MachineTime = { readonly total: number; readonly busy: number; readonly steal: number };

export type MachineClock = {
  /** Never holds the thread up: the kernel may take a millisecond to write this on a large machine. Undefined where it cannot be known. */
  readonly read: () => Promise<MachineTime | undefined>;
  readonly close: () => Promise<void>;
};

/** Linux tells in /proc/stat; elsewhere nothing is known of steal, and so of nothing. */
export function openMachineClock(path = "/proc/stat"): MachineClock {
  const opened: Promise<FileHandle | undefined> = open(path).catch(() => undefined);
  const buffer = Buffer.alloc(256);
  return {
    async read() {
      const file = await opened;
      const { bytesRead } = (await file?.read(buffer, 0, buffer.length, 0).catch(() => undefined)) ?? { bytesRead: 0 };
      return parseMachineTime(buffer.toString("latin1", 0, bytesRead));
    },
    async close() {
      await (await opened)?.close();
    },
  };
}

/** Reads `cpu  user nice system idle iowait irq softirq steal …`; guest time, which follows, is part of user time already. */
export function parseMachineTime(text: string): MachineTime | undefined {
  const ticks = /^cpu +((?:\d+ ){7}\d+)/.exec(text)?.[1]?.split(" ").map(Number);
  if (ticks === undefined) return undefined;
  const total = ticks.reduce((sum, each) => sum + each, 0);
  const [, , , idle, ioWait, , , steal] = ticks as [number, number, number, number, number, number, number, number];
  return { total, busy: total - idle - ioWait - steal, steal };
}
