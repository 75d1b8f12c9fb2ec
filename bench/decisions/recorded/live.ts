import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readRunRecord } from "../../../src/core/record/read.ts";
import type { RunRecord } from "../../../src/core/record/run-record.ts";
import type { VerdictJson } from "../../../src/core/report/verdict-schema.ts";
import type { Slot } from "./agenda.ts";
import { type Result, resultOf } from "./result.ts";
import type { ServedModel } from "./served-model.ts";
import { type RunningServer, startServer } from "./start-server.ts";

const CLI = fileURLToPath(new URL("../../../src/cli.ts", import.meta.url));
/** Of one `tailgate run`, which takes half a minute. */
const RUN_LIMIT_MS = 180_000;

export type LiveComparison = { readonly result: Result; readonly record: RunRecord | undefined };

/**
 * Makes one comparison as a user would: starts both servers, runs `tailgate run` against them, stops them.
 *
 * @param suiteFile the suite of the model.
 * @returns an `invalid` result with the reason where a server or the command itself failed.
 */
export async function compareLive(model: ServedModel, slot: Slot, suiteFile: string): Promise<LiveComparison> {
  const loadAverage = loadavg()[0] ?? Number.NaN;
  const out = await mkdtemp(join(tmpdir(), "tailgate-recorded-"));
  const running = new Map<string, RunningServer>();
  const startMs = performance.now();
  try {
    const change = model.changes.find(({ name }) => name === slot.change);
    const start = async (arm: "base" | "head") =>
      running.set(arm, await startServer(model.command(arm === "head" ? (change?.options ?? []) : [])));
    await start(slot.first);
    await start(slot.first === "base" ? "head" : "base");
    const endpoints = ["--endpoint", running.get("head")!.url, "--baseline-endpoint", running.get("base")!.url];
    const runMs = performance.now();
    const complaint = await tailgate([
      "run",
      suiteFile,
      ...endpoints,
      "--out",
      out,
      "--set",
      `seed=${slot.seed}`,
      "--set",
      `decision.budget=${slot.budget}`,
    ]);
    const durationS = Math.round((performance.now() - runMs) / 100) / 10;
    const verdict = await readFile(join(out, "verdict.json"), "utf8").catch(() => {
      throw new Error(`tailgate left no verdict: ${complaint.slice(-500)}`);
    });
    const record = readRunRecord(await readFile(join(out, "run.json"), "utf8"), "run.json");
    const requests = record.scenarios.flatMap(({ arms }) => Object.values(arms)).reduce((sum, { blocks }) => sum + offered(blocks), 0);
    return {
      result: resultOf(slot, JSON.parse(verdict) as VerdictJson, { requests, passes: passesOf(record), durationS, loadAverage }),
      record,
    };
  } catch (error) {
    const durationS = Math.round((performance.now() - startMs) / 100) / 10;
    const nothing = { evidence: "none", verdict: "invalid", failed: [], delta: {}, resolvableMargin: {}, requests: 0, passes: 0 } as const;
    const reasons = [error instanceof Error ? error.message : String(error)];
    return { result: { ...slot, change: slot.change ?? "nothing", ...nothing, reasons, durationS, loadAverage }, record: undefined };
  } finally {
    await Promise.all([...running.values()].map(({ stop }) => stop()));
    await rm(out, { recursive: true, force: true });
  }
}

/** How often the planned load was played: 1 at a fixed length. */
const passesOf = ({ scenarios }: RunRecord): number => Math.max(1, ...scenarios.map(({ looks }) => looks?.passes.at(-1) ?? 1));

export const offered = (blocks: readonly { readonly offered: number }[]): number => blocks.reduce((sum, block) => sum + block.offered, 0);

/** @returns what it wrote to standard error; its exit code says what verdict.json says as well. */
async function tailgate(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ["ignore", "ignore", "pipe"], timeout: RUN_LIMIT_MS });
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaint = `${complaint}${chunk.toString("utf8")}`.slice(-5000);
  });
  await once(child, "close");
  return complaint;
}
