// Installs the development dependencies when they are missing or older than the lockfile, and says nothing when they
// are not: so that `npm test`, `npm run demo` and `npm run tailgate` each work as the first command of a fresh clone.
// Plain JavaScript without dependencies, because it runs on whatever Node the machine has.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

// npm writes node_modules/.package-lock.json as the last step of an install: an install cut short has none.
const installed = "node_modules/.package-lock.json";
const lockfile = readFileSync("package-lock.json", "utf8");
const stamp = "node_modules/.tailgate-lockfile";

if (!existsSync(installed) || !existsSync(stamp) || readFileSync(stamp, "utf8") !== lockfile) {
  process.stderr.write("Installing dependencies (npm ci) ...\n");
  const { status, error } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    stdio: ["ignore", process.stderr.fd, "inherit"],
    shell: process.platform === "win32",
  });
  if (error !== undefined || status !== 0) {
    process.stderr.write(`npm ci failed${error === undefined ? "" : `: ${error.message}`}\n`);
    process.exit(status ?? 1);
  }
  const { writeFileSync } = await import("node:fs");
  writeFileSync(stamp, lockfile);
}
