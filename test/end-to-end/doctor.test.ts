import { describe, expect, onTestFinished, test } from "vitest";
import { startDemo } from "../../src/io/demo/start-demo.ts";
import { serve } from "../io/load/endpoint.ts";
import { sleeping } from "./answers.ts";
import { suite } from "./suites.ts";
import { workplace } from "./tailgate.ts";

type DoctorJson = {
  readonly schema: number;
  readonly state: string;
  readonly headline: string;
  readonly pairs: number;
  readonly hindrance?: { readonly code: string };
  readonly trials?: { readonly all: { readonly fail: { readonly count: number; readonly of: number } } };
  readonly gates: readonly { readonly metric: string; readonly finding?: { readonly reach: readonly { readonly holds?: number }[] } }[];
};
const parsed = (text: string) => JSON.parse(text) as DoctorJson;

const DEMO = `# what we ask
name: small
target: { protocol: kserve-v2, model: sentiment, timeout: 5s }
payloads: { short: { text: { words: [4, 12] } } }
scenarios:
  - name: steady
    load: { concurrency: 4, duration: 6s }
    warm-up: 1s
    gates:
      latency.p50: { regression: 40% } # the body
      latency.p99: { regression: 0.1% } # more than anybody can hold
`;

async function demoUrl(): Promise<string> {
  const demo = await startDemo({ preset: "base" });
  onTestFinished(demo.stop);
  return demo.url;
}

test("an endpoint is measured against itself, and what cannot be held is said and written only when asked", {
  timeout: 60_000,
}, async () => {
  const place = await workplace({ "suite.yaml": DEMO });
  const url = await demoUrl();
  const ended = await place.tailgate(["doctor", "suite.yaml", "--endpoint", url, "--write"]);
  expect(ended.code, ended.stdout + ended.stderr).toBe(0);
  expect(ended.stdout).toMatch(/latency\.p99 {2}\+0\.1 % /);
  expect(ended.stdout).toContain("This set-up cannot hold latency.p99 at +0.1 %: it can hold ");
  expect(ended.stdout).toContain("Load generator on this machine: release p99 ");
  const json = parsed(place.read("tailgate-out/doctor/doctor.json"));
  expect(json).toMatchObject({ schema: 1, state: "poor", pairs: 6 });
  // Six pairs have 63 different exchanges besides the run as driven.
  expect(json.trials!.all.fail.of).toBe(64);
  expect(json.gates.map(({ finding }) => finding!.reach.some(({ holds = 0 }) => holds > 0))).toEqual([true, true]);
  const report = place.read("tailgate-out/doctor/doctor.md");
  for (const title of ["The build against itself", "Where the noise comes from", "What would lower it", "Self-test"])
    expect(report).toContain(`## ${title}`);
  expect(place.record("tailgate-out/doctor/run-1").status).toBe("complete");

  expect(ended.stderr).toContain("changed suite.yaml:");
  const written = place.read("suite.yaml").split("\n");
  const before = DEMO.split("\n");
  expect(written.filter((line, i) => line !== before[i])).toEqual([
    expect.stringMatching(/^ {6}latency\.p99: \{ regression: [\d.]+% \} # more than/),
  ]);
  expect((await place.tailgate(["check", "suite.yaml"])).code).toBe(0);
});

test("two deployments that differ are not taken for noise", { timeout: 60_000 }, async () => {
  const text = suite({ load: "concurrency: 8, duration: 6s", gates: "latency.p50: { regression: 20% }" });
  const place = await workplace({ "suite.yaml": text });
  const [base, head] = await Promise.all([serve(sleeping(40)), serve(sleeping(64))]);
  const ended = await place.tailgate(["doctor", "suite.yaml", "--endpoint", head, "--baseline-endpoint", base, "--json"]);
  expect(ended.code, ended.stderr).toBe(0);
  const json = parsed(ended.stdout);
  expect(json).toEqual(parsed(place.read("tailgate-out/doctor/doctor.json")));
  expect(json.state).toBe("poor");
  expect(json.headline).toMatch(/^Do not trust this set-up yet: /);
  expect(place.read("tailgate-out/doctor/doctor.md")).toContain("both deployments are said to be one build");
  // Without --write the file stays as it is.
  expect(place.read("suite.yaml")).toBe(text);
});

describe("what cannot be judged ends with 3, and wrong input with 2:", () => {
  const judged = async (text: string, args: readonly string[]) => {
    const place = await workplace({ "suite.yaml": text });
    const ended = await place.tailgate(["doctor", "suite.yaml", ...args]);
    return { place, ended };
  };

  test("nobody answers", async () => {
    const { place, ended } = await judged(suite(), ["--endpoint", "http://127.0.0.1:9"]);
    expect(ended.code, ended.stderr).toBe(3);
    expect(ended.stdout).toMatch(/^NOT JUDGED {2}Could not judge this set-up: the base endpoint .* never became ready/);
    expect(parsed(place.read("tailgate-out/doctor/doctor.json")).hindrance?.code).toBe("spoiled");
  });

  test("nothing is gated: no request is sent", async () => {
    const { place, ended } = await judged(suite({ gates: "errors.ratio: { limit: 5% }" }), ["--endpoint", "http://127.0.0.1:9"]);
    expect(ended.code).toBe(3);
    expect(ended.stdout).toContain("no scenario of the suite gates a change");
    expect(parsed(place.read("tailgate-out/doctor/doctor.json")).hindrance?.code).toBe("nothing-gated");
  });

  test("too short a load", async () => {
    const load = suite({ load: "concurrency: 2, duration: 2s", gates: "latency.p50: { regression: 20% }" });
    const { place, ended } = await judged(load, ["--endpoint", await serve(sleeping(10))]);
    expect(ended.code, ended.stderr).toBe(3);
    expect(parsed(place.read("tailgate-out/doctor/doctor.json")).hindrance?.code).toBe("too-few-pairs");
  });

  test("an endpoint that only fails", async () => {
    const load = suite({ load: "concurrency: 2, duration: 4s", gates: "latency.p50: { regression: 20% }" });
    const broken = await serve((request, response) => {
      request.resume();
      setTimeout(() => response.writeHead(500).end("no"), 20);
    });
    const { place, ended } = await judged(load, ["--endpoint", broken]);
    expect(ended.code, ended.stderr).toBe(3);
    expect(parsed(place.read("tailgate-out/doctor/doctor.json")).state).toBe("unknown");
  });

  test("no endpoint, no number of runs, --write with --set", async () => {
    const nowhere = await judged(suite(), []);
    expect(nowhere.ended).toMatchObject({ code: 2, stdout: "" });
    expect(nowhere.ended.stderr).toContain("there is no endpoint to measure");
    expect((await judged(suite(), ["--runs", "many"])).ended).toMatchObject({ code: 2, stdout: "" });
    const both = await judged(suite(), ["--write", "--set", "seed=2"]);
    expect(both.ended).toMatchObject({ code: 2, stdout: "" });
    expect(both.ended.stderr).toContain("do not go together");
  });
});
