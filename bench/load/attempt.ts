import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Load, Request } from "./load.ts";
import type { Peer, Reading } from "./peers/peer.ts";
import { type Middle, type ProcessRun, runProcess } from "./process-run.ts";
import { findProgram } from "./program.ts";

/** One run of one tool, or why there is none: every tool has a row in every table. */
export type Attempt =
  | { readonly kind: "ran"; readonly run: ProcessRun; readonly reading: Reading; readonly folder: string }
  | { readonly kind: "not run"; readonly why: string };

/** What a run takes beyond its load: start-up, late answers, a report. */
const BESIDES_S = 25;

/** @param folder is made for this run. */
export async function attempt(peer: Peer, load: Load, request: Request, folder: string, middle?: Middle): Promise<Attempt> {
  const program = findProgram(peer.program);
  if (program === undefined) return { kind: "not run", why: "not installed" };
  mkdirSync(folder, { recursive: true });
  try {
    const command = peer.command(program, load, request, folder);
    const run = await runProcess(command, folder, { limitS: load.durationS + BESIDES_S, ...(middle === undefined ? {} : { middle }) });
    return { kind: "ran", run, reading: peer.read({ ...run, folder, program }), folder };
  } catch (error) {
    return { kind: "not run", why: (error as Error).message.split("\n")[0]!.slice(0, 120) };
  }
}

let folders = 0;

/** A new name below `root`. */
export const freshFolder = (root: string): string => join(root, String(folders++));
