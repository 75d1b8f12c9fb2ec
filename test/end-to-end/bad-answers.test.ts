import type { RequestListener } from "node:http";
import { describe, expect, test } from "vitest";
import { serve } from "../io/load/endpoint.ts";
import { counting, sleeping } from "./answers.ts";
import { expectNothingPassed } from "./expectations.ts";
import { CALM_LOAD, EASY_LIMIT, suite } from "./suites.ts";
import { type Ended, type Workplace, workplace } from "./tailgate.ts";

async function runAgainst(listener: RequestListener, text = suite()): Promise<{ place: Workplace; ended: Ended }> {
  const place = await workplace({ "suite.yaml": text });
  const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", await serve(listener)]);
  return { place, ended };
}

/** All requests of the run, and how they failed. */
const failures = (place: Workplace) =>
  place.record().scenarios.flatMap(({ arms }) => arms.head?.blocks.map((block) => block.failures) ?? []);

describe("an endpoint fails its gate on errors and exits 1, though no latency was too long", () => {
  test("when it answers only 500, with what came back", async () => {
    const { place, ended } = await runAgainst((_, response) => void response.writeHead(500).end("out of GPU memory"));
    expectNothingPassed(place, ended, 1, "fail");
    expect(ended.stdout).toMatch(/^FAIL {2}errors\.ratio in steady is 100 % \(at least [\d.]+ %\), over its limit of 5 %/);
    expect(ended.stdout).toContain('status 500, expected 2xx: "out of GPU memory"');
    expect(Object.keys(Object.assign({}, ...failures(place)) as object)).toEqual(["status"]);
  });

  test("when it answers 200 with nothing", async () => {
    const { place, ended } = await runAgainst((_, response) => void response.end());
    expectNothingPassed(place, ended, 1, "fail");
    expect(ended.stdout).toContain("FAIL  errors.ratio in steady is 100 %");
    expect(ended.stdout).toMatch(/empty/);
    expect(Object.keys(Object.assign({}, ...failures(place)) as object)).toEqual(["body"]);
  });

  test("when it is ready, and then answers no request by its deadline", async () => {
    const { place, ended } = await runAgainst(
      (request, response) => void (request.url === "/ready" ? response.end("ok") : undefined),
      suite({ target: "protocol: raw, path: /predict", timeout: "1s", ready: "path: /ready, timeout: 2s" }),
    );
    expectNothingPassed(place, ended, 1, "fail");
    expect(ended.stdout).toContain("FAIL  errors.ratio in steady is 100 %");
    expect(ended.stdout).toMatch(/no complete answer|deadline/);
  });

  test("also when the suite gates nothing but a latency that it keeps", async () => {
    const { place, ended } = await runAgainst(
      (_, response) => void response.writeHead(500).end("no"),
      suite({ gates: "latency.p50: { limit: 9s }" }),
    );
    expectNothingPassed(place, ended, 1, "fail");
  });
});

describe("an endpoint of another build", () => {
  const answers = sleeping(500);
  const build = (version: string) =>
    counting((request, response) => (request.url === "/version" ? void response.end(version) : answers(request, response)));
  const text = suite({
    target: 'protocol: raw, identity: { path: /version, equals: "${env:GITHUB_SHA}" }',
    load: CALM_LOAD,
    gates: EASY_LIMIT,
  });

  test("makes the run invalid before any load, and shows both builds", async () => {
    const place = await workplace({ "suite.yaml": text });
    const { listener, count } = build("1111111aaaa");
    const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", await serve(listener)], { GITHUB_SHA: "2222222bbbb" });
    expectNothingPassed(place, ended, 3, "invalid");
    expect(ended.stdout).toContain('/version answers "1111111aaaa", expected "2222222bbbb"');
    expect(ended.stdout).toContain("wait for the deployment to finish");
    expect(place.record()).toMatchObject({ status: "aborted", identity: { matches: false } });
    // Ready, and the version.
    expect(count()).toBe(2);
  });

  test("is told apart from the right one", async () => {
    const place = await workplace({ "suite.yaml": text });
    const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", await serve(build("2222222bbbb\n").listener)], {
      GITHUB_SHA: "2222222bbbb0000",
    });
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    expect(place.record().identity).toMatchObject({ matches: true });
  });
});
