import { spawnSync } from "node:child_process";
import { basename } from "node:path";
import type { Load, Request } from "../load.ts";
import { findProgram } from "../program.ts";

/** A load generator, set up in one way. */
export type Peer = {
  /** As tables call it: the program, and what was asked of it beyond the load. */
  readonly name: string;
  /** Name of the program, as {@link findProgram} finds it. */
  readonly program: string;
  /** Its command line. May write its scripts to `folder`, which is also its working directory. */
  readonly command: (program: string, load: Load, request: Request, folder: string) => readonly string[];
  /** What it reports. @throws if it cannot be understood. */
  readonly read: (said: Said) => Reading;
  /** Arguments that make it print its version, or the version itself where it cannot tell. */
  readonly version: readonly string[] | (() => string);
};

export type Said = { readonly stdout: string; readonly stderr: string; readonly folder: string; readonly program: string };

/** Latencies in milliseconds; undefined where the tool does not report that quantile. */
export type Reading = {
  readonly requests: number;
  readonly latencyMs: Latencies;
  /** What its latency leaves out, in its own numbers: `96 dropped`. Empty for nothing. */
  readonly hid: string;
};
export type Latencies = Readonly<Record<QuantileName, number | undefined>>;
export const QUANTILES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const;
export type QuantileName = keyof typeof QUANTILES;

/** As the program tells it, or what built or packaged it; undefined for a tool that is not installed. */
export function versionOf(peer: Peer): string | undefined {
  const program = findProgram(peer.program);
  if (program === undefined) return undefined;
  if (typeof peer.version === "function") return peer.version();
  const { stdout, stderr } = spawnSync(program, peer.version, { encoding: "utf8", timeout: 20_000 });
  // A version of its own, not that of the Go it was built with (`go1.26.8`).
  const version = /(?<![\w.])v?(\d+\.\d+\.\d+)/.exec(`${stdout}\n${stderr}`)?.[1];
  return version ?? goVersion(program) ?? debianVersion(program) ?? "of unknown version";
}

/** Programs that `go install` built without telling them their version still carry it. */
function goVersion(program: string): string | undefined {
  const go = findProgram("go");
  if (go === undefined) return undefined;
  const { stdout } = spawnSync(go, ["version", "-m", program], { encoding: "utf8" });
  return /^\s*mod\s+\S+\s+v(\S+)/m.exec(stdout)?.[1];
}

function debianVersion(program: string): string | undefined {
  if (!program.startsWith("/usr/bin/") || findProgram("dpkg-query") === undefined) return undefined;
  const { stdout, status } = spawnSync("/usr/bin/dpkg-query", ["-W", "-f", "${Version}", basename(program)], { encoding: "utf8" });
  return status === 0 ? stdout : undefined;
}

/** What a tool says of each quantile, by whatever name it has there. */
export const latencies = (of: (quantile: QuantileName) => number | undefined): Latencies => ({
  p50: of("p50"),
  p90: of("p90"),
  p95: of("p95"),
  p99: of("p99"),
});

/** The first number that `pattern` captures. @throws if there is none. */
export function numberIn(text: string, pattern: RegExp): number {
  const value = Number(pattern.exec(text)?.[1] ?? Number.NaN);
  if (!Number.isFinite(value)) throw new Error(`nothing like ${pattern.source} in its output`);
  return value;
}

/** `what` counted, where there was any of it. */
export const counted = (n: number, what: string): readonly string[] => (n > 0 ? [`${n} ${what}`] : []);
