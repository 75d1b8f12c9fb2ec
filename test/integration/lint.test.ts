import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { goTool, pythonTool, runTool, useTool, VERSIONS } from "./tools.ts";

const WORKFLOWS = globSync([".github/workflows/*.yml", "examples/workflows/*.yml"]);
/** What a linter of security reads besides: the action itself, and what updates the dependencies. */
const AUDITED = [...WORKFLOWS, "action.yml", ".github/dependabot.yml"];

const HOSTILE = `on: pull_request_target
jobs:
  build:
    runs-on: ubuntu-24.04
    stepz: []
    steps:
      - uses: actions/checkout@main
        with: { ref: "\${{ github.event.pull_request.head.sha }}" }
      - run: echo "\${{ github.event.pull_request.title }}"
`;

/** A repository with one workflow in which everything is wrong. */
function planted(): string {
  const folder = mkdtempSync(join(tmpdir(), "tailgate-lint-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, ".github/workflows"), { recursive: true });
  const file = join(folder, ".github/workflows/hostile.yml");
  writeFileSync(file, HOSTILE);
  return file;
}

test("there are workflows to look at", () => {
  expect(WORKFLOWS.length).toBeGreaterThanOrEqual(4);
});

describe("actionlint", () => {
  const actionlint = useTool(() => goTool("github.com/rhysd/actionlint/cmd/actionlint", VERSIONS.actionlint));
  // Neither shellcheck nor pyflakes: what a machine happens to have must not change what passes.
  const PLAIN = ["-shellcheck=", "-pyflakes="];

  test("finds nothing wrong with our workflows and those of the examples", () => {
    const { status, stdout, stderr } = runTool(actionlint(), [...PLAIN, ...WORKFLOWS]);
    expect(stdout + stderr).toBe("");
    expect(status).toBe(0);
  });

  test("finds what is planted: a key that does not exist, and text from outside in a script", () => {
    const { status, stdout } = runTool(actionlint(), [...PLAIN, planted()]);
    expect(status).toBe(1);
    expect(stdout).toContain('unexpected key "stepz"');
    expect(stdout).toContain('"github.event.pull_request.title" is potentially untrusted');
  });
});

describe("zizmor", () => {
  const zizmor = useTool(() => pythonTool("zizmor", VERSIONS.zizmor));
  const audit = (...files: readonly string[]) => runTool(zizmor(), ["--offline", "--persona=pedantic", "--color=never", ...files]);

  test("audits every workflow, ours and those of the examples, and finds nothing", () => {
    const { status, stdout, stderr } = audit(...AUDITED);
    expect(stdout).toContain("No findings to report");
    // A folder that is no `.github/workflows` is passed over without a word: what was read is checked by name.
    for (const file of AUDITED) expect(stderr).toContain(`completed ${file}`);
    expect(status).toBe(0);
  });

  test("finds what is planted: rights for a stranger's code, a loose version, text from outside in a script", () => {
    const { status, stdout } = audit(planted());
    expect(status).toBeGreaterThan(0);
    for (const finding of ["dangerous-triggers", "unpinned-uses", "template-injection", "excessive-permissions"]) {
      expect(stdout).toContain(`[${finding}]`);
    }
  });
});

test("the project's own workflow runs the same linters in the same versions, over the same files", () => {
  const check = readFileSync(".github/workflows/check.yml", "utf8");
  expect(check).toContain(`zizmor==${VERSIONS.zizmor} --offline --persona=pedantic .github action.yml examples/workflows/*.yml`);
  expect(check).toContain(`actionlint@${VERSIONS.actionlint} .github/workflows/*.yml examples/workflows/*.yml`);
});
