import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { describe, expect, test } from "vitest";

const CLI = new URL("../dist/cli.js", import.meta.url).pathname;

const start = (node: string, args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(node, args, { encoding: "utf8", env: { ...process.env, NODE_OPTIONS: "" } });
  return { status, stdout, stderr };
};

/** As `--import` takes it: what a program sees that looks at its version on that Node. */
const pretend = (version: string) =>
  `data:text/javascript,Object.defineProperty(process.versions,"node",{value:"${version}",configurable:true})`;

const versionOf = (node: string) => start(node, ["--version"]).stdout.slice(1).trim();

/** Every Node on the PATH that is too old: none where the machine has only the right one. */
const older = (process.env["PATH"] ?? "")
  .split(delimiter)
  .map((folder) => join(folder, "node"))
  .filter((file) => existsSync(file))
  .filter((file) => /^(1[89]|2[0-3])\./.test(versionOf(file)));

const refused = (file: string, version: string) => ({
  // Exit code 1 would say that a gate failed.
  status: 2,
  stdout: "",
  stderr: `tailgate needs Node 24 or newer, and ${file} is Node ${version}: put a newer one first on the PATH (\`nvm install 24\`, or actions/setup-node with \`node-version: 24\` in a workflow)\n`,
});

describe("the command on a Node that is too old", () => {
  test.each(["20.20.2", "23.11.0", "9.0.0"])("%s: says so, and that no gate has failed", (version) => {
    expect(start(process.execPath, ["--import", pretend(version), CLI, "--version"])).toEqual(refused(process.execPath, version));
  });

  test.each(["24.0.0", "26.1.0", "100.0.0"])("%s is not too old", (version) => {
    expect(start(process.execPath, ["--import", pretend(version), CLI, "--version"])).toMatchObject({ status: 0, stderr: "" });
  });

  // A version manager's own script may stand there, and runs a binary elsewhere: the file is named as Node knows it.
  test.skipIf(older.length === 0)("a real one", () => {
    for (const node of older) {
      const { status, stderr } = start(node, [CLI, "--version"]);
      expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(`is Node ${versionOf(node)}: put`) });
    }
  });
});

test("a release with a file missing ends as a bug of ours, not as a failed gate", () => {
  const folder = mkdtempSync(join(tmpdir(), "tailgate-"));
  try {
    copyFileSync(CLI, join(folder, "cli.js"));
    writeFileSync(join(folder, "package.json"), '{"type":"module"}');
    const { status, stderr } = start(process.execPath, [join(folder, "cli.js"), "--version"]);
    expect(status).toBe(70);
    expect(stderr).toMatch(/^tailgate: this is a bug, please report it with the lines below\nError \[ERR_MODULE_NOT_FOUND\].*run-cli\.js/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
