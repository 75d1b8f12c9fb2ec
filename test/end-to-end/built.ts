import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/** Where builds are kept between test runs; one is enough. */
const CACHE = "node_modules/.cache/tailgate-dist";
const MADE_FROM = ["src/**/*.ts", "rolldown.config.ts", "package.json", "package-lock.json"];

/** The folder of a build of these very sources: what users of the action run. Built on first use, in about 10 s. */
export async function built(): Promise<string> {
  const hash = createHash("sha256");
  for (const file of globSync(MADE_FROM).sort()) hash.update(`${file}\0`).update(readFileSync(file));
  const name = hash.digest("hex").slice(0, 16);
  const folder = join(CACHE, name);
  if (existsSync(folder)) return folder;
  const fresh = `${folder}-${process.pid}`;
  mkdirSync(CACHE, { recursive: true });
  await promisify(execFile)(process.execPath, [bundler(), "--config", "rolldown.config.ts", "-d", fresh]);
  // Another process may have been quicker.
  if (existsSync(folder)) rmSync(fresh, { recursive: true });
  else renameSync(fresh, folder);
  for (const old of await readdir(CACHE)) if (!old.startsWith(name)) await rm(join(CACHE, old), { recursive: true, force: true });
  return folder;
}

const bundler = (): string => {
  const { bin } = JSON.parse(readFileSync("node_modules/rolldown/package.json", "utf8")) as { bin: { rolldown: string } };
  return join("node_modules/rolldown", bin.rolldown);
};
