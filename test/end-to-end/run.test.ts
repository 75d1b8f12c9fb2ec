import { readFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { serve } from "../io/load/endpoint.ts";
import { sleeping, sleepingInTurn } from "./answers.ts";
import { expectNotPassed } from "./expectations.ts";
import { CALM_LOAD, EASY_LIMIT, SHORT_BLOCKS, suite } from "./suites.ts";
import { workplace } from "./tailgate.ts";

const calm = (gates: string | undefined, more = "") => suite({ load: CALM_LOAD, ...(gates === undefined ? {} : { gates }), more });

describe("a suite with only limits needs no baseline", () => {
  test("and passes where they are kept, writing every file of the contract", async () => {
    const place = await workplace({ "suite.yaml": suite({ load: CALM_LOAD, gates: EASY_LIMIT, calibration: "yes" }) });
    const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", await serve(sleeping(100))]);
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    expect(place.verdict()).toMatchObject({ verdict: "pass", evidence: "none" });
    expect(ended.stdout).toMatch(/^PASS/);
    for (const name of ["run.json", "verdict.json", "comment.md", "report.html", "junit.xml", "latency.hlog"]) {
      expect(place.read(`tailgate-out/${name}`)).not.toBe("");
    }
    expect(place.record().status).toBe("complete");
    expect(ended.stderr).toMatch(/^generator error: release p99 .* \(150 requests at 100\/s\)$/m);
    const { calibration, scenarios } = place.record();
    expect(calibration?.biasP50S).toBeGreaterThan(0);
    expect(scenarios[0]!.arms.head!.blocks.map(({ generator }) => generator?.seconds ?? 0)).not.toContain(0);
  });

  test("and fails where one is broken", async () => {
    const place = await workplace({
      "suite.yaml": calm("latency.p50: { limit: 5ms }", SHORT_BLOCKS).replace("duration: 1s", "duration: 5s"),
    });
    const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", await serve(sleepingInTurn())]);
    expectNotPassed(place, ended, 1, "fail");
    expect(ended.stdout).toMatch(/^FAIL {2}latency\.p50 in steady is \d+ ms \(at least [\d.]+ ms\), over its limit of 5 ms/);
    expect(place.read("tailgate-out/junit.xml")).toContain("<failure");
  });
});

describe("nothing to decide is never a pass", () => {
  test("a suite without a gate", async () => {
    const place = await workplace({ "suite.yaml": calm("") });
    const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", await serve(sleeping(100))]);
    expectNotPassed(place, ended, 3, "inconclusive");
    expect(ended.stdout).toContain("nothing is gated, so nothing was decided");
  });

  test("regression gates without a baseline, unless the caller says what that means", async () => {
    const url = await serve(sleeping(100));
    const place = await workplace({ "suite.yaml": calm("latency.p50: { regression: 10% }") });
    const run = ["run", "suite.yaml", "--endpoint", url];
    const [strict, lenient] = await Promise.all([
      place.tailgate(run),
      place.tailgate([...run, "--on-no-baseline", "pass", "--out", "lenient"]),
    ]);
    expectNotPassed(place, strict, 3, "no-baseline");
    expect(strict.stdout).toContain("--baseline PATH");
    expect({ code: lenient.code, verdict: place.verdict("lenient").verdict }).toEqual({ code: 0, verdict: "no-baseline" });
  });
});

describe("--json", () => {
  const validate = () =>
    new Ajv2020({ strict: false }).compile(
      JSON.parse(readFileSync(new URL("../../schema/verdict.schema.json", import.meta.url), "utf8")) as object,
    );

  test("prints verdict.json on stdout and nothing else, as its schema says", async () => {
    const place = await workplace({ "suite.yaml": calm(undefined) });
    const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", await serve(sleeping(100)), "--json"]);
    expect(ended.code).toBe(3);
    const printed: unknown = JSON.parse(ended.stdout);
    expect(printed).toEqual(place.verdict());
    const check = validate();
    expect(check(printed), JSON.stringify(check.errors)).toBe(true);
    expect(check({ ...(printed as object), verdict: "fine" })).toBe(false);
  });

  test("prints a verdict for a run that saw nothing too", async () => {
    const place = await workplace({ "suite.yaml": suite() });
    const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", "http://127.0.0.1:9", "--json"]);
    expect(ended.code).toBe(3);
    expect(JSON.parse(ended.stdout)).toMatchObject({ verdict: "invalid", problems: [{ code: "endpoint-not-ready" }] });
    expect(validate()(JSON.parse(ended.stdout))).toBe(true);
  });

  test("prints nothing on stdout for wrong input", async () => {
    const place = await workplace({ "suite.yaml": "name: [" });
    expect(await place.tailgate(["run", "suite.yaml", "--json"])).toMatchObject({ code: 2, stdout: "" });
  });

  test("ends as decided when its reader has closed the pipe", async () => {
    const place = await workplace({ "suite.yaml": calm(EASY_LIMIT) });
    const run = place.start(["run", "suite.yaml", "--endpoint", await serve(sleeping(100)), "--json"]);
    run.closeStdout();
    expect(await run.ended).toMatchObject({ code: 0, stderr: expect.not.stringContaining("bug") as string });
  });
});

describe("what is measured can be chosen", () => {
  test("--scenario leaves the others out, and they are not missing", async () => {
    const more = `  - name: other\n    load: { ${CALM_LOAD} }\n    gates: { errors.ratio: { limit: 5% } }\n`;
    const place = await workplace({ "suite.yaml": calm(EASY_LIMIT, more) });
    const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", await serve(sleeping(100)), "--scenario", "steady"]);
    expect(ended.code, ended.stdout).toBe(0);
    expect(place.record().scenarios.map(({ name }) => name)).toEqual(["steady"]);
    expect(place.record().scenarios[0]?.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(place.verdict().scenarios.map(({ name }) => name)).toEqual(["steady"]);
  });

  test("--set changes the suite for this run, and --out the folder", async () => {
    const place = await workplace({ "suite.yaml": calm(EASY_LIMIT).replace("duration: 1s", "duration: 10m") });
    const set = ["--set", "scenarios.steady.load.duration=2s", "--set", "scenarios.steady.load.concurrency=6"];
    const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", await serve(sleeping(100)), ...set, "--out", "a/b"]);
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    expect(place.record("a/b").scenarios[0]).toMatchObject({ load: { kind: "closed", concurrency: 6, durationS: 2 } });
    expect(place.exists("tailgate-out")).toBe(false);
  });
});

describe("a stream of tokens", () => {
  const chunk = (delta: object) => `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: null }] })}\n\n`;
  const chat: RequestListener = (request, response) => {
    request.resume();
    if (request.url !== "/v1/chat/completions") return void response.end("ok");
    response.writeHead(200, { "content-type": "text/event-stream" });
    let sent = 0;
    const timer = setInterval(() => {
      if (++sent <= 8) return void response.write(chunk({ content: `word${sent} ` }));
      clearInterval(timer);
      const usage = { prompt_tokens: 5, completion_tokens: 8, total_tokens: 13 };
      const last = { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };
      response.end(`data: ${JSON.stringify(last)}\n\ndata: ${JSON.stringify({ choices: [], usage })}\n\ndata: [DONE]\n\n`);
    }, 20);
    response.on("close", () => clearInterval(timer));
  };

  test("is measured by its first token, its gaps and its pace", async () => {
    const place = await workplace({
      "suite.yaml": suite({
        target: "protocol: openai-chat, model: tiny, max-tokens: 8",
        load: CALM_LOAD,
        gates: EASY_LIMIT,
      }),
    });
    const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", await serve(chat)]);
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    const metrics = new Map(place.verdict().scenarios[0]!.metrics.map(({ metric, head }) => [metric, head]));
    expect(metrics.get("ttft.p50")!.value).toBeGreaterThan(0.015);
    expect(metrics.get("latency.p50")!.value).toBeGreaterThan(0.15);
    expect(metrics.get("itl.p50")!.value).toBeGreaterThan(0.01);
    expect(metrics.get("itl.p50")!.n).toBe(metrics.get("ttft.p50")!.n * 7);
    expect(metrics.get("tpot.p50")!.value).toBeGreaterThan(0.01);
    expect(metrics.get("throughput.tokens")!.value).toBeGreaterThan(8);
    expect(metrics.get("errors.ratio")!.value).toBe(0);
  });
});
