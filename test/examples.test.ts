import { spawnSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { check } from "../src/commands/check.ts";

const suites = globSync("examples/*/suite*.yaml").toSorted();
const folders = [...new Set(suites.map((file) => dirname(file)))];
const index = readFileSync("examples/README.md", "utf8");

describe("an example", () => {
  test("is there for each of the common servers", () => {
    const servers = ["vllm", "llama-cpp", "text-embeddings", "triton", "kserve", "mlserver", "tf-serving", "torchserve"];
    expect(folders.map((folder) => folder.replace("examples/", ""))).toEqual(expect.arrayContaining(servers));
  });

  test.each(suites)("%s passes tailgate check: every request of it can be planned", async (file) => {
    let printed = "";
    const stdout = (text: string) => (printed += text);
    const { signal } = new AbortController();
    expect(await check.run({ args: [file], environment: {}, signal, stdout, stderr: process.stderr })).toBe(0);
    expect(printed).toMatch(/digest [0-9a-f]{64}/);
  });

  test.each(folders)("%s says how it is started, and stands in the index", (folder) => {
    const page = `${folder}/README.md`;
    expect(existsSync(page)).toBe(true);
    expect(index).toContain(`(${page.replace("examples/", "")})`);
  });

  test.each(folders.filter((folder) => !/sentiment|silero/.test(folder)))("%s says whether it was run, as the index does", (folder) => {
    const text = readFileSync(`${folder}/README.md`, "utf8");
    const row = index.split("\n").find((line) => line.includes(`(${folder.replace("examples/", "")}/README.md)`));
    expect(row).toMatch(/\| (yes|no) \|$/);
    expect(text).toContain(row!.endsWith("| yes |") ? "**Run by us:**" : "**Not run by us:**");
  });
});

test("every example workflow stands in the index", () => {
  const missing = globSync("examples/workflows/*.yml").filter((file) => !index.includes(`(${file.replace("examples/", "")})`));
  expect(missing).toEqual([]);
});

type Steps = readonly { readonly id?: string; readonly name?: string; readonly run?: string }[];
type Workflow = { readonly jobs: Readonly<Record<string, { readonly steps: Steps }>> };
const workflow = (name: string) => parse(readFileSync(`examples/workflows/${name}`, "utf8")) as Workflow;
const scriptOf = (name: string, job: string, find: (step: Steps[number]) => boolean): string =>
  workflow(name).jobs[job]!.steps.find(find)!.run!;
/** As a runner runs a step. */
const bash = (script: string, cwd: string, env: Record<string, string>) =>
  spawnSync("bash", ["--noprofile", "--norc", "-e", "-c", script], { cwd, encoding: "utf8", env: { PATH: process.env["PATH"], ...env } });
const hasJq = spawnSync("jq", ["--version"]).status === 0;

function folder(): string {
  const place = mkdtempSync(join(tmpdir(), "tailgate-example-"));
  onTestFinished(() => rmSync(place, { recursive: true }));
  return place;
}

describe.skipIf(!hasJq)("the scripts of the example workflows, run as a runner does:", () => {
  const changes = scriptOf("monorepo.yml", "changes", ({ id }) => id === "models");

  test.each([
    ["one model", { "models/chat/app.py": "2" }, ["chat"]],
    ["two models", { "models/chat/app.py": "2", "models/rerank/tailgate.yaml": "2" }, ["chat", "rerank"]],
    ["a folder without a suite", { "models/notes/README.md": "2" }, []],
    ["what all share", { "lib/server.py": "2", "models/chat/app.py": "2" }, ["chat", "rerank"]],
  ] as const)("a change of %s measures what it touches", (_, files, models) => {
    const place = folder();
    const git = (...args: string[]) =>
      spawnSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], { cwd: place, encoding: "utf8" });
    const write = (path: string, text: string) => {
      mkdirSync(join(place, dirname(path)), { recursive: true });
      writeFileSync(join(place, path), text);
    };
    git("init", "-q");
    for (const path of ["models/chat/tailgate.yaml", "models/rerank/tailgate.yaml", "models/notes/README.md"]) write(path, "1");
    git("add", ".");
    git("commit", "-qm", "before");
    const since = git("rev-parse", "HEAD").stdout.trim();
    for (const [path, text] of Object.entries(files)) write(path, text);
    git("add", ".");
    git("commit", "-qm", "after");
    const touched = (from: string) => {
      const output = join(place, "output");
      writeFileSync(output, "");
      const { status, stderr } = bash(changes, place, { SINCE: from, GITHUB_OUTPUT: output });
      expect(status, stderr).toBe(0);
      return JSON.parse(readFileSync(output, "utf8").replace("models=", "")) as unknown;
    };
    expect(touched(since)).toEqual(models);
    // A schedule has no commit before it, and the first push of a branch has one of zeros.
    for (const none of ["", "0".repeat(40)]) expect(touched(none)).toEqual(["chat", "rerank"]);
  });

  const required = scriptOf("monorepo.yml", "performance", () => true);
  test.each([
    ["success", "[]", "skipped", 0],
    ["success", '["chat"]', "success", 0],
    ["success", '["chat"]', "failure", 1],
    ["success", '["chat"]', "skipped", 1],
    ["failure", "", "skipped", 1],
    ["cancelled", "", "skipped", 1],
  ])(
    "the required check, where finding the changes was a %s, they are %s and the gate a %s, ends with %i",
    (CHANGES, MODELS, GATE, code) => {
      expect(bash(required, ".", { CHANGES, MODELS, GATE }).status).toBe(code);
    },
  );

  const leak = scriptOf("nightly.yml", "soak", ({ name }) => name === "Memory does not keep growing");
  test.each([
    ["no problem", { problems: [] }, 0],
    ["another one", { problems: [{ code: "drift", message: "x" }] }, 0],
    ["memory that grows", { problems: [{ code: "memory-grows", message: "grew by 2 GiB" }] }, 1],
  ])("a night with %s", (_, verdict, code) => {
    const place = folder();
    writeFileSync(join(place, "verdict.json"), JSON.stringify(verdict));
    const { status, stdout } = bash(leak, place, { REPORT: "verdict.json" });
    expect(status).toBe(code);
    expect(stdout).toBe(code === 0 ? "" : "::error::grew by 2 GiB\n");
  });

  test("a night without a verdict is no quiet one", () => {
    expect(bash(leak, folder(), { REPORT: "verdict.json" }).status).not.toBe(0);
  });
});
