import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { artillery } from "./artillery.ts";
import { autocannon } from "./autocannon.ts";
import { bareUndici } from "./bare-undici.ts";
import { hey } from "./hey.ts";
import { k6 } from "./k6.ts";
import { oha } from "./oha.ts";
import { type Peer, versionOf } from "./peer.ts";
import { tailgate } from "./tailgate.ts";
import { vegeta } from "./vegeta.ts";
import { wrk, wrk2 } from "./wrk.ts";

const ALL: Readonly<Record<string, Peer>> = {
  tailgate,
  undici: bareUndici,
  autocannon: autocannon(1, true),
  artillery: artillery(undefined),
  k6: k6({ allocated: 1 }),
  vegeta,
  oha: oha(1, true),
  wrk: wrk(1),
  wrk2: wrk2(1),
  hey: hey(1),
};

/** Every tool with its version, in one sentence. */
export const installedPeers = (): string => {
  const versions = Object.entries(ALL).map(([name, peer]) => `${name} ${versionOf(peer) ?? "not installed"}`);
  return `Tools: ${versions.join(", ")}.`;
};

const HERE = import.meta.dirname;

/**
 * Installs the peers from npm into this folder, unless the lockfile's are there. Without their install scripts, one of
 * which would fetch browsers. Where that fails, they are not installed, and the tables say so.
 */
export function installNpmPeers(): void {
  const [lockfile, stamp] = [readFileSync(join(HERE, "package-lock.json"), "utf8"), join(HERE, "node_modules/.tailgate-lockfile")];
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lockfile) return;
  console.error("Installing autocannon and artillery (npm ci, 470 MB on disk) ...");
  const { status } = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: HERE,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (status === 0) writeFileSync(stamp, lockfile);
}
