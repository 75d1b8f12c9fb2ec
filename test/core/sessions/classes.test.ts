import { describe, expect, test } from "vitest";
import { judgedScenarios } from "../../../src/core/suite/class-scenario.ts";
import { describeSuite } from "../../../src/core/suite/describe.ts";
import { suiteDigest } from "../../../src/core/suite/digest.ts";
import { parseSuite } from "../../../src/core/suite/parse.ts";
import { complaints } from "../suite/suites.ts";

const suite = (steps: string, more = ""): string => `name: s
target: { protocol: raw }
payloads:
  visit: { weight: 3, ${more}session: { steps: ${steps} } }
  other: { weight: 1, body: b }
scenarios: [{ name: steady, load: { rate: 4/s, duration: 100s }, gates: { latency.p50: { limit: 1s } } }]
`;
const GATED = "[{ name: open, path: /1, gates: { latency.p50: { regression: 10% } } }, { path: /2 }, { path: /3, report: yes }]";
const parse = (text: string) => parseSuite(text, "suite.yaml").suite;

describe("the steps of a session as payload classes", () => {
  test("are judged by themselves where they have gates, and reported where they ask for it", () => {
    const judged = judgedScenarios(parse(suite(GATED)));
    expect(judged.map(({ name, classOf, gates }) => [name, classOf?.payloadClass, gates.map(({ metric }) => metric)])).toEqual([
      ["steady", undefined, ["latency.p50", "errors.ratio", "sessions.failed.ratio"]],
      ["steady / visit/open", "visit/open", ["latency.p50", "errors.ratio"]],
      ["steady / visit/3", "visit/3", []],
    ]);
    expect(judgedScenarios(parse(suite("[{ path: /1 }, { path: /2 }]", "report: yes, "))).map(({ name }) => name)).toEqual([
      "steady",
      "steady / visit/1",
      "steady / visit/2",
    ]);
  });

  test("are told by tailgate check with their own requests", () => {
    expect(describeSuite(parse(suite(GATED)))).toContain("payload class visit/open: about 300 requests per endpoint");
  });

  test("do not change the digest by what is promised of them", () => {
    const bare = "[{ name: open, path: /1 }, { path: /2 }, { path: /3 }]";
    expect(suiteDigest(parse(suite(GATED)), new Map())).toBe(suiteDigest(parse(suite(bare)), new Map()));
  });

  test("have the gates, and not the session as a class", () => {
    expect(complaints(suite("[{ path: /1 }]", "gates: { latency.p50: { limit: 1s } }, "))).toMatchInlineSnapshot(
      `"suite.yaml:4:23: payloads.visit.gates: a session is several classes, one for each step; write gates in the steps, or in the scenario for all of them"`,
    );
    expect(complaints(suite("[{ path: /1, gates: { session.p50: { limit: 1s } } }]"))).toMatchInlineSnapshot(
      `"suite.yaml:4:63: payloads.visit.session.steps.0.gates.session.p50: without a payload that is a session session.p50 is not measured; write session: under a payload class, or leave the gate out"`,
    );
  });
});
