import { readFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";

/** Where and when numbers were taken: without it they say nothing. */
export type Machine = {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGB: number;
  readonly system: string;
  readonly node: string;
  /** UTC, `2026-01-31`. */
  readonly date: string;
};

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown CPU",
    cores: cpus().length,
    memoryGB: Math.round(totalmem() / 1e9),
    system: `${process.platform} ${process.arch}${kernel()}`,
    node: process.versions.node,
    date: new Date().toISOString().slice(0, 10),
  };
}

export const sentenceOf = ({ cpu, cores, memoryGB, system, node, date }: Machine): string =>
  `${cores} × ${cpu}, ${memoryGB} GB, ${system}, Node ${node}, ${date}`;

/** Mean number of runnable processes over the last minute: what else was going on. */
export const loadAverage = (): number => loadavg()[0] ?? Number.NaN;

function kernel(): string {
  try {
    return ` ${readFileSync("/proc/sys/kernel/osrelease", "utf8").trim()}`;
  } catch {
    return "";
  }
}
