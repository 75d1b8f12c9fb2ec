import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";

export type ProcessRun = {
  readonly stdout: string;
  readonly stderr: string;
  /** User and system time of the whole process tree from its start to its end, seconds. */
  readonly cpuS: number;
  /** The same over the middle of the run, and the requests of that time; undefined where the system cannot tell. */
  readonly middle: { readonly cpuS: number; readonly requests: number } | undefined;
};

/** Where to cut the middle out of a run: start-up, compilation and the report at the end lie outside. */
export type Middle = {
  /** Requests that the server has answered. */
  readonly count: () => Promise<number>;
  /** Seconds after the first answer. */
  readonly fromS: number;
  readonly toS: number;
};

/**
 * Runs a program to its end and says what it cost.
 *
 * @param folder receives what it writes to stdout and stderr.
 * @throws if it does not exist, ends with another code than 0, or takes longer than `limitS`.
 */
export async function runProcess(
  command: readonly string[],
  folder: string,
  options: { limitS: number; middle?: Middle },
): Promise<ProcessRun> {
  mkdirSync(folder, { recursive: true });
  const files = await Promise.all(["stdout", "stderr", "time"].map((name) => open(join(folder, name), "w+")));
  const [stdout, stderr, time] = files.map(({ fd }) => fd) as [number, number, number];
  // bash waits for the whole tree and knows its times to the millisecond, which Node does not tell of its children.
  const timed = 'TIMEFORMAT="%3U %3S"; { time "$@" 2>&4; } 2>&3';
  const child = spawn("bash", ["-c", timed, "bash", ...command], {
    cwd: folder,
    stdio: ["ignore", stdout, "ignore", time, stderr],
    detached: true,
    env: {
      ...process.env,
      // Programs of npm packages run on the Node that runs us.
      PATH: [dirname(process.execPath), process.env["PATH"]].join(delimiter),
      // No peer calls home from a benchmark.
      ARTILLERY_DISABLE_TELEMETRY: "true",
      K6_NO_USAGE_REPORT: "true",
      NO_COLOR: "1",
    },
  });
  let late = false;
  const over = new AbortController();
  const limit = globalThis.setTimeout(() => {
    late = true;
    process.kill(-child.pid!, "SIGKILL");
  }, options.limitS * 1000);
  try {
    const ended = once(child, "exit") as Promise<[number | null]>;
    const measured = options.middle === undefined ? undefined : cutMiddle(child.pid!, options.middle, over.signal);
    const [code] = await ended;
    over.abort();
    const middle = await measured;
    const text = (name: string) => readFileSync(join(folder, name), "utf8");
    if (late) throw new Error(`not done after ${options.limitS} s`);
    if (code !== 0) throw new Error(`ended with code ${code}: ${(text("stderr") || text("stdout")).trim().split("\n").at(-1) ?? ""}`);
    const [user = Number.NaN, system = Number.NaN] = text("time").trim().split("\n").at(-1)!.split(" ").map(Number);
    return { stdout: text("stdout"), stderr: text("stderr"), cpuS: user + system, middle };
  } finally {
    clearTimeout(limit);
    over.abort();
    await Promise.all(files.map((file) => file.close()));
  }
}

async function cutMiddle(root: number, { count, fromS, toS }: Middle, over: AbortSignal): Promise<ProcessRun["middle"]> {
  const before = await count();
  while ((await count()) === before) {
    if (over.aborted) return undefined;
    await setTimeout(20);
  }
  const startMs = performance.now();
  const reading = async (atS: number) => {
    await setTimeout(Math.max(0, startMs + atS * 1000 - performance.now()), undefined, { signal: over });
    return { cpuNs: treeCpuNs(root), requests: await count() };
  };
  try {
    const [from, to] = [await reading(fromS), await reading(toS)];
    if (from.cpuNs === undefined || to.cpuNs === undefined || to.requests === from.requests) return undefined;
    return { cpuS: (to.cpuNs - from.cpuNs) / 1e9, requests: to.requests - from.requests };
  } catch (error) {
    if (over.aborted) return undefined;
    throw error;
  }
}

/** CPU time of all living threads of a process and its descendants; Linux only. */
function treeCpuNs(root: number): number | undefined {
  if (process.platform !== "linux") return undefined;
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = contentOf(`/proc/${name}/stat`);
    // The name of a program stands in parentheses and may hold anything.
    const parent = stat === undefined ? Number.NaN : Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    parents.set(Number(name), parent);
  }
  const inTree = (pid: number | undefined): boolean => pid !== undefined && (pid === root || inTree(parents.get(pid)));
  let sum = 0;
  for (const pid of [...parents.keys()].filter(inTree)) {
    for (const thread of namesIn(`/proc/${pid}/task`))
      sum += Number(contentOf(`/proc/${pid}/task/${thread}/schedstat`)?.split(" ")[0] ?? 0);
  }
  return sum > 0 ? sum : undefined;
}

/** A process may end between two looks at it. */
function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
