import { describe, expect, test } from "vitest";
import { serve } from "../io/load/endpoint.ts";
import { expectRefused } from "./expectations.ts";
import { suite } from "./suites.ts";
import { workplace } from "./tailgate.ts";

const DEAD = "http://127.0.0.1:9";

describe("a suite that cannot be read exits 2", () => {
  test("with file:line:column and the nearest key for a key that does not exist", async () => {
    const place = await workplace({ "suite.yaml": suite().replace("    warm-up:", "    warmup:") });
    expectRefused(place, await place.tailgate(["check", "suite.yaml"]), /^suite\.yaml:6:5: .*"warmup".*did you mean "?warm-up/m);
    expectRefused(place, await place.tailgate(["run", "suite.yaml", "--endpoint", DEAD]), /^suite\.yaml:6:5: /m);
  });

  test("with all mistakes at once", async () => {
    const text = suite({ load: "rate: 50, duration: 2 parsecs" }).replace("protocol: raw", "protocol: grpc");
    const place = await workplace({ "suite.yaml": text });
    const ended = await place.tailgate(["check", "suite.yaml"]);
    expectRefused(place, ended, /^suite\.yaml:2:\d+: target\.protocol/m, /^suite\.yaml:5:\d+: .*rate/m, /^suite\.yaml:5:\d+: .*duration/m);
  });

  test("with the nearest file name for a file that is missing", async () => {
    const place = await workplace({ "suite.yaml": suite() });
    expectRefused(place, await place.tailgate(["run", "siute.yaml", "--endpoint", DEAD]), "there is no suite siute.yaml", "suite.yaml");
  });

  test("with the position of a syntax error of YAML", async () => {
    const place = await workplace({ "suite.yaml": "name: small\ntarget: { protocol: raw\nscenarios: [{ name: steady }]\n" });
    expectRefused(place, await place.tailgate(["check", "suite.yaml"]), /^suite\.yaml:[23]:\d+: /m);
  });

  test("with the variable and its line for a secret that is not set", async () => {
    const text = suite({ target: 'protocol: raw, headers: { authorization: "Bearer ${env:API_TOKEN}" }' });
    const place = await workplace({ "suite.yaml": text });
    const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", DEAD]);
    expectRefused(
      place,
      ended,
      /^suite\.yaml:2:\d+: target\.headers\.authorization: .*API_TOKEN is not set/m,
      "set it in the workflow's env:",
    );
  });
});

describe("an endpoint that cannot be one exits 2", () => {
  test("when none is given, and says where to give it", async () => {
    const place = await workplace({ "suite.yaml": suite() });
    expectRefused(place, await place.tailgate(["run", "suite.yaml"]), "no endpoint", "--endpoint URL", "target.endpoint");
  });

  test("when it is not a URL, without the password that stands in it", async () => {
    const place = await workplace({ "suite.yaml": suite() });
    const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", "htp://me:planted-password@preview"]);
    expectRefused(place, ended, "--endpoint", "preview", "not a http or https URL", "https://preview.example.com");
    expect(ended.stderr).not.toContain("planted-password");
    const base = await place.tailgate(["run", "suite.yaml", "--endpoint", DEAD, "--baseline-endpoint", "localhost:8000"]);
    expectRefused(place, base, '--baseline-endpoint: "localhost:8000"', "did you mean http://localhost:8000?");
  });

  test("when it comes from a variable that is empty, so that no live base is lost in silence", async () => {
    const place = await workplace({ "suite.yaml": suite() });
    const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", DEAD, "--baseline-endpoint", ""]);
    expectRefused(place, ended, "--baseline-endpoint is empty");
  });
});

describe("wrong usage exits 2 and names the nearest", () => {
  test("command", async () => {
    const place = await workplace();
    expectRefused(place, await place.tailgate(["comapre"]), 'unknown command "comapre"', "did you mean compare?");
    expectRefused(place, await place.tailgate(["frobnicate"]), "tailgate --help");
  });

  test("option", async () => {
    const place = await workplace({ "suite.yaml": suite() });
    const ended = await place.tailgate(["run", "suite.yaml", "--endpont", DEAD]);
    expectRefused(place, ended, "unknown option --endpont", "did you mean --endpoint?");
  });

  test("scenario", async () => {
    const place = await workplace({ "suite.yaml": suite() });
    const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", DEAD, "--scenario", "stedy"]);
    expectRefused(place, ended, 'no scenario is called "stedy"', "steady");
  });

  test("path of --set", async () => {
    const place = await workplace({ "suite.yaml": suite() });
    const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", DEAD, "--set", "scenarios.steady.load.durration=3s"]);
    expectRefused(place, ended, "--set:1:", "duration");
  });

  test("policy, and whatever is missing or too much", async () => {
    const place = await workplace({ "suite.yaml": suite() });
    const refused = async (args: readonly string[], ...words: readonly string[]) =>
      expectRefused(place, await place.tailgate(args), ...words);
    await Promise.all([
      refused(["run", "suite.yaml", "--on-inconclusive", "ignore"], '"ignore"', "fail, warn, pass"),
      refused(["run"], "missing SUITE", "--help"),
      refused(["run", "suite.yaml", "other.yaml"], 'unexpected argument "other.yaml"'),
      refused(["run", "suite.yaml", "--endpoint"], "--endpoint", "--help"),
      refused(["compare", "--suite", "suite.yaml"], "--head is missing"),
      refused(["import", "sampels", "a.csv"], 'unknown format "sampels"', "did you mean samples?"),
    ]);
  });
});

describe("help", () => {
  test("is printed on stdout with exit code 0, for the program and for each command", async () => {
    const place = await workplace();
    const help = await place.tailgate(["--help"]);
    expect(help).toMatchObject({ code: 0, stderr: "" });
    expect(help.stdout).toContain("Exit codes: 0 pass");
    for (const command of ["run", "compare", "import", "check", "demo"]) {
      expect(help.stdout).toMatch(new RegExp(`^  ${command} `, "m"));
    }
    const [of, about] = await Promise.all([place.tailgate(["run", "--help"]), place.tailgate(["help", "run"])]);
    expect(of.stdout).toContain("--baseline-endpoint URL");
    expect(about).toMatchObject({ code: 0, stdout: of.stdout });
  });

  test("is what a call without a command shows, with exit code 2", async () => {
    const place = await workplace();
    expect(await place.tailgate([])).toMatchObject({ code: 2, stdout: expect.stringContaining("Usage: tailgate <command>") as string });
  });
});

describe("a folder for the results that cannot be written", () => {
  test("exits 2 before any request", async () => {
    let asked = 0;
    const url = await serve((_, response) => void response.end(String(++asked)));
    const place = await workplace({ "suite.yaml": suite(), "in-the-way": "" });
    const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", url, "--out", "in-the-way"]);
    expectRefused(place, ended, "in-the-way", "file, not a folder", "--out");
    expect(asked).toBe(0);
  });
});
