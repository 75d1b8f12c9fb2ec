import { spawn, spawnSync } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { suite } from "./suites.ts";
import { openWorkplace, type Workplace } from "./tailgate.ts";

const PROGRAM = process.env["TAILGATE_CLI"] ?? new URL("../../src/cli.ts", import.meta.url).pathname;
/** util-linux's `script` gives a command a terminal of its own; elsewhere it has other options. */
const hasTerminal = process.platform === "linux" && spawnSync("script", ["--version"]).status === 0;
const LIVE = "\r\u001B[2K";
const COLOUR = "\u001B[3";

describe.runIf(hasTerminal)("in a terminal", () => {
  let place: Workplace & { readonly close: () => Promise<void> };
  const server = createServer((request, response) => {
    request.resume().on("end", () => setTimeout(() => response.end("{}"), 4));
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    place = await openWorkplace({
      "suite.yaml": suite({
        load: "concurrency: 2, duration: 3s",
        gates: "latency.p50: { limit: 500ms }",
      }),
    });
  });
  afterAll(async () => {
    server.close();
    await place.close();
  });

  /** What the terminal got to see, stdout and stderr in one, and what a pipe on stdout would have got. */
  const run = async (args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<string> => {
    const command = [process.execPath, PROGRAM, ...args].join(" ");
    const env = { PATH: process.env["PATH"] ?? "", HOME: place.folder, TERM: "xterm-256color", ...environment };
    const child = spawn("script", ["-qefc", `stty cols 160; ${command}`, "/dev/null"], {
      cwd: place.folder,
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let seen = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      seen += text;
    });
    await new Promise((resolve) => child.on("close", resolve));
    return seen;
  };
  const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  test("one line changes in place while it measures, and the table that follows is coloured", async () => {
    const seen = await run(["run", "suite.yaml", "--endpoint", address(), "--out", "seen"]);
    const lines = seen.split(LIVE).filter((line) => line.startsWith("steady · head · measuring  "));
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.at(-1)).toMatch(
      /^steady · head · measuring {2}[23]\/3 s {2}[01]s left {2}[\d.]+\/s {2}p50 [\d.]+ ms {2}p99 [\d.]+ ms {2}0 failed {2}\d+ in flight {2}[▁-█]{2,3}/u,
    );
    const table = seen.slice(seen.lastIndexOf(LIVE));
    expect(table).toContain(`${COLOUR}2mPASS`);
    expect(table).toMatch(/latency\.p50 .*pass/);
    // Nothing of the changing line is left on the screen.
    expect(table).not.toContain("measuring");
  });

  test("NO_COLOR and CI keep it plain: no escape sequence, the same table", async () => {
    const again = ["compare", "--suite", "suite.yaml", "--head", "seen/run.json", "--out", "again"];
    const [coloured, ...plain] = await Promise.all([run(again), run(again, { NO_COLOR: "1" }), run(again, { CI: "true" })]);
    expect(coloured).toContain(COLOUR);
    // oxlint-disable-next-line no-control-regex -- the escape sequences are what is looked for
    const bare = coloured.replaceAll(/\u001B\[[\d;]*m/g, "");
    expect(plain).toEqual([bare, bare]);
    expect(bare).not.toContain("\u001B");
  });

  test("--json prints the machine's form alone, also where somebody is looking", async () => {
    const { stdout } = await place.tailgate(["compare", "--suite", "suite.yaml", "--head", "seen/run.json", "--out", "json", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ schema: 1, verdict: "pass" });
    expect(JSON.parse(stdout)).toEqual(place.verdict("json"));
  });
});
