import { expect, test } from "vitest";
import { parseSuite } from "../../../src/core/suite/parse.ts";
import { complaints } from "./suites.ts";

const suite = (
  load: string,
  { gate = "cost_per_million: { regression: 10% }", more = "cost: { price-per-hour: 2.49 }\n", protocol = "raw" } = {},
) => `name: a\ntarget: { protocol: ${protocol} }\nscenarios:\n  - { name: s, load: { ${load} }, gates: { ${gate} } }\n${more}`;

test("a price is that of both endpoints, unless the baseline has its own", () => {
  expect(parseSuite(suite("concurrency: 4"), "a.yaml").suite.cost).toEqual({ perHour: 2.49, baselinePerHour: 2.49 });
  const own = suite("concurrency: 4", { more: "cost: { price-per-hour: 2.49, baseline-price-per-hour: 4 }\n" });
  expect(parseSuite(own, "a.yaml").suite.cost).toEqual({ perHour: 2.49, baselinePerHour: 4 });
  expect(parseSuite(suite("shape: [{ ramp: [1, 8], duration: 1m }]"), "a.yaml").suite.scenarios).toHaveLength(1);
});

test("a gate on a cost that says nothing is refused, with what to write instead", () => {
  const found = [
    suite("rate: 4/s"),
    suite('shape: [{ ramp: ["1/s", "8/s"], duration: 1m }]'),
    suite("concurrency: 4", { more: "" }),
    suite("concurrency: 4", { gate: "cost_per_million_tokens: { limit: 2 }" }),
    suite("concurrency: 4", { more: "cost: { price-per-hour: 0 }\n" }),
  ].map((text) => complaints(text));
  expect(found).toMatchInlineSnapshot(`
    [
      "suite.yaml:4:46: scenarios.s.gates.cost_per_million: cost_per_million is not measured: in an open loop the schedule sets the throughput, whatever the endpoint could do; gate it in a scenario with load: { concurrency: 16 }",
      "suite.yaml:4:84: scenarios.s.gates.cost_per_million: cost_per_million is not measured: in an open loop the schedule sets the throughput, whatever the endpoint could do; gate it in a scenario with load: { concurrency: 16 }",
      "suite.yaml:4:51: scenarios.s.gates.cost_per_million: cost_per_million is not measured: the suite names no price; add to the suite: cost: { price-per-hour: 2.49 }",
      "suite.yaml:4:51: scenarios.s.gates.cost_per_million_tokens: cost_per_million_tokens is measured with protocol openai-chat or openai-completions only; gate cost_per_million",
      "suite.yaml:5:25: cost.price-per-hour: 0 is too small; write a number above 0",
    ]
  `);
});
