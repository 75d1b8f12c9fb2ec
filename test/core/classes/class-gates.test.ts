import { describe, expect, test } from "vitest";
import { withGatesOf } from "../../../src/action/base-gates.ts";
import { InputError } from "../../../src/core/errors.ts";
import { foldArms } from "../../../src/core/record/fold-blocks.ts";
import { readRunRecord, writeRunRecord } from "../../../src/core/record/read.ts";
import { judgedScenarios } from "../../../src/core/suite/class-scenario.ts";
import { describeSuite } from "../../../src/core/suite/describe.ts";
import { suiteDigest } from "../../../src/core/suite/digest.ts";
import { parseSuite } from "../../../src/core/suite/parse.ts";
import { complaints } from "../suite/suites.ts";
import { classedRecord, classedSuite } from "./classed-record.ts";

const suite = (payload: string, scenarios = "[{ name: steady }]", more = "") =>
  `name: a\ntarget: { protocol: raw }\npayloads: { long: { text: { words: 9 }, ${payload} }, short: { text: { words: 9 } } }\nscenarios: ${scenarios}\n${more}`;
const P99 = "gates: { latency.p99: { regression: 15% } }";

describe("the gates of a payload class", () => {
  const { payloads } = parseSuite(suite(P99), "s.yaml").suite;

  test("are read like those of a scenario, with its guard", () => {
    expect(payloads[0]).toMatchObject({
      name: "long",
      gates: [
        { metric: "latency.p99", regression: 0.15 },
        { metric: "errors.ratio", limit: 0.05 },
      ],
    });
    expect(payloads[1]).not.toHaveProperty("gates");
    expect(parseSuite(suite("report: yes"), "s.yaml").suite.payloads[0]).toMatchObject({ report: true });
    expect(parseSuite(suite("report: no"), "s.yaml").suite.payloads[0]).not.toHaveProperty("report");
  });

  test("hold in every scenario that sends the class, under its name there", () => {
    const scenarios = "[{ name: steady }, { name: rare, mix: { short: 1 } }, { name: all, mix: { long: 1, short: 1 } }]";
    const { suite: several } = parseSuite(suite(P99, scenarios), "s.yaml");
    expect(judgedScenarios(several).map(({ name }) => name)).toEqual(["steady", "steady / long", "rare", "all", "all / long"]);
  });

  test("change nothing about what is sent", () => {
    const digest = (text: string) => suiteDigest(parseSuite(text, "s.yaml").suite, new Map());
    expect(new Set([suite(P99), suite("report: yes"), suite("weight: 1")].map(digest)).size).toBe(1);
  });

  test("are told by describe, with what their share of the requests can show", () => {
    const lines = describeSuite(parseSuite(suite(`weight: 0.25, ${P99}`), "s.yaml").suite).split("\n");
    expect(lines.slice(lines.findIndex((line) => line.includes("payload class"))).join("\n")).toMatchInlineSnapshot(`
      "  payload class long: about 720 requests per endpoint
          latency.p99: blocks when 15% worse
          errors.ratio: at most 5%
          note: latency.p99 rests on 7 requests; a pass needs about 1000 requests in all"
    `);
  });
});

describe("what is said about a class", () => {
  test("that gates what only an endpoint has", () => {
    expect(complaints(suite("gates: { gpu.power: { regression: 5% }, cold.first_success: { limit: 5s } }"))).toMatchInlineSnapshot(`
      "suite.yaml:3:50: payloads.long.gates.gpu.power: gpu.power is measured of the endpoint as a whole, and not of one payload class; move this gate to the scenario
      suite.yaml:3:81: payloads.long.gates.cold.first_success: cold.first_success is measured of the endpoint as a whole, and not of one payload class; move this gate to the scenario"
    `);
  });

  test("that gates what it does not measure", () => {
    expect(complaints(suite("gates: { wrong.ratio: { regression: 2% }, ttft.p50: { regression: 2% } }"))).toMatchInlineSnapshot(`
      "suite.yaml:3:50: payloads.long.gates.wrong.ratio: without labelled payloads wrong.ratio is not measured; write label: FIELD beside the file of a payload
      suite.yaml:3:83: payloads.long.gates.ttft.p50: ttft.p50 is measured on streams of tokens only; add stream: true to the target, or gate latency"
    `);
  });

  test("without a number, or with an unknown metric", () => {
    expect(complaints(suite("gates: { latency.p99: { floor: 2ms }, latencyp99: { regression: 2% } }"))).toMatchInlineSnapshot(`
      "suite.yaml:3:65: payloads.long.gates.latency.p99.floor: a floor needs a regression to soften; add regression: 10%, or write limit for a hard ceiling
      suite.yaml:3:79: payloads.long.gates: unknown key "latencyp99"; did you mean "latency.p99"?"
    `);
  });

  test("whose results would be called as something else is", () => {
    expect(complaints(suite(P99, '[{ name: steady }, { name: "steady / long" }]'))).toMatchInlineSnapshot(
      `"suite.yaml:3:13: payloads.long: its results would be called "steady / long", as something else is called already; give the class or the scenario another name"`,
    );
  });
});

describe("the base branch", () => {
  const own = parseSuite(suite(P99.replace("15%", "50%")), "s.yaml").suite;
  const trusted = parseSuite(suite(P99), "s.yaml").suite;

  test("judges a class by its own gates", () => {
    const judged = withGatesOf(trusted, own, "main");
    expect(judged.suite).toEqual(trusted);
    expect(judged.notes.map(({ message }) => message)).toEqual([
      "the gates of payload class long differ from those of main, which decide until this is merged",
    ]);
  });

  test("says where a pull request no longer sends a class that it gates", () => {
    const without = { ...own, payloads: own.payloads.filter(({ name }) => name !== "long") };
    expect(withGatesOf(trusted, without, "main").notes.map(({ message }) => message)).toEqual([
      "main gates payload class long; the suite of this pull request does not send it, so nothing judges it",
    ]);
  });
});

describe("figures of a class in a stored record", () => {
  const record = classedRecord({ short: { blocks: 2, design: "single" }, long: { blocks: 2, design: "single" } });
  const changed = (counts: object): string => {
    const written = JSON.parse(writeRunRecord(record)) as {
      scenarios: { arms: { head: { blocks: { classes: Record<string, object> }[] } } }[];
    };
    Object.assign(written.scenarios[0]!.arms.head.blocks[0]!.classes["long"]!, counts);
    return JSON.stringify(written);
  };

  test("survive being written and read", () => {
    const read = readRunRecord(writeRunRecord(record), "run.json");
    expect(read.scenarios[0]!.arms.head!.blocks[0]!.classes!["long"]).toMatchObject({ offered: 25, ok: 25 });
    expect(classedSuite().payloads).toHaveLength(2);
  });

  test("are refused where their histogram is damaged, by the name of the class", () => {
    const text = changed({ histograms: { latency: "AAAA" } });
    expect(() => readRunRecord(text, "run.json")).toThrow(InputError);
    expect(() => readRunRecord(text, "run.json")).toThrow(/latency histogram of payload class long of block 0/);
    expect(() => readRunRecord(changed({ offered: -1 }), "run.json")).toThrow(InputError);
  });

  test("of several shards are added, and left out where one of them kept none", () => {
    const { head } = record.scenarios[0]!.arms;
    const bare = { ...head!, blocks: head!.blocks.map(({ classes: _, ...block }) => block) };
    const [twice] = foldArms([head!, head!].map((arm) => ({ arm, offsetS: 0 }))).blocks;
    expect(twice!.classes!["long"]).toMatchObject({ offered: 50, ok: 50 });
    const [once] = foldArms([head!, bare].map((arm) => ({ arm, offsetS: 0 }))).blocks;
    expect(once).not.toHaveProperty("classes");
  });
});
