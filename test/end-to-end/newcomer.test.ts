import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startDemo } from "../../src/io/demo/start-demo.ts";
import { built } from "./built.ts";

/**
 * A machine that has Node and nothing else: no git, no npm, no network is used, an own home, and what a release holds in a folder
 * beside it. `tailgate` is on the path, as `npm install --global` would put it there.
 */
async function machine() {
  const root = mkdtempSync(join(tmpdir(), "tailgate-newcomer-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const [bin, home, project] = ["bin", "home", "my-model"].map((name) => join(root, name)) as [string, string, string];
  for (const folder of [bin, home, project]) mkdirSync(folder);
  cpSync(await built(), join(root, "release/dist"), { recursive: true });
  copyFileSync("package.json", join(root, "release/package.json"));
  chmodSync(join(root, "release/dist/cli.js"), 0o755);
  symlinkSync(process.execPath, join(bin, "node"));
  symlinkSync(join(root, "release/dist/cli.js"), join(bin, "tailgate"));
  const tailgate = (...args: readonly string[]) =>
    spawnSync(join(bin, "tailgate"), args, { cwd: project, env: { PATH: bin, HOME: home }, encoding: "utf8", timeout: 60_000, input: "" });
  return { tailgate, read: (name: string) => readFileSync(join(project, name), "utf8") };
}

// Elements that have no end, by HTML.
const VOID = new Set("area base br col embed hr img input link meta source track wbr".split(" "));

/** What is not closed, or closed twice, in an HTML document; text in scripts and styles is none of it. */
function unbalanced(html: string): readonly string[] {
  const plain = html.replace(/<!--[\s\S]*?-->/g, "").replace(/(<(script|style)\b[^>]*>)[\s\S]*?(<\/\2>)/gi, "$1$3");
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [, end = "", name = "", closed = ""] of plain.matchAll(/<(\/?)([a-zA-Z][\w-]*)(?:"[^"]*"|'[^']*'|[^"'>])*?(\/?)>/g)) {
    const tag = name.toLowerCase();
    if (end === "" && closed === "" && !VOID.has(tag)) open.push(tag);
    if (end !== "" && open.pop() !== tag) wrong.push(tag);
  }
  return [...wrong, ...open];
}

test("a report that is cut off is seen", () => {
  expect(unbalanced("<main><p>a<br></p></main>")).toEqual([]);
  expect(unbalanced("<main><p>a</main>")).not.toEqual([]);
  expect(unbalanced("<main><p>a")).toEqual(["main", "p"]);
});

test("install, init, run, open the report: no edit by hand, and far less than three minutes", { timeout: 120_000 }, async () => {
  const { tailgate, read } = await machine();
  const demo = await startDemo({ preset: "base" });
  onTestFinished(demo.stop);
  const startedMs = performance.now();

  const init = tailgate("init", "--endpoint", demo.url);
  expect(init.status, init.stderr).toBe(0);
  expect(init.stderr).toContain("protocol openai-chat: GET /v1/models lists");
  expect(read(".github/workflows/tailgate.yml")).toContain("uses: tailgate-ci/tailgate@v1");
  const next = /^next: tailgate (.*)$/m.exec(init.stderr)?.[1]?.split(" ") ?? [];
  expect(next).toEqual(["run", "tailgate.yaml", "--endpoint", demo.url, "--quick"]);
  expect(tailgate("check", "tailgate.yaml").status).toBe(0);

  const run = tailgate(...next);
  // The first run has nothing to compare with, and a quick one passes nothing.
  expect(run.status, run.stdout + run.stderr).toBe(3);
  expect(run.stderr).toMatch(/^a quick run of about 1\ds; the whole run takes about \d+m/m);
  expect((performance.now() - startedMs) / 1000).toBeLessThan(60);

  const verdict = JSON.parse(read("tailgate-out/verdict.json")) as { verdict: string; problems: { code: string }[] };
  // A busy machine may spoil it; passing it must not.
  expect(["no-baseline", "inconclusive", "invalid"]).toContain(verdict.verdict);
  expect(verdict.problems.map(({ code }) => code)).toContain("quick-run");
  const html = read("tailgate-out/report.html");
  expect(html).toMatch(/^<!doctype html>/i);
  expect(unbalanced(html)).toEqual([]);
  expect(html).toContain("ttft.p50");
  expect(html).toContain("this is a quick run");
});

test("a mistake is a sentence and exit code 2, and nothing is begun", async () => {
  const { tailgate } = await machine();
  const wrong = tailgate("init", "--endpoint", "http://127.0.0.1:9");
  expect([wrong.status, wrong.stdout]).toEqual([2, ""]);
  expect(wrong.stderr).toMatch(/^the endpoint cannot be looked at: connection refused at 127\.0\.0\.1:9/);
  expect(tailgate("init", "--header", "authorization: Bearer abc").stderr).toContain("keep it in the environment");
  expect(tailgate("run", "tailgate.yaml", "--quick", "--save-baseline", "x").stderr).toContain("a quick run is no baseline");
});
