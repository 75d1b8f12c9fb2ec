import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { beforeAll, beforeEach } from "vitest";

/** The versions that `.github/workflows/check.yml` runs too; a test holds the two together. */
export const VERSIONS = { actionlint: "v1.7.12", zizmor: "1.32.0", act: "v0.2.89" } as const;

/** A program of another ecosystem, or why it is not to be had here: a sentence. */
type Tool = { readonly program: string } | { readonly missing: string };

/** Outlives a test run and not the checkout. */
const FOLDER = ".cache/tools";
/** Compiling the largest takes 100 s of both cores of a small machine. */
const LONGEST_MS = 240_000;

/** A command of a Go module, compiled on first use. */
export function goTool(packagePath: string, version: string): Tool {
  const folder = resolve(FOLDER, `${basename(packagePath)}-${version}`);
  const program = join(folder, basename(packagePath));
  if (existsSync(program)) return { program };
  return installed(program, folder, [["go", "install", `${packagePath}@${version}`]], { GOBIN: folder });
}

/** A command of a Python package, in an environment of its own. */
export function pythonTool(name: string, version: string): Tool {
  const folder = resolve(FOLDER, `${name}-${version}`);
  const program = join(folder, "bin", name);
  if (existsSync(program)) return { program };
  const pip = [join(folder, "bin/pip"), "install", "--quiet", "--disable-pip-version-check", `${name}==${version}`];
  return installed(program, folder, [["python3", "-m", "venv", folder], pip]);
}

/** A Python with packages (`name==version`), in an environment of its own. */
export function pythonWith(name: string, packages: readonly string[]): Tool {
  const folder = resolve(FOLDER, `${name}-${packages.join("-").replaceAll("==", "-")}`);
  // A name of its own, which is there once everything is installed.
  const program = join(folder, "bin", `python-${name}`);
  if (existsSync(program)) return { program };
  const pip = [join(folder, "bin/pip"), "install", "--quiet", "--disable-pip-version-check", ...packages];
  return installed(program, folder, [["python3", "-m", "venv", folder], pip, ["ln", "-s", "python3", program]]);
}

/** Debian's Chromium, or the one that is on the PATH. Only root can install it. */
export const chromium = (): Tool =>
  debianTool("Chromium", ["chromium", "chromium-browser", "google-chrome"], ["chromium", "fonts-dejavu-core", "fonts-noto-color-emoji"]);

/** Debian's Prometheus, or the one that is on the PATH. Only root can install it. */
export const prometheus = (): Tool => debianTool("Prometheus", ["prometheus"], ["prometheus"]);

/** The first of some commands that is there, where need be after Debian's packages were installed. */
function debianTool(title: string, commands: readonly string[], packages: readonly string[]): Tool {
  const found = () => commands.flatMap((name) => spawnSync("which", [name], { encoding: "utf8" }).stdout.trim() || [])[0];
  const known = found();
  if (known !== undefined) return { program: known };
  for (const args of [
    ["update", "-qq"],
    ["install", "-y", "-qq", "--no-install-recommends", ...packages],
  ]) {
    const { status, stderr } = spawnSync("apt-get", args, {
      encoding: "utf8",
      timeout: LONGEST_MS,
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
    if (status !== 0)
      return {
        missing: `NOT RUN: there is no ${title}, and apt-get cannot install it: ${stderr?.trim().split("\n").at(-1) ?? "no apt-get"}`,
      };
  }
  const program = found();
  return program === undefined ? { missing: `NOT RUN: there is no ${title} after apt-get installed it` } : { program };
}

/**
 * For the tests of one `describe`: installs the tool before them, and gives its path inside a test. Where it cannot be
 * installed, they are skipped by name, and the log says why.
 */
export function useTool(install: () => Tool): () => string {
  let tool: Tool;
  beforeAll(() => {
    tool = install();
    if ("missing" in tool) console.warn(tool.missing);
  }, LONGEST_MS + 60_000);
  beforeEach(({ skip }) => {
    if ("missing" in tool) skip(tool.missing);
  });
  return () => ("program" in tool ? tool.program : "");
}

/** Runs a tool from the root of the repository. */
export const runTool = (program: string, args: readonly string[]): SpawnSyncReturns<string> =>
  spawnSync(program, args, { encoding: "utf8", timeout: 60_000 });

function installed(program: string, folder: string, commands: readonly (readonly string[])[], environment: NodeJS.ProcessEnv = {}): Tool {
  mkdirSync(folder, { recursive: true });
  for (const [command = "", ...args] of commands) {
    const { status, error, stderr } = spawnSync(command, args, {
      encoding: "utf8",
      timeout: LONGEST_MS,
      env: { ...process.env, ...environment },
    });
    if (status === 0) continue;
    rmSync(folder, { recursive: true, force: true });
    const why = error?.message ?? stderr.trim().split("\n").at(-1) ?? "";
    return { missing: `NOT RUN: ${basename(program)} could not be installed here (${basename(command)} ${args.join(" ")}: ${why})` };
  }
  return { program };
}
