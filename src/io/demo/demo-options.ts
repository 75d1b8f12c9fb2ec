import { parseArgs } from "node:util";

/** `base` and `equal` are the same server; `regressed` makes the slowest inputs 1.5 times the work. */
export const PRESETS = ["base", "equal", "regressed"] as const;
export type Preset = (typeof PRESETS)[number];

export type DemoOptions = {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly seed: number;
  /** Of one step of the simulated accelerator. */
  readonly stepMs: number;
  readonly maxBatch: number;
  readonly tailFactor: number;
  readonly slowFactor: number;
  /** Share of the requests that are answered with HTTP status 500, evenly spread. */
  readonly errorRatio: number;
  /** Simulated memory that this build needs on top. */
  readonly memoryExtraMiB: number;
  /** A request is tokenized again and again for this long. */
  readonly preprocessMs: number;
  /** Of its nominal clock the simulated accelerator has this share, in (0, 1]: every step takes so much longer. */
  readonly clockFactor: number;
  /** The accelerator says that heat holds its clock down. */
  readonly throttled: boolean;
  /** Memory that every request leaves behind, and that every later one searches. */
  readonly leakKiB: number;
  /** Results that are kept: a text seen before costs the accelerator nothing. */
  readonly cache: number;
  /** What `/version` answers. */
  readonly commit: string;
  /** End when standard input does: the parent has gone. */
  readonly withParent: boolean;
};

export const DEMO_USAGE = `usage: demo-server [--port 0] [--host 127.0.0.1] [--preset ${PRESETS.join("|")}] [--tail-factor 1.5] [--slow-factor 1.2]
  [--error-ratio 0.01] [--memory-extra 512] [--step-ms 4] [--max-batch 16] [--seed 7] [--commit SHA] [--with-parent]
  planted causes: [--preprocess-ms 3] [--clock-factor 0.7] [--throttled] [--leak-kib 32] [--cache 1000]`;

const text = { type: "string" } as const;
const OPTIONS = {
  host: text,
  port: text,
  preset: text,
  seed: text,
  commit: text,
  "step-ms": text,
  "max-batch": text,
  "tail-factor": text,
  "slow-factor": text,
  "error-ratio": text,
  "memory-extra": text,
  "preprocess-ms": text,
  "clock-factor": text,
  throttled: { type: "boolean" },
  "leak-kib": text,
  cache: text,
  "with-parent": { type: "boolean" },
} as const;

/** @throws {RangeError} with a sentence for people, if an argument is unknown or out of its range. */
export function parseDemoOptions(args: readonly string[]): DemoOptions {
  let values: Readonly<Record<string, string | boolean | undefined>>;
  try {
    ({ values } = parseArgs({ args: [...args], options: OPTIONS }));
  } catch (cause) {
    throw new RangeError(cause instanceof Error ? cause.message : "unreadable arguments", { cause });
  }
  const preset = PRESETS.find((name) => name === (values.preset ?? "base"));
  if (preset === undefined) throw new RangeError(`--preset must be one of ${PRESETS.join(", ")}`);
  const number = (name: string, otherwise: number, least: number, most: number): number => {
    const value = values[name] === undefined ? otherwise : Number(values[name]);
    if (!(value >= least && value <= most)) throw new RangeError(`--${name} must be a number from ${least} to ${most}`);
    return value;
  };
  return {
    host: String(values.host ?? "127.0.0.1"),
    port: Math.trunc(number("port", 0, 0, 65535)),
    seed: number("seed", 7, 0, 2 ** 32),
    stepMs: number("step-ms", 4, 0.1, 1000),
    maxBatch: Math.trunc(number("max-batch", 16, 1, 256)),
    tailFactor: number("tail-factor", preset === "regressed" ? 1.5 : 1, 1, 100),
    slowFactor: number("slow-factor", 1, 1, 100),
    errorRatio: number("error-ratio", 0, 0, 1),
    memoryExtraMiB: number("memory-extra", 0, 0, 100_000),
    preprocessMs: number("preprocess-ms", 0, 0, 1000),
    clockFactor: number("clock-factor", 1, 0.01, 1),
    throttled: values.throttled === true,
    leakKiB: number("leak-kib", 0, 0, 1024),
    cache: Math.trunc(number("cache", 0, 0, 1_000_000)),
    commit: String(values.commit ?? `demo-${preset}`),
    withParent: values["with-parent"] === true,
  };
}
